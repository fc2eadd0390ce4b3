"""Reading a network as data, and what the repair joins and leaves alone."""

from pathlib import Path

import numpy as np
import pytest

from app.errors import BuildError, MissingReferenceError
from app.geo.geodesy import geodesic_km
from app.geo.network import Network
from app.geo.network_repair import Joins, find_joins
from app.geo.network_source import RawNetwork, read_network

KM = 1 / 110.574
"""Degrees of latitude in a km, near the equator."""


def network(*lines: list[tuple[float, float]]) -> RawNetwork:
    """Lines through (east, north) points in km from 0° N 0° E, one edge between neighbours."""
    points = [(x * KM, y * KM) for line in lines for x, y in line]
    edges, first = [], 0
    for line in lines:
        edges += [(first + i, first + i + 1) for i in range(len(line) - 1)]
        first += len(line)
    lon, lat = (np.array(axis) for axis in zip(*points, strict=True))
    u, v = (np.array(end, dtype=np.int32) for end in zip(*edges, strict=True))
    return RawNetwork(lon, lat, u, v, geodesic_km(lon[u], lat[u], lon[v], lat[v]))


def joined(raw: RawNetwork, country: list[int] | None = None) -> Joins:
    countries = np.array(country or [0] * len(raw.lon), dtype=np.int16)
    return find_joins(raw, countries)


def test_two_dead_ends_near_each_other_are_joined() -> None:
    joins = joined(network([(0, 0), (60, 0)], [(62, 0), (120, 0)]))
    assert list(zip(joins.u, joins.v, strict=True)) == [(1, 2)]
    assert 2.0 <= joins.km[0] <= 2.5


def test_a_dead_end_beside_a_line_is_joined_to_the_middle_of_its_edge() -> None:
    joins = joined(network([(0, 2), (0, 80)], [(-60, 0), (60, 0)]))
    assert len(joins.lon) == 1
    assert abs(joins.lon[0]) < 1 * KM
    assert len(joins.u) == 3


def test_a_dead_end_beside_its_own_line_is_a_siding_and_stays_one() -> None:
    siding = [(0, 0), (5, 0), (10, 0), (80, 0)], [(5, 0), (9, 1)]
    raw = network(*siding)
    # The siding begins at the line's second node: one node, not two.
    v, u = raw.v.copy(), raw.u.copy()
    u[-1] = 1
    assert not len(joined(RawNetwork(raw.lon, raw.lat, u, v, raw.km)).u)


def test_lines_that_point_at_each_other_are_joined_over_a_wider_gap() -> None:
    assert len(joined(network([(0, 0), (60, 0)], [(65, 0), (120, 0)])).u) == 1


def test_a_wider_gap_at_a_border_is_left_open() -> None:
    raw = network([(0, 0), (60, 0)], [(65, 0), (120, 0)])
    assert not len(joined(raw, [0, 0, 1, 1]).u)


def test_parts_far_apart_and_scraps_are_left_alone() -> None:
    assert not len(joined(network([(0, 0), (60, 0)], [(80, 0), (140, 0)])).u)
    assert not len(joined(network([(0, 0), (60, 0)], [(30, 4), (34, 4)])).u)


def test_a_file_is_read_as_data_with_its_loops_left_out(tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(
        "from scgraph.core import GeoGraph\n"
        "graph=[{1: 120.5, 0: 0.0}, {0: 120.5}]\nnodes=[[0.0, 10.0], [1.0, 10.0]]\n"
        "raise SystemExit('never run')\n"
    )
    raw = read_network(file)
    assert (raw.lon.tolist(), raw.lat.tolist()) == ([10.0, 10.0], [0.0, 1.0])
    assert len(raw.km) == 1
    assert 119 < raw.km[0] < 121


@pytest.mark.parametrize(
    "text",
    [
        "",
        "print('hello')",
        "graph=[{1: 2.0}]\nnodes=[[0.0, 0.0]]\n",
        "graph=[{1: 2.0}, {0: 2.0}]\nnodes=[[0.0, 0.0], [99.0, 0.0]]\n",
        "graph=[{1: -2.0}, {0: -2.0}]\nnodes=[[0.0, 0.0], [1.0, 0.0]]\n",
        "graph=[{1: __import__('os')}, {0: 2.0}]\nnodes=[[0.0, 0.0], [1.0, 0.0]]\n",
    ],
)
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "net.py"
    file.write_text(text)
    with pytest.raises(BuildError, match=r"net\.py"):
        read_network(file)


def test_a_network_that_was_never_built_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingReferenceError, match="dateline prepare"):
        Network.load(tmp_path / "railways.npz")
    (tmp_path / "cut.npz").write_bytes(b"PK\x03\x04cut")
    with pytest.raises(MissingReferenceError, match="dateline prepare"):
        Network.load(tmp_path / "cut.npz")
