"""What every wording of time means, for a report, a place and its clocks."""

from datetime import UTC, date, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputError, TimeWordingError
from app.journey.interval import UNKNOWN, Interval
from app.journey.time_lexicon import DAY_PARTS, MONTHS, VOCABULARY, WEEKDAYS
from app.journey.time_wording import resolve
from app.journey.zone_lexicon import (
    AMBIGUOUS_ZONES,
    ZONE_ABBREVIATIONS,
    ZONE_NAMES,
    ZONE_REGIONS,
)

VLADIVOSTOK, PYONGYANG, MOSCOW = "Asia/Vladivostok", "Asia/Pyongyang", "Europe/Moscow"
# A report of Tuesday, 12 September 2023, as its publisher dates it: 17:19 to 21:34 in Seoul.
TUESDAY = Interval.parse("2023-09-12T17:19+09:00", "2023-09-12T21:34+09:00")
# The same wordings late enough that no cap shows in the table.
TUESDAY_NIGHT = Interval.at(datetime(2023, 9, 12, 23, 59, tzinfo=ZoneInfo("Asia/Seoul")))


def read(
    wording: str,
    zone: str = PYONGYANG,
    published: Interval = TUESDAY_NIGHT,
    *,
    looks_ahead: bool = False,
) -> tuple[str, str]:
    """The interval on the clock of ``zone``, as ``("12 00:00", "12 09:00")``."""
    found = resolve(wording, published=published, zones=[zone], looks_ahead=looks_ahead)
    return shown(found, zone)


def shown(interval: Interval, zone: str) -> tuple[str, str]:
    ends = (interval.earliest, interval.latest)
    return tuple(e.astimezone(ZoneInfo(zone)).strftime("%d %H:%M") if e else "" for e in ends)  # type: ignore[return-value]


def test_no_wording_means_that_nothing_is_known() -> None:
    assert resolve("", published=TUESDAY, zones=[PYONGYANG]) == UNKNOWN
    assert resolve(" \n", published=TUESDAY, zones=[PYONGYANG]) == UNKNOWN


@pytest.mark.parametrize(
    ("wording", "earliest", "latest"),
    [
        ("overnight into Tuesday", "11 22:00", "12 06:00"),
        ("before dawn on Tuesday", "12 00:00", "12 06:00"),
        ("at dawn on Tuesday", "12 04:00", "12 08:00"),
        ("early Tuesday", "12 00:00", "12 09:00"),
        ("early on Tuesday", "12 00:00", "12 09:00"),
        ("early in the morning", "12 00:00", "12 09:00"),
        ("Tuesday morning", "12 05:00", "12 12:00"),
        ("Monday", "11 00:00", "12 00:00"),
        ("noon on Monday", "11 11:00", "11 13:00"),
        ("midday Monday", "11 11:00", "11 13:00"),
        ("on Sunday afternoon", "10 12:00", "10 18:00"),
        ("Sunday evening", "10 17:00", "10 23:00"),
        ("Sunday night", "10 20:00", "11 04:00"),
        ("late Monday", "11 18:00", "12 00:00"),
        ("05:15", "12 05:10", "12 05:20"),
        ("about 05:15", "12 04:45", "12 05:45"),
    ],
)
def test_the_table_of_the_design(wording: str, earliest: str, latest: str) -> None:
    assert read(wording) == (earliest, latest)


@pytest.mark.parametrize(
    "wording",
    [
        "2023-09-10",
        "10 September",
        "Sept. 10",
        "September 10, 2023",
        "10 Sep 2023",
        "10th of September",
        "10.09.2023",
        "Sunday, 10 Sept",
        "Sunday",
        "Sun.",
        "on SUNDAY",
        "two days ago",
        "2 days ago",
        "the day before yesterday",
    ],
)
def test_one_day_said_in_many_ways(wording: str) -> None:
    assert read(wording) == ("10 00:00", "11 00:00")


