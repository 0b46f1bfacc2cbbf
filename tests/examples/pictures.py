# SPDX-License-Identifier: BSD-3-Clause
"""Every program draws, in every format; the pictures are no empty shells."""
import pathlib
import shutil

from harness import PROGRAMS, check, main, run

QUICK = ["--size", 2, "--steps", 2000]


def draw(program, name):
    game = ["--model", "quadratic"] if program == "analyze" else []
    run(program, *game, *QUICK, "--plot", name)
    return pathlib.Path(name).read_bytes()


@check
def svg_pictures_hold_curves_and_words():
    for program in PROGRAMS:
        text = draw(program, "it's a picture.svg").decode()
        assert text.startswith("<?xml") and "</svg>" in text and "step" in text and text.count("<path") > 20, program


@check
def png_and_pdf_pictures_are_what_they_say():
    for program in PROGRAMS:
        png, pdf = draw(program, "a.png"), draw(program, "a.pdf")
        assert png.startswith(b"\x89PNG\r\n\x1a\n") and png.endswith(b"IEND\xaeB`\x82") and len(png) > 15000, program
        assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") and len(pdf) > 5000, program


if __name__ == "__main__":
    if shutil.which("gnuplot"):
        main()
    else:
        print("gnuplot is not installed: nothing was drawn")
        raise SystemExit(77)  # Meson: skipped
