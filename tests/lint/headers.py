#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""headers.py SOURCE COMPILER... -- each public header compiles alone, without a warning."""
import subprocess
import sys

from lint import SOURCE, Lint, name_of

COMPILER = sys.argv[2:]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
LANGUAGES = {
    ".h": {"C99": ["-x", "c", "-std=c99"], "C++11": ["-x", "c++", "-std=c++11"]},
    ".hpp": {"C++11": ["-x", "c++", "-std=c++11"]}}

lint = Lint()
for header in sorted((SOURCE / "include/gamedyn").glob("*.h*")):  # what lies deeper is part of gamedyn.hpp
    # twice, so that the guard is tried too
    program = f"#include <gamedyn/{header.name}>\n" * 2 + "int main(void);\nint main(void) { return 0; }\n"
    for language, options in LANGUAGES[header.suffix].items():
        command = COMPILER + options + WARNINGS + [f"-I{SOURCE / 'include'}", "-fsyntax-only", "-"]
        done = subprocess.run(command, input=program, text=True, stderr=subprocess.PIPE)
        lint.look(name_of(header), [(None, f"in {language}: {done.stderr}")] if done.returncode else [])
lint.close()
