"""The railways drawn thin under a map."""

import numpy as np
import pytest
import shapely

from app.errors import MissingReferenceError
from app.geo.rail_lines import RailLines, merged_lines


def stored(tmp_path, lon, lat, edges):
    u, v = np.array(edges).T
    path = tmp_path / "lines.npz"
    np.savez(path, **merged_lines(np.array(lon, float), np.array(lat, float), u, v))
    return RailLines.load(path)


def coordinates(collection):
    return [line for f in collection["features"] for line in f["geometry"]["coordinates"]]


@pytest.fixture
def fork(tmp_path):
    """A line of three edges that forks at its end, and one far away."""
    lon = [0, 1, 2, 3, 4, 4, 100, 101]
    lat = [0, 0.5, 0.5, 0, 1, -1, 50, 50]
    return stored(tmp_path, lon, lat, [(0, 1), (1, 2), (2, 3), (3, 4), (3, 5), (6, 7)])


def test_edges_are_merged_from_junction_to_junction(fork):
    lines = coordinates(fork.clip(west=-5, south=-5, east=5, north=5))
    assert sorted(len(line) for line in lines) == [2, 2, 4]


def test_simplifying_keeps_the_ends_and_drops_what_lies_between(fork):
    lines = coordinates(fork.clip(west=-5, south=-5, east=5, north=5, tolerance_deg=0.9))
    assert [[0.0, 0.0], [3.0, 0.0]] in [sorted(line) for line in lines]


def test_only_lines_that_reach_into_the_box_are_drawn(fork):
    assert len(coordinates(fork.clip(west=99, south=49, east=102, north=51))) == 1
    assert fork.clip(west=-50, south=-50, east=-40, north=-40)["features"] == []


@pytest.mark.parametrize("grid", [0.0, 0.05])
@pytest.mark.parametrize(("west", "east"), [(130.0, 132.0), (20.0, -170.0)])
def test_no_line_sticks_out_of_the_box(reference_dir, west, east, grid):
    lines = RailLines.load(reference_dir / "railways.npz")
    box = {"west": west, "south": 42.0, "east": east, "north": 44.0}
    drawn = shapely.MultiLineString(coordinates(lines.clip(**box, grid_deg=grid)))
    low_lon, low_lat, high_lon, high_lat = drawn.bounds
    assert west <= low_lon
    assert high_lon <= (east if east > west else east + 360.0)
    assert low_lat >= 42.0
    assert high_lat <= 44.0


def test_a_box_across_the_antimeridian_counts_on_past_180(tmp_path):
    lines = stored(tmp_path, [178, 179, -179, -178], [0, 0, 0, 0], [(0, 1), (1, 2), (2, 3)])
    drawn = coordinates(lines.clip(west=170, south=-1, east=-170, north=1))
    assert sorted(sorted(line) for line in drawn) == [
        [[178.0, 0.0], [179.0, 0.0]],
        [[181.0, 0.0], [182.0, 0.0]],
    ]


def test_an_edge_from_a_node_to_itself_draws_nothing(tmp_path):
    lines = stored(tmp_path, [0, 1], [0, 0], [(0, 0), (0, 1)])
    assert coordinates(lines.clip(west=-1, south=-1, east=2, north=1)) == [[[0.0, 0.0], [1.0, 0.0]]]


def test_a_file_without_lines_says_what_to_run(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, other=np.zeros(1))
    with pytest.raises(MissingReferenceError, match="dateline prepare"):
        RailLines.load(path)


def test_the_real_network_is_drawn_around_the_tumen(reference_dir):
    lines = RailLines.load(reference_dir / "railways.npz")
    drawn = coordinates(lines.clip(west=130, south=42, east=132, north=44, tolerance_deg=0.001))
    assert drawn
    near_khasan = [p for line in drawn for p in line if abs(p[0] - 130.64) < 0.1]
    assert any(abs(p[1] - 42.43) < 0.1 for p in near_khasan)


def test_on_a_grid_parallel_tracks_are_one_line_and_short_ones_leave_no_gap(tmp_path):
    lon = [0, 2, 2.01, 4, 0, 2.02, 4.01]
    lat = [0, 1, 1.01, 0, 0.02, 1.02, 0.01]
    edges = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (1, 5)]
    lines = stored(tmp_path, lon, lat, edges)
    drawn = coordinates(
        lines.clip(west=-5, south=-5, east=5, north=5, tolerance_deg=0.1, grid_deg=0.1)
    )
    assert [sorted(line) for line in drawn] == [[[0.0, 0.0], [2.0, 1.0], [4.0, 0.0]]]


def test_on_a_grid_all_of_the_network_is_still_within_a_cell_or_two(reference_dir):
    box = {"west": 125, "south": 38, "east": 140, "north": 50}
    lines = RailLines.load(reference_dir / "railways.npz")
    grid = 0.01
    exact = shapely.MultiLineString(coordinates(lines.clip(**box)))
    drawn = shapely.MultiLineString(
        coordinates(lines.clip(**box, tolerance_deg=grid, grid_deg=grid))
    )
    assert shapely.hausdorff_distance(exact, drawn) < 3 * grid
    assert shapely.get_num_coordinates(drawn) < shapely.get_num_coordinates(exact) / 2


def test_a_grid_wider_than_everything_leaves_nothing(fork):
    assert fork.clip(west=-5, south=-5, east=5, north=5, grid_deg=50.0)["features"] == []
