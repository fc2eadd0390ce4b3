"""A number known only to lie between two ends, and the arithmetic that keeps it honest.

Lives here: :class:`Bounds` for distances, durations and speeds. Imports the standard library
only.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """``lower`` ≤ the true value ≤ ``upper``; ``None`` is an unknown end.

    Raises ``ValueError`` when the ends are the wrong way round.

    >>> Bounds(240, 270) / Bounds(3, 9)
    Bounds(lower=26.666666666666668, upper=90.0)
    """

    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError(f"lower bound {self.lower} is above upper bound {self.upper}")

    @classmethod
    def exactly(cls, value: float) -> "Bounds":
        """A value that is known."""
        return cls(value, value)

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(
            None if self.lower is None or other.lower is None else self.lower + other.lower,
            None if self.upper is None or other.upper is None else self.upper + other.upper,
        )

    def __truediv__(self, other: "Bounds") -> "Bounds":
        """Quotient of two quantities that are not negative.

        A divisor that may be zero leaves the upper end unknown; an unknown upper end of the
        divisor leaves only "more than nothing": a lower end of 0.
        """
        lower: float | None
        if self.lower is None:
            lower = None
        elif other.upper is None:
            lower = 0.0
        else:
            lower = self.lower / other.upper if other.upper > 0 else None
        upper = None
        if self.upper is not None and other.lower is not None and other.lower > 0:
            upper = self.upper / other.lower
        return Bounds(lower, upper)


UNBOUNDED = Bounds()
"""Nothing is known."""
