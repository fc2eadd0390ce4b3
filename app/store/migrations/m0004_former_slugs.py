"""Trips remember the slugs that they had before, and may be withdrawn with a sentence why.

Those stored before it never had another slug, and are shown.
"""

STATEMENTS = (
    "ALTER TABLE trips ADD COLUMN withdrawn VARCHAR",
    """CREATE TABLE former_slugs (
        slug VARCHAR NOT NULL PRIMARY KEY,
        trip VARCHAR NOT NULL REFERENCES trips (slug),
        position INTEGER NOT NULL
    )""",
    "CREATE INDEX ix_former_slugs_trip ON former_slugs (trip)",
)
