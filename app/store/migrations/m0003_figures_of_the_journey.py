"""Figures say whether they tell of this journey, according to whom, and how credible they are.

Those stored before it are of no journey in particular, by the publisher, and not judged.
"""

STATEMENTS = (
    "ALTER TABLE figures ADD COLUMN of_this_journey {yes_no} NOT NULL DEFAULT FALSE",
    "ALTER TABLE figures ADD COLUMN attributed_to VARCHAR",
    "ALTER TABLE figures ADD COLUMN credibility INTEGER NOT NULL DEFAULT 6",
)
