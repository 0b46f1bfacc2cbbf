# SPDX-License-Identifier: BSD-3-Clause
"""What the lint tests share: finding sources, reading C without its comments, and the report at the end.

A lint test is called with the project's folder as first argument, looks at one subject after the
other (a file, a header, a symbol), prints "path:line: what is wrong" for each complaint, and
closes with "N passed, N failed", counted in subjects.
"""
import pathlib
import re
import sys

SOURCE = pathlib.Path(sys.argv[1]).resolve()
FOLDERS = ["include", "lib", "examples", "tests", "docs"]
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


class Lint:
    def __init__(self):
        self.passed = self.failed = 0

    def look(self, subject, complaints):
        """Count one subject; complaints are (line or None, words)."""
        complaints = list(complaints)
        for line, words in complaints:
            print(f"{subject}:{line}: {words}" if line else f"{subject}: {words}")
        self.passed += not complaints
        self.failed += bool(complaints)

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


def sources(*suffixes, folders=FOLDERS):
    """Paths of the project's files of these suffixes, in order."""
    found = [path for folder in folders for path in (SOURCE / folder).rglob("*") if path.suffix in suffixes]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def name_of(path):
    return path.relative_to(SOURCE).as_posix()


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def code(text):
    """The text with comments and literals blanked out; lines keep their numbers."""
    return NOT_CODE.sub(blank, text)


def line_at(text, position):
    return text.count("\n", 0, position) + 1


def api():
    """Every function the public headers declare: name -> (path, line, start and end of the declaration)."""
    names = {}
    for path in sources(".h", folders=["include"]):
        text = DIRECTIVE.sub(blank, code(path.read_text()))
        for match in re.finditer(r"\bGD_API\b[^;(]*?\b(gd_\w+)\s*\([^;]*;", text):
            names[match.group(1)] = (path, line_at(text, match.start()), match.start(), match.end())
    return names