@pytest.mark.parametrize(
    ("wording", "earliest", "latest"),
    [
        ("this morning", "12 05:00", "12 12:00"),
        ("early this morning", "12 00:00", "12 09:00"),
        ("yesterday", "11 00:00", "12 00:00"),
        ("yesterday evening", "11 17:00", "11 23:00"),
        ("last night", "11 20:00", "12 04:00"),
        ("overnight", "11 22:00", "12 06:00"),
        ("overnight from Sunday to Monday", "10 22:00", "11 06:00"),
        ("the night of 10 to 11 September", "10 20:00", "11 06:00"),
        ("overnight Sunday", "09 22:00", "11 06:00"),
        ("in the small hours of Monday", "11 00:00", "11 06:00"),
        ("pre-dawn Monday", "11 00:00", "11 06:00"),
        ("mid-morning on Monday", "11 08:00", "11 11:00"),
        ("late Monday afternoon", "11 15:00", "11 18:00"),
        ("midnight on Sunday", "10 23:00", "11 01:00"),
        ("on the morning of 11 September", "11 05:00", "11 12:00"),
        ("about 10 September", "09 00:00", "12 00:00"),
        ("last Tuesday", "05 00:00", "06 00:00"),
        ("last week", "04 00:00", "11 00:00"),
        ("last weekend", "09 00:00", "11 00:00"),
        ("over the weekend", "09 00:00", "11 00:00"),
        ("early September", "01 00:00", "11 00:00"),
        ("a week ago", "05 00:00", "06 00:00"),
    ],
)
def test_days_and_parts_counted_from_the_report(wording: str, earliest: str, latest: str) -> None:
    assert read(wording) == (earliest, latest)


def test_months_and_years() -> None:
    august = Interval.parse("2023-08-01T00:00+09:00", "2023-09-01T00:00+09:00")
    for wording in ("last month", "in August 2023", "August", "in Aug."):
        assert resolve(wording, published=TUESDAY, zones=[PYONGYANG]) == august
    assert resolve("in 2022", published=TUESDAY, zones=["UTC"]) == Interval.parse(
        "2022-01-01T00:00Z", "2023-01-01T00:00Z"
    )
    assert read("late February 2023", "UTC") == ("21 00:00", "01 00:00")


@pytest.mark.parametrize(
    ("wording", "earliest", "latest"),
    [
        ("5:15", "12 05:10", "12 05:20"),
        ("05:15:30", "12 05:10", "12 05:20"),
        ("5.15 a.m.", "12 05:10", "12 05:20"),
        ("5 a.m.", "12 04:55", "12 05:05"),
        ("5am on Monday", "11 04:55", "11 05:05"),
        ("at 5 a.m. on 11 September", "11 04:55", "11 05:05"),
        ("12 a.m. on Monday", "10 23:55", "11 00:05"),
        ("12:30 p.m. Monday", "11 12:25", "11 12:35"),
        ("around 9 p.m.", "12 20:30", "12 21:30"),
        ("0515 hours", "12 05:10", "12 05:20"),
        ("9 in the evening", "12 20:55", "12 21:05"),
        ("5:15 in the morning", "12 05:10", "12 05:20"),
        ("3 a.m. on Sunday night", "11 02:55", "11 03:05"),
        ("11 p.m., overnight into Tuesday", "11 22:55", "11 23:05"),
        ("late Monday at 11:30", "11 23:25", "11 23:35"),
        ("24:00 on Sunday", "10 23:55", "11 00:05"),
        ("shortly after 10:40", "12 10:40", "12 11:10"),
        ("just before 10:40", "12 10:10", "12 10:40"),
        ("shortly after midnight on Tuesday", "12 00:00", "12 00:30"),
        ("shortly before midnight on Monday", "11 23:30", "12 00:00"),
        ("between 10:00 and 11:00", "12 10:00", "12 11:00"),
        ("10:00-11:00 on Monday", "11 10:00", "11 11:00"),
        ("from 10 to 11 a.m.", "12 10:00", "12 11:00"),
        ("from 11 to 1 p.m.", "12 11:00", "12 13:00"),
        ("from 10 to 11 a.m. on 11 September", "11 10:00", "11 11:00"),
        ("between 11 p.m. and 1 a.m. on Tuesday", "11 23:00", "12 01:00"),
        ("from Monday 23:00 to 01:00", "11 23:00", "12 01:00"),
        ("from Sunday to Monday", "10 00:00", "12 00:00"),
        ("10-11 September", "10 00:00", "12 00:00"),
        ("between 10 and 11 September 2023", "10 00:00", "12 00:00"),
    ],
)
def test_clock_times_and_ranges(wording: str, earliest: str, latest: str) -> None:
    assert read(wording) == (earliest, latest)


