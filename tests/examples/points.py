# SPDX-License-Identifier: BSD-3-Clause
"""analyze at points that are given or found, for every model of the registry; and the spectrum after consensus."""
import json
import math
import pathlib
import shutil

from harness import analyze, check, close, diagonal, main, matrix, refuse, rows_of, run

MODELS = ["bilinear", "quadratic", "affine", "dirac_gan", "nk_planar", "gmm_gan", "lq_gan", "covariance_gan"]


def vector(name, *values):
    return matrix(name, [[float(value)] for value in values])


@check
def every_model_is_listed_and_analyzed():
    text = run("analyze", "--help").stdout
    for name in MODELS:
        assert f"\n  {name:20}  " in text.split("Models:")[1], name
        result = analyze("--model", name, "--size", 1, "--seed", 2, "--steps", 100)
        assert result["point"] == "solution" and result["gradient_norm"] <= 1e-8, name
        assert len(result["x"]) == result["n"] == len(result["eigenvalues"]), name


@check
def a_point_that_is_not_stationary_has_a_spectrum_but_no_rates():
    # C = diag(1, 2), theta = (1, 0), omega = (0, 1): v = (-C omega, C' theta) = (0, -2, 1, 0)
    C, x = diagonal("C.mtx", 1, 2), vector("x.mtx", 1, 0, 0, 1)
    output = run("analyze", "--matrix", C, "--at", x, "--csv", "runs.csv", "--json", "out.json").stdout
    result = json.loads(pathlib.Path("out.json").read_text())
    assert result["class"] == "not_stationary" and result["point"] == "given" and result["x"] == [1, 0, 0, 1]
    close(result["gradient_norm"], math.sqrt(5))
    assert len(result["eigenvalues"]) == 4 and result["methods"] == [] and rows_of("runs.csv") == []
    assert "x.mtx" in output and "no stationary point" in output and "there is no table" in output, output


@check
def a_stationary_point_may_be_given():
    # (0, -1) is the planar GAN's other equilibrium, with the eigenvalues of (0, 1): Re = -0.05.  The generator's own
    # curvature is 0, so that it is no strict Nash point
    result = analyze("--model", "nk_planar", "--at", vector("x.mtx", 0, -1))
    assert result["point"] == "given" and result["class"] == "hurwitz" and result["x"] == [0, -1]
    assert result["nash"] == "weakly", result["nash"]
    close(result["spectral_abscissa"], -0.05, 1e-9)
    close(result["by_name"]["simultaneous"]["fastest_step"], 0.45, 1e-7)  # -Re / |lambda|^2 = 0.05 / (1/9)


@check
def newton_finds_the_equilibrium_near_its_start():
    for sign in (1, -1):
        x = vector("x.mtx", 0.1, 1.1 * sign)
        result = analyze("--model", "nk_planar", "--find", "--at", x)
        assert result["point"] == "found" and result["gradient_norm"] <= 1e-12, result["gradient_norm"]
        assert abs(result["x"][0]) < 1e-11 and abs(result["x"][1] - sign) < 1e-11, result["x"]
        # the generator's own curvature is 0 there, and its rounding is no ground for Theorem 1
        assert result["by_name"]["simultaneous"]["theorem"] is None
    assert analyze("--model", "affine", "--find")["class"] == "stable_nash"  # from around the solution
    # the start serves both: here the runs begin at a distance of 1 from (0, 1)
    output = run("analyze", "--model", "nk_planar", "--find", "--start", vector("x.mtx", 0, 2)).stdout
    assert "found by Newton's method" in output and "From distance 1 to" in output, output


@check
def at_the_solution_newton_takes_no_step():
    x = vector("x.mtx", 0, 1)
    output = run("analyze", "--model", "nk_planar", "--find", "--at", x).stdout
    assert "found by Newton's method: 0 steps, 1 gradients, 0 products" in output, output


@check
def a_small_field_is_not_taken_for_an_equilibrium():
    # v = 1e-14 (-y, x) is 1.4e-14 at (1, 1), and 1.2 times that ahead: below Newton's tolerance of 1e-12 everywhere near
    J, x = matrix("J.mtx", [[0.0, -1e-14], [1e-14, 0.0]]), vector("x.mtx", 1, 1)
    refuse("analyze", "--jacobian", J, "--blocks", "1,1", "--find", "--at", x, words=["--find", "scale them up"])
    # what --at gives is judged against |J| max(1, |x|)
    assert analyze("--jacobian", J, "--blocks", "1,1", "--at", x)["class"] == "not_stationary"


@check
def what_newton_cannot_find_is_a_mistake_that_is_explained():
    # One variable each, x = (W, w, A, b), data N(m, s): v_W = s + m^2 - A^2 - b^2, v_w = m - b and v_A = 2 W A up to
    # signs.  Started at A = 0 Newton's method stays there, where v_W and v_w cannot both vanish, for s > 0.
    x = vector("x.mtx", 1, 1, 0, 1)
    refuse("analyze", "--model", "lq_gan", "--size", 1, "--find", "--at", x,
           words=["--find", "no stationary point was found", "|v| is", "steps of Newton's method"])


@check
def points_must_fit():
    game = ["--model", "nk_planar"]
    pathlib.Path("nan.mtx").write_text("%%MatrixMarket matrix array real general\n2 1\nnan\n1\n")
    refuse("analyze", *game, "--at", "missing.mtx", words=["--at", "missing.mtx"])
    refuse("analyze", *game, "--at", "nan.mtx", words=["--at", "nan.mtx", "3", "finite"])
    refuse("analyze", *game, "--at", vector("x.mtx", 1, 2, 3), words=["--at", "3 by 1", "2 numbers"])
    refuse("analyze", *game, "--at", diagonal("D.mtx", 1, 1), words=["--at", "2 by 2", "2 numbers"])
    refuse("analyze", *game, "--find=yes", words=["--find=yes"])
    refuse("analyze", *game, "--at", words=["--at", "value"])


@check
def consensus_moves_the_eigenvalues_as_its_jacobian_says():
    # J - gamma J'J of a bilinear game: -gamma sigma^2 +- i sigma
    for gamma in (0, 0.5):
        result = analyze("--matrix", diagonal("C.mtx", 1, 2), "--gamma", gamma)
        for re, im in result["consensus_eigenvalues"]:
            assert min(abs(abs(im) - sigma) for sigma in (1, 2)) < 1e-12 and abs(re + gamma * im * im) < 1e-12, (re, im)


@check
def the_picture_shows_the_spectrum_before_and_after_consensus():
    if not shutil.which("gnuplot"):
        return
    C = diagonal("C.mtx", 1, 2)
    for point in ([], ["--at", vector("x.mtx", 1, 0, 0, 1)]):
        assert run("analyze", "--matrix", C, *point, "--steps", 100, "--plot", "a.svg").stderr == ""
        text = pathlib.Path("a.svg").read_text()
        for words in ("Eigenvalues before and after consensus, gamma = 1", "of v", "gamma J"):
            assert words in text, words


if __name__ == "__main__":
    main()
