#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""compare.py LIBRARY -- the shared library beside the interface of each release that shares its soname, by abidiff.

Functions may be added, structs may grow at their end, enumerations may gain values.  What GD_EXPERIMENTAL marks is exempt.
The interfaces were written by record.py, from libraries with debugging information; LIBRARY needs it too.
"""
import gzip
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = sorted((HERE.parent.parent / "include").rglob("*.h"))
YOUNG = re.compile(r"\b(gd_\w+)\s*\([^;{}]*\)\s*GD_EXPERIMENTAL|\}\s*(gd_\w+)\s+GD_EXPERIMENTAL")
DEFINED = re.compile(r"typedef (?:struct|enum) (\w+) \{")
CHANGED_TYPE = re.compile(r"^'(?:struct|enum) (\w+)[^']*' changed:$")
SIZE = re.compile(r"type size changed from (\d+) to \d+")
INSERTED = re.compile(r"at offset (\d+) \(in bits\)")
HARM = re.compile(r"offset changed|deletion|type of '.*' changed|value changed|enumerator change|name of ")
FUNCTION = re.compile(r"\[[CD]\] '(?:function|method) .*?\b(gd_\w+)\(.*")


def read_headers():
    """(types that are defined in public headers, what is marked as young)."""
    texts = [header.read_text() for header in HEADERS]
    defined = {name for text in texts for name in DEFINED.findall(text)}
    return defined, {name for text in texts for pair in YOUNG.findall(text) for name in pair if name}


def sections(report):
    """(type, lines about it) of a report on leaf changes."""
    name, lines = None, []
    for line in report.splitlines():
        found = CHANGED_TYPE.match(line)
        if found or (line and not line.startswith(" ")):
            if name:
                yield name, lines
            name, lines = (found.group(1) if found else None), []
        lines.append(line)
    if name:
        yield name, lines


def is_growth(lines):
    """Whether members or values were only added behind those there were."""
    text = "\n".join(lines)
    size = SIZE.search(text)
    end = int(size.group(1)) if size else 0
    return not HARM.search(text) and all(int(offset) >= end for offset in INSERTED.findall(text))


def complaints(report, defined, young):
    for line in report.splitlines():
        found = FUNCTION.search(line)
        if found and found.group(1) not in young:
            yield line.strip()
    for name, lines in sections(report):
        if name in defined - young and not is_growth(lines):
            yield "\n".join(lines)


def compare(interface, library, folder):
    """Whether the library keeps an interface; says what it does not keep."""
    before = pathlib.Path(folder, "before.abi")
    before.write_bytes(gzip.decompress(interface.read_bytes()))
    found = subprocess.run(["abidiff", "--leaf-changes-only", before, library], capture_output=True, text=True)
    wrong = list(complaints(found.stdout, *read_headers()))
    if found.returncode & 3:  # it could not compare
        wrong.append(found.stderr)
    for words in wrong:
        print(f"{interface.parent.name}: {words}")
    return not wrong


def main():
    with tempfile.TemporaryDirectory() as folder:
        kept = [compare(interface, sys.argv[1], folder) for interface in sorted(HERE.glob("*/gamedyn.abi.gz"))]
    print(f"{sum(kept)} passed, {len(kept) - sum(kept)} failed")
    sys.exit(0 if kept and all(kept) else 1)


main()
