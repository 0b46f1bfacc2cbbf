# SPDX-License-Identifier: BSD-3-Clause
"""The theorem programs on games whose constants, steps and promises are known in closed form.

C = diag(1, 2) has lambda_min = 1 and lambda_max = 4.  Formulas: Liang & Stokes 2019, Theorems 1 and 3 to 6,
Corollary 1."""
import math

from harness import (PROGRAMS, THEOREMS, check, close, constant, diagonal, main, matrix, refuse, row, rows_of, run)

RADIUS, EPSILON = 0.5, 1e-3
LOG = math.log(RADIUS / EPSILON)


def promise(program, *arguments):
    """Step size, promised steps, exact worst case and measured steps of the theorem's step."""
    cells = row(run(program, *arguments).stdout, "theorem's step")
    return [float(cells[k]) for k in (0, 2, 3, 4)]


def expect(program, arguments, step, steps):
    found = promise(program, *arguments)
    close(found[0], step, 1e-5)  # six digits are printed
    assert found[1] == math.ceil(steps), f"{program} promises {found[1]}, not {math.ceil(steps)}"
    assert 0 < found[3] <= found[2] <= found[1], f"measured, worst, promised out of order: {found}"


@check
def theorem_3_has_its_step_and_promise():
    steps = 16 * 4 * math.log(4 * math.sqrt(2) * RADIUS / EPSILON)
    expect("theorem3_optimistic", ["--matrix", diagonal("C.mtx", 1, 2)], 1 / (2 * math.sqrt(8)), steps)


@check
def theorems_4_and_6_have_their_step_and_promise():
    for program in ("theorem4_predictive", "theorem6_consensus"):
        C = diagonal("C.mtx", 1, 2)
        expect(program, ["--matrix", C], 1 / (4 + 16), 2 * (16 + 4) * LOG)
        expect(program, ["--matrix", C, "--gamma", 0.5], 0.5 / (4 + 0.25 * 16), 2 * (4 + 4) / 0.25 * LOG)


@check
def theorem_5_has_its_step_and_promise():
    expect("theorem5_implicit", ["--matrix", diagonal("C.mtx", 1, 2)], 0.5, (2 + math.sqrt(2)) * 4 * LOG)


@check
def theorem_1_has_its_step_and_promise():
    # A = B = 2 I and C = diag(1, 2): alpha = 4, M M' = diag(4 + sigma^2), beta = 8.
    A = diagonal("A.mtx", 2, 2)
    expect("theorem1_simultaneous", ["--matrix", diagonal("C.mtx", 1, 2), "--matrix-a", A, "--matrix-b", A], 0.25,
           2 * 8 / 4 * LOG)


@check
def constants_are_printed():
    output = run("theorem3_optimistic", "--matrix", diagonal("C.mtx", 3, 5)).stdout
    close(constant(output, "lambda_min"), 9, 1e-7)
    close(constant(output, "lambda_max"), 25, 1e-7)


@check
def the_fastest_step_stands_beside_the_promise():
    # Predictive with gamma = 1: h = 2 / (1 + lambda_min + lambda_max) = 1/3; see the optimal steps of the bilinear game.
    cells = row(run("theorem4_predictive", "--matrix", diagonal("C.mtx", 1, 2)).stdout, "fastest step")
    close(float(cells[0]), 1 / 3, 1e-5)
    assert row(run("theorem5_implicit", "--matrix", diagonal("C.mtx", 1, 2)).stdout, "fastest step")[0] == "inf"


@check
def a_normal_worst_case_is_exact():
    # Implicit at h = 1/2 on singular values 1 and 2: the slow mode has the factor 1 / sqrt(1 + 1/4) at each step.
    worst = promise("theorem5_implicit", "--matrix", diagonal("C.mtx", 1, 2))[2]
    assert worst == math.ceil(LOG / (0.5 * math.log(1.25))), worst


@check
def defaults_hold_and_every_seed_too():
    for program in PROGRAMS[:6]:
        assert "holds" in run(program).stdout
        for seed in (2, 3):
            assert "holds" in run(program, "--seed", seed, "--size", 2, "--steps", 100000).stdout


@check
def a_step_that_breaks_the_promise_exits_1():
    C = ["--matrix", diagonal("C.mtx", 1, 2)]
    for program in THEOREMS[1:]:
        assert "BROKEN" in run(program, *C, "--step", 1e-6, code=1).stdout
    for program in ("theorem3_optimistic", "theorem4_predictive", "theorem6_consensus"):
        assert "diverged" in run(program, *C, "--step", 3, code=1).stdout
    assert "BROKEN" in run("theorem1_simultaneous", "--step", 5, code=1).stdout
    for program in ("theorem3_optimistic", "theorem4_predictive"):
        assert "diverged" in run(program, *C, "--step", 1e308, code=1).stdout


@check
def a_good_step_of_ones_own_keeps_the_promise():
    run("theorem3_optimistic", "--matrix", diagonal("C.mtx", 1, 2), "--step", 0.2)


