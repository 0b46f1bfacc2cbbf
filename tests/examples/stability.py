# SPDX-License-Identifier: BSD-3-Clause
"""The programs about eigenvalues, against the closed forms of Mescheder, Nowozin & Geiger 2017 and Nagarajan & Kolter
2017; and their command lines, files and pictures."""
import math

from harness import check, close, constant, drawn, explained, main, refuse, row, rows_of, run

# Each program with options that make it quick.
QUICK = {"figure1_eigenvalues": [], "figure3_streamlines": ["--time", 5, "--starts", 3],
         "lemma4_step_size": ["--eigenvalues", 200], "lemma9_consensus_ratio": ["--games", 300],
         "theorem31_gan_rates": ["--games", 200], "theorem32_regularised": ["--games", 3],
         "wgan_cycles": ["--turns", 5]}


def number(cell):
    """Of a table; close to 1 it is printed as a difference."""
    return 1 - float(cell[2:]) if cell.startswith("1-") else float(cell)


@check
def the_command_line_is_explained_and_checked():
    for program, quick in QUICK.items():
        explained(program, *quick)


@check
def every_program_draws_in_every_format():
    for program, quick in QUICK.items():
        drawn(program, *quick)


@check
def figure_3_has_the_eigenvalues_of_its_jacobians():
    # J = [[-.1, -1/3], [(1 - .2 eta)/3, -2 eta/9]] for the GAN and [[0, -2/3], [2/3, -8 eta/9]] for the WGAN.
    output = run("figure3_streamlines", *QUICK["figure3_streamlines"]).stdout
    for eta in (0, 0.25, 0.5, 1):
        for loss, J in (("GAN", (-0.1, -1 / 3, (1 - 0.2 * eta) / 3, -2 * eta / 9)),
                        ("WGAN", (0, -2 / 3, 2 / 3, -8 * eta / 9))):
            half, product = (J[0] + J[3]) / 2, J[0] * J[3] - J[1] * J[2]
            cells = next(line.split()[2:] for line in output.splitlines() if line.split()[:2] == [loss, f"{eta:g}"])
            assert abs(float(cells[0]) - half) < 6e-7, cells  # six decimals are printed
            assert abs(float(cells[1]) - math.sqrt(product - half * half)) < 6e-7, cells


@check
def figure_3_follows_the_flow():
    # A small orbit of the WGAN without penalty is a circle of period 3 pi, up to the second order of its size.
    run("figure3_streamlines", "--width", 0.001, "--starts", 1, "--time", 30, "--csv", "flow.csv")
    rows = rows_of("flow.csv")
    assert list(rows[0]) == ["loss", "eta", "trajectory", "time", "w", "a"]
    for r in rows:
        t, w, a = float(r["time"]), float(r["w"]), float(r["a"]) - 1
        if r["loss"] == "WGAN" and r["eta"] == "0":
            assert abs(w - 9e-4 * math.cos(2 * t / 3)) < 1e-5 and abs(a - 9e-4 * math.sin(2 * t / 3)) < 1e-5, r


@check
def figure_3_refuses_what_its_step_cannot_follow():
    refuse("figure3_streamlines", "--width", 6, words=["--width", "more than 5"])


@check
def lemma_9_is_corrected_and_print_is_refuted():
    # J = [[0, 1], [-1, 0]], gamma = 1: J'J = I, eigenvalues -1 +- i; c = 0, rho = 1, |J - J'| = 2.
    output = run("lemma9_consensus_ratio", "--games", 1000, "--csv", "games.csv").stdout
    for name, value in (("ratio", 1), ("printed", 0.5), ("corrected", 1)):
        close(constant(output, name), value)
    rows = [{name: float(value) for name, value in r.items()} for r in rows_of("games.csv")]
    assert len(rows) > 900
    for r in rows:
        assert r["ratio"] <= r["corrected"] * (1 + 1e-9), r
        # The two bounds agree where |J - J'| = 1, and print is the bolder one where it is larger.
        assert (r["printed"] <= r["corrected"] * (1 + 1e-12)) == (r["rotation_norm"] >= 1), r
    violations = sum(r["ratio"] > r["printed"] * (1 + 1e-9) for r in rows)
    assert violations > 0 and float(row(output.split("games,")[1], "printed")[0]) == violations


@check
def lemma_9_holds_for_every_seed_and_gamma():
    for seed in (2, 3):
        run("lemma9_consensus_ratio", "--seed", seed)
    for gamma in (1e-6, 1e6):
        run("lemma9_consensus_ratio", "--gamma", gamma)
    refuse("lemma9_consensus_ratio", "--gamma", 1e7, words=["--gamma", "1e6"])


@check
def figure_1_turns_the_eigenvalues_to_the_left():
    # One variable each: J = [[-a, -c], [c, -a]] has -a +- i c, and J - gamma J'J has -a - gamma (a^2 + c^2) +- i c.
    a, gamma = 0.25, 0.5
    output = run("figure1_eigenvalues", "--size", 1, "--curvature", a, "--gamma", gamma, "--csv", "steps.csv").stdout
    plain, consensus = (constant(part, "ratio") for part in (output, output.split("with consensus:")[1]))
    c = a * plain
    close(consensus, c / (a + gamma * (a * a + c * c)), 1e-6)  # eight digits are printed
    for r in rows_of("steps.csv"):
        h, shrink = float(r["step_size"]), a + (gamma * (a * a + c * c) if r["field"] == "consensus" else 0)
        assert math.isclose(1 - float(r["re"]), h * shrink, rel_tol=1e-6), r
        assert math.isclose(abs(float(r["im"])), h * c, rel_tol=1e-6), r