@pytest.mark.parametrize(
    ("wording", "earliest", "latest"),
    [
        ("by 16:00", "", "12 16:00"),
        ("before 16:00 on Monday", "", "11 16:00"),
        ("before Monday", "", "11 00:00"),
        ("by Monday", "", "12 00:00"),
        ("until 10 September", "", "11 00:00"),
        ("before noon on Monday", "", "11 12:00"),
        ("before about 16:00", "", "12 16:30"),
        ("after 21:00", "12 21:00", "12 23:59"),
        ("not before 21:00 on Monday", "11 21:00", "12 23:59"),
        ("after about 21:00", "12 20:30", "12 23:59"),
        ("since Sunday", "10 00:00", "12 23:59"),
        ("from Sunday afternoon", "10 12:00", "12 23:59"),
        ("after Sunday", "11 00:00", "12 23:59"),
    ],
)
def test_one_sided_wordings_leave_an_end_open_or_to_the_report(
    wording: str, earliest: str, latest: str
) -> None:
    assert read(wording) == (earliest, latest)


@pytest.mark.parametrize(
    ("wording", "utc"),
    [
        ("05:15 Moscow time", "2023-09-12T02:15"),
        ("05:15 MSK", "2023-09-12T02:15"),
        ("05:15 Beijing time", "2023-09-11T21:15"),
        ("05:15 Korean time", "2023-09-11T20:15"),
        ("05:15 KST", "2023-09-11T20:15"),
        ("05:15 Seoul time", "2023-09-11T20:15"),
        ("05:15 Pyongyang time", "2023-09-11T20:15"),
        ("05:15 Hanoi time", "2023-09-11T22:15"),
        ("05:15 Vladivostok time", "2023-09-11T19:15"),
        ("05:15 Ho Chi Minh time", "2023-09-11T22:15"),
        ("05:15 New York time", "2023-09-12T09:15"),
        ("05:15 Eastern Daylight Time", "2023-09-12T09:15"),
        ("05:15 UTC", "2023-09-12T05:15"),
        ("05:15 GMT", "2023-09-12T05:15"),
        ("05:15 +09:00", "2023-09-11T20:15"),
        ("05:15+0900", "2023-09-11T20:15"),
        ("05:15 UTC+9", "2023-09-11T20:15"),
        ("05:15 UTC−5", "2023-09-12T10:15"),
        ("05:15 (Europe/Moscow)", "2023-09-12T02:15"),
        ("05:15 (asia/ho_chi_minh)", "2023-09-11T22:15"),
        ("2023-09-12T05:15+09:00", "2023-09-11T20:15"),
        ("2023-09-12T05:15-05:00", "2023-09-12T10:15"),
        ("2023-09-12 05:15Z", "2023-09-12T05:15"),
    ],
)
def test_a_zone_that_the_wording_names_is_the_one_it_is_read_in(wording: str, utc: str) -> None:
    found = resolve(wording, published=TUESDAY, zones=[VLADIVOSTOK, PYONGYANG])
    instant = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert found == Interval(instant - timedelta(minutes=5), instant + timedelta(minutes=5))


def test_local_time_is_the_clock_of_the_place() -> None:
    assert read("05:15 local time", VLADIVOSTOK) == ("12 05:10", "12 05:20")


def test_pyongyang_kept_its_own_half_hour_until_2018() -> None:
    report = Interval.at(datetime(2017, 3, 1, 12, tzinfo=UTC))
    found = resolve("08:30 Pyongyang time", published=report, zones=[MOSCOW])
    assert found.contains(datetime(2017, 3, 1, 0, 0, tzinfo=UTC))


def test_an_abbreviation_of_several_zones_is_refused_with_the_choices() -> None:
    with pytest.raises(TimeWordingError, match=r"Asia/Shanghai, America/Chicago") as refused:
        read("05:15 CST", MOSCOW)
    assert refused.value.field == "when"


def test_an_abbreviation_of_several_zones_is_read_where_the_place_decides() -> None:
    assert read("05:15 CST", "Asia/Shanghai") == read("05:15 Beijing time", "Asia/Shanghai")
    assert read("05:15 IST", "Asia/Kolkata") == read("05:15", "Asia/Kolkata")


@pytest.mark.parametrize("zone", sorted({*ZONE_NAMES.values(), *ZONE_ABBREVIATIONS.values()}))
def test_every_zone_of_the_lexicon_exists(zone: str) -> None:
    assert read("yesterday", zone)


