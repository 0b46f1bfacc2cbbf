# SPDX-License-Identifier: BSD-3-Clause
"""Run the example programs and look at what they print, write and draw.

A check is a function decorated with @check; its name is a sentence.  main() runs them all in a folder of
their own and closes with a line "N passed, N failed"."""
import csv
import json
import math
import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import traceback

CHECKS = []
PROGRAMS = ["theorem1_simultaneous", "theorem3_optimistic", "theorem4_predictive", "theorem5_implicit",
            "theorem6_consensus", "corollary1_lower_bound", "figure1_bilinear", "analyze"]
THEOREMS = PROGRAMS[:5]
COMMON = ["matrix", "matrix-a", "matrix-b", "start", "size", "seed", "radius", "epsilon", "gamma", "step", "steps", "csv",
          "plot"]
FOLDER = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else pathlib.Path(".")


def check(function):
    CHECKS.append(function)
    return function


def run(program, *arguments, environment=None, code=0, before=None):
    """Run a program, after a function in its process, demand its exit code and plain text in its pipes; return its output."""
    done = subprocess.run([FOLDER / program, *map(str, arguments)], capture_output=True, text=True, timeout=1500,
                          env=dict(os.environ, **(environment or {})), preexec_fn=before)
    words = f"{program} {' '.join(map(str, arguments))}: exit {done.returncode}, {done.stderr.strip()}"
    assert done.returncode == code, f"{words}; expected exit {code}"
    for stream in (done.stdout, done.stderr):
        assert all(char == "\n" or char.isprintable() for char in stream), f"{words}: control characters in a pipe"
    return done


def shows(program, *arguments, words):
    """Whether a program writes the words to stderr if that is a terminal: it is ended once it has, so that a run as long
    as one likes will do.  True where there are no terminals, as in a container without devpts."""
    try:
        ours, theirs = pty.openpty()
    except OSError as reason:
        print(f"no terminal to try progress on: {reason}")
        return True
    running = subprocess.Popen([FOLDER / program, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=theirs,
                               env=dict(os.environ, TERM="xterm"))
    os.close(theirs)
    written = b""
    while not all(word in written for word in words) and select.select([ours], [], [], 1500)[0]:
        try:
            written += os.read(ours, 65536)
        except OSError:  # nothing more comes
            break
    running.kill()
    running.wait()
    os.close(ours)
    return all(word in written for word in words)


def refuse(program, *arguments, words=(), environment=None, before=None):
    """Bad input: exit 2, one line on stderr that begins with the program's name and contains the words."""
    done = run(program, *arguments, code=2, environment=environment, before=before)
    assert done.stderr.startswith(program + ": ") and done.stderr.count("\n") == 1, f"not one line: {done.stderr!r}"
    for word in words:
        assert word in done.stderr, f"{done.stderr!r} does not say {word!r}"


def explained(program, *quick):
    """A program with few of the common options: --help names those it takes, the others are refused for what they are,
    and so are stray words and files that cannot be."""
    text = run(program, "--help").stdout
    assert all(f"  --{name} " in text for name in ("csv", "plot", "version")) and "  -h, --help " in text, text
    for name in COMMON:
        if f"  --{name} " not in text:
            refuse(program, f"--{name}", "1", words=[f"--{name}: this program has no use for it"])
            refuse(program, f"--{name}=1", words=[f"--{name}: this program has no use for it"])
    refuse(program, *quick, "--nonsense", words=["unknown option '--nonsense'"])
    refuse(program, *quick, "-xyz", words=["'-xyz'"])
    refuse(program, *quick, "word", words=["'word'"])
    for option in ("csv", "plot"):
        refuse(program, *quick, f"--{option}", "no/such/folder.svg", words=[f"--{option}", "no/such/folder.svg"])
    refuse(program, *quick, "--plot", "a.gif", words=["--plot", ".svg, .png or .pdf"])


def drawn(program, *quick):
    """The program draws in every format, and silently; the pictures are no empty shells."""
    if not shutil.which("gnuplot"):
        return
    pictures = []
    for name in ("a.svg", "a.png", "a.pdf"):
        assert run(program, *quick, "--plot", name).stderr == "", program
        pictures.append(pathlib.Path(name).read_bytes())
    svg, png, pdf = pictures
    assert svg.startswith(b"<?xml") and b"</svg>" in svg and svg.count(b"<path") > 10, program
    assert png.startswith(b"\x89PNG\r\n\x1a\n") and png.endswith(b"IEND\xaeB`\x82") and len(png) > 15000, program
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") and len(pdf) > 5000, program


def close(actual, expected, relative=1e-12):
    assert actual is not None and math.isclose(actual, expected, rel_tol=relative), f"{actual} is not {expected}"


def matrix(name, rows):
    """A Matrix Market file of these rows, in the current folder."""
    lines = ["%%MatrixMarket matrix array real general", f"{len(rows)} {len(rows[0])}"]
    lines += [repr(row[j]) for j in range(len(rows[0])) for row in rows]
    pathlib.Path(name).write_text("\n".join(lines) + "\n")
    return name


def diagonal(name, *values):
    return matrix(name, [[float(v) if i == j else 0.0 for j in range(len(values))] for i, v in enumerate(values)])


def rows_of(name):
    with open(name, newline="") as file:
        return list(csv.DictReader(file))


def analyze(*arguments):
    """What analyze says of a game, as its JSON."""
    run("analyze", *arguments, "--json", "out.json")
    result = json.loads(pathlib.Path("out.json").read_text())
    result["by_name"] = {method["name"]: method for method in result["methods"]}
    return result


def constant(output, name):
    """The number printed after a name at the beginning of a line."""
    for line in output.splitlines():
        words = line.split()
        if words and words[0] == name:
            return float(words[1].rstrip(","))
    raise AssertionError(f"no line begins with {name!r}: {output}")


def row(output, label):
    """The cells of a table's row after its label."""
    for line in output.splitlines():
        if line.strip().startswith(label):
            return line.strip()[len(label):].replace("1 - ", "1-").split()
    raise AssertionError(f"no row {label!r}: {output}")


def main():
    failed = 0
    for function in CHECKS:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                function()
            except Exception:
                failed += 1
                print(f"FAILED {function.__name__}\n{traceback.format_exc()}")
            os.chdir("/")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not CHECKS else 0)
