# SPDX-License-Identifier: BSD-3-Clause
"""The command line of every program: help, malformed values, files that are not what they should be."""
import pathlib

from harness import PROGRAMS, check, diagonal, main, matrix, refuse, run, shows

GAME = {"analyze": ["--model", "bilinear"]}
QUICK = ["--size", 2, "--steps", 100]


@check
def help_names_every_common_option():
    for program in PROGRAMS:
        text = run(program, "--help").stdout
        for option in ("matrix", "matrix-a", "matrix-b", "start", "size", "seed", "radius", "epsilon", "gamma", "step",
                       "steps", "csv", "plot", "version"):
            assert f"  --{option} " in text, f"{program} --help lacks --{option}"


@check
def help_is_aligned():
    for program in PROGRAMS:
        lines = [line for line in run(program, "--help").stdout.splitlines() if line.startswith("  --")]
        assert len(lines) >= 14 and all(line[23] == " " and line[24] != " " for line in lines), lines


@check
def unknown_options_and_stray_words_are_refused():
    for program in PROGRAMS:
        refuse(program, "--nonsense", words=["--nonsense"])
        refuse(program, "word", words=["'word'"])
        refuse(program, "-x", words=["-x"])
        refuse(program, "-xyz", words=["'-xyz'"])
        refuse(program, "--radius", words=["--radius", "value"])
        refuse(program, "--help=yes", words=["--help"])


@check
def malformed_numbers_are_refused_by_name():
    for value in ("", "abc", "1x", "0", "-1", "nan", "inf", "1e999"):
        refuse("analyze", f"--radius={value}", words=["--radius", "positive number"])
    for value in ("", "abc", "-0.5", "nan", "inf"):
        refuse("analyze", f"--gamma={value}", words=["--gamma", "nonnegative number"])
    for value in ("", "abc", "1.5", "-1", " 3", "99999999999999999999999"):
        refuse("analyze", f"--seed={value}", words=["--seed", "whole number"])
    for program in PROGRAMS:
        for option in ("radius", "epsilon", "gamma", "step"):
            refuse(program, f"--{option}", "-1e-3x", words=[f"--{option}: '-1e-3x'", "number"])
        for option in ("size", "steps"):
            refuse(program, f"--{option}", 0, words=[f"--{option}: '0'", "from 1 to"])


@check
def missing_and_malformed_files_are_refused_with_file_and_line():
    pathlib.Path("bad.mtx").write_text("%%MatrixMarket matrix array real general\n2 2\n1\n2\nthree\n4\n")
    pathlib.Path("short.mtx").write_text("%%MatrixMarket matrix array real general\n2 2\n1\n2\n")
    pathlib.Path("empty.mtx").write_text("")
    pathlib.Path("text.mtx").write_text("hello\n")
    for program in PROGRAMS:
        for option in ("matrix", "matrix-a", "matrix-b"):
            game = [] if option == "matrix" else ["--matrix", diagonal("C.mtx", 1, 2)]
            refuse(program, *game, f"--{option}", "missing.mtx", words=[f"--{option}", "missing.mtx"])
            refuse(program, *game, f"--{option}", "bad.mtx", words=[f"--{option}", "bad.mtx", "5"])
    for name in ("short.mtx", "empty.mtx", "text.mtx", "."):
        refuse("analyze", "--matrix", name, words=["--matrix", name])


@check
def wrong_shapes_are_refused():
    C, A, wide = diagonal("C.mtx", 1, 2), diagonal("A.mtx", 1, 1, 1), matrix("wide.mtx", [[1.0, 2.0]])
    for program in PROGRAMS:
        refuse(program, "--matrix", C, "--matrix-a", A, words=["--matrix-a", "3 by 3", "2 by 2"])
        refuse(program, "--matrix", C, "--matrix-b", wide, words=["--matrix-b", "1 by 2", "2 by 2"])


@check
def starts_must_fit_and_move():
    C, start = diagonal("C.mtx", 1, 2), matrix("start.mtx", [[1.0], [2.0]])
    ones, zero = diagonal("I.mtx", 1, 1), matrix("zero.mtx", [[0.0]] * 4)
    for program in PROGRAMS:
        game = ["--matrix", C] + (["--matrix-a", ones, "--matrix-b", ones] if program.startswith("theorem1") else [])
        refuse(program, *game, "--start", start, words=["--start", "2 by 1", "4"])
        refuse(program, *game, "--start", ones, words=["--start", "2 by 2", "4"])
        refuse(program, *game, "--start", zero, words=["--start", "equilibrium"])
        refuse(program, *game, "--start", "missing.mtx", words=["--start", "missing.mtx"])


@check
def outputs_that_cannot_be_written_are_refused():
    for program in PROGRAMS:
        game = GAME.get(program, [])
        refuse(program, *game, *QUICK, "--csv", "no/such/folder.csv", words=["--csv", "no/such/folder.csv"])
        refuse(program, *game, *QUICK, "--plot", "no/such/folder.svg", words=["--plot", "no/such/folder.svg"])


@check
def names_of_pictures_have_an_ending_and_more():
    for name in ("picture", ".svg", "svg", "a.svg.gz", "a.PNG"):
        refuse("analyze", "--model", "bilinear", "--plot", name, words=["--plot", ".svg, .png or .pdf"])


@check
def pictures_need_a_known_ending_and_gnuplot():
    for program in PROGRAMS:
        refuse(program, *GAME.get(program, []), "--plot", "a.gif", words=["--plot", ".svg, .png or .pdf"])
        refuse(program, *GAME.get(program, []), "--plot", "a.svg", words=["--plot", "gnuplot"],
               environment={"PATH": "/nonexistent"})


@check
def progress_is_shown_on_a_terminal():
    long = ["theorem4_predictive", "--matrix", diagonal("C.mtx", 0.02, 2), "--steps", 4000000]
    assert shows(*long, words=[b"predictive: step "])
    assert run(*long).stderr == ""


if __name__ == "__main__":
    main()
