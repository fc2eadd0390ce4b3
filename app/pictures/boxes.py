"""Rectangles in pixels, ``y`` growing downwards.

Lives here: one value. Imports the standard library only.
"""

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle; boxes that only touch do not overlap.

    A tuple, because thousands are made for one picture.

    >>> Box(0, 0, 10, 10).overlaps(Box(10, 0, 20, 10))
    False
    """

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> "Box":
        """The box of this size with its middle at ``x``, ``y``."""
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> "Box":
        """Larger by so much on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and self.right > other.left
            and self.top < other.bottom
            and self.bottom > other.top
        )

    def holds(self, other: "Box") -> bool:
        """Whether ``other`` lies wholly inside."""
        return (
            self.left <= other.left
            and self.right >= other.right
            and self.top <= other.top
            and self.bottom >= other.bottom
        )

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The point of the box that is nearest to ``x``, ``y``."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)
