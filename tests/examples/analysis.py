# SPDX-License-Identifier: BSD-3-Clause
"""analyze and figure1_bilinear, against the closed forms of the bilinear game and of small Jacobians."""
import json
import math
import pathlib

from harness import analyze, check, close, diagonal, main, matrix, refuse, rows_of, run

TOP = ["n", "blocks", "class", "spectral_abscissa", "largest_imag_real_ratio", "sigma_min", "sigma_max", "eigenvalues",
       "methods"]
EACH = ["name", "converges", "largest_stable_step", "fastest_step", "rate", "steps_predicted", "steps_measured",
        "gradients", "products", "theorem", "theorem_step", "theorem_steps"]
METHODS = ["simultaneous", "alternating", "optimistic", "predictive", "implicit", "consensus", "extragradient",
           "runge_kutta"]
LOG = math.log(0.5 / 1e-3)


@check
def json_has_every_member():
    result = analyze("--matrix", diagonal("C.mtx", 1, 2))
    assert all(name in result for name in TOP)
    assert all(name in method for name in EACH for method in result["methods"])
    assert sorted(result["by_name"]) == sorted(METHODS)
    assert result["n"] == 4 and result["blocks"] == [2, 2]
    pairs = sorted((round(re, 12), round(im, 12)) for re, im in result["eigenvalues"])
    assert pairs == [(0, -2), (0, -1), (0, 1), (0, 2)]
    close(result["sigma_min"], 1)
    close(result["sigma_max"], 2)
    assert result["class"] == "local_nash" and result["largest_imag_real_ratio"] is None


@check
def bilinear_steps_and_rates_are_the_closed_forms():
    # sigma = 1, 2: see the table of optimal constant steps on bilinear games, lambda_min = 1, lambda_max = 4.
    methods = analyze("--matrix", diagonal("C.mtx", 1, 2))["by_name"]
    close(methods["optimistic"]["largest_stable_step"], 1 / (2 * math.sqrt(3)), 1e-10)
    close(methods["extragradient"]["largest_stable_step"], 0.5, 1e-10)
    close(methods["extragradient"]["fastest_step"], 1 / math.sqrt(5), 1e-7)
    close(methods["extragradient"]["rate"], math.sqrt(1 - 4 / 25), 1e-10)
    for name in ("predictive", "consensus"):
        close(methods[name]["largest_stable_step"], 2 / 5, 1e-10)
        close(methods[name]["fastest_step"], 1 / 3, 1e-7)
        close(methods[name]["rate"], math.sqrt(1 - 2 / 3 + (1 + 1) / 9), 1e-10)
    close(methods["runge_kutta"]["largest_stable_step"], math.sqrt(2), 1e-10)
    assert methods["implicit"]["largest_stable_step"] is None and methods["implicit"]["fastest_step"] is None
    assert methods["implicit"]["converges"] and methods["implicit"]["steps_measured"] > 0


@check
def neutral_and_unstable_methods_do_not_converge():
    methods = analyze("--matrix", diagonal("C.mtx", 1, 2))["by_name"]
    for name in ("simultaneous", "alternating"):
        assert methods[name]["converges"] is False
        assert methods[name]["fastest_step"] is None and methods[name]["steps_measured"] is None
        assert methods[name]["steps_predicted"] is None and methods[name]["gradients"] is None


@check
def bilinear_theorems_are_named():
    methods = analyze("--matrix", diagonal("C.mtx", 1, 2))["by_name"]
    for name, number, step, steps in (
            ("optimistic", 3, 1 / (2 * math.sqrt(8)), 64 * math.log(4 * math.sqrt(2) * 500)),
            ("predictive", 4, 1 / 20, 40 * LOG), ("implicit", 5, 1 / 2, (2 + math.sqrt(2)) * 4 * LOG),
            ("consensus", 6, 1 / 20, 40 * LOG)):
        assert methods[name]["theorem"] == f"Liang & Stokes 2019, Theorem {number}"
        close(methods[name]["theorem_step"], step)
        assert methods[name]["theorem_steps"] == math.ceil(steps)
    assert methods["simultaneous"]["theorem"] is None and methods["simultaneous"]["theorem_step"] is None


@check
def theorem_1_applies_to_curved_games():
    A = diagonal("A.mtx", 2, 2)
    result = analyze("--matrix", diagonal("C.mtx", 1, 2), "--matrix-a", A, "--matrix-b", A)
    method = result["by_name"]["simultaneous"]
    assert result["class"] == "stable_nash" and method["theorem"] == "Liang & Stokes 2019, Theorem 1"
    close(method["theorem_step"], 0.25)
    # eigenvalues -2 +- i sigma: h = 2 / (4 + 4) and rate^2 = 4 / 8, for sigma_max = 2
    close(method["fastest_step"], 0.25, 1e-7)
    close(method["rate"], math.sqrt(0.5), 1e-10)
    close(result["spectral_abscissa"], -2)
    close(result["largest_imag_real_ratio"], 1)
    assert result["by_name"]["optimistic"]["theorem"] is None


