#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""exports.py SOURCE LIBRARY -- the headers, the map and the shared library name the same functions.

In the map the functions of each version are sorted."""
import re
import subprocess
import sys

from lint import SOURCE, Lint, api, name_of

declared = api()
symbol_map = SOURCE / "lib" / "gamedyn.map"
versions = [re.findall(r"^\s+(\w+);", node, re.MULTILINE) for node in symbol_map.read_text().split("\n}")]
mapped = [name for names in versions for name in names]
table = subprocess.run(["nm", "-D", "--defined-only", sys.argv[2]], text=True, stdout=subprocess.PIPE, check=True).stdout
exported = {row.split()[2].split("@")[0] for row in table.splitlines() if row.split()[1] in "TWBDRVi"}

lint = Lint()
for name in sorted(set(declared) | set(mapped) | exported):
    path, line = declared.get(name, (symbol_map, None))[:2]
    places = {"declared in a header": name in declared, "in lib/gamedyn.map": name in mapped,
              "exported by the library": name in exported}
    lint.look(name_of(path), [(line, f"{name} is not {place}") for place, there in places.items() if not there])
in_order = len(set(mapped)) == len(mapped) and all(names == sorted(names) for names in versions)
lint.look("lib/gamedyn.map", [] if in_order else [(None, "the names are not sorted, or one is there twice")])
lint.close()
