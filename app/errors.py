"""Everything that can go wrong, in one tree; knows nothing of HTTP or exit codes.

::

    DatelineError
    ├── InputError (ValueError)          something a person wrote is wrong; names the field
    │   ├── TimeWordingError             a wording of time that the grammar does not know
    │   ├── AmbiguousPlaceError          a name that several places answer to equally well
    │   ├── SlugError                    a slug that a trip cannot have, for another has or had it
    │   └── DossierError                 a dossier with problems, each with line and field
    ├── NotFoundError (LookupError)
    │   ├── UnknownTripError             no trip is to be read under this slug
    │   │   ├── MovedTripError           it has another slug now
    │   │   └── WithdrawnTripError       it is no longer shown, and a sentence says why
    │   └── UnknownPlaceError
    ├── RouteError                       no believable way between two places
    │   ├── OffNetworkError              a place is too far from the network
    │   ├── NoRouteError                 both are on it, but no way joins them
    │   └── ImplausibleRouteError        a way exists, far longer than anybody would travel
    ├── ReferenceDataError               the reference data of ``dateline prepare``
    │   ├── MissingReferenceError        not there, or made by another version
    │   ├── DownloadError                could not be fetched whole
    │   ├── ChecksumError                is not the file that was pinned
    │   └── BuildError                   could not be read, or could not be written to disk
    ├── OnlineGeocoderError              the opt-in online geocoder did not answer
    ├── FolderError                      a folder could not be published there
    └── StoreError                       the database refused
        └── ConflictError                somebody else wrote first

Every message says what to change. ``InputError.field`` and ``Problem`` carry where.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class DatelineError(Exception):
    """Base of every error that Dateline raises on purpose."""


class InputError(DatelineError, ValueError):
    """Something a person wrote is wrong.

    ``field`` is the name of the parameter, option or key; ``reason`` says what to change.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class TimeWordingError(InputError):
    """A wording of time that the grammar of ``journey.time_wording`` does not know."""


class AmbiguousPlaceError(InputError):
    """A name that several places answer to equally well; ``candidates`` are their labels."""

    def __init__(self, field: str, reason: str, candidates: Sequence[str]) -> None:
        super().__init__(field, reason)
        self.candidates = tuple(candidates)


class SlugError(InputError):
    """A slug that a trip cannot have, because another trip has it or had it.

    ``trip`` is the slug of the trip that was to have it, ``field`` where it stands there.
    """

    def __init__(self, field: str, reason: str, *, trip: str) -> None:
        super().__init__(field, reason)
        self.trip = trip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: 1-based ``line`` where known, dotted ``field``, ``reason``."""

    file: str
    line: int | None
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line is not None else self.file
        return f"{where}: {self.field}: {self.reason}" if self.field else f"{where}: {self.reason}"


class DossierError(InputError):
    """A dossier with one or more problems; nothing of it was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("", "\n".join(map(str, problems)))
        self.problems = tuple(problems)


class NotFoundError(DatelineError, LookupError):
    """The named thing does not exist."""


class UnknownTripError(NotFoundError):
    """No trip is to be read under this slug."""


class MovedTripError(UnknownTripError):
    """The trip with this ``slug`` was renamed; it is called ``now``."""

    def __init__(self, slug: str, now: str) -> None:
        super().__init__(f"“{slug}” is called “{now}” now")
        self.slug = slug
        self.now = now


class WithdrawnTripError(UnknownTripError):
    """The trip with this ``slug`` is stored, but no longer shown.

    The message is the sentence that its editors wrote for readers.
    """

    def __init__(self, slug: str, sentence: str) -> None:
        super().__init__(sentence)
        self.slug = slug


class UnknownPlaceError(NotFoundError):
    """No place answers to this name or id; ``suggestions`` are near spellings."""

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


class RouteError(DatelineError):
    """There is no believable way between two places."""


class OffNetworkError(RouteError):
    """A place is too far from the network to be on it."""


class NoRouteError(RouteError):
    """Both places are on the network, but no way joins them."""


class ImplausibleRouteError(RouteError):
    """The only way is far longer than anybody would travel: the network data has a gap."""


class ReferenceDataError(DatelineError):
    """Something about the reference data that ``dateline prepare`` builds."""


class MissingReferenceError(ReferenceDataError):
    """The reference data is not there, or was built by another version."""


class DownloadError(ReferenceDataError):
    """A data package could not be fetched whole."""


class ChecksumError(ReferenceDataError):
    """A data package is not the file that was pinned."""


class BuildError(ReferenceDataError):
    """A data package could not be read, or its result could not be written."""


class OnlineGeocoderError(DatelineError):
    """The online geocoder that the settings name did not answer."""


class FolderError(DatelineError):
    """A folder could not be published where it was to be; what stood there stands there still."""


class StoreError(DatelineError):
    """The database refused a read or a write."""


class ConflictError(StoreError):
    """Somebody else changed the same trip first."""