def test_every_choice_of_an_ambiguous_zone_exists() -> None:
    for choices in AMBIGUOUS_ZONES.values():
        assert len(choices) > 1
        assert all(ZoneInfo(choice) for choice in choices)
    assert all("/" not in region for region in ZONE_REGIONS)


# -- the journeys, as they were reported ------------------------------------------------------


def test_pyongyang_departure_on_sunday_afternoon() -> None:
    found = resolve("Sunday afternoon", published=TUESDAY, zones=[PYONGYANG])
    assert found == Interval.parse("2023-09-10T12:00+09:00", "2023-09-10T18:00+09:00")


def test_razdolnaya_bridge_in_moscow_time_is_noon_where_it_stands() -> None:
    found = resolve("05:15 Moscow time on 12 Sep 2023", published=TUESDAY, zones=[VLADIVOSTOK])
    assert shown(found, VLADIVOSTOK) == ("12 12:10", "12 12:20")


def test_the_crossing_early_on_tuesday_is_early_on_either_bank() -> None:
    found = resolve("early Tuesday", published=TUESDAY, zones=[VLADIVOSTOK, PYONGYANG])
    assert found == Interval.parse("2023-09-12T00:00+10:00", "2023-09-12T09:00+09:00")


def test_the_ride_to_the_border_of_vietnam_took_65_hours_and_a_quarter() -> None:
    report = Interval.parse("2019-02-26T12:00+07:00", None)
    left = resolve("17:00 on 23 February", published=report, zones=[PYONGYANG])
    came = resolve("08:15 on 26 February", published=report, zones=["Asia/Ho_Chi_Minh"])
    assert left.earliest is not None
    assert came.earliest is not None
    assert came.earliest - left.earliest == timedelta(hours=65, minutes=15)


# -- which day --------------------------------------------------------------------------------


def test_an_undated_time_is_the_last_one_before_the_report() -> None:
    before_breakfast = Interval.parse("2023-09-12T06:00+09:00", "2023-09-12T06:00+09:00")
    assert read("about 21:20", published=before_breakfast) == ("11 20:50", "11 21:50")
    assert read("afternoon", published=before_breakfast) == ("11 12:00", "11 18:00")


def test_a_weekday_whose_part_is_still_to_come_is_that_of_last_week() -> None:
    assert read("Tuesday evening", published=Interval.parse("2023-09-12T00:00Z", None)) == (
        "05 17:00",
        "05 23:00",
    )


def test_the_night_into_tuesday_may_be_reported_on_monday() -> None:
    monday_night = Interval.parse("2023-09-11T23:30+09:00", None)
    assert read("overnight into Tuesday", published=monday_night) == ("11 22:00", "11 23:30")


def test_a_report_dated_by_a_day_is_read_on_that_day_in_any_near_zone() -> None:
    dated = Interval.parse("2023-09-12T00:00+09:00", "2023-09-13T00:00+09:00")
    for zone in (PYONGYANG, VLADIVOSTOK, "Asia/Shanghai", MOSCOW, "Asia/Kamchatka"):
        assert read("early today", zone, dated)[0] == "12 00:00"
        assert read("Tuesday", zone, dated)[0] == "12 00:00"
        assert read("Wednesday", zone, dated)[0] == "06 00:00"


def test_a_report_dated_by_a_day_may_be_of_two_days_across_the_world() -> None:
    new_york = Interval.parse("2023-09-12T00:00-04:00", "2023-09-13T00:00-04:00")
    assert read("this morning", VLADIVOSTOK, new_york) == ("12 05:00", "13 12:00")


def test_an_update_moves_the_cap_and_not_the_day_of_reading() -> None:
    updated = Interval.parse("2023-09-20T10:00+09:00", "2023-09-20T10:00+09:00")
    for wording in ("Tuesday", "today"):
        found = resolve(wording, published=TUESDAY, zones=[PYONGYANG], updated=updated)
        assert shown(found, PYONGYANG) == ("12 00:00", "13 00:00")


def test_a_merged_update_of_days_later_leaves_the_day_of_reading_too() -> None:
    merged = Interval.parse("2023-09-12T17:19+09:00", "2023-09-20T10:00+09:00")
    assert read("Tuesday", published=merged) == ("12 00:00", "13 00:00")


