"""The options of an embed: read, refused by name, and written in one way."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError
from app.publication.stretch import EVER, Stretch
from app.web.addresses import with_query
from app.web.embed_choice import HEIGHTS, HIGHEST, LOWEST, NAMES, OFFERED, EmbedChoice

DAY = date(2023, 9, 12)

texts = {
    **{name: st.sampled_from(values) for name, values in OFFERED.items()},
    "height": st.integers(LOWEST, HIGHEST).flatmap(
        lambda px: st.sampled_from([str(px), f"0{px}", f"0000{px}"])
    ),
}
instants = st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001 - what is drawn has a zone
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
days = st.dates()
moments = st.one_of(
    days.map(date.isoformat),
    instants.map(lambda at: at.isoformat().replace("+00:00", "Z")),
    st.tuples(instants, st.integers(-14 * 60, 14 * 60)).map(
        lambda at: (
            (at[0].replace(tzinfo=None) + timedelta(minutes=at[1])).isoformat()
            + f"{'+' if at[1] >= 0 else '-'}{abs(at[1]) // 60:02}:{abs(at[1]) % 60:02}"
        )
    ),
)
asked = st.fixed_dictionaries(
    {}, optional={**texts, "from": moments, "to": moments, "utm_source": st.text()}
)


@st.composite
def accepted(draw):
    query = draw(asked)
    try:
        return EmbedChoice.of(query)
    except InputError:
        query.pop("to", None)
        query.pop("from", None)
        return EmbedChoice.of(query)


class TestOneWayToWriteIt:
    @given(accepted())
    def test_what_is_written_reads_back_the_same(self, choice):
        assert EmbedChoice.of(dict(choice.query)) == choice

    @given(accepted(), accepted())
    def test_two_that_are_written_alike_are_one(self, one, other):
        assert (one.query == other.query) == (one == other)

    @given(accepted())
    def test_it_survives_an_address(self, choice):
        address = with_query("/embed/x", choice.query)
        assert EmbedChoice.of(dict(parse_qsl(urlsplit(address).query))) == choice

    @given(accepted())
    def test_the_order_is_fixed_and_what_goes_without_saying_is_left_out(self, choice):
        names = [name for name, _ in choice.query]
        assert names == [name for name in NAMES if name in names]
        usual = {name: values[0] for name, values in OFFERED.items()}
        assert not [name for name, value in choice.query if usual.get(name) == value]

    def test_of_nothing_it_is_nothing(self):
        assert EmbedChoice.of({}).query == ()
        assert EmbedChoice.of(dict.fromkeys(NAMES, "")) == EmbedChoice.of({}) == EmbedChoice()

    def test_the_same_instant_is_written_the_same(self):
        one = EmbedChoice.of({"from": "2023-09-12T09:00:00+09:00"})
        # A plus sign that was not escaped arrives as a space.
        other = EmbedChoice.of({"from": "2023-09-12T09:00:00 09:00"})
        assert one == other
        assert one.query == (("from", "2023-09-12T00:00:00Z"),)

    def test_a_day_stays_a_day(self):
        choice = EmbedChoice.of({"from": "2023-09-12", "to": "2023-09-12"})
        assert choice.stretch == Stretch(DAY, DAY)
        assert choice.query == (("from", "2023-09-12"), ("to", "2023-09-12"))


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("lang", "tlh"),
            ("theme", "sepia"),
            ("theme", "Dark"),
            ("view", "globe"),
            ("slider", "yes"),
            ("height", "199"),
            ("height", "2001"),
            ("height", "auto"),
            ("height", "-400"),
            ("height", "4e2"),
            ("height", "٤٠٠"),
            ("height", "400px"),
            ("height", "0" * 400 + "400"),
            ("height", "9" * 400),
            ("from", "yesterday"),
            ("from", "2023-9-12"),
            ("from", "2023-09-31"),
            ("from", "٢٠٢٣-٠٩-١٢"),
            ("from", "2023-09-12T09:00"),
            ("to", "2023-09-12T25:00:00Z"),
            ("to", "0000-01-01"),
        ],
    )
    def test_it_is_named(self, name, value):
        with pytest.raises(InputError) as caught:
            EmbedChoice.of({name: value})
        assert caught.value.field == name
        assert caught.value.reason

    @pytest.mark.parametrize(
        ("begin", "end"),
        [
            ("2023-09-13", "2023-09-12"),
            ("2023-09-13T00:00:00Z", "2023-09-12T00:00:00Z"),
            ("2023-09-14T00:00:00Z", "2023-09-12"),
            ("2023-09-14", "2023-09-12T00:00:00Z"),
        ],
    )
    def test_what_ends_before_it_begins(self, begin, end):
        with pytest.raises(InputError) as caught:
            EmbedChoice.of({"from": begin, "to": end})
        assert caught.value.field == "to"

    @pytest.mark.parametrize(
        ("begin", "end"),
        [
            ("2023-09-12", "2023-09-12"),
            ("2023-09-12T00:00:00Z", "2023-09-12T00:00:00Z"),
            # Somewhere it is still that day.
            ("2023-09-13T00:00:00Z", "2023-09-12"),
            ("0001-01-01", "9999-12-31"),
        ],
    )
    def test_what_does_so_only_by_some_clock_is_taken(self, begin, end):
        EmbedChoice.of({"from": begin, "to": end})

    def test_a_long_value_is_not_said_in_full(self):
        with pytest.raises(InputError) as caught:
            EmbedChoice.of({"theme": "x" * 10_000})
        assert len(caught.value.reason) < 200

    @given(st.dictionaries(st.sampled_from([*NAMES, "utm_source"]), st.text(), max_size=8))
    def test_whatever_is_asked_is_taken_or_refused_by_name(self, query):
        refused = None
        try:
            EmbedChoice.of(query)
        except InputError as error:
            refused = error.field
        assert refused is None or query[refused]


class TestAsFarAsItMakesSense:
    @given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.text(), *texts.values(), moments)))
    def test_what_is_left_is_never_refused(self, query):
        choice = EmbedChoice.as_far_as_it_makes_sense(query)
        assert EmbedChoice.of(dict(choice.query)) == choice

    @given(asked)
    def test_what_is_right_is_all_kept(self, query):
        try:
            choice = EmbedChoice.of(query)
        except InputError:
            return
        assert EmbedChoice.as_far_as_it_makes_sense(query) == choice

    def test_only_what_is_wrong_is_dropped(self):
        query = {"theme": "sepia", "view": "both", "from": "2023-09-13", "to": "2023-09-12"}
        choice = EmbedChoice.as_far_as_it_makes_sense({**query, "height": "1"})
        assert choice.query == (("view", "both"), ("from", "2023-09-13"))


class TestWhatIsOffered:
    def test_all_of_it_is_taken_and_the_first_goes_without_saying(self):
        for name, values in OFFERED.items():
            assert EmbedChoice.of({name: values[0]}) == EmbedChoice()
            for value in values[1:]:
                assert EmbedChoice.of({name: value}).query == ((name, value),)

    def test_every_view_has_a_height_that_may_be_asked_for(self):
        for view in OFFERED["view"]:
            choice = EmbedChoice.of({"view": view})
            assert choice.has_map or choice.has_diagram
            assert LOWEST <= HEIGHTS[view] == choice.frame_height <= HIGHEST
        assert EmbedChoice.of({"height": "300"}).frame_height == 300
        assert EmbedChoice().stretch is EVER
