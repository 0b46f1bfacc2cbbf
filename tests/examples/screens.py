# SPDX-License-Identifier: BSD-3-Clause
"""screens.py PROGRAMS VERSION -- what every program says of itself, and how what is printed fits a screen."""
import fcntl
import os
import pathlib
import pty
import select
import struct
import subprocess
import sys
import termios
import time

from harness import FOLDER, check, diagonal, main, matrix, run

VERSION = sys.argv[2]
ALL = sorted(path.name for path in FOLDER.iterdir() if path.is_file() and os.access(path, os.X_OK) and not path.suffix)


def wide(text):
    return [line for line in text.splitlines() if len(line) > 80]


def on_terminal(program, *arguments, columns, until="no such words", seconds=600, **variables):
    """What a program writes to a terminal of so many columns until it ends, or has written the words, or so many seconds
    have passed; None without terminals."""
    try:
        ours, theirs = pty.openpty()
    except OSError as reason:
        print(f"no terminal to try: {reason}")
        return None
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "TERM", "NO_COLOR")}
    running = subprocess.Popen([FOLDER / program, *map(str, arguments)], stdout=theirs, stderr=theirs,
                               env=dict(environment, **variables))
    os.close(theirs)
    written = b""
    end = time.monotonic() + seconds
    while until not in written.decode() and select.select([ours], [], [], max(0, end - time.monotonic()))[0]:
        try:
            written += os.read(ours, 65536)
        except OSError:  # nothing more comes
            break
    running.kill()
    running.wait()
    os.close(ours)
    return written.decode()


@check
def every_program_explains_itself_in_80_columns():
    assert len(ALL) == 31 and "analyze" in ALL and "gamedyn-analyze" in ALL, ALL
    for program in ALL:
        text = run(program, "--help", environment={"COLUMNS": ""}).stdout
        assert text.startswith(f"Usage: {program} ") and not wide(text), (program, wide(text))
        assert "  -h, --help  " in text and "  --version  " in text, program
        assert run(program, "-h", environment={"COLUMNS": ""}).stdout == text, program
        narrow = run(program, "--help", environment={"COLUMNS": "60"}).stdout
        assert narrow.split() == text.split(), program  # the same words


@check
def every_program_tells_the_version():
    for program in ALL:
        assert run(program, "--version").stdout == f"{program} (libgamedyn) {VERSION}\n"


@check
def tables_fit_80_columns_and_headings_break_first():
    game = ["analyze", "--model", "bilinear", "--size", 2, "--steps", 2000]
    text = run(*game, environment={"COLUMNS": ""}).stdout
    assert not wide(text), wide(text)
    lines = text.splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("method"))
    assert lines[at - 1].split() == ["stable", "fastest"], lines[at - 1]
    assert lines[at].split() == ["method", "converges", "below", "step", "rate", "predicted", "measured"], lines[at]
    assert lines[at - 1] == lines[at - 1].rstrip() and set(lines[at + 1]) == {"-"}
    # the last letters of a broken heading, and those of its cells, stand below each other
    assert lines[at - 1].index("stable") + 6 == lines[at].index("below") + 5
    # one line where it fits; what is no number of columns is none
    text = run(*game, environment={"COLUMNS": "200"}).stdout
    assert "method         converges  stable below  fastest step  " in text, text
    for value in ("", "0", "-5", "many", "80x"):
        assert not wide(run(*game, environment={"COLUMNS": value}).stdout), value


@check
def narrow_tables_come_in_groups_beside_the_first_column():
    game = ["analyze", "--model", "bilinear", "--size", 2, "--steps", 2000]

    def table(columns):
        text = run(*game, environment={"COLUMNS": columns}).stdout
        return text[text.index("From distance"):text.index("What the measured runs")]

    whole, groups = table("200"), table("40")
    rows = [line.split() for line in whole.splitlines() if line.startswith(("optimistic", "implicit"))]
    for name, *cells in rows:
        parts = [line.split()[1:] for line in groups.splitlines() if line.startswith(name)]
        assert len(parts) > 1 and sum(parts, []) == cells, (name, parts, cells)
    lines = groups.splitlines()[2:]  # but the sentence above it
    assert all(len(line) <= 40 for line in lines), lines


@check
def tables_of_the_other_programs_fit_too():
    for program, *quick in (["figure1_bilinear", "--size", 2, "--steps", 1000], ["figure1_behaviours"],
                            ["theorem31_gan_rates", "--games", 20], ["theorem32_regularised", "--games", 2],
                            ["wgan_cycles", "--turns", 3], ["lemma9_consensus_ratio", "--games", 30],
                            ["figure1_eigenvalues"], ["corollary1_lower_bound"], ["lemma4_step_size"]):
        lines = run(program, *quick, environment={"COLUMNS": ""}).stdout.splitlines()
        for at, line in enumerate(lines):
            if set(line) != {"-"}:
                continue
            assert len(line) <= 80, (program, line)
            for row in lines[at + 1:]:
                if not row:
                    break
                assert len(row) <= 80, (program, row)


@check
def the_width_of_a_terminal_is_honoured():
    text = on_terminal("analyze", "--help", columns=50)
    if text is not None:
        lines = text.replace("\r\n", "\n").splitlines()
        assert max(map(len, lines)) <= 50 and max(map(len, lines)) > 40, lines
        # COLUMNS comes first
        lines = on_terminal("analyze", "--help", columns=50, COLUMNS="100").replace("\r\n", "\n").splitlines()
        assert 50 < max(map(len, lines)) <= 100, lines


@check
def no_terminal_gets_escapes_and_a_dumb_one_no_progress():
    # Factors per step of 1 - 1e-5 and more: 4 million steps, some seconds, of which a few tenths are waited for.
    long = ["theorem4_predictive", "--matrix", diagonal("C.mtx", 0.005, 2), "--steps", 4000000]
    for variables in ({"TERM": "xterm"}, {"TERM": "xterm", "NO_COLOR": "1"}):
        began = time.monotonic()
        text = on_terminal(*long, columns=30, until="\rpredictive: step ", **variables)
        if text is None:
            return
        assert "\x1b" not in text and "\rpredictive: step " in text, text
        drawn = [part for part in text.replace("\r\n", "\n").split("\r") if part.startswith("predictive: step")]
        assert drawn and all(len(part) <= 29 for part in drawn), drawn  # or it could not be drawn over
    text = on_terminal(*long, columns=30, seconds=2 * (time.monotonic() - began), TERM="dumb").replace("\r\n", "\n")
    assert "\x1b" not in text and "\r" not in text and "step 1" not in text, text


if __name__ == "__main__":
    main()
