#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""methods.py SOURCE -- each built-in method has a name in the header, a file, a registry line, a docs row and a test.

So has each scaling, but for a file of its own, and each model has a name in its header."""
import re

from lint import SOURCE, Lint, code, sources


def text_of(*parts):
    path = SOURCE.joinpath(*parts)
    return path.read_text() if path.is_file() else ""


header = text_of("include", "gamedyn", "stepper.h")
named = set(re.findall(r'^#define GD_(?!SCALING|STEP)\w+ "(\w+)"', header, re.MULTILINE))
tables, scalings = {}, set()
for path in sources(".c", folders=["lib/steppers"]):
    text = code(path.read_text())
    for name in re.findall(r"^const gd_method gdi_method_(\w+) = \{", text, re.MULTILINE):
        tables[name] = path.stem
    scalings.update(re.findall(r"^const gdi_scaling_method gdi_scaling_(\w+) = \{", text, re.MULTILINE))
rows = set(re.findall(r"^\| *`(\w+)`", text_of("docs", "methods.md"), re.MULTILINE))

lint = Lint()
for name in sorted(named | set(tables)):
    facts = {
        "no GD_ macro names it in stepper.h": name in named,
        f"no table gdi_method_{name} in lib/steppers": name in tables,
        f"its table is not in lib/steppers/{name}.c": tables.get(name, name) == name,
        "it is not in the registry": re.search(rf"&gdi_method_{name}\b", text_of("lib", "steppers", "registry.c")),
        "no row in docs/methods.md": name in rows,
        f"no test tests/steppers/{name}.c": f"'steppers/{name}'" in text_of("tests", "steppers", "meson.build"),
    }
    lint.look(f"method {name}", [(None, words) for words, holds in facts.items() if not holds])
for name in sorted(scalings):
    tested = any(re.search(rf'"{name}"|GD_SCALING_{name.upper()}', path.read_text())
                 for path in sources(".c", folders=["tests/steppers"]))
    facts = {"no row in docs/methods.md": name in rows, "no test in tests/steppers": tested,
             "no GD_SCALING_ macro names it in stepper.h": f'#define GD_SCALING_{name.upper()} "{name}"' in header}
    lint.look(f"scaling {name}", [(None, words) for words, holds in facts.items() if not holds])
models = set(re.findall(r'^#define GD_MODEL_(\w+) "\w+"', text_of("include", "gamedyn", "models.h"), re.MULTILINE))
listed = set(re.findall(r"\{sizeof\(gd_model\), GD_MODEL_(\w+),", text_of("lib", "models", "registry.c")))
for name in sorted(models | listed):
    facts = {"no GD_MODEL_ macro names it in models.h": name in models, "it is not in the registry": name in listed}
    lint.look(f"model {name.lower()}", [(None, words) for words, holds in facts.items() if not holds])
lint.close()