def test_a_date_without_a_year_is_the_last_one() -> None:
    january = Interval.parse("2024-01-03T12:00Z", None)
    found = resolve("28 December", published=january, zones=["UTC"])
    assert found == Interval.parse("2023-12-28T00:00Z", "2023-12-29T00:00Z")
    leap = resolve(
        "29 February", published=Interval.parse("2023-09-12T12:00Z", None), zones=["UTC"]
    )
    assert leap.earliest == datetime(2020, 2, 29, tzinfo=UTC)


# -- nothing is later than its report, unless it looks ahead -----------------------------------


def test_what_happened_is_capped_by_its_report() -> None:
    assert read("Tuesday", published=TUESDAY) == ("12 00:00", "12 21:34")


@pytest.mark.parametrize("wording", ["13 September", "2023-09-13 05:15", "tomorrow", "next Monday"])
def test_what_happened_after_its_report_is_refused(wording: str) -> None:
    with pytest.raises(TimeWordingError, match=r"after the report.*2023-09-12 12:34 UTC.*expected"):
        read(wording, published=TUESDAY)


def test_what_is_to_come_did_not_happen() -> None:
    with pytest.raises(TimeWordingError, match="still to come"):
        read("in the coming days")


@pytest.mark.parametrize(
    ("wording", "earliest", "latest"),
    [
        ("Wednesday", "13 00:00", "14 00:00"),
        ("Tuesday", "12 00:00", "13 00:00"),
        ("next Tuesday", "19 00:00", "20 00:00"),
        ("tomorrow morning", "13 05:00", "13 12:00"),
        ("tonight", "12 17:00", "13 04:00"),
        ("22:00", "12 21:55", "12 22:05"),
        ("16:00", "13 15:55", "13 16:05"),
        ("by Friday", "", "16 00:00"),
        ("after 22:00", "12 22:00", ""),
        ("this week", "11 00:00", "18 00:00"),
        ("next week", "18 00:00", "25 00:00"),
        ("this weekend", "16 00:00", "18 00:00"),
        ("13 September", "13 00:00", "14 00:00"),
        ("from Wednesday to Friday", "13 00:00", "16 00:00"),
        ("soon", "12 17:19", "19 21:34"),
        ("in the coming days", "12 17:19", "19 21:34"),
    ],
)
def test_what_is_expected_lies_ahead(wording: str, earliest: str, latest: str) -> None:
    assert read(wording, published=TUESDAY, looks_ahead=True) == (earliest, latest)


def test_a_date_that_was_over_stays_what_the_forecast_said() -> None:
    assert read("10 September", looks_ahead=True) == ("10 00:00", "11 00:00")


# -- summer time ------------------------------------------------------------------------------


def test_a_time_that_the_clock_skips_is_shifted_forward() -> None:
    report = Interval.at(datetime(2024, 3, 11, tzinfo=UTC))
    found = resolve("02:30 on 10 March", published=report, zones=["America/New_York"])
    assert shown(found, "America/New_York") == ("10 03:25", "10 03:35")


def test_a_time_that_occurs_twice_gives_both() -> None:
    report = Interval.at(datetime(2024, 11, 5, tzinfo=UTC))
    found = resolve("01:30 on 3 November", published=report, zones=["America/New_York"])
    assert found == Interval.parse("2024-11-03T05:25Z", "2024-11-03T06:35Z")


def test_days_are_as_long_as_their_clock_says() -> None:
    report = Interval.at(datetime(2024, 12, 1, tzinfo=UTC))
    for wording, hours in (("10 March", 23), ("3 November", 25), ("4 November", 24)):
        found = resolve(wording, published=report, zones=["America/New_York"])
        assert found.duration == timedelta(hours=hours)


