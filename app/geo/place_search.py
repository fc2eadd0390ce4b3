"""How well a place answers to a text: the score, its parts, and what is nearly the same name.

Lives here: pure ranking, reproducible from its parts. Not here: reading the index
(:mod:`app.geo.gazetteer`). Imports :mod:`app.journey.model` and its neighbours in geo.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from app.geo.place_names import without_feature_words
from app.journey.model import Place, Position

_EARTH_KM = 6371.0088

BASE_WEIGHT = 0.25
POPULATION_WEIGHT = 0.25
NEARNESS_WEIGHT = 0.20
OWN_PLACE_WEIGHT = 0.20
COUNTRY_WEIGHT = 0.05
FEATURE_WEIGHT = 0.05

NEAR_KM = 250.0
"""At this distance from the nearest of the other places, nearness is one half."""

_MOST_PEOPLE = 7.5  # log10 of more people than any city has
_OF_RANK = (1.0, 0.9, 0.85)
_OWN_OF_RANK = (1.0, 0.2, 0.2)

SAME_SPOT_KM = 25.0
"""Two answers no farther apart are one place for a traveller: not ambiguous."""

CLEAR_RATIO = 0.95
"""The best answer is clear when the next has less than this share of its score."""


@dataclass(frozen=True, slots=True)
class Score:
    """Why a place ranks where it does; every part from 0 to 1.

    ``match``: how well the name answers (1: today's name, letter by letter). ``nearness``: to
    the other places, one half at :data:`NEAR_KM`. ``country`` and ``feature``: whether they
    are those asked for. ``population``: on a scale of powers of ten. ``own_place``: whether it
    is one of the places kept by hand because reports name them.
    """

    match: float
    nearness: float = 0.0
    country: float = 0.0
    feature: float = 0.0
    population: float = 0.0
    own_place: float = 0.0

    @property
    def total(self) -> float:
        """One number from 0 to 1: the match, times the weighted sum of the other parts."""
        return self.match * (
            BASE_WEIGHT
            + POPULATION_WEIGHT * self.population
            + NEARNESS_WEIGHT * self.nearness
            + OWN_PLACE_WEIGHT * self.own_place
            + COUNTRY_WEIGHT * self.country
            + FEATURE_WEIGHT * self.feature
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may be meant, the name it answers by, and its score with the parts."""

    place: Place
    matched_name: str
    score: float
    explanation: Score


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the folded text, the same without a word for a kind, and what is near."""

    key: str
    bare: str
    features: frozenset[str]
    near: tuple[Position, ...]
    countries: frozenset[str]

    @classmethod
    def of(
        cls, key: str, near: Sequence[Position], countries: Collection[str], feature: str | None
    ) -> "Question":
        """Take the word for a kind out of ``key``; an explicit ``feature`` outweighs it."""
        bare, features = without_feature_words(key)
        if feature is not None:
            features = frozenset({feature})
        return cls(key, bare, features, tuple(near), frozenset(c.upper() for c in countries))

    def score(
        self, *, match: float, rank: int, position: Position, country: str, feature: str,
        population: int, own: bool,
    ) -> Score:  # fmt: skip
        """The score of a place whose name of this ``rank`` matches by ``match``."""
        return Score(
            match=round(match * _OF_RANK[rank], 4),
            nearness=round(self._nearness(position), 4),
            country=float(country in self.countries),
            feature=float(feature in self.features),
            population=round(min(1.0, math.log10(1 + max(0, population)) / _MOST_PEOPLE), 4),
            own_place=_OWN_OF_RANK[rank] if own else 0.0,
        )

    def _nearness(self, position: Position) -> float:
        if not self.near:
            return 0.0
        nearest_km = min(distance_km(position, other) for other in self.near)
        return 1.0 / (1.0 + nearest_km / NEAR_KM)


def exact_match(*, bare: bool) -> float:
    """Match of an equal key; a little less when a word for the kind was left out."""
    return 0.97 if bare else 1.0


def prefix_match(asked: str, key: str) -> float:
    """Match of a key that begins with what was asked: more, the more of it was typed."""
    return 0.55 + 0.35 * len(asked) / len(key)


def typo_match(asked: str, key: str) -> float:
    """Match of nearly the same key: 0 beyond one slip in four letters, else 0.6 to 0.9.

    A slip is a letter more, less, other, or swapped with its neighbour (Damerau 1964).
    """
    longest = max(len(asked), len(key))
    allowed = min(3, longest // 4)
    slips = DamerauLevenshtein.distance(asked, key, score_cutoff=allowed)
    if slips > allowed:
        return 0.0
    return 0.9 * (1.0 - slips / longest) if slips else 0.9


def distance_km(a: Position, b: Position) -> float:
    """Distance on a sphere, km: good enough to rank by."""
    north_a, north_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (north_b - north_a) / 2.0
    half_lon = math.radians(b.lon - a.lon) / 2.0
    chord = math.sin(half_lat) ** 2 + math.cos(north_a) * math.cos(north_b) * (
        math.sin(half_lon) ** 2
    )
    return 2.0 * _EARTH_KM * math.asin(math.sqrt(min(1.0, max(0.0, chord))))
