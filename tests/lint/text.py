#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""text.py SOURCE -- every source says its licence, nothing is left to do, and the top level holds what it should."""
import re

from lint import FOLDERS, SOURCE, Lint, name_of, sources

CODE = (".c", ".h", ".cpp", ".hpp", ".py")
LEFT = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")


def complaints(path):
    rows = path.read_text().splitlines()
    if path.suffix in CODE and not any("SPDX-License-Identifier: BSD-3-Clause" in row for row in rows[:2]):
        yield 1, "no SPDX line"
    for number, row in enumerate(rows, 1):
        if LEFT.search(row):
            yield number, f"something is left to do: {row.strip()}"
        if row != row.rstrip() or ("\t" in row and path.name != "Makefile"):
            yield number, "a tab, or space at the end of the line"


lint = Lint()
for path in sources(*CODE, ".md", ".build", ".map", ".in") + [SOURCE / "Makefile", *SOURCE.glob("*.md")]:
    lint.look(name_of(path), complaints(path))
folders = [path for path in SOURCE.iterdir() if path.is_dir() and not path.name.startswith((".", "_", "build"))]
strange = [path.name for path in folders if path.name not in FOLDERS and not (path / "build.ninja").exists()]
lint.look("the top level", [(None, f"{name}/ is not one of {', '.join(FOLDERS)}") for name in strange])
lint.close()
