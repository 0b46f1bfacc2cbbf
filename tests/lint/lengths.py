#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lengths.py SOURCE -- files of at most 400 lines, functions of at most 50, most of them under 20."""
import re

from lint import DIRECTIVE, Lint, blank, code, line_at, name_of, sources

LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 50, 20


CONTAINER = re.compile(r"\b(?:namespace|class|struct|union|enum)\b[^()=]*$")
FUNCTION = re.compile(r"\)[^=]*$")


def bodies(text):
    """(first line, last line) of every block that follows a parameter list, outside of functions; C++ has them in namespaces
    and classes."""
    text = DIRECTIVE.sub(blank, code(text))
    blocks, head = [], 0  # of each open block: whether it is a function's, and where it begins
    for position, character in enumerate(text):
        if character == "{":
            inside = any(is_function for is_function, _ in blocks)
            before = text[head:position]
            blocks.append((not inside and not CONTAINER.search(before) and bool(FUNCTION.search(before)), position))
        elif character == "}" and blocks:
            is_function, start = blocks.pop()
            if is_function:
                yield line_at(text, start), line_at(text, position)
        if character in "{};":
            head = position + 1


lint, lengths = Lint(), []
for path in sources(".c", ".h", ".cpp", ".hpp", ".py"):
    text = path.read_text()
    rows, complaints = text.count("\n"), []
    if rows > LONGEST_FILE:
        complaints.append((None, f"{rows} lines, at most {LONGEST_FILE}"))
    for first, last in bodies(text) if path.suffix != ".py" else []:
        length = last - first + 1
        lengths.append(length)
        if length > LONGEST_FUNCTION:
            complaints.append((first, f"a function of {length} lines, at most {LONGEST_FUNCTION}"))
    lint.look(name_of(path), complaints)
usual = sum(length < USUAL_FUNCTION for length in lengths)
lint.look("all functions", [] if 2 * usual > len(lengths) else
          [(None, f"{usual} of {len(lengths)} are under {USUAL_FUNCTION} lines, which is not most")])
lint.close()
