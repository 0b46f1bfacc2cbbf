#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""site.py DOXYGEN DOXYFILE SOURCE OUTPUT PROGRAMS -- draw the gallery, then make the site with Doxygen.

The gallery has each program of examples/README.md, with the command that stands there and what it shows.  PROGRAMS is
the folder of the built programs.  Pictures are drawn anew each time; nothing is stored.
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROW = re.compile(r"^\| \[(\w+)\]\(\w+\.c\) \| (.+?) \| (?:.*\| )?`(\w+)([^`]*)` \|$", re.MULTILINE)


def rows(readme):
    """(program, what it shows, arguments) of each row."""
    for program, what, called, arguments in ROW.findall(readme):
        assert program == called, f"examples/README.md: {program} is shown by {called}"
        yield program, what, arguments.strip()


def command_of(program, arguments):
    """The command with --plot, whatever files it wrote before."""
    words = shlex.split(re.sub(r"--(plot|csv) \S+", "", arguments))
    return [program, *words, "--plot", f"{program}.png"]


def draw(source, folder, programs, row):
    """Run one program in the folder of the pictures; the command as a reader would write it."""
    program, _, arguments = row
    command = command_of(program, arguments)
    data = [str(source / "examples" / word) if word.startswith("data/") else word for word in command[1:]]
    done = subprocess.run([programs / program, *data], cwd=folder, capture_output=True, text=True)
    if not (folder / f"{program}.png").is_file():
        sys.exit(f"{shlex.join(command)} drew nothing: {done.stderr or done.stdout}")
    return command


def write_page(folder, drawn):
    """The page, one section a program."""
    lines = ["# Gallery", "", "What the example programs draw.  Each picture was made by the command above it.", ""]
    for (program, what, _), command in drawn:
        lines += [f"## {program}", "", f"{what[0].upper()}{what[1:]}.", "", f"    {shlex.join(command)}", "",
                  f"![{program}]({program}.png)", ""]
    (folder / "gallery.md").write_text("\n".join(lines))


def main():
    doxygen, doxyfile, source, output, programs = sys.argv[1:]
    source, folder = pathlib.Path(source), pathlib.Path(output, "gallery")
    folder.mkdir(parents=True, exist_ok=True)
    found = list(rows((source / "examples" / "README.md").read_text()))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        commands = list(pool.map(lambda row: draw(source, folder, pathlib.Path(programs), row), found))
    write_page(folder, list(zip(found, commands)))
    print(f"{len(found)} pictures drawn", flush=True)
    os.execvp(doxygen, [doxygen, doxyfile])


if __name__ == "__main__":
    main()
