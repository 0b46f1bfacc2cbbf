#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""format.py SOURCE -- whitespace is as clang-format 14 decides; skipped where that version is not installed."""
import shutil
import subprocess
import sys

from lint import Lint, name_of, sources


def formatter():
    for name in ("clang-format-14", "clang-format"):
        if shutil.which(name) and " 14." in subprocess.run([name, "--version"], text=True, stdout=subprocess.PIPE).stdout:
            return name
    print("clang-format 14 is not installed; other versions decide differently")
    sys.exit(77)


paths = sources(".c", ".h", ".cpp", ".hpp")
done = subprocess.run([formatter(), "--dry-run", "-Werror", *paths], text=True, stderr=subprocess.PIPE)
changes = {tuple(row.split(":")[:2]) for row in done.stderr.splitlines() if row.startswith("/")}

lint = Lint()
for path in paths:
    lines = sorted(int(line) for name, line in changes if name == str(path))
    lint.look(name_of(path), [(line, "clang-format would change this") for line in lines])
lint.close()
