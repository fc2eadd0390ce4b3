"""Names that are unique in the world and depend on no host: for XML and for feeds.

UUIDs need no registration (RFC 9562), and those of version 5 are the same wherever and whenever
they are made from the same words. Imports nothing of ours.
"""

from uuid import UUID, uuid5

PROJECT = UUID("5f6d2b0e-6a0b-4c1e-9d53-2f3a8c1b7e94")
XML_NAMESPACE = PROJECT.urn
"""The namespace of our own elements in files of other formats."""


def name_of(*words: str) -> str:
    """The URN of what these words name.

    >>> name_of("a", "b") == name_of("a", "b"), name_of("a", "b") == name_of("a/b")
    (True, False)
    """
    # Told apart from one another by a character that no slug or id holds.
    return uuid5(PROJECT, "\n".join(words)).urn
