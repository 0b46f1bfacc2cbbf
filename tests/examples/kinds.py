# SPDX-License-Identifier: BSD-3-Clause
"""analyze --classify: the kind of a point with its evidence, against games of two variables whose answers are known."""
import math

from harness import analyze, check, close, diagonal, main, matrix, run


def jacobian(J, *options):
    return analyze("--jacobian", matrix("J.mtx", J), "--blocks", "1,1", "--classify", *options)


@check
def kinds_are_named():
    for J, kind, kept in (([[-1.0, -2.0], [2.0, -1.0]], "stable_nash", "stable_nash"),
                          ([[0.0, -2.0], [2.0, 0.0]], "centre", "local_nash"),
                          ([[1.0, 0.0], [0.0, -1.0]], "saddle", "stationary"),
                          ([[1.0, 0.0], [0.0, 2.0]], "repeller", "stationary"),
                          # trace -2, determinant 1; 1 - 2 * 2 / 3 < 0 when the first player leads
                          ([[1.0, -2.0], [2.0, -3.0]], "local_minimax", "hurwitz"),
                          # trace -1, determinant 4, not zero-sum
                          ([[1.0, -3.0], [2.0, -2.0]], "attractor", "hurwitz")):
        result = jacobian(J)
        assert (result["kind"], result["class"]) == (kind, kept), (J, result["kind"], result["class"])
        nash = {"stable_nash": "strictly", "local_nash": "weakly"}.get(kept, "no")
        assert result["nash"] == nash, (J, result["nash"])


@check
def evidence_is_counted():
    evidence = jacobian([[1.0, -2.0], [2.0, -3.0]])["evidence"]
    assert [evidence[name] for name in ("n_left", "n_zero", "n_imaginary", "n_right")] == [2, 0, 0, 0]
    assert evidence["own_curvature"] == 1 and evidence["leader_curvature"][1] is None
    close(evidence["leader_curvature"][0], -1 / 3)
    evidence = analyze("--matrix", diagonal("C.mtx", 1, 2), "--classify")["evidence"]
    assert [evidence[name] for name in ("n_left", "n_zero", "n_imaginary", "n_right")] == [0, 0, 4, 0]
    assert evidence["transient_growth"] == 1 and evidence["departure"] < 1e-12  # a rotation


@check
def what_eigenvalues_do_not_say_is_said():
    # J = [[-1, 100], [0, -2]]: exp(t J) = [[e, 100 (e - e^2)], [0, e^2]] with e = exp(-t), whose norm is
    # sqrt((s + sqrt(s^2 - 4 d^2)) / 2), s the sum of squares and d the determinant; here it is scanned for its largest.
    def norm(a, b, d):
        s = a * a + b * b + d * d
        return math.sqrt((s + math.sqrt(s * s - 4 * (a * d) ** 2)) / 2)

    result = jacobian([[-1.0, 100.0], [0.0, -2.0]])
    evidence, simultaneous = result["evidence"], result["by_name"]["simultaneous"]
    largest = max(norm(math.exp(-t), 100 * (math.exp(-t) - math.exp(-2 * t)), math.exp(-2 * t))
                  for t in (k / 10000 for k in range(50000)))
    assert largest * (1 - 0.011) <= evidence["transient_growth"] <= largest * (1 + 1e-9), evidence
    close(evidence["numerical_abscissa"], -1.5 + math.sqrt(0.25 + 2500))
    close(evidence["departure"], 100)
    h = simultaneous["run_step"]  # the factors 1 - h and 1 - 2 h are 1/3 and -1/3, so that the first step grows the most
    close(simultaneous["step_growth"], norm(1 - h, 100 * h, 1 - 2 * h))
    assert simultaneous["step_growth_at"] == 1


@check
def evidence_is_printed_only_when_asked_for():
    C = diagonal("C.mtx", 1, 2)
    plain, asked = run("analyze", "--matrix", C).stdout, run("analyze", "--matrix", C, "--classify").stdout
    assert asked.startswith(plain) and "Evidence:" not in plain, plain
    for words in ("own curvature", "imaginary 4, right 0", "numerical abscissa", "transient growth", "largest growth"):
        assert words in asked, words
    result = analyze("--matrix", C)
    assert "evidence" not in result and result["by_name"]["implicit"]["step_growth"] is None and result["kind"] == "centre"


@check
def points_that_are_not_stationary_and_large_games_have_what_evidence_there_is():
    x = matrix("x.mtx", [[1.0], [1.0]])
    result = jacobian([[-1.0, -2.0], [2.0, -1.0]], "--at", x)
    assert result["kind"] == "not_stationary" and result["evidence"]["n_left"] == 2
    close(result["evidence"]["numerical_abscissa"], -1)
    output = run("analyze", "--model", "quadratic", "--size", 3, "--dense-limit", 5, "--classify").stdout
    assert "numerical abscissa  -" in output and "transient growth    - " in output, output
    evidence = analyze("--model", "quadratic", "--size", 3, "--dense-limit", 5, "--classify")["evidence"]
    dense = analyze("--model", "quadratic", "--size", 3, "--classify")["evidence"]
    assert evidence["n_left"] == dense["n_left"] == 6 and evidence["departure"] is None
    close(evidence["numerical_abscissa"], dense["numerical_abscissa"], 1e-8)


if __name__ == "__main__":
    main()
