# SPDX-License-Identifier: BSD-3-Clause
"""A GAN on data of one's own, and what is said of the point where it comes to rest."""
import itertools
import math
import pathlib
import shutil
import signal
import subprocess
import time

from harness import FOLDER, check, close, constant, drawn, explained, main, refuse, row, rows_of, run

MOONS = pathlib.Path(__file__).resolve().parents[2] / "examples" / "data" / "two_moons.csv"
SMALL = ["--generator-units", 4, "--discriminator-units", 3]
QUICK = [MOONS, *SMALL, "--quick", "--steps", 100, "--products", 50]


def moons():
    """The formula of examples/README.md."""
    samples = []
    for k in range(400):
        t = math.pi * (k // 2 + 0.5) / 200
        u, w = (0.7548776662466927 * (k + 1)) % 1, (0.5698402909980532 * (k + 1)) % 1
        r = 0.08 * math.sqrt(-2 * math.log(u))
        x, y = (1 - math.cos(t), 0.5 - math.sin(t)) if k % 2 else (math.cos(t), math.sin(t))
        samples.append((x + r * math.cos(2 * math.pi * w), y + r * math.sin(2 * math.pi * w)))
    return samples


@check
def the_command_line_is_explained_and_checked():
    explained("own_gan", *QUICK)
    refuse("own_gan", words=["DATA is missing"])
    refuse("own_gan", *QUICK, "--loss", "hinge", words=["--loss", "'hinge' is not one of standard|non-saturating"])
    refuse("own_gan", *QUICK, "--r1", -1, words=["--r1", "'-1' is not a nonnegative number"])
    refuse("own_gan", *QUICK, "--dense-limit", 2001, words=["--dense-limit", "from 1 to 2000"])


@check
def it_draws_in_every_format_and_in_any_dimension():
    drawn("own_gan", *QUICK)
    for name, text in (("line.csv", "1\n2\n4\n8\n"), ("space.csv", "1,2,3\n2,3,1\n5,1,2\n0,0,1\n")):
        pathlib.Path(name).write_text(text)
        if shutil.which("gnuplot"):
            assert run("own_gan", name, *QUICK[1:], "--plot", "a.svg").stderr == ""


@check
def the_data_that_come_with_it_follow_their_formula():
    lines = MOONS.read_text().splitlines()
    assert lines[0] == "x,y" and len(lines) == 401
    for line, (x, y) in zip(lines[1:], moons()):
        assert line == f"{x:.5f},{y:.5f}"


@check
def files_that_are_no_samples_are_refused_by_name():
    for text, words in (("", ["bad.csv"]), ("x,y\n1,2\n3\n", ["bad.csv:3"]), ("1,2\n3,x\n", ["bad.csv:2"]),
                        ("1,nan\n2,3\n", ["bad.csv"]), ("1,2\n", ["bad.csv has 1 samples, at least 2"]),
                        ("1,5\n2,5\n3,5\n", ["number 2 of every sample of bad.csv is 5"])):
        pathlib.Path("bad.csv").write_text(text)
        refuse("own_gan", "bad.csv", *QUICK[1:], "--csv", "out.csv", words=["DATA", *words])
    refuse("own_gan", "missing.csv", *QUICK[1:], words=["DATA", "missing.csv"])


@check
def a_run_that_is_killed_goes_on_bit_for_bit():
    command = [MOONS, *SMALL, "--seeds", 1, "--steps", 20000, "--products", 50]
    run("own_gan", *command, "--csv", "whole.csv", "--samples", "whole.txt")
    process = subprocess.Popen([str(word) for word in (FOLDER / "own_gan", *command, "--state", "state")])
    table = pathlib.Path("state/seed-1.csv")
    while process.poll() is None and not (table.exists() and len(table.read_text().splitlines()) > 6):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(table.read_text().splitlines()) < 53, "the run had ended before it was killed"
    run("own_gan", *command, "--state", "state", "--csv", "again.csv", "--samples", "again.txt")
    for name in ("csv", "txt"):
        assert pathlib.Path(f"whole.{name}").read_text() == pathlib.Path(f"again.{name}").read_text()


@check
def a_state_of_other_settings_or_data_is_refused():
    run("own_gan", *QUICK, "--state", "state")
    for more in (["--r1", 2], ["--step", 0.1], ["--loss", "wasserstein"], ["--depth", 2], ["--steps", 200]):
        refuse("own_gan", *QUICK, "--state", "state", "--threads", 1, *more, words=["--state", "of other settings"])
    other = pathlib.Path("other.csv")
    other.write_text(MOONS.read_text().replace("0.0", "0.1", 1))
    refuse("own_gan", other, *QUICK[1:], "--state", "state", words=["--state", "of other settings"])


@check
def the_numbers_are_those_of_the_samples():
    # Three fixed samples, rows 0, 133 and 266; three are generated; of six ways to pair them one is the shortest.
    run_of = run("own_gan", *QUICK, "--points", 3, "--products", 0, "--csv", "a.csv", "--samples", "made.csv").stdout
    file = [tuple(map(float, line.split(","))) for line in MOONS.read_text().splitlines()[1:]]
    made = [tuple(map(float, line.split(","))) for line in pathlib.Path("made.csv").read_text().splitlines()]
    real = [file[j * 400 // 3] for j in range(3)]
    widths = []
    for values in zip(*file):
        mean = sum(values) / len(values)
        widths.append(math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)))
    best = min(sum(math.hypot(*((a - b) / w for a, b, w in zip(real[i], made[j], widths))) for j, i in enumerate(order)) / 3
               for order in itertools.permutations(range(3)))
    last = rows_of("a.csv")[-1]
    assert last["run"] == "seed-1" and last["step"] == "100"
    close(float(last["w1"]), best, 1e-9)
    cells = row(run_of, "1 ")
    assert cells[0] == cells[1] == f"{best:.4f}" and cells[2] == cells[3] == f"{float(last['gradient_norm']):.3g}", cells
    assert "where training ended" in run_of and "no stationary point" in run_of and "methods are not compared" in run_of


def rest(*arguments):
    """What is printed, and the eigenvalues at the point of rest."""
    output = run("own_gan", MOONS, *SMALL, "--seeds", 1, "--eigenvalues", "e.csv", *arguments).stdout
    return output, [complex(float(r["re"]), float(r["im"])) for r in rows_of("e.csv")]


@check
def newtons_method_finds_where_v_vanishes_and_methods_are_compared_there():
    output, values = rest("--steps", 4000)
    # weights and biases: 2 x 4 + 4 + 4 x 2 + 2 of the generator, 2 x 3 + 3 + 3 + 1 of the discriminator
    assert "(n = 35 variables)" in output and len(values) == 35 and "v vanishes there" in output, output
    close(float(constant(output, "spectral_abscissa")), max(value.real for value in values), 1e-5)
    largest = max(map(abs, values))
    coming = [value for value in values if abs(value) > 1e-6 * largest and value.real <= 1e-6 * largest]
    assert coming, output
    # the longest simultaneous step is the least 2 |Re| / |lambda|^2, the factor of a step h the largest |1 + h lambda|:
    # steps have six digits, so that h |lambda| <= 2 is off by up to 1e-5, and factors have eight decimals
    cells = row(output, "simultaneous ")
    close(float(cells[0]), min(-2 * value.real / abs(value) ** 2 for value in coming), 5e-6)
    factor = 1 - float(cells[2][2:]) if cells[2].startswith("1-") else float(cells[2])
    assert abs(factor - max(abs(1 + float(cells[1]) * value) for value in coming)) < 1e-5 + 1e-8, (cells, coming)
    evaluations = {name: row(output, name + " ")[3] for name in
                   ("simultaneous", "optimistic", "extragradient", "predictive", "runge_kutta", "consensus")}
    assert list(evaluations.values()) == ["1", "1", "2", "2", "4", "2"], evaluations


@check
def large_networks_are_looked_at_by_products_alone():
    dense, values = rest("--steps", 500, "--products", 0)
    large, ends = rest("--steps", 500, "--products", 0, "--dense-limit", 10)
    assert "(from products alone)" in large and len(ends) <= 35
    largest = max(map(abs, values))
    for value in (max(values, key=lambda z: z.real), max(values, key=abs)):
        assert min(abs(value - end) for end in ends) < 1e-7 * largest, (value, ends)
    close(constant(large, "spectral_abscissa"), constant(dense, "spectral_abscissa"), 1e-5)


@check
def threads_change_nothing_and_seeds_do():
    several = [*QUICK, "--seeds", 3]
    one, three = (run("own_gan", *several, "--threads", n).stdout for n in (1, 3))
    assert one == three and "a quick look and not the full run" in one
    assert len({tuple(row(one, f"{seed} ")[:2]) for seed in (1, 2, 3)}) == 3
    assert row(run("own_gan", *QUICK, "--seed", 2).stdout, "2 ") == row(one, "2 ")


if __name__ == "__main__":
    main()
