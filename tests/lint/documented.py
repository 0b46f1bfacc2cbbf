#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""documented.py SOURCE -- a Doxygen comment stands before or right after every public function."""
import re

from lint import Lint, api, name_of

lint = Lint()
for name, (path, line, start, end) in api().items():
    text = path.read_text()
    before = re.search(r"/\*\*(?!<)(?:(?!\*/).)*\*/\s*$", text[:start], re.DOTALL)
    after = re.match(r"[ \t]*/\*\*<", text[end:])
    lint.look(name_of(path), [] if before or after else [(line, f"{name} has no documentation")])
lint.close()
