"""Our modules as one classic script: all of them can be joined, and what cannot be is refused."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.errors import BuildError
from app.folder.scripts import classic_script

MODULES = Path(__file__).parents[2] / "static" / "js"


def join(modules: Mapping[str, str], **options: object) -> str:
    return classic_script("main.js", modules.__getitem__, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("module", sorted(path.name for path in MODULES.glob("*.js")))
def test_every_module_of_ours_can_be_joined(module):
    def read(name: str) -> str:
        # The builder is for a server: it asks where its own style sheet is.
        return "" if name == "builder.js" else (MODULES / name).read_text("utf-8")

    script = classic_script(module, read, instead={"load.js": "load_folder.js"})
    assert not re.search(r"^\s*(import|export)\b|import\(|import\.meta", script, re.M)


def test_a_module_stands_once_before_those_that_import_it():
    script = join(
        {
            "main.js": 'import { a } from "./a.js";\nimport { b as c } from "./b.js";\na(c);\n',
            "a.js": 'import { b } from "./b.js";\nexport function a() { return b; }\n',
            "b.js": "export const b = 1;\n",
        }
    )
    assert [*re.findall(r'__makers\["(\w)', script)] == ["b", "a", "m"]
    assert 'const { b: c } = __use("b.js");' in script


def test_every_kind_of_export_is_handed_on():
    script = join(
        {
            "main.js": 'import { A, b, c, d } from "./a.js";\n',
            "a.js": "export class A {}\nexport function b() {}\nexport async function c() {}\n"
            "export const d = 1;\n",
        }
    )
    assert "return { A, b, c, d };" in script


def test_what_is_imported_later_is_there_and_runs_later():
    script = join({"main.js": 'import("./late.js");\n', "late.js": "export const late = 1;\n"})
    assert 'Promise.resolve().then(() => __use("late.js"))' in script
    assert '__makers["late.js"]' in script


def test_what_a_folder_has_not_is_left_out():
    script = join({"main.js": 'import("./late.js");\n'}, without=("late.js",))
    assert "Promise.reject" in script


def test_one_module_can_stand_in_for_another():
    modules = {
        "main.js": 'import { load } from "./load.js";\n',
        "load.js": "export const load = fetch;\n",
        "other.js": "export const load = 1;\n",
    }
    script = join(modules, instead={"load.js": "other.js"})
    assert "fetch" not in script
    assert 'const { load } = __use("load.js");' in script


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        "export let moving = 1;",
        "export { here };",
        'export * from "./a.js";',
        "export const { a, b } = c;",
        'import * as all from "./a.js";',
        'import one from "./a.js";',
        'import "./a.js";',
        "import { a } from './a.js';",
        'import { a } from "https://example.org/a.js";',
        'import { a,\n  b } from "./a.js";',
        '  import { a } from "./a.js";',
        "const later = import(name);",
        "const here = import.meta.url;",
        "const __use = 1;",
    ],
)
def test_any_other_form_is_refused_and_named(line):
    with pytest.raises(BuildError, match=r"main\.js"):
        join({"main.js": f"{line}\n", "a.js": "export const a = 1;\nexport const b = 1;\n"})


def test_an_import_that_nothing_exports_is_refused():
    with pytest.raises(BuildError, match=r"'b', which a\.js does not export"):
        join({"main.js": 'import { b } from "./a.js";\n', "a.js": "export const a = 1;\n"})


def test_modules_that_import_each_other_are_refused():
    with pytest.raises(BuildError, match="imports itself"):
        join(
            {
                "main.js": 'import { a } from "./a.js";\nexport const m = 1;\n',
                "a.js": 'import { m } from "./main.js";\nexport const a = 1;\n',
            }
        )
