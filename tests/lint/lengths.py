#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lengths.py SOURCE -- files of at most 400 lines, functions of at most 50, most of them under 20."""
from lint import DIRECTIVE, Lint, blank, code, line_at, name_of, sources

LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 50, 20


def bodies(text):
    """(first line, last line) of every block at depth 0 that follows a closing parenthesis."""
    text = DIRECTIVE.sub(blank, code(text))
    depth, start, function, last = 0, 0, False, ""
    for position, character in enumerate(text):
        if character == "{":
            if depth == 0:
                start, function = position, last == ")"
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0 and function:
                yield line_at(text, start), line_at(text, position)
        if not character.isspace():
            last = character


lint, lengths = Lint(), []
for path in sources(".c", ".h", ".cpp", ".hpp", ".py"):
    text = path.read_text()
    rows, complaints = text.count("\n"), []
    if rows > LONGEST_FILE:
        complaints.append((None, f"{rows} lines, at most {LONGEST_FILE}"))
    for first, last in bodies(text) if path.suffix in (".c", ".cpp") else []:
        length = last - first + 1
        lengths.append(length)
        if length > LONGEST_FUNCTION:
            complaints.append((first, f"a function of {length} lines, at most {LONGEST_FUNCTION}"))
    lint.look(name_of(path), complaints)
usual = sum(length < USUAL_FUNCTION for length in lengths)
lint.look("all functions", [] if 2 * usual > len(lengths) else
          [(None, f"{usual} of {len(lengths)} are under {USUAL_FUNCTION} lines, which is not most")])
lint.close()
