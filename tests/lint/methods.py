#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""methods.py SOURCE -- each built-in method has a name in the header, a file, a registry line, a docs row and a test."""
import re

from lint import SOURCE, Lint, code, sources


def text_of(*parts):
    path = SOURCE.joinpath(*parts)
    return path.read_text() if path.is_file() else ""


header = text_of("include", "gamedyn", "stepper.h")
named = set(re.findall(r'^#define GD_(?!SCALING|STEP)\w+ "(\w+)"', header, re.MULTILINE))
tables = {}
for path in sources(".c", folders=["lib/steppers"]):
    for name in re.findall(r"^const gd_method gdi_method_(\w+) = \{", code(path.read_text()), re.MULTILINE):
        tables[name] = path.stem

lint = Lint()
for name in sorted(named | set(tables)):
    facts = {
        f"no GD_ macro names it in stepper.h": name in named,
        f"no table gdi_method_{name} in lib/steppers": name in tables,
        f"its table is not in lib/steppers/{name}.c": tables.get(name, name) == name,
        f"it is not in the registry": re.search(rf"&gdi_method_{name}\b", text_of("lib", "steppers", "registry.c")),
        f"no row in docs/methods.md": re.search(rf"^\| *`{name}`", text_of("docs", "methods.md"), re.MULTILINE),
        f"no test tests/steppers/{name}.c": f"'steppers/{name}'" in text_of("tests", "steppers", "meson.build"),
    }
    lint.look(f"method {name}", [(None, words) for words, holds in facts.items() if not holds])
lint.close()