@check
def figure_1_holds_for_every_seed_and_size():
    for seed in (2, 3):
        for size in (1, 3, 20):
            run("figure1_eigenvalues", "--seed", seed, "--size", size)
    run("figure1_eigenvalues", "--gamma", 0)
    refuse("figure1_eigenvalues", "--curvature", 1e200, words=["--curvature"])


@check
def lemma_4_is_exact():
    output = run("lemma4_step_size", "--eigenvalues", 500, "--csv", "steps.csv").stdout
    assert "holds" in output and constant(output, "failures") == 0 and constant(output, "difference") < 1e-9
    rows = rows_of("steps.csv")
    assert list(rows[0]) == ["re", "im", "exact", "search"] and len(rows) == 500
    for r in rows:
        value, exact = complex(float(r["re"]), float(r["im"])), float(r["exact"])
        close(exact, -2 * value.real / abs(value) ** 2)
        close(float(r["search"]), exact, 1e-9)
        assert abs(1 + 0.999 * exact * value) < 1 < abs(1 + 1.001 * exact * value), r


@check
def wgan_cycles_follow_the_eigenvalues_of_small_orbits():
    # Eigenvalues +- 2 i / 3, s = 2 h / 3: |x|^2 changes per step by 1 + s^2 (simultaneous), 1 / (1 + s^2) (implicit),
    # 1 - s^2 + s^4 (extragradient) and 1 - s^6 / 72 + s^8 / 576 (Runge-Kutta), and a turn has 3 pi / h steps.
    h = 0.1
    output = run("wgan_cycles", "--turns", 6, "--step", h, "--radius", 0.02, "--csv", "drift.csv").stdout
    s = 2 * h / 3
    factors = {"simultaneous": 1 + s**2, "implicit": 1 / (1 + s**2), "extragradient": 1 - s**2 + s**4,
               "runge_kutta": 1 - s**6 / 72 + s**8 / 576}
    for method, factor in factors.items():
        turns, first, last, measured, small = map(number, row(output, method)[:5])
        expected = factor ** (3 * math.pi / h)
        assert abs(small - expected) < 1e-6 and abs(measured - expected) < 0.01, (method, measured, small, expected)
        excess = [float(r["excess"]) for r in rows_of("drift.csv") if r["method"] == method]
        assert len(excess) == turns == 6 and math.isclose(excess[0], first, rel_tol=1e-5), method


@check
def wgan_cycles_tell_the_methods_apart_on_every_orbit():
    for radius in (0.1, 1):
        for step in (0.02, 0.1):
            output = run("wgan_cycles", "--turns", 100, "--radius", radius, "--step", step).stdout
            assert output.count("holds") == 5, output
    for option in ("step", "radius"):
        refuse("wgan_cycles", f"--{option}", 3, words=[f"--{option}", "between"])


@check
def theorem_3_1_bounds_all_eigenvalues():
    # The planar GAN, J = [[-.1, -1/3], [1/3, 0]]: Re = -.05, and K_DD = 1/5 gives the bound -1/4 * 1/5.
    output = run("theorem31_gan_rates", "--csv", "rates.csv").stdout
    close(constant(output, "re"), -0.05, 1e-7)
    close(constant(output, "bound"), -0.05, 1e-7)
    rows = rows_of("rates.csv")
    planar = [r for r in rows if r["game"] == "0"]
    close(abs(float(planar[0]["im"])), math.sqrt(1 / 9 - 0.05**2))
    assert list(rows[0]) == ["game", "re", "im", "bound"] and len({r["game"] for r in rows}) == 2001
    largest = {}
    for r in rows:
        largest[r["game"]] = max(largest.get(r["game"], 0), math.hypot(float(r["re"]), float(r["im"])))
    assert all(float(r["re"]) <= float(r["bound"]) + 1e-12 * largest[r["game"]] for r in rows)
    for seed in (2, 3):
        run("theorem31_gan_rates", "--seed", seed)


@check
def theorem_3_2_bounds_all_eigenvalues():
    # The planar games: s = 4/9 gives -eta s +- sqrt(eta^2 s^2 - s) for the WGAN; the GAN has
    # J = [[-.1, -1/3], [(1 - .2 eta)/3, -2 eta/9]], stable beyond the paper's limit of eta, 1 / (2 * .1) = 5.
    output = run("theorem32_regularised", "--games", 20, "--csv", "rates.csv").stdout
    assert constant(output, "inexact") < 1e-6
    rows = rows_of("rates.csv")
    assert list(rows[0]) == ["loss", "game", "eta", "re", "im", "bound"] and len({r["game"] for r in rows}) == 21
    assert all(float(r["re"]) < 0 for r in rows) and max(float(r["eta"]) for r in rows) > 10
    for r in rows:
        if r["game"] == "0":
            value, eta, s = complex(float(r["re"]), float(r["im"])), float(r["eta"]), 4 / 9
            half, product = (-eta * s, s) if r["loss"] == "WGAN" else (
                -0.05 - eta / 9, 0.1 * 2 * eta / 9 + (1 - 0.2 * eta) / 9)
            assert abs(value * value - 2 * half * value + product) < 1e-12 * max(1, abs(value) ** 2), r
            assert value.real <= float(r["bound"]) * (1 - 1e-9), r
    for seed in (2, 3):
        run("theorem32_regularised", "--seed", seed)
    refuse("theorem32_regularised", "--games", 2, "--show", 3, words=["--show", "no game 3"])


if __name__ == "__main__":
    main()
