#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""samples.py SOURCE LIBRARY COMPILER... -- the programs in the documentation compile without a warning, and run.

The blocks marked "c" of one page, put together in order, are one program; so are those marked "cpp", which are compiled
as C++11 by the C++ compiler that CXX names.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE, LIBRARY, COMPILER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
FLAGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{SOURCE / 'include'}"]
LANGUAGES = {  # what marks a block: what compiles it
    "c": [*COMPILER, "-std=c99"],
    "cpp": [*shlex.split(os.environ.get("CXX", "c++")), "-std=c++11"]}


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def try_page(text, language, folder):
    """What went wrong with the page's program in that language; empty when nothing did."""
    program = pathlib.Path(folder, f"program.{language}")
    program.write_text("\n".join(blocks(text, language)))
    link = [str(LIBRARY), f"-Wl,-rpath,{LIBRARY.parent}", "-lm"]
    for command in (LANGUAGES[language] + FLAGS + [str(program), "-o", f"{folder}/program"] + link, [f"{folder}/program"]):
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder)
        print(done.stdout, end="")
        if done.returncode:
            return f"{' '.join(command)} ended with {done.returncode}"
    return ""


passed = failed = 0
for page in [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]:
    for language, compiler in LANGUAGES.items():
        if not blocks(page.read_text(), language):
            continue
        if not shutil.which(compiler[0]):
            print(f"{page.name}: left out, there is no {compiler[0]}")
            continue
        with tempfile.TemporaryDirectory(prefix="gamedyn-samples-") as folder:
            wrong = try_page(page.read_text(), language, folder)
        print(f"{page.name} in {language}: {wrong or 'fine'}")
        failed += bool(wrong)
        passed += not wrong
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
