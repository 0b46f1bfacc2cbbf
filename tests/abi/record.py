#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""record.py BUILD -- at a release: keep its interface, and the programs of this folder as its headers compile them.

BUILD is a build folder with debugging information (-Dbuildtype=debug).  The programs are kept as x86-64 assembler text.
"""
import gzip
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = ("run", "look")


def main():
    version = re.search(r"^  version: '([\d.]+)'", (ROOT / "meson.build").read_text(), re.MULTILINE).group(1)
    library = next(pathlib.Path(sys.argv[1]).glob("lib/libgamedyn.so.*.*.*"))
    folder = HERE / version
    folder.mkdir(exist_ok=True)
    written = subprocess.run(["abidw", "--no-corpus-path",
                              "--no-comp-dir-path", "--no-show-locs", library], check=True, capture_output=True)
    (folder / "gamedyn.abi.gz").write_bytes(gzip.compress(written.stdout, mtime=0))
    for program in PROGRAMS:
        subprocess.run(["gcc", "-std=gnu11", "-O1", "-fPIE", "-fno-asynchronous-unwind-tables", "-fno-ident", "-S", "-I",
                        ROOT / "include", HERE / f"{program}.c", "-o", folder / f"{program}.s"], check=True)


main()