# -- what cannot be read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wording", "says"),
    [
        ("the other day", "cannot read “other”.*“early Tuesday”"),
        ("Dienstag", "cannot read “Dienstag”"),
        ("12/9/2023", "either way"),
        ("12.09", "a time or a date"),
        ("at 9", "an hour or a day"),
        ("13 p.m.", "12-hour clock"),
        ("25:00", "not a time of day"),
        ("05:75", "not a time of day"),
        ("2023-02-30", "not a date"),
        ("30 February", "no day 30"),
        ("29 February 2023", "no such day"),
        ("Monday, 10 Sept", "is a Sunday"),
        ("0001-01-01", "year"),
        ("Monday or Tuesday", "cannot read “or”"),
        ("Monday and Tuesday", "two things of one kind"),
        ("Monday yesterday", "two days"),
        ("12 September 14 September", "two things"),
        ("10:00 to 11:00 to 12:00", "more than two"),
        ("between 10:00", "needs two moments"),
        ("by 10:00 to 11:00", "mixes"),
        ("from 13 September to 10 September", "ends before it begins"),
        ("from 10:00 KST to 11:00 MSK", "one zone"),
        ("a.m.", "needs an hour"),
        ("later", "says no time"),
        ("last", "needs a weekday"),
        ("the week", "which week"),
        ("a month ago", "days or weeks"),
        ("early next week", "needs one day"),
        ("noon last month", "needs one day"),
        ("9:30 in the evening at dawn", "two things"),
        ("5 p.m. in the morning", "not in that part"),
        ("shortly after Monday", "needs a time of day"),
        ("about last month", "needs a day"),
        ("05:15 +25:00", "offset"),
        ("05:15 (Europe/Mordor)", "cannot read “Europe/Mordor”"),
        ("x" * 201, "longer than 200"),
        ("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 100, "longer than 200"),
    ],
)
def test_a_wording_that_cannot_be_read_is_refused_with_the_reason(wording: str, says: str) -> None:
    with pytest.raises(TimeWordingError, match=says) as refused:
        read(wording)
    assert refused.value.field == "when"
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe", "\0"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(InputError) as refused:
        read("Tuesday", zone)
    assert refused.value.field == "time_zone"


def test_a_place_without_a_zone_and_a_report_without_a_date_are_refused() -> None:
    with pytest.raises(InputError, match="zone"):
        resolve("Tuesday", published=TUESDAY, zones=[])
    with pytest.raises(InputError, match="published_at"):
        resolve("Tuesday", published=UNKNOWN, zones=[PYONGYANG])


def test_dates_at_the_edge_of_the_calendar_are_refused() -> None:
    for year in (1, 9999):
        edge = Interval.at(datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=364 * (year > 1)))
        for wording in ("last week", "Sunday", "next year", "soon", "12 March", "yesterday"):
            for looks_ahead in (True, False):
                try:
                    read(wording, published=edge, looks_ahead=looks_ahead)
                except InputError:
                    continue


# -- the lexicon ------------------------------------------------------------------------------


def test_every_word_of_the_lexicon_is_lower_case_and_parted_by_single_spaces() -> None:
    assert all(word == " ".join(word.lower().split()) for word in VOCABULARY)


@pytest.mark.parametrize("part", sorted(DAY_PARTS))
def test_every_part_of_the_day_can_be_said_of_a_day(part: str) -> None:
    found = resolve(f"{part} on 10 September", published=TUESDAY, zones=[PYONGYANG])
    midnight = datetime(2023, 9, 10, tzinfo=ZoneInfo(PYONGYANG))
    assert found.earliest is not None
    assert found.latest is not None
    assert -2 <= (found.earliest - midnight) / timedelta(hours=1) < 24
    assert 6 <= (found.latest - midnight) / timedelta(hours=1) <= 30


@pytest.mark.parametrize("word", [*WEEKDAYS, *MONTHS])
def test_every_weekday_and_month_lies_before_the_report_and_within_a_year(word: str) -> None:
    found = resolve(word, published=TUESDAY, zones=[PYONGYANG])
    assert found.earliest is not None
    assert TUESDAY.latest is not None
    assert timedelta(0) <= TUESDAY.latest - found.earliest <= timedelta(days=366)


# -- laws -------------------------------------------------------------------------------------

