#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""partitioned.py SOURCE -- tests/laws/partitioned.c asks everything that looks at all of x.

Every public function that takes a game, an operator or a stepper either works on a slice of x, and is listed here, or
is asked there whether it refuses one.
"""
import re

from lint import SOURCE, Lint, api, code, name_of

WHOLE = re.compile(r"gd_game_jacobian|gd_stepper_map\w*|gd_operator_assemble|gd_derive_copies")
ON_SLICES = re.compile(
    r"gd_(game|operator|stepper|derive|model|checkpoint|trace)_\w+"  # fields, products, methods, files
    r"|gd_(run|ensemble_run|neural_gan_game)")  # steps
LINEARISED = re.compile(r"\bgd_linearisation \*\w+\s*[,)]")  # gd_linearise() has refused by then
TAKES = re.compile(r"\bgd_(game|operator|stepper) \*+\s*\w+\s*[,)]")

asked = code((SOURCE / "tests/laws/partitioned.c").read_text())
lint = Lint()
for name, (path, line, start, end) in sorted(api().items()):
    text = code(path.read_text())[start:end]
    if not TAKES.search(text) or LINEARISED.search(text) or (ON_SLICES.fullmatch(name) and not WHOLE.fullmatch(name)):
        continue
    lint.look(name_of(path), [] if re.search(rf"\b{name}\(", asked) else
              [(line, f"{name} is not asked in tests/laws/partitioned.c whether it refuses a partitioned game")])
lint.close()
