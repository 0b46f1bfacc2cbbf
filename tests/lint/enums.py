#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""enums.py SOURCE -- each value of each public enumeration is in lib/names/values.c, under the last part of its name."""
import re

from lint import SOURCE, Lint, code, name_of, sources

TABLE = re.compile(r"static const gdi_value (\w+)_rows\[\] = \{(.*?)\};", re.DOTALL)
ENUM = re.compile(r"typedef enum (\w+) \{(.*?)\} \w+;", re.DOTALL)

tables = {}
for name, rows in TABLE.findall((SOURCE / "lib/names/values.c").read_text()):
    tables["gd_" + name] = dict(re.findall(r'\{(GD_\w+),\s*"(\w+)"', rows))


def prefix(constants):
    """What all constants begin with, up to an underscore."""
    first, last = min(constants), max(constants)
    length = next((k for k, (a, b) in enumerate(zip(first, last)) if a != b), len(first))
    return first[:first.rfind("_", 0, length) + 1]


def complaints(constants, rows):
    for constant in constants:
        expected = constant[len(prefix(constants)):].lower()
        if constant not in rows:
            yield None, f"{constant} is not in lib/names/values.c"
        elif rows[constant] != expected:
            yield None, f'{constant} is called "{rows[constant]}", expected "{expected}"'
    for constant in set(rows) - set(constants):
        yield None, f"lib/names/values.c has {constant}, which the header lacks"


lint = Lint()
for path in sources(".h", folders=["include"]):
    for name, body in ENUM.findall(code(path.read_text())):
        lint.look(f"{name_of(path)} {name}", complaints(re.findall(r"\bGD_\w+", body), tables.get(name, {})))
lint.close()