@check
def predicted_steps_are_those_measured():
    for game in (["--matrix", diagonal("C.mtx", 1, 2)], ["--model", "quadratic", "--seed", 3]):
        for method in analyze(*game)["methods"]:
            if method["converges"] and method["rate"] > 0.5:
                ratio = method["steps_measured"] / method["steps_predicted"]
                assert 0.5 < ratio < 1.5, (method["name"], ratio)


@check
def work_is_counted():
    methods = analyze("--matrix", diagonal("C.mtx", 1, 2))["by_name"]
    for name, gradients, products in (("optimistic", 1, 0), ("predictive", 2, 0), ("extragradient", 2, 0),
                                      ("runge_kutta", 4, 0), ("consensus", 1, 1)):
        steps = methods[name]["steps_measured"]
        assert methods[name]["gradients"] == gradients * steps, name
        assert methods[name]["products"] == products * steps, name


@check
def idle_directions_are_left_out():
    full = analyze("--matrix", diagonal("C.mtx", 1, 2))
    wide = analyze("--matrix", matrix("W.mtx", [[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]]))
    deficient = analyze("--matrix", diagonal("D.mtx", 1, 0, 2))
    for result, n in ((wide, 5), (deficient, 6)):
        assert result["n"] == n == len(result["eigenvalues"])
        for name in METHODS:
            ours, theirs = result["by_name"][name], full["by_name"][name]
            assert ours["converges"] == theirs["converges"] and ours["theorem"] is None
            if theirs["converges"]:
                close(ours["rate"], theirs["rate"], 1e-9)
                assert ours["steps_measured"] > 0


@check
def null_directions_that_players_share_are_left_out():
    # J = [[-1, 1], [1, -1]] is 0 along (1, 1) and -2 across.  Moves in turn keep (1, 1) too and have the determinant
    # (1 - h)^2.
    result = analyze("--jacobian", matrix("J.mtx", [[-1.0, 1.0], [1.0, -1.0]]), "--blocks", "1,1")
    methods = result["by_name"]
    assert result["null_directions"] == 1 and result["kind"] == "manifold"
    for name, largest in (("simultaneous", 1), ("alternating", 2), ("extragradient", 0.5)):
        assert methods[name]["converges"], name
        close(methods[name]["largest_stable_step"], largest, 1e-6)
        assert methods[name]["steps_measured"] >= 1, name
    assert methods["implicit"]["largest_stable_step"] is None and methods["implicit"]["run_step"] < 10
    # antisymmetric, of odd size: 0 and +-i sqrt(1 + 4 + 4)
    J = [[0.0, 1.0, -2.0], [-1.0, 0.0, 2.0], [2.0, -2.0, 0.0]]
    result = analyze("--jacobian", matrix("J.mtx", J), "--blocks", "1,2")
    assert result["null_directions"] == 1 and not result["by_name"]["simultaneous"]["converges"]
    close(result["by_name"]["optimistic"]["largest_stable_step"], 1 / (math.sqrt(3) * 3), 1e-9)
    assert result["by_name"]["implicit"]["run_step"] < 10
    assert analyze("--matrix", diagonal("C.mtx", 1, 2))["null_directions"] == 0


@check
def a_single_player_is_gradient_ascent():
    # u = -x^2 / 2: the fastest step is 1, its rate 0; stable below 2.
    result = analyze("--jacobian", matrix("J.mtx", [[-1.0]]), "--blocks", 1)
    method = result["by_name"]["simultaneous"]
    close(method["largest_stable_step"], 2, 1e-10)
    close(method["fastest_step"], 1, 1e-7)
    assert method["rate"] < 1e-7 and result["sigma_max"] == 1 and result["class"] == "stable_nash"


@check
def a_jacobian_gives_what_its_matrices_give():
    C, A, B = matrix("C.mtx", [[1.0, 2.0], [0.5, -1.0]]), diagonal("A.mtx", 0.3, 0.4), diagonal("B.mtx", 0.1, 0.2)
    J = matrix("J.mtx", [[-0.3, 0.0, -1.0, -2.0], [0.0, -0.4, -0.5, 1.0], [1.0, 0.5, -0.1, 0.0], [2.0, -1.0, 0.0, -0.2]])
    ours, theirs = analyze("--jacobian", J, "--blocks", "2,2"), analyze("--matrix", C, "--matrix-a", A, "--matrix-b", B)
    for one, other in zip(ours["methods"], theirs["methods"]):
        assert one["converges"] == other["converges"] and one["theorem"] == other["theorem"]
        if other["fastest_step"]:
            close(one["rate"], other["rate"], 1e-9)


