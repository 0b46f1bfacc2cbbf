#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""headers.py SOURCE COMPILER... -- each public header compiles alone, in C99 and in C++11, without a warning."""
import subprocess
import sys

from lint import SOURCE, Lint, name_of, sources

COMPILER = sys.argv[2:]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
LANGUAGES = {"C99": ["-x", "c", "-std=c99"], "C++11": ["-x", "c++", "-std=c++11"]}

lint = Lint()
for header in sources(".h", folders=["include"]):
    # twice, so that the guard is tried too
    program = f"#include <gamedyn/{header.name}>\n" * 2 + "int main(void);\nint main(void) { return 0; }\n"
    for language, options in LANGUAGES.items():
        command = COMPILER + options + WARNINGS + [f"-I{SOURCE / 'include'}", "-fsyntax-only", "-"]
        done = subprocess.run(command, input=program, text=True, stderr=subprocess.PIPE)
        lint.look(name_of(header), [(None, f"in {language}: {done.stderr}")] if done.returncode else [])
lint.close()
