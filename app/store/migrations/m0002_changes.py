"""What changed, when, by whom; one row for each revision, from the second schema on.

Trips stored before it have no history; their next change holds all of what they were.
"""

STATEMENTS = (
    """CREATE TABLE changes (
        id {serial} NOT NULL PRIMARY KEY,
        trip VARCHAR NOT NULL REFERENCES trips (slug),
        revision INTEGER NOT NULL,
        at {instant} NOT NULL,
        kind VARCHAR NOT NULL,
        who VARCHAR NOT NULL,
        payload JSON NOT NULL
    )""",
    "CREATE INDEX ix_changes_trip ON changes (trip)",
)
