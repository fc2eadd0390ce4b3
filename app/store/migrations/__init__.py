"""Small named migrations, each run once, in its own transaction, in this order.

Each is SQL that SQLite and PostgreSQL both run, but for the few type names in ``TYPES``. What
was released is never edited: a later change of the tables is a new migration at the end. Kept
as frozen SQL, and not made from the classes of ``tables``, because those describe today only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.store.migrations import (
    m0001_trips,
    m0002_changes,
    m0003_figures_of_the_journey,
    m0004_former_slugs,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """A name that the database remembers, and the statements that it stands for."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS = (
    Migration("0001_trips", m0001_trips.STATEMENTS),
    Migration("0002_changes", m0002_changes.STATEMENTS),
    Migration("0003_figures_of_the_journey", m0003_figures_of_the_journey.STATEMENTS),
    Migration("0004_former_slugs", m0004_former_slugs.STATEMENTS),
)

TYPES: Mapping[str, Mapping[str, str]] = {
    "sqlite": {"instant": "DATETIME", "serial": "INTEGER", "yes_no": "BOOLEAN"},
    "postgresql": {
        "instant": "TIMESTAMP WITH TIME ZONE",
        "serial": "SERIAL",
        "yes_no": "BOOLEAN",
    },
}
