#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""partitioned.py SOURCE -- tests/laws/partitioned.c asks everything that looks at all of x.

Every public function that takes a game, an operator or a stepper either works on a slice of x, and is listed here, or
is asked there whether it refuses one.
"""
import re

from lint import SOURCE, Lint, api, code, name_of

WHOLE = re.compile(r"gd_game_(jacobian|constants_at)|gd_stepper_map\w*|gd_operator_assemble|gd_derive_copies")
ON_SLICES = re.compile(
    r"gd_(game|operator|stepper|derive|model|checkpoint|trace)_\w+"  # fields, products, methods, files
    r"|gd_(run|ensemble_run|neural_gan_game)"  # steps
    r"|gd_(rate|largest_stable_step|fastest_step)")  # of a spectrum that somebody has
TAKES = re.compile(r"\bgd_(game|operator|stepper) \*+\s*\w+\s*[,)]")

asked = code((SOURCE / "tests/laws/partitioned.c").read_text())
lint = Lint()
for name, (path, line, start, end) in sorted(api().items()):
    takes = TAKES.search(code(path.read_text())[start:end])
    if not takes or (ON_SLICES.fullmatch(name) and not WHOLE.fullmatch(name)):
        continue
    lint.look(name_of(path), [] if re.search(rf"\b{name}\(", asked) else
              [(line, f"{name} is not asked in tests/laws/partitioned.c whether it refuses a partitioned game")])
lint.close()