ZONES = st.sampled_from(
    [PYONGYANG, VLADIVOSTOK, MOSCOW, "America/New_York", "Europe/London", "Asia/Kolkata"]
)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=70 * 365)).map(
    lambda since: datetime(1990, 1, 1, tzinfo=UTC) + since
)
REPORTS = st.builds(
    lambda start, width: Interval(start, start + width),
    INSTANTS,
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
WORDINGS = st.lists(st.sampled_from(sorted(VOCABULARY)), min_size=1, max_size=4).map(" ".join)
NUMBERED = st.lists(
    st.one_of(
        st.sampled_from(sorted(VOCABULARY)),
        st.sampled_from(["05:15", "2023-09-12", "12", "2024", "9 p.m.", "+09:00", "Moscow time"]),
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


# Moments that the grammar knows, put together from its own tables.
MOMENTS = st.builds(
    lambda *words: " ".join(word for word in words if word),
    st.sampled_from(["", "", "", "by", "before", "after", "since"]),
    st.sampled_from(["", "about"]),
    st.sampled_from(sorted(DAY_PARTS)) | st.sampled_from(["05:15", "9 p.m.", "00:30", "noon"]),
    st.sampled_from(["", "Moscow time", "KST", "UTC"]),
    st.sampled_from(["", "today", "yesterday", "2 days ago", "last Friday", "10 September"])
    | st.sampled_from(sorted(WEEKDAYS)),
)


@given(wording=st.one_of(st.text(max_size=250), WORDINGS, NUMBERED), report=REPORTS, zone=ZONES)
def test_any_text_is_read_or_refused(wording: str, report: Interval, zone: str) -> None:
    for looks_ahead in (True, False):
        try:
            resolve(wording, published=report, zones=[zone], looks_ahead=looks_ahead)
        except TimeWordingError:
            continue


@given(wording=MOMENTS, report=REPORTS, zone=ZONES)
def test_nothing_happened_after_its_report(wording: str, report: Interval, zone: str) -> None:
    try:
        found = resolve(wording, published=report, zones=[zone])
    except TimeWordingError as refused:
        assert "lies after" in refused.reason or "not in that part" in refused.reason  # noqa: PT017
        return
    assert found.latest is not None
    assert report.latest is not None
    assert found.latest <= report.latest


@given(wording=MOMENTS, report=REPORTS, zones=st.lists(ZONES, min_size=2, max_size=3))
def test_several_zones_contain_the_reading_of_each(
    wording: str, report: Interval, zones: list[str]
) -> None:
    readings = []
    for zone in zones:
        try:
            readings.append(resolve(wording, published=report, zones=[zone]))
        except TimeWordingError:
            continue
    if not readings:
        with pytest.raises(TimeWordingError):
            resolve(wording, published=report, zones=zones)
        return
    whole = resolve(wording, published=report, zones=zones)
    assert whole == reduce(Interval.hull, readings)


@given(instant=INSTANTS, zone=ZONES, delay=st.timedeltas(timedelta(0), timedelta(days=5)))
def test_a_wording_made_from_an_instant_contains_it(
    instant: datetime, zone: str, delay: timedelta
) -> None:
    here = instant.astimezone(ZoneInfo(zone))
    report = Interval.at(instant + delay)
    wordings = [
        f"{here:%Y-%m-%d}",
        f"{here:%Y-%m-%d %H:%M}",
        f"{here:%d %B %Y}, {here:%I:%M %p}",
        f"{here:%H:%M} ({zone}) on {here:%B} {here.day}, {here.year}",
        f"between {here:%H}:00 and {here:%H}:59 on {here:%d %b}",
        f"{here:%A}",
        f"about {here:%H:%M} on {here:%A}",
        f"by {here:%H:%M} on {here:%d %b %Y}"
        if not here.second + here.microsecond
        else f"{here:%A}",
        f"since {here:%d %b %Y}",
    ]
    minute_fits = here.minute < 59 or not here.second + here.microsecond
    for wording in wordings:
        if wording.startswith("between") and not minute_fits:
            continue
        assert resolve(wording, published=report, zones=[zone]).contains(instant), wording


@given(day=st.dates(date(2000, 1, 1), date(2040, 1, 1)), zone=ZONES)
def test_the_last_of_a_weekday_is_within_a_week_of_the_report(day: date, zone: str) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    for word in WEEKDAYS:
        found = resolve(word, published=Interval.at(noon), zones=[zone])
        assert found.earliest is not None
        assert timedelta(0) <= noon - found.earliest < timedelta(days=7, hours=2)


@given(
    wording=st.sampled_from(["Tuesday", "at dawn", "05:15", "Friday night", "the weekend"]),
    report=INSTANTS,
    zone=ZONES,
)
def test_the_next_of_a_kind_is_not_over_before_the_day_of_the_report(
    wording: str, report: datetime, zone: str
) -> None:
    found = resolve(wording, published=Interval.at(report), zones=[zone], looks_ahead=True)
    midnight = report.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert found.latest is not None
    assert found.latest >= midnight
