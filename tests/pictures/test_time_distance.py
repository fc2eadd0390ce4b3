"""The time-distance diagram: what it shows, that it can be read, and that it is safe to hand on."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.journey.interval import Interval
from app.journey.model import Assumption, AssumptionKind, Mode
from app.pictures.look import Look, Size, Theme
from app.pictures.plot import Cut
from app.pictures.raster import to_png
from app.pictures.time_axis import Clock
from app.pictures.time_distance import Caption, time_distance
from tests.pictures.svg_reading import NAMESPACE, covered, elements, parsed, text_boxes

pytestmark = pytest.mark.reference

CAPTION = Caption("A journey", "Last reported: somewhere", {}, (Clock("UTC+9", "Asia/Seoul"),))
STRONG = {"reliability": "B", "credibility": 2}


def look(size=Size.PAGE, **changes):
    width, height = size.pixels
    return replace(Look(width, height, credit="Credit to whom it is due (ODbL)"), **changes)


@pytest.fixture
def draw(derive, lettering):
    def draw(size=Size.PAGE, caption=CAPTION, look_changes=(), **trip):
        itinerary = derive(**trip)
        return parsed(
            time_distance(itinerary, caption, lettering, look(size, **dict(look_changes))).to_text()
        )

    return draw


def at(hour):
    return (datetime(2023, 9, 1, tzinfo=UTC) + timedelta(hours=hour)).isoformat()


def fastest(kmh):
    return Assumption("max_speed", AssumptionKind.MAX_SPEED, Mode.TRAIN, kmh=kmh, reason="so it is")


def cruise(kmh):
    return Assumption("cruise", AssumptionKind.CRUISE_SPEED, Mode.TRAIN, kmh=kmh, reason="so it is")


def one(root, tag, kind, **data):
    (found,) = [
        e
        for e in elements(root, tag, kind)
        if all(e.get(f"data-{k}") == str(v) for k, v in data.items())
    ]
    return found


def x_of(root, hour):
    """Where an instant stands, by what the picture says of its own axis."""
    start, end = (datetime.fromisoformat(root.get(f"data-{n}")) for n in ("from", "until"))
    left, right = (float(root.get(f"data-{n}")) for n in ("left", "right"))
    share = (datetime.fromisoformat(at(hour)) - start) / (end - start)
    return left + share * (right - left)


def corners(path):
    return [float(n) for n in re.findall(r"-?[\d.]+", path.get("d"))]


class TestWhatItShows:
    def test_a_bar_spans_the_time_that_it_may_have_been(self, make, draw):
        make.place("A", 0)
        make.place("B", 4)
        make.claim("A", f"{at(0)}/{at(3)}", event="departed", **STRONG)
        make.claim("B", f"{at(10)}/{at(14)}", event="arrived", **STRONG)
        root = draw()
        bar = one(root, "rect", "arrival", waypoint=2)
        assert float(bar.get("x")) == pytest.approx(x_of(root, 10), abs=0.2)
        assert float(bar.get("width")) == pytest.approx(x_of(root, 14) - x_of(root, 10), abs=0.2)

    def test_the_band_leaves_and_arrives_no_faster_than_the_maximum(self, make, draw):
        make.place("A", 0)
        make.place("B", 4)
        make.claim("A", f"{at(0)}/{at(3)}", event="departed", **STRONG)
        make.claim("B", f"{at(10)}/{at(14)}", event="arrived", **STRONG)
        root = draw(assumptions=(fastest(110),))  # 440 km in 4 h
        left_at, y_from, soonest, y_to, latest, last_leave, _ = corners(
            one(root, "path", "band", leg=1)
        )
        assert left_at == pytest.approx(x_of(root, 0), abs=0.2)
        assert soonest == pytest.approx(x_of(root, 4), abs=0.2)
        assert latest == pytest.approx(x_of(root, 14), abs=0.2)
        assert last_leave == pytest.approx(x_of(root, 10), abs=0.2)
        assert y_to < y_from

    def test_an_open_end_reaches_the_edge_of_the_plot(self, make, draw):
        make.place("A", 0)
        make.place("B", 4)
        make.claim("A", f"/{at(3)}", event="departed", **STRONG)
        make.claim("B", f"{at(10)}/{at(14)}", event="arrived", **STRONG)
        root = draw()
        assert corners(one(root, "path", "band", leg=1))[0] == float(root.get("data-left"))

    def test_what_is_expected_is_dashed_and_what_is_possible_dotted(self, make, draw):
        for n, name in enumerate("ABC"):
            make.place(name, n)
        make.claim("A", f"{at(0)}/{at(3)}", event="departed", **STRONG)
        make.claim("B", modality="expected", **STRONG)
        make.claim("C", modality="possible", **STRONG)
        root = draw(assumptions=(cruise(60),))
        dashes = {
            kind: {p.get("stroke-dasharray") for g in elements(root, "g", kind) for p in g} - {None}
            for kind in ("expected", "possible")
        }
        assert dashes == {"expected": {"8 5"}, "possible": {"0.1 5.5"}}
        assert {e.get("data-waypoint") for e in elements(root, "rect", "estimate")} == {"2", "3"}

    def test_a_claim_that_was_set_aside_is_crossed_out_with_the_number_of_the_clash(
        self, make, draw
    ):
        for n, name in enumerate("ABC"):
            make.place(name, n)
        make.claim("A", at(0), event="departed", **STRONG)
        make.claim("B", f"{at(5)}/{at(9)}", publisher="other", **STRONG)
        wrong = make.claim("B", at(1), event="arrived", reliability="E", credibility=5)
        root = draw(assumptions=(fastest(40),))
        mark = one(root, "g", "set-aside", claim=wrong.id)
        assert mark.get("data-contradiction") == "1"
        needed = corners(one(root, "path", "needed", contradiction=1))
        assert needed[0] == pytest.approx(x_of(root, 0), abs=0.2)
        assert needed[2] == pytest.approx(x_of(root, 1), abs=0.2)
        # As the crow flies: even that is too far.
        assert "takes 100 km/h, 40 is assumed" in [e.text for e in elements(root, "text")]

    def test_every_reported_claim_has_a_line_of_its_own(self, make, draw):
        make.place("A", 0)
        claims = [
            make.claim("A", f"{at(n)}/{at(n + 4)}", publisher=f"p{n}", **STRONG).id
            for n in range(3)
        ]
        root = draw()
        assert [e.get("data-claim") for e in elements(root, "path", "claim")] == claims

    def test_both_clocks_tell_the_same_instants(self, make, draw):
        make.place("A", 0)
        make.place("B", 4)
        make.claim("A", at(0), event="departed", **STRONG)
        make.claim("B", at(48), event="arrived", **STRONG)
        root = draw()
        utc, seoul = elements(root, "g", "time-axis")
        x = {
            n: [float(t.get("x")) for t in axis if t.text and t.get("text-anchor") == "middle"]
            for n, axis in enumerate((utc, seoul))
        }
        midnight = {
            n: float(next(t.get("x") for t in axis if t.text == "2 Sep"))
            for n, axis in enumerate((utc, seoul))
        }
        assert midnight[0] == pytest.approx(x_of(root, 24), abs=0.2)
        assert midnight[1] == pytest.approx(x_of(root, 15), abs=0.2)
        assert all(a < b for xs in x.values() for a, b in pairwise(xs))


def names(root):
    return [e.text for e in elements(root, "text", "station-name")]


class TestThatItCanBeRead:
    @pytest.mark.parametrize("size", Size)
    def test_no_text_covers_another_and_none_is_cut(self, make, draw, lettering, size):
        for n in range(24):
            make.place(
                f"Station {'of some length' * (n % 3)} {n}", n * 0.2 if n % 5 else n * 0.2 + 2
            )
        for n, name in enumerate(make.places):
            make.claim(name, f"{at(n * 5)}/{at(n * 5 + 4)}", publisher=f"p{n}", **STRONG)
        root = draw(size)
        boxes = text_boxes(root, lettering)
        assert covered(boxes) == []
        width, height = size.pixels
        cut = [b for b in boxes if b.left < 0 or b.right > width or b.top < 0 or b.bottom > height]
        assert cut == []

    @pytest.mark.parametrize("size", [Size.PAGE, Size.PHONE, Size.SMALL])
    def test_of_500_stops_the_last_and_the_next_are_named_and_the_rest_counted(
        self, make, draw, lettering, size
    ):
        for n in range(500):
            make.place(f"S{n:03}", n * 0.1)
            make.claim(f"S{n:03}", f"{at(n)}/{at(n + 1)}", publisher=f"p{n}", **STRONG)
        make.place("Next", 60)
        make.claim("Next", modality="expected", published="2023-09-30T00:00Z", **STRONG)
        root = draw(size, assumptions=(cruise(60),))
        named = names(root)
        assert "S499" in named
        assert "Next" in named
        (left_out,) = elements(root, "text", "left-out")
        assert left_out.text == f"{501 - len(named)} names left out"
        assert covered(text_boxes(root, lettering)) == []

    def test_of_nothing_it_says_so(self, draw):
        assert "Nothing reported yet." in [e.text for e in elements(draw(), "text")]

    def test_of_one_stop_it_shows_the_stop(self, make, draw):
        make.place("A", 0)
        make.claim("A", f"{at(0)}/{at(3)}", **STRONG)
        root = draw()
        assert names(root) == ["A"]
        assert elements(root, "rect", "bar")

    def test_names_are_in_the_language_that_was_asked_for(self, make, draw):
        make.place("Khasan", 0)
        make.places["Khasan"] = replace(make.places["Khasan"], names={"ko": "하산", "ru": "Хасан"})
        make.claim("Khasan", f"{at(0)}/{at(3)}", **STRONG)
        assert names(draw(look_changes={"language": "ko"})) == ["하산"]
        assert names(draw(look_changes={"language": "ru"})) == ["Хасан"]
        assert names(draw(look_changes={"language": "zh"})) == ["Khasan"]

    def test_credit_is_drawn_whole_however_narrow(self, make, draw):
        credit = "Railways and roads © OpenStreetMap contributors (ODbL); Places: GeoNames"
        root = draw(Size.PHONE, look_changes={"credit": credit})
        assert " ".join(e.text for e in elements(root, "text", "credit")) == credit

    def test_it_is_described_to_who_cannot_see_it(self, make, draw):
        make.place("A", 0)
        make.place("B", 4)
        make.claim("A", at(0), event="departed", **STRONG)
        make.claim("B", at(9), event="arrived", **STRONG)
        caption = replace(CAPTION, times={1: "1 Sep 00:00 local", 2: "1 Sep 09:00 local"})
        root = draw(caption=caption)
        told = {root.get("aria-labelledby"): "title", root.get("aria-describedby"): "desc"}
        said = {e.get("id"): e.text for tag in ("title", "desc") for e in elements(root, tag)}
        title, description = (said[name] for name in told)
        assert title == "A journey: distance against time"
        assert "A, 0 km along, reported: 1 Sep 00:00 local" in description
        assert "B, 440 km along, reported: 1 Sep 09:00 local" in description


class TestAPart:
    """A diagram of some days of a longer journey: what was before and after goes on outside."""

    @pytest.fixture
    def both(self, make, derive, lettering):
        for n, name in enumerate("ABCD"):
            make.place(name, 4 * n)
            make.claim(name, f"{at(24 * n)}/{at(24 * n + 3)}", event="arrived", **STRONG)
        itinerary = derive(assumptions=(fastest(80),))
        time = Interval(*(datetime.fromisoformat(at(h)) for h in (20, 56)))

        def draw(cut):
            return parsed(time_distance(itinerary, CAPTION, lettering, look(), cut).to_text())

        return draw(None), draw(Cut(time, frozenset((2, 3))))

    def test_its_edges_are_those_of_the_time(self, both):
        _, part = both
        assert (part.get("data-from"), part.get("data-until")) == (
            "2023-09-01T20:00:00Z", "2023-09-03T08:00:00Z"
        )  # fmt: skip
        assert x_of(part, 20) == float(part.get("data-left"))

    def test_only_its_stations_are_told_and_only_what_can_be_seen_is_there(self, both):
        whole, part = both
        assert names(whole) == ["A", "B", "C", "D"]
        assert names(part) == ["B", "C"]
        for root, bars in ((whole, {"1", "2", "3", "4"}), (part, {"2", "3"})):
            assert {e.get("data-waypoint") for e in elements(root, "rect", "bar")} == bars
        assert {e.get("data-leg") for e in elements(part, "path", "band")} <= {"1", "2", "3"}

    def test_slopes_are_speeds_beyond_its_edges_too(self, both):
        """The band of a leg that began long before has the slope that it has in the whole."""
        whole, part = both

        def kmh(root, leg, rise):
            left, y_from, soonest, y_to, *_ = corners(one(root, "path", "band", leg=leg))
            hours = (soonest - left) / (x_of(root, 1) - x_of(root, 0))
            return rise(root, y_from - y_to) / hours

        def by_stations(root, pixels):
            b, c = (float(corners(e.find(f"{NAMESPACE}path"))[1]) for e in stations(root)[:2])
            return pixels / abs(b - c) * 440

        for leg in (1, 2):
            assert kmh(part, leg, by_stations) == pytest.approx(
                kmh(whole, leg, by_stations), rel=0.02
            )

    def test_nothing_is_told_twice_where_the_time_is_very_short(self, make, derive, lettering):
        make.place("A", 0)
        make.place("B", 4)
        make.claim("A", f"{at(0)}/{at(1)}", event="departed", **STRONG)
        make.claim("B", f"{at(10)}/{at(11)}", event="arrived", **STRONG)
        moment = datetime.fromisoformat(at(5))
        cut = Cut(Interval.at(moment), frozenset((1, 2)))
        root = parsed(time_distance(derive(), CAPTION, lettering, look(), cut).to_text())
        start, end = (datetime.fromisoformat(root.get(f"data-{n}")) for n in ("from", "until"))
        assert start < moment < end
        assert end - start == timedelta(hours=6)


def stations(root):
    return elements(root, "g", "station")


class TestThatItIsSafeToHandOn:
    HOSTILE = "</text><script>alert(1)</script>&\x00\x1b\ud800\u202egnp.exe ${1}"

    def test_what_people_wrote_stays_text(self, make, draw):
        make.place(self.HOSTILE, 0)
        make.claim(self.HOSTILE, f"{at(0)}/{at(3)}", **STRONG)
        root = draw(caption=replace(CAPTION, title=self.HOSTILE, status=self.HOSTILE))
        tags = {e.tag.split("}")[1] for e in root.iter()}
        assert tags <= {
            "svg",
            "title",
            "desc",
            "defs",
            "clipPath",
            "g",
            "rect",
            "path",
            "polyline",
            "text",
        }
        assert not any(
            name.startswith("on") or "href" in name for e in root.iter() for name in e.attrib
        )
        assert "style" not in {name for e in root.iter() for name in e.attrib}

    @pytest.mark.parametrize("theme", Theme)
    def test_as_png_it_has_text_in_every_script(self, make, derive, lettering, theme):
        make.place("A", 0)
        make.claim("A", f"{at(0)}/{at(3)}", **STRONG)
        made = {}
        for name in ("Pyongyang", "평양", "Пхеньян", "平壤", " "):
            make.places["A"] = replace(make.places["A"], name=name)
            svg = time_distance(derive(), CAPTION, lettering, look(palette=theme.palette)).to_text()
            made[name] = to_png(svg, lettering)
        assert len(set(made.values())) == len(made)
        assert all(png.startswith(b"\x89PNG") for png in made.values())

    def test_twice_the_scale_has_twice_the_pixels(self, make, derive, lettering):
        svg = time_distance(derive(), CAPTION, lettering, look()).to_text()
        for scale in (1, 2):
            png = to_png(svg, lettering, scale=scale)
            width, height = (int.from_bytes(png[n : n + 4], "big") for n in (16, 20))
            assert (width, height) == tuple(scale * side for side in Size.PAGE.pixels)


SEEDS = """
import hashlib, sys
from pathlib import Path
from app.publication.itinerary import Options
from app.publication.pictures import Choice, Subject
from app.rooms import Rooms
from app.settings import Settings
rooms = Rooms(Settings(var_dir=Path(sys.argv[1])))
digest = hashlib.sha256()
for slug in rooms.repository.slugs():
    for subject in Subject:
        digest.update(rooms.pictures.svg(slug, subject, Options(), Choice()).body)
        digest.update(rooms.pictures.png(slug, subject, Options(), Choice()).body)
print(digest.hexdigest())
"""


def test_two_processes_make_the_same_bytes(seeded_rooms):
    made = {
        subprocess.run(
            [sys.executable, "-c", SEEDS, str(seeded_rooms.settings.var_dir)],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1
