"""A dossier file as TOML tables in which every key knows its line.

Lives here: bytes to text to tables, the refusal of files that are no dossier at all (too long,
not UTF-8, not TOML, nested without end), and :class:`Problems`. Not here: what the keys mean
(:mod:`app.store.dossier_read`). Imports :mod:`app.errors` and the standard library only.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import DossierError, Problem

MAX_BYTES = 1_000_000
MAX_LINE = 16_000
MAX_PROBLEMS = 100

KeyPath = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*+"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEY})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_KEY})[ \t]*=")
_SPLIT = re.compile(_PART)
# tomllib takes time that grows with the square of the parts of one dotted key.
_TOO_DEEP = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*\.[ \t]*){{30}}")
_QUOTES = re.compile("\"\"\"|'''|\"(?:[^\"\\\\\n]|\\\\.)*+\"|'[^'\n]*+'|#[^\n]*")
_AT_LINE = re.compile(r" ?\(at line (\d+), column \d+\)| ?\(at end of document\)")


@dataclass(slots=True)
class Problems:
    """What is wrong in one file so far; all of it is raised together at the end."""

    file: str
    lines: dict[KeyPath, int] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)

    def add(self, path: KeyPath, reason: str) -> None:
        """Note that the key at ``path`` is wrong."""
        self.add_at(self.line_of(path), dotted(path), reason)

    def add_at(self, line: int | None, field_name: str, reason: str) -> None:
        """Note a problem at a line. The hundredth is the last: the rest is not even looked at."""
        self.found.append(Problem(self.file, line, field_name, reason))
        if len(self.found) == MAX_PROBLEMS:
            self.add_last("and perhaps more; this many were found before the reading stopped")

    def add_last(self, reason: str) -> None:
        """Note a problem of the whole file and raise all there are."""
        self.found.append(Problem(self.file, None, "", reason))
        self.raise_if_any()

    def line_of(self, path: KeyPath) -> int | None:
        """The line of the key, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def raise_if_any(self) -> None:
        """Raises :class:`app.errors.DossierError` with everything found, by line."""
        if not self.found:
            return
        raise DossierError(sorted(self.found, key=_by_line))


def _by_line(problem: Problem) -> tuple[bool, int]:
    # What has no line is about the file as a whole, and is said last.
    return problem.line is None, problem.line or 0


def dotted(path: KeyPath) -> str:
    """A key path as people read it: ``sighting[2].place``, entries counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


def read_tables(origin: Path | str) -> tuple[dict[str, Any], Problems]:
    """The tables of a file (a ``Path``) or of a text (a ``str``), and where its problems go.

    Raises :class:`app.errors.DossierError` for what cannot be read as TOML at all. A file over
    1 MB is refused from its size alone.
    """
    problems = Problems(str(origin) if isinstance(origin, Path) else "dossier")
    text = _text(origin, problems)
    problems.raise_if_any()
    _check_shape(text, problems)
    problems.raise_if_any()
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        problems.add_at(None, "", "is nested too deeply; a dossier has three levels at most")
    except ValueError as error:
        where = _AT_LINE.search(str(error))
        line = int(where[1]) if where and where[1] else text.count("\n") + 1
        problems.add_at(line, "", f"is not TOML: {_AT_LINE.sub('', str(error))}")
    problems.raise_if_any()
    problems.lines = _key_lines(text)
    return tables, problems


def _text(origin: Path | str, problems: Problems) -> str:
    if isinstance(origin, str):
        try:
            content = origin.encode()
        except UnicodeEncodeError:
            problems.add_at(None, "", "is not UTF-8: it holds half of a surrogate pair")
            return ""
    else:
        try:
            with origin.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            problems.add_at(None, "", f"cannot be read: {error.strerror}")
            return ""
    if len(content) > MAX_BYTES:
        problems.add_at(
            None, "", "is larger than 1 MB, which no dossier is; split the journey into trips"
        )
        return ""
    try:
        # A byte order mark is what some editors put first; it is no part of the text.
        return content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add_at(line, "", f"is not UTF-8 (byte {error.start}); save the file as UTF-8")
        return ""


def _check_shape(text: str, problems: Problems) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if "\0" in line:
            problems.add_at(number, "", "holds a NUL character; remove it")
        if len(line) > MAX_LINE:
            problems.add_at(number, "", f"the line is longer than {MAX_LINE:,} characters")
        elif _TOO_DEEP.search(line):
            problems.add_at(number, "", "a key is nested too deeply")


def _key_lines(text: str) -> dict[KeyPath, int]:
    """The line of every table and key that stands at the start of a line."""
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            if header := _HEADER.match(line):
                table = _table_path(_parts(header[2]), header[1] == "[[", counts)
                lines.setdefault(table, number)
            elif assignment := _ASSIGNMENT.match(line):
                path: KeyPath = table
                for part in _parts(assignment[1]):
                    path = (*path, part)
                    lines.setdefault(path, number)
        inside = _still_inside(line, inside)
    return lines


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in _SPLIT.findall(key)]


def _table_path(parts: list[str], is_entry: bool, counts: dict[KeyPath, int]) -> KeyPath:
    path: KeyPath = ()
    for at, part in enumerate(parts):
        path = (*path, part)
        if is_entry and at == len(parts) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _still_inside(line: str, inside: str) -> str:
    """The quotes of the text of several lines that is open after ``line``, if any."""
    at = 0
    while True:
        if inside:
            end = line.find(inside, at)
            if end < 0:
                return inside
            at, inside = end + 3, ""
        quoted = _QUOTES.search(line, at)
        if quoted is None:
            return ""
        at = quoted.end()
        if quoted[0] in ('"""', "'''"):
            inside = quoted[0]