@check
def failed_hypotheses_are_refused():
    singular, wide = matrix("S.mtx", [[1.0, 1.0], [1.0, 1.0]]), matrix("W.mtx", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    ones = diagonal("I.mtx", 1, 1)
    for program in THEOREMS[1:] + ["corollary1_lower_bound", "figure1_bilinear"]:
        refuse(program, "--matrix", singular)
        refuse(program, "--matrix", wide)
    for program in THEOREMS[1:] + ["figure1_bilinear"]:
        refuse(program, "--matrix", ones, "--matrix-a", ones, words=["bilinear"])
    refuse("theorem1_simultaneous", "--matrix", ones)
    refuse("theorem4_predictive", "--gamma", 0)
    refuse("corollary1_lower_bound", "--matrix", ones, "--matrix-a", diagonal("A.mtx", 1, 2), words=["identity"])


@check
def a_cut_run_is_owned_up_to():
    output = run("theorem4_predictive", "--matrix", diagonal("C.mtx", 1, 2), "--steps", 5).stdout
    assert "cut at 5 steps" in output and "holds" in output


@check
def extremes_of_scale_are_no_obstacle():
    for radius, epsilon in ((0.5, 0.5), (0.5, 7), (1e-200, 1e-204), (1e200, 1e199), (1e300, 1e-3)):
        for program in THEOREMS:
            output = run(program, "--radius", radius, "--epsilon", epsilon, "--steps", 1000).stdout
            assert "holds" in output, f"{program} {radius} {epsilon}: {output}"


@check
def csv_begins_with_the_start_and_has_every_step():
    for program in THEOREMS:
        run(program, "--size", 2, "--steps", 20, "--csv", "run.csv")
        rows = rows_of("run.csv")
        assert list(rows[0]) == ["step", "distance"] and [int(r["step"]) for r in rows] == list(range(21)), program
        close(float(rows[0]["distance"]), RADIUS)


@check
def csv_follows_the_iteration():
    # One mode of singular value 1, h = 1 for the implicit method: |x| shrinks by 1 / sqrt(2) at each step.
    start = matrix("start.mtx", [[3.0], [4.0]])
    run("theorem5_implicit", "--matrix", diagonal("C.mtx", 1), "--start", start, "--steps", 30, "--csv", "run.csv")
    for step, r in enumerate(rows_of("run.csv")):
        close(float(r["distance"]), 5 * 2 ** (-step / 2), 1e-13)


@check
def the_seed_decides_and_nothing_else():
    for program in PROGRAMS[:6]:
        first, again, other = (run(program, "--size", 3, "--steps", 50, "--seed", s, "--csv", f"{k}.csv").stdout
                               for k, s in enumerate((7, 7, 8)))
        assert first == again and first != other, program
        assert open("0.csv").read() == open("1.csv").read() != open("2.csv").read(), program


@check
def long_runs_are_thinned_but_keep_both_ends():
    run("theorem3_optimistic", "--matrix", diagonal("C.mtx", 0.02, 2), "--epsilon", 1e-9, "--csv", "run.csv")
    steps = [int(r["step"]) for r in rows_of("run.csv")]
    promised = math.ceil(16 * 1e4 * math.log(4 * math.sqrt(2) * 0.5 / 1e-9))
    assert steps[0] == 0 and steps[-1] == promised and 1e5 < len(steps) <= 2e5 + 1 and steps == sorted(set(steps))


@check
def corollary_1_finds_the_bound():
    # s = 1: sqrt(1/2), reached at h = 1/2.
    output = run("corollary1_lower_bound", "--matrix", diagonal("C.mtx", 1, 2), "--sweep", "sweep.csv").stdout
    close(constant(output, "bound"), math.sqrt(0.5), 1e-7)
    rows = rows_of("sweep.csv")
    best = min(rows, key=lambda r: float(r["least_factor"]))
    close(float(best["step_size"]), 0.5)
    close(float(best["least_factor"]), math.sqrt(0.5))
    for r in rows:
        h = float(r["step_size"])
        close(float(r["least_factor"]), math.sqrt((1 - h) ** 2 + h * h))
        close(float(r["rate"]), math.sqrt((1 - h) ** 2 + 4 * h * h))
        assert float(r["least_factor"]) <= float(r["measured_factor"]) * (1 + 1e-12)


@check
def corollary_1_sweeps_around_its_step_whatever_the_singular_values_are():
    # s = 100 and 1/100: sqrt(s / (1 + s)) at h = 1 / (1 + s), in the middle of a sweep to 2 / (1 + s).
    for sigma in (10, 0.1):
        s = sigma * sigma
        run("corollary1_lower_bound", "--matrix", diagonal("C.mtx", sigma, 2 * sigma), "--sweep", "sweep.csv")
        rows = rows_of("sweep.csv")
        close(float(rows[-1]["step_size"]), 2 / (1 + s))
        best = min(rows, key=lambda r: float(r["least_factor"]))
        close(float(best["step_size"]), 1 / (1 + s))
        close(float(best["least_factor"]), math.sqrt(s / (1 + s)))


if __name__ == "__main__":
    main()
