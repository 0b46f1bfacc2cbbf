#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""pages.py SOURCE -- the pages tell the truth: links lead somewhere, and the functions, types and constants exist."""
import re

from lint import SOURCE, Lint, line_at, name_of, sources

LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([\w-]+))?\)")
NAME = re.compile(r"`(gd_\w+|GD_\w+)\b(?!\*)")  # a * stands for several names
OURS = re.compile(r"`((?:include|lib|tests|examples|docs|\.ci)/[\w./-]*)`")

headers = "".join(path.read_text() for path in sources(".h", ".hpp", folders=["include"]))
known = set(re.findall(r"\b(?:gd|GD)_\w+", headers))


def anchors(text):
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
            for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def complaints(path):
    text = path.read_text()
    for match in LINK.finditer(text):
        target = (path.parent / match.group(1)).resolve() if match.group(1) else path
        if not target.exists():
            yield line_at(text, match.start()), f"the link to {match.group(1)} leads nowhere"
        elif match.group(2) and match.group(2) not in anchors(target.read_text()):
            yield line_at(text, match.start()), f"{match.group(1)} has no heading #{match.group(2)}"
    for match in NAME.finditer(text):
        if match.group(1) not in known and match.group(1) not in ("gd_noun_verb", "gd_noun", "GD_WORD", "GD_NAME"):
            yield line_at(text, match.start()), f"{match.group(1)} is in no public header"
    for match in OURS.finditer(text):
        if "NAME" not in match.group(1) and not (SOURCE / match.group(1)).exists():
            yield line_at(text, match.start()), f"there is no {match.group(1)}"


def missing_programs():
    """Programs that examples/README.md, and so the gallery, does not show."""
    text = (SOURCE / "examples" / "README.md").read_text()
    for program in sorted((SOURCE / "examples").glob("*.c")):
        if not re.search(rf"^\| \[{program.stem}\]\({program.name}\) \| .* `{program.stem}\b[^`]*` \|$", text, re.MULTILINE):
            yield None, f"{program.name} has no row with a command to try"


lint = Lint()
lint.look("examples/README.md: programs", missing_programs())
for page in sorted([*SOURCE.glob("*.md"), *sources(".md")]):
    lint.look(name_of(page), complaints(page))
lint.close()
