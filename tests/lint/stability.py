#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""stability.py SOURCE -- docs/stability.md tells how each public struct may change, and what is experimental.

A struct begins with struct_size, ends in reserved words, or is named on the page.  What is marked GD_EXPERIMENTAL is in the
page's table, and what the table names is marked; a * in the table stands for the rest of a name.
"""
import fnmatch
import re

from lint import DIRECTIVE, SOURCE, Lint, blank, code, line_at, name_of, sources

PAGE = (SOURCE / "docs" / "stability.md").read_text()
STRUCT = re.compile(r"^typedef struct(?: \w+)? \{\n(.*?)^\} (gd_\w+)", re.MULTILINE | re.DOTALL)
DECLARED = re.compile(r"^\} (gd_\w+)([^;\n]*);|\bGD_API\b[^;(]*?\b(gd_\w+)\s*\(([^;]*);", re.MULTILINE)


def in_backquotes(text):
    return re.findall(r"`([\w./*]+)(?:\(\))?`", text)


def has_rule(body, name):
    return (re.match(r"\s*size_t struct_size;", body) or re.search(r"\breserved\[\d+\];\s*$", body)
            or name in in_backquotes(PAGE))


def structs(text):
    for match in STRUCT.finditer(text):
        if not has_rule(match.group(1), match.group(2)):
            yield line_at(text, match.end()), f"docs/stability.md has no rule for {match.group(2)}"


def declared(text):
    """(name, line, whether it is marked) of functions and types."""
    for match in DECLARED.finditer(text):
        rest = match.group(2) or match.group(4) or ""
        yield match.group(1) or match.group(3), line_at(text, match.end()), "GD_EXPERIMENTAL" in rest


section = PAGE.split("## What is experimental")[1].split("\n## ")[0]
listed = [name for row in re.findall(r"^\|([^|]*)\|", section, re.MULTILINE) for name in in_backquotes(row)]
matched = set()


def marks(text):
    for name, line, marked in declared(text):
        rows = [row for row in listed if fnmatch.fnmatchcase(name, row)]
        if bool(rows) != marked:
            yield line, f"{name} is {'marked' if marked else 'not marked'} GD_EXPERIMENTAL, unlike in docs/stability.md"
        matched.update(rows)


def whole_header(path):
    """A header that calls itself experimental is listed by its path, and the other way round."""
    name = path.relative_to(SOURCE / "include").as_posix()
    marked = re.search(r"@note Experimental\b", path.read_text()) is not None
    if marked != (name in listed):
        yield None, f"{name} is {'marked' if marked else 'not marked'} as experimental, unlike in docs/stability.md"
    if marked:
        matched.add(name)


lint = Lint()
for path in sources(".h", ".hpp", folders=["include"]):
    text = DIRECTIVE.sub(blank, code(path.read_text()))
    of_c = [*structs(text), *marks(text)] if path.suffix == ".h" else []
    lint.look(name_of(path), [*of_c, *whole_header(path)])
lint.look("docs/stability.md", [(None, f"{row} is nothing that a header declares")
                                for row in listed if row not in matched])
lint.close()
