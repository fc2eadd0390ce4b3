"""Labels in a column, each as near as can be to where it belongs, none over another.

Lives here: one algorithm. What does not fit is left out, the least important first. Imports the
standard library only.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """A label: where its middle belongs, how high it is, and how important (more is more)."""

    y: float
    height: float
    importance: float


def stacked(wishes: Sequence[Wish], top: float, bottom: float) -> list[float | None]:
    """The middle of each label between ``top`` and ``bottom``; ``None`` where it is left out.

    Labels keep the order of their wishes. Those that would overlap are moved apart by as little
    as possible together (least squares, by pooling neighbours: Barlow et al. 1972, *Statistical
    Inference under Order Restrictions*).

    >>> stacked([Wish(10, 12, 1), Wish(12, 12, 1)], 0, 100)
    [6.0, 18.0]
    """
    kept = sorted(range(len(wishes)), key=lambda n: (-wishes[n].importance, wishes[n].y))
    room = bottom - top
    while kept and sum(wishes[n].height for n in kept) > room:
        kept.pop()
    result: list[float | None] = [None] * len(wishes)
    kept.sort(key=lambda n: (wishes[n].y, n))
    # Without its own height before it, each label only has to stand no higher than the last.
    offsets: list[float] = []
    height = 0.0
    for n in kept:
        offsets.append(height + wishes[n].height / 2)
        height += wishes[n].height
    pools: list[tuple[float, int]] = []
    for n, offset in zip(kept, offsets, strict=True):
        total, count = wishes[n].y - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    starts = [total / count for total, count in pools for _ in range(count)]
    for n, offset, start in zip(kept, offsets, starts, strict=True):
        result[n] = max(top, min(start, bottom - height)) + offset
    return result
