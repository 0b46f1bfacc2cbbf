#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""samples.py SOURCE LIBRARY COMPILER... -- the programs in the documentation compile without a warning, and run.

The blocks marked "c" of one page, put together in order, are one program.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE, LIBRARY, COMPILER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
BLOCK = re.compile(r"^```c\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{SOURCE / 'include'}"]


def try_page(text, folder):
    """What went wrong with the page's program; empty when nothing did."""
    program = pathlib.Path(folder, "program.c")
    program.write_text("\n".join(BLOCK.findall(text)))
    link = [str(LIBRARY), f"-Wl,-rpath,{LIBRARY.parent}", "-lm"]
    for command in (COMPILER + FLAGS + [str(program), "-o", f"{folder}/program"] + link, [f"{folder}/program"]):
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print(done.stdout, end="")
        if done.returncode:
            return f"{' '.join(command)} ended with {done.returncode}"
    return ""


passed = failed = 0
for page in [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]:
    if BLOCK.search(page.read_text()):
        with tempfile.TemporaryDirectory(prefix="gamedyn-samples-") as folder:
            wrong = try_page(page.read_text(), folder)
        print(f"{page.name}: {wrong or 'fine'}")
        failed += bool(wrong)
        passed += not wrong
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
