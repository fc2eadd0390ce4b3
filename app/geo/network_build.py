"""Builds the compact network files out of the data packages, at set-up.

Lives here: the order of the work and the layout of the file. Not here: fetching the packages,
or using the networks (:mod:`app.geo.network`). Imports its neighbours in ``app.geo`` and
:mod:`app.errors` only.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import BuildError
from app.geo.country_areas import read_countries
from app.geo.geodesy import Floats
from app.geo.network import DEGREE_STEPS, FORMAT
from app.geo.network_repair import Joins, find_joins
from app.geo.network_source import RawNetwork, read_network
from app.geo.rail_lines import merged_lines

Progress = Callable[[float], None]

_NEAR_COUNTRY_DEGREES = 0.1


def build_railways(inputs: Mapping[str, Path], output: Path, progress: Progress) -> None:
    """Write the railway network of ``inputs["railways"]`` to ``output`` (.npz), mended.

    ``inputs["natural_earth_countries"]`` gives every node its country. The file also holds
    the network as lines to draw (:mod:`app.geo.rail_lines`). ``progress`` is told
    the share of the work done. Raises :class:`~app.errors.BuildError`.
    """
    network, country, codes = _read(inputs["railways"], inputs, progress)
    drawn = merged_lines(network.lon, network.lat, network.u, network.v)
    _write(output, network, find_joins(network, country), country, codes, drawn)
    progress(1.0)


def build_highways(inputs: Mapping[str, Path], output: Path, progress: Progress) -> None:
    """Write the road network of ``inputs["highways"]``; the rest as :func:`build_railways`."""
    network, country, codes = _read(inputs["highways"], inputs, progress)
    _write(output, network, find_joins(network, country, dead_ends_only=True), country, codes, {})
    progress(1.0)


def _read(
    source: Path, inputs: Mapping[str, Path], progress: Progress
) -> tuple[RawNetwork, NDArray[np.int16], tuple[str, ...]]:
    """The network, the country of each node, and the codes that those index."""
    progress(0.0)
    network = read_network(source)
    progress(0.5)
    areas = read_countries(inputs["natural_earth_countries"])
    country = areas.country_index(network.lon, network.lat, near_degrees=_NEAR_COUNTRY_DEGREES)
    progress(0.7)
    return network, country, areas.codes


def _write(
    output: Path,
    network: RawNetwork,
    joins: Joins,
    country: NDArray[np.int16],
    codes: tuple[str, ...],
    drawn: dict[str, Any],
) -> None:
    try:
        with output.open("wb") as file:
            np.savez(
                file,
                allow_pickle=False,
                format=np.array(FORMAT),
                lon=_steps(network.lon),
                lat=_steps(network.lat),
                u=network.u,
                v=network.v,
                metres=_metres(network.km),
                join_lon=_steps(joins.lon),
                join_lat=_steps(joins.lat),
                join_u=joins.u,
                join_v=joins.v,
                join_metres=_metres(joins.km),
                country=country,
                country_codes=np.array(codes),
                **drawn,
            )
    except OSError as error:
        raise BuildError(f"{output} cannot be written: {error.strerror or error}") from error


def _steps(degrees: Floats) -> NDArray[np.int32]:
    return np.round(degrees * DEGREE_STEPS).astype(np.int32)


def _metres(km: Floats) -> NDArray[np.int32]:
    # Rounded up, and never nothing: no edge may be shorter than the line between its nodes.
    return np.maximum(np.ceil(km * 1000.0), 1.0).astype(np.int32)
