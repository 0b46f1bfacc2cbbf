#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""floors.py SOURCE -- includes climb only downward, and each floor keeps to its own business.

A file of lib/ includes its own floor and those below.  Only lib/dense knows BLAS and LAPACK, only
lib/game adds up over processes, and nothing prints, ends the program or reads its environment.
"""
import re

from lint import SOURCE, Lint, code, line_at, name_of, sources

# from the ground up: a total order
ROOMS = ["base", "names", "threads", "kernels", "dense", "random", "files", "game", "linear", "derive", "metrics", "data", "models", "graph", "neural",
         "steppers", "run", "theory", "ensemble", "analysis"]
FLOORS = {room: floor for floor, room in enumerate(ROOMS)}
FORBIDDEN = re.compile(r"\b(printf|puts|putchar|perror|exit|_exit|abort|signal|sigaction|getenv|setenv|rand|srand)\s*\(")
REDUCE = re.compile(r"(?:->|\.)\s*reduce\s*\(")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def include_complaints(text, folder):
    for match in INCLUDE.finditer(text):
        line, target = line_at(text, match.start()), match.group(2)
        if match.group(1) == '"':
            floor = target.split("/")[0]
            if floor not in FLOORS:
                yield line, f'"{target}" names no floor of lib/'
            elif FLOORS[floor] > FLOORS[folder]:
                yield line, f"{folder} (floor {FLOORS[folder]}) includes {target} (floor {FLOORS[floor]})"
        elif folder != "dense" and re.match(r"(openblas/)?(cblas|lapacke)", target):
            yield line, f"<{target}> is for lib/dense alone"


def call_complaints(text, folder):
    for match in FORBIDDEN.finditer(text):
        yield line_at(text, match.start()), f"the library does not call {match.group(1)}()"
    for match in REDUCE.finditer(text) if folder != "game" else []:
        yield line_at(text, match.start()), "only lib/game calls reduce"


lint = Lint()
for path in sources(".c", ".h", folders=["lib"]):
    text, folder = path.read_text(), path.relative_to(SOURCE / "lib").parts[0]
    lint.look(name_of(path), [*include_complaints(text, folder), *call_complaints(code(text), folder)])
for path in sources(".h", folders=["include"]):
    text = path.read_text()
    lint.look(name_of(path), [(line_at(text, match.start()), f"a public header includes {match.group(2)}")
                              for match in INCLUDE.finditer(text)
                              if match.group(1) == '"' or ("/" in match.group(2)) != match.group(2).startswith("gamedyn/")])
lint.close()
