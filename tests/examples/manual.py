# SPDX-License-Identifier: BSD-3-Clause
"""manual.py PROGRAMS SOURCE -- the manual page of gamedyn-analyze has every option of --help, and no other."""
import pathlib
import re
import shutil
import subprocess
import sys

from harness import check, main, run

PAGE = pathlib.Path(sys.argv[2]).resolve() / "docs" / "gamedyn-analyze.1"


def options_of_page():
    """Option -> (its argument, its default) of each paragraph with a tag in the section OPTIONS."""
    section = re.search(r"^\.SH OPTIONS\n(.*?)^\.SH ", PAGE.read_text(), re.MULTILINE | re.DOTALL).group(1)
    found = {}
    for tag, text in re.findall(r"^\.TP\n(.*)\n((?:(?!\.TP|\.S[SH]).*\n)*)", section, re.MULTILINE):
        names = re.findall(r"\\-\\-[\w\\-]+", tag)
        argument = re.search(r'" ([^"]*)"$', tag)
        default = re.search(r"\(default (\S+)\)", text)
        assert len(names) == 1 and names[0] not in found, tag
        assert text.strip(), f"no words for {tag}"
        found[names[0].replace("\\", "")] = (argument and argument.group(1), default and default.group(1))
    return found


def options_of_help(program):
    text = run(program, "--help", environment={"COLUMNS": "1000"}).stdout
    rows = re.findall(r"^  (?:-h, )?(--[\w-]+)(?: (\S+))?  +(.*)$", text, re.MULTILINE)
    defaults = {name: re.search(r"\(default (\S+)\)", meaning) for name, _argument, meaning in rows}
    return {name: (argument or None, defaults[name] and defaults[name].group(1)) for name, argument, _meaning in rows}


@check
def the_page_and_help_have_the_same_options_arguments_and_defaults():
    page, text = options_of_page(), options_of_help("gamedyn-analyze")
    assert len(text) > 20 and text == options_of_help("analyze")
    assert page.keys() == text.keys(), page.keys() ^ text.keys()
    assert page == text, {name: (page[name], text[name]) for name in page if page[name] != text[name]}


@check
def the_page_is_sound():
    text = PAGE.read_text()
    assert all(len(line) <= 130 for line in text.splitlines()) and "\t" not in text
    for command in (["mandoc", "-T", "lint", "-W", "warning"], ["groff", "-man", "-ww", "-z"]):
        if shutil.which(command[0]):
            done = subprocess.run([*command, PAGE], capture_output=True, text=True)
            assert done.returncode == 0 and done.stdout + done.stderr == "", done.stdout + done.stderr


if __name__ == "__main__":
    main()
