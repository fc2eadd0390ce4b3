"""What every command shares: plain errors, exit codes, bytes and text that reach any terminal.

Lives here: how errors become words and exit codes, names as they were typed, and output to
pipes, full disks and old locales. Not here: the commands (:mod:`app.cli`).
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import click

from app.errors import AmbiguousPlaceError, DatelineError, DossierError, InputError
from app.permissions import permissions_of

if TYPE_CHECKING:
    from pydantic import ValidationError

    from app.rooms import Rooms

P = ParamSpec("P")
R = TypeVar("R")

NO, WRONG_USE, STOPPED = 1, 2, 130


def rooms_of_environment() -> "Rooms":
    """The rooms as the environment sets them. Exits 2, naming the variables that are wrong."""
    from pydantic import ValidationError

    from app.rooms import Rooms
    from app.settings import Settings

    try:
        return Rooms(Settings())
    except ValidationError as error:
        _refuse_settings(error)


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Say what was refused in plain words instead of a traceback, with the exit code for it."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # what a locale cannot spell is shown as escapes
                stream.reconfigure(errors="backslashreplace")
        try:
            with _output():
                return command(*args, **kwargs)
        except KeyboardInterrupt:
            say("stopped")
            sys.exit(STOPPED)
        except DatelineError as error:
            sys.exit(tell(error))

    return run


def say(message: str) -> None:
    """One plain line on standard error."""
    click.echo(f"dateline: {message}", err=True)


def tell(error: DatelineError) -> int:
    """Say an error on standard error; the exit code that it asks for."""
    if isinstance(error, AmbiguousPlaceError):
        say(f"{error.field}: several places are called that; give the id of one instead:")
        for candidate in error.candidates:
            click.echo(f"  {candidate}", err=True)
        return NO
    if isinstance(error, DossierError):
        for problem in error.problems:
            click.echo(str(problem), err=True)
        return NO
    if isinstance(error, InputError) and (variable := _variable(error.field)):
        say(f"{variable}: {error.reason}")
        return WRONG_USE
    say(str(error))
    return NO


def write_out(body: bytes) -> None:
    """Bytes as they are to standard output, whatever the locale."""
    if sys.stdout is None:  # closed before the start, as with >&-
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def write_file(path: Path, body: bytes) -> None:
    """Write a file whole or not at all; what is no regular file is written straight.

    Raises :class:`app.errors.DatelineError` saying what was in the way.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_bytes(body)
            return
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as part:
            unfinished = Path(part.name)
            try:
                part.write(body)
                part.flush()
                os.fchmod(part.fileno(), permissions_of(target, 0o666))
                unfinished.replace(target)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise DatelineError(f"{path} cannot be written: {error.strerror}") from error


class Text(click.ParamType[str]):
    """Text in UTF-8, as it was typed: a locale that knows no UTF-8 hides it in surrogates."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text that the bytes of the argument spell."""
        try:
            return os.fsencode(value).decode("utf-8")
        except UnicodeError:
            if any("\ud800" <= character <= "\udfff" for character in value):
                self.fail("is not UTF-8", param, ctx)
            return value


TEXT = Text()


@contextmanager
def _output() -> Iterator[None]:
    """A full disk under standard output is said; a reader who left (``| head``) is not missed."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any more; what is still kept back must not be written at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(NO)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = f" ({error.filename})" if error.filename else ""
        say(f"{error.strerror or error}{where}")
        sys.exit(NO)


def _variable(field: str) -> str | None:
    from app.settings import Settings

    return f"DATELINE_{field.upper()}" if field in Settings.model_fields else None


def _refuse_settings(error: "ValidationError") -> NoReturn:
    for fault in error.errors():
        name = "_".join(["DATELINE", *(str(part) for part in fault["loc"])]).upper()
        reason = fault["msg"].removeprefix("Input ").replace("should", "must", 1)
        say(f"{name}: {reason}")
    sys.exit(WRONG_USE)
