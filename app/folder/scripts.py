"""Our script modules joined into one classic script: browsers load no modules from a disk.

Lives here: the joining, for the forms of ``import`` and ``export`` that ``static/js`` uses, each
at the beginning of a line. Any other form is refused, rather than left to fail in a browser.
"""

import re
from collections.abc import Callable, Collection, Mapping

from app.errors import BuildError

_IMPORT = re.compile(r'^import \{ ([\w$, ]+) \} from "\./(\w+\.js)";$', re.M)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) ([\w$]+)", re.M)
_LATER = re.compile(r'\bimport\("\./(\w+\.js)"\)')
# What is left of either word, where code could stand, is a form that is not known here.
_UNKNOWN = re.compile(
    r"^\s*(?:import|export)\b.*|^.*\bimport\s*[(.].*|^.*\b__(?:use|made|makers)\b.*", re.M
)
_AS = re.compile(r"([\w$]+)(?: as ([\w$]+))?")

_HEAD = """(() => {
"use strict";
const __makers = {}, __made = {};
const __use = (name) => (__made[name] ??= __makers[name]());
"""


def classic_script(
    entry: str,
    read: Callable[[str], str],
    *,
    instead: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> str:
    r"""The module ``entry`` and all that it imports, as one script that can be ``defer``red.

    ``read`` gives the text of a module by its file name; ``instead`` names modules that others
    stand in for. Modules that are imported later are in it too, and run when they are asked for;
    those of them that it is to be ``without`` cannot be had.

    >>> modules = {
    ...     "main.js": 'import { far } from "./km.js";\nalert(far(2));\n',
    ...     "km.js": "export const far = (n) => n > 1;\n",
    ... }
    >>> print(classic_script("main.js", modules.__getitem__))
    (() => {
    "use strict";
    const __makers = {}, __made = {};
    const __use = (name) => (__made[name] ??= __makers[name]());
    __makers["km.js"] = () => {
    const far = (n) => n > 1;
    return { far };
    };
    __makers["main.js"] = () => {
    const { far } = __use("km.js");
    alert(far(2));
    return {  };
    };
    __use("main.js");
    })();
    <BLANKLINE>

    Raises :class:`app.errors.BuildError` naming the module and what it has that cannot be joined.
    """
    joined = _Joined(read, instead or {}, without)
    joined.add(entry)
    body = "".join(joined.modules.values())
    return f'{_HEAD}{body}__use("{entry}");\n}})();\n'


class _Joined:
    """The modules so far, each after those that it imports."""

    def __init__(
        self,
        read: Callable[[str], str],
        instead: Mapping[str, str],
        without: Collection[str],
    ) -> None:
        self._read = read
        self._instead = instead
        self._without = without
        self._under_way: list[str] = []
        self.modules: dict[str, str] = {}
        self._exports: dict[str, frozenset[str]] = {}

    def add(self, name: str) -> None:
        """A module with what it imports, if it is not there yet."""
        if name in self.modules:
            return
        if name in self._under_way:
            raise BuildError(f"{name} imports itself, by {' and '.join(self._under_way)}")
        self._under_way.append(name)
        source = self._read(self._instead.get(name, name)).rstrip() + "\n"
        exported = [found[2] for found in _EXPORT.finditer(source)]
        body = _EXPORT.sub(r"\1 \2", source)
        if unknown := _UNKNOWN.search(_LATER.sub("", _IMPORT.sub("", body))):
            raise BuildError(f"{name} cannot be joined with others: {unknown[0].strip()!r}")
        body = _IMPORT.sub(lambda found: self._taken(name, found[1], found[2]), body)
        body = _LATER.sub(lambda found: self._later(found[1]), body)
        self.modules[name] = (
            f'__makers["{name}"] = () => {{\n{body}return {{ {", ".join(exported)} }};\n}};\n'
        )
        self._exports[name] = frozenset(exported)
        self._under_way.pop()
        for other in _LATER.findall(source):
            if other not in self._without:
                self.add(other)

    def _later(self, module: str) -> str:
        if module in self._without:
            return f'Promise.reject(new Error("{module} is not here"))'
        return f'Promise.resolve().then(() => __use("{module}"))'

    def _taken(self, name: str, taken: str, module: str) -> str:
        self.add(module)
        parts = []
        for each in taken.split(", "):
            found = _AS.fullmatch(each)
            if found is None or found[1] not in self._exports[module]:
                raise BuildError(f"{name} imports {each!r}, which {module} does not export")
            parts.append(f"{found[1]}: {found[2]}" if found[2] else found[1])
        return f'const {{ {", ".join(parts)} }} = __use("{module}");'
