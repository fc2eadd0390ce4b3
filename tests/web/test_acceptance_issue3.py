"""What a reader of `dateline check` may count on, worked out by hand over places without railways.

The places lie on the equator one degree apart, 111.32 km; at 40 km/h a degree takes 2 h 47 min.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main

DEGREES = {"pa": -30, "pb": -29, "pc": -28, "pd": -27}
HEAD = """
format = 1
slug = "by-hand"
title = "By hand"
subject = "X"
mode = "plane"

[assumptions.max_speed]
kmh = 40
reason = "Slow enough to be worked out by hand."

[[source]]
id = "good"
publisher = "Good Paper"
published_at = "2025-06-10T00:00Z"
reliability = "B"

[[source]]
id = "poor"
publisher = "Poor Paper"
published_at = "2025-06-10T00:00Z"
reliability = "E"
"""


def sighting(name: str, event: str, place: str, between: str, source: str = "good") -> str:
    earliest, latest = between.split("/")
    credibility = 2 if source == "good" else 5
    return f"""
[[sighting]]
id = "{name}"
source = "{source}"
subject = "train"
event = "{event}"
modality = "reported"
place = {{ id = "{place}", name = "{place.upper()}", lon = {DEGREES[place]}, lat = 0, \
radius_km = 0, country = "ZZ", time_zone = "UTC" }}
earliest = "{earliest}"
latest = "{latest}"
credibility = {credibility}
claim = "It was there."
"""


def at(earlier: int, later: int | None = None) -> str:
    ends = earlier, earlier if later is None else later
    return "/".join(f"2025-06-01T{hour:02d}:00Z" for hour in ends)


def check(folder: Path, *sightings: str) -> tuple[int, str]:
    dossier = folder / "by-hand.toml"
    dossier.write_text(HEAD + "".join(sightings), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(dossier)])
    return result.exit_code, result.output


@pytest.mark.reference
class TestCheckedByHand:
    def test_a_stop_without_a_time_is_bounded_by_its_neighbours(self, tmp_path: Path) -> None:
        code, said = check(
            tmp_path,
            sighting("s1", "departed", "pa", at(6, 8)),
            sighting("s2", "present", "pb", "../.."),
            sighting("s3", "present", "pc", at(14, 15)),
            sighting("s4", "arrived", "pd", "../2025-06-01T18:00Z"),
        )
        assert code == 0
        # 06:00 and 2 h 47 min; 15:00 less 2 h 47 min; 18:00 less it; 14:00 and it. All outwards.
        assert "arrival 1 Jun 08:46–12:14 local" in said
        assert "arrival 1 Jun 11:33–15:00 local, departure 1 Jun 14:00–15:14 local" in said
        assert "arrival 1 Jun 16:46–18:00 local" in said

    def test_the_poor_report_gives_way_and_nothing_else_moves(self, tmp_path: Path) -> None:
        sound = (
            sighting("s1", "departed", "pa", at(6)),
            sighting("s3", "arrived", "pc", at(12)),
        )
        _, before = check(tmp_path, *sound)
        code, said = check(tmp_path, *sound, sighting("lie", "arrived", "pb", at(7), "poor"))
        assert code == 1
        assert "takes at least 111.3 km/h; the assumed maximum is 40 km/h" in said
        assert "1 contradiction" in said
        waypoints = [line for line in before.splitlines() if "  reported  " in line]
        assert waypoints == [line for line in said.splitlines() if "  reported  " in line]

    def test_between_good_reports_the_assumption_gives_way_just_enough(
        self, tmp_path: Path
    ) -> None:
        code, said = check(
            tmp_path,
            sighting("s1", "departed", "pa", at(6)),
            sighting("s2", "arrived", "pc", at(10)),
        )
        assert code == 1
        # 222.64 km in 4 h are 55.66 km/h: said no higher, allowed no lower.
        assert "takes at least 55.6 km/h" in said
        assert "relaxed to 55.7 km/h" in said

    def test_no_order_is_forced_where_another_is_consistent(self, tmp_path: Path) -> None:
        code, said = check(
            tmp_path,
            sighting("s1", "departed", "pa", at(6, 8)),
            sighting("s2", "arrived", "pb", "../2025-06-01T07:00Z"),
        )
        assert code == 0
        assert said.index("PB: train seen") < said.index("PA: train seen")
