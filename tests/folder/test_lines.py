"""Lines that pages have in common are kept once, and every page can be put together again."""

from hypothesis import given
from hypothesis import strategies as st

from app.folder.lines import MOST_BYTES, REACH, Shelf

PIECES = st.sampled_from(["a\n", "b\n", "<p>", "</p>", "\r", "\u2028", "z" * 90, f"{'y' * 500}\n"])
TEXTS = st.lists(st.lists(PIECES).map("".join), max_size=8)


class Files(dict[int, list[str]]):
    """What was put away, by its number."""

    def shelf(self) -> Shelf:
        return Shelf("name", self.__setitem__)

    def text(self, runs: list[int]) -> str:
        pieces = zip(runs[0::3], runs[1::3], runs[2::3], strict=True)
        return "".join(
            line for file, first, count in pieces for line in self[file][first : first + count]
        )


@given(TEXTS, st.booleans())
def test_every_text_can_be_put_together_again(texts, are_files_small):
    files = Files()
    shelf = files.shelf()
    runs = []
    for text in texts:
        shelf.forget(0)
        runs.append(shelf.runs(text))
        if are_files_small:
            shelf.close()
    shelf.close()
    assert [files.text(each) for each in runs] == texts


def test_what_two_texts_have_in_common_is_kept_once():
    files = Files()
    shelf = files.shelf()
    one, two, three, zero = (f"{n}{'.' * 80}\n" for n in range(4))
    shelf.runs(one + two + three)
    assert shelf.runs(zero + two + three) == [0, 3, 1, 0, 1, 2]
    shelf.close()
    assert files == {0: [one, two, three, zero]}


def test_what_is_short_stays_with_what_stands_before_it():
    files = Files()
    shelf = files.shelf()
    rows = [f"<tr><td>{n:060}\n</td>\n</tr>\n" for n in range(9)]
    assert shelf.runs("".join(rows)) == [0, 0, 9]
    assert shelf.runs("".join(rows[3:])) == [0, 3, 6]
    shelf.close()
    assert files[0] == rows


def test_of_two_that_are_the_same_that_one_is_taken_which_goes_on():
    files = Files()
    shelf = files.shelf()
    same, *others = (f"{n}{'.' * 80}\n" for n in range(4))
    shelf.runs("".join([others[0], same, others[1]]))
    assert shelf.runs("".join([others[0], same, others[1]])) == [0, 0, 3]


def test_a_picture_is_cut_between_its_elements():
    files = Files()
    shelf = files.shelf()
    picture = "".join(f'<path d="M{n} 0{"h1" * 30}"/>' for n in range(400))
    shelf.runs(picture)
    shelf.runs(picture.replace('"M5 0', '"M5 1'))
    shelf.close()
    assert len(files[0]) == 401


def test_files_are_no_larger_than_what_is_loaded_at_once():
    files = Files()
    shelf = files.shelf()
    lines = [f"{n:0200}\n" for n in range(5000)]
    runs = shelf.runs("".join(lines))
    shelf.close()
    assert len(files) > 3
    assert all(len("".join(file)) < MOST_BYTES + 1000 for file in files.values())
    assert files.text(runs) == "".join(lines)


def test_a_late_text_is_gathered_from_few_files():
    files = Files()
    shelf = files.shelf()
    stays = [f"{'stays':.<100}{n}\n" for n in range(50)]
    for step in range(200):
        changes = [f"{'changes':.<100}{step} {n}\n" for n in range(300)]
        text = "".join(line for n in range(50) for line in (stays[n], *changes[n * 6 : n * 6 + 6]))
        shelf.forget(len(text))
        runs = shelf.runs(text)
    shelf.close()
    assert len(files) > 20
    assert files.text(runs) == text
    assert len(set(runs[0::3])) <= 3 + REACH * len(text) // MOST_BYTES