@check
def an_unstable_game_has_no_converging_explicit_method():
    methods = analyze("--jacobian", matrix("J.mtx", [[1.0, 0.0], [0.0, 2.0]]), "--blocks", "1,1")["by_name"]
    for name in ("simultaneous", "alternating", "optimistic", "extragradient", "runge_kutta"):
        assert not methods[name]["converges"] and methods[name]["largest_stable_step"] == 0, name


@check
def games_of_many_players_are_read():
    J = matrix("J.mtx", [[-1.0, 0.5, 0.0], [-0.5, -1.0, 0.5], [0.0, -0.5, -1.0]])
    result = analyze("--jacobian", J, "--blocks", "1,1,1")
    assert result["blocks"] == [1, 1, 1]
    for name in METHODS:  # the predictive method with gamma = 1 keeps the mode of the eigenvalue -1 as it is
        assert result["by_name"][name]["converges"] == (name != "predictive"), name


@check
def models_come_from_the_registry():
    for name in ("bilinear", "quadratic", "affine"):
        assert analyze("--model", name, "--size", 2, "--seed", 5)["n"] >= 4
    refuse("analyze", "--model", "nonsense", words=["--model", "nonsense", "bilinear", "quadratic", "affine"])


@check
def one_game_is_asked_for_exactly():
    C = diagonal("C.mtx", 1, 2)
    refuse("analyze", words=["--matrix", "--jacobian", "--model", "--help"])
    refuse("analyze", "--matrix", C, "--model", "bilinear", words=["only one"])
    refuse("analyze", "--matrix", C, "--blocks", "2,2", words=["--blocks"])
    refuse("analyze", "--matrix-a", C, words=["--matrix"])
    refuse("analyze", "--matrix", diagonal("Z.mtx", 0, 0), words=["zero"])


@check
def blocks_must_be_sizes_that_add_up():
    J = diagonal("J.mtx", -1, -2, -3)
    refuse("analyze", "--jacobian", J, words=["--blocks"])
    for blocks in ("1,1", "2,2", "0,3", "3,", ",3", "1;2", "a,b", "-1,4", "1,,2", "99999999999999999999", " 1,2"):
        refuse("analyze", "--jacobian", J, f"--blocks={blocks}", words=["--blocks", "3"])
    refuse("analyze", "--jacobian", matrix("W.mtx", [[1.0, 2.0]]), "--blocks", "1", words=["1 by 2", "square"])
    refuse("analyze", "--jacobian", "missing.mtx", "--blocks", "1", words=["--jacobian", "missing.mtx"])


@check
def a_given_step_is_run():
    # Extragradient at h = 1/4 on sigma = 1, 2: rate^2 = max(1 - s^2 + s^4) over s = h sigma
    method = analyze("--matrix", diagonal("C.mtx", 1, 2), "--step", 0.25)["by_name"]["extragradient"]
    rate = math.sqrt(1 - 0.25 ** 2 + 0.25 ** 4)
    assert method["steps_predicted"] == math.ceil(LOG / -math.log(rate)) and method["run_step"] == 0.25


@check
def extremes_of_scale_are_no_obstacle():
    C = diagonal("C.mtx", 1, 2)
    for extreme in (["--step", 1e308], ["--step", 1e-308], ["--radius", 1e300], ["--radius", 1e-300, "--epsilon", 1e-306]):
        methods = analyze("--matrix", C, *extreme, "--steps", 1000)["by_name"]
        assert methods["extragradient"]["converges"], extreme
    for scale in (1e-150, 1e150):
        methods = analyze("--matrix", diagonal("S.mtx", scale, 2 * scale), "--gamma", 1 / scale, "--steps", 1000)["by_name"]
        close(methods["extragradient"]["fastest_step"], 1 / (math.sqrt(5) * scale), 1e-7)


@check
def games_too_large_for_the_map_say_so():
    output = run("analyze", "--model", "quadratic", "--size", 126, "--json", "out.json").stdout
    method = next(m for m in json.loads(pathlib.Path("out.json").read_text())["methods"] if m["name"] == "alternating")
    assert "alternating: not rated" in output and method["rate"] is None and not method["converges"]


@check
def csv_of_analyze_has_all_methods():
    run("analyze", "--matrix", diagonal("C.mtx", 1, 2), "--csv", "runs.csv")
    rows = rows_of("runs.csv")
    assert list(rows[0]) == ["step", "distance", "method"] and {r["method"] for r in rows} == set(METHODS)
    for r in rows:
        if r["step"] == "0":
            close(float(r["distance"]), 0.5)


@check
def figure_1_has_both_panels():
    output = run("figure1_bilinear", "--size", 2, "--seed", 4, "--steps", 3000, "--csv", "runs.csv").stdout
    rows = rows_of("runs.csv")
    assert list(rows[0]) == ["step", "distance", "method", "panel"]
    assert {(r["method"], r["panel"]) for r in rows} == {(m, p) for m in METHODS for p in ("theorem", "fastest")}
    assert all(name in output for name in METHODS)


if __name__ == "__main__":
    main()
