# SPDX-License-Identifier: BSD-3-Clause
"""Games of one's own in the programs on eigenvalues: from files, sizes, starts and step sizes on the command line."""
import math
import shutil

from harness import check, close, constant, diagonal, main, matrix, refuse, row, rows_of, run


def vector(name, *values):
    return matrix(name, [[float(value)] for value in values])


@check
def figure_1_takes_a_game_from_files():
    # C = diag(1, 2) and nothing else: J has +- i sigma, J - gamma J'J has -gamma sigma^2 +- i sigma, so that the longest
    # step is 2 gamma sigma^2 / (gamma^2 sigma^4 + sigma^2) = 2 gamma / (gamma^2 sigma^2 + 1), least for sigma = 2.
    C = diagonal("C.mtx", 1, 2)
    output = run("figure1_eigenvalues", "--matrix", C, "--gamma", 0.5, "--csv", "steps.csv").stdout
    plain, consensus = output.split("with consensus:")
    assert constant(plain, "ratio") == math.inf and constant(plain, "largest_step") == 0
    close(constant(consensus, "largest_step"), 0.5, 1e-7)
    close(constant(consensus, "ratio"), 2)  # 1 / (gamma sigma), largest for sigma = 1
    assert {r["field"] for r in rows_of("steps.csv")} == {"plain", "consensus"}
    # curvature a moves all eigenvalues of J by -a
    output = run("figure1_eigenvalues", "--matrix", C, "--curvature", 0.5).stdout
    close(constant(output, "ratio"), 4)
    close(constant(output, "largest_step"), 2 * 0.5 / (0.25 + 4), 1e-7)
    assert run("figure1_eigenvalues", "--matrix", C, "--matrix-a", diagonal("A.mtx", 0.5, 0.5), "--matrix-b",
               "A.mtx").stdout.split("without")[1] == output.split("without")[1]


@check
def figure_1_leaves_idle_directions_out_and_takes_a_step_size():
    wide = matrix("W.mtx", [[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    output = run("figure1_eigenvalues", "--matrix", wide, "--step", 0.21, "--csv", "steps.csv").stdout
    assert "holds at every step size" in output and "within the bound" in output, output
    rows = [r for r in rows_of("steps.csv") if r["field"] == "plain"]
    sizes = sorted({float(r["step_size"]) for r in rows}, reverse=True)
    for actual, share in zip(sizes, (1.05, 0.6, 0.3, 0.1)):
        close(actual, 0.21 * share / 1.05)
    assert len(rows) == 4 * 4  # 2 of 5 variables for one player, 2 for the other
    # An unstable game: no step contracts, and Lemma 9 has nothing to say.
    output = run("figure1_eigenvalues", "--matrix-a", diagonal("N.mtx", -1, -1), "--matrix-b", "N.mtx").stdout
    assert "says nothing here" in output and "yes" not in output, output


@check
def lemma_4_takes_the_eigenvalues_of_a_game():
    # -1/2 +- i sigma for sigma = 1, 2: steps 2 * .5 / (.25 + sigma^2)
    C, A = diagonal("C.mtx", 1, 2), diagonal("A.mtx", 0.5, 0.5)
    output = run("lemma4_step_size", "--matrix", C, "--matrix-a", A, "--matrix-b", A, "--csv", "steps.csv").stdout
    assert constant(output, "eigenvalues") == 4 and constant(output, "elsewhere") == 0 and "holds" in output
    close(constant(output, "largest_step"), 1 / 4.25, 1e-7)
    for r in rows_of("steps.csv"):
        close(float(r["exact"]), 1 / (0.25 + float(r["im"]) ** 2))
    # on the axis no step is stable, and the lemma says nothing
    output = run("lemma4_step_size", "--matrix", C).stdout
    assert constant(output, "elsewhere") == 4 and constant(output, "largest_step") == 0 and "not put to" in output


@check
def lemma_9_takes_a_game_and_a_size():
    # C = diag(1, 2), gamma: |Im/Re| = 1 / (gamma sigma), at most 1 / gamma; rho = 1, |J - J'| = 4, c = 0.
    quick = ["--games", 30]
    C, gamma = diagonal("C.mtx", 1, 2), 0.25
    output = run("lemma9_consensus_ratio", *quick, "--matrix", C, "--gamma", gamma, "--csv", "games.csv").stdout
    close(constant(output, "ratio"), 1 / gamma)
    close(constant(output, "printed"), 1 / (2 * gamma))
    close(constant(output, "corrected"), 4 / (2 * gamma))
    assert rows_of("games.csv")[0]["n"] == "4" and {float(r["gamma"]) for r in rows_of("games.csv")} == {gamma}
    close(constant(run("lemma9_consensus_ratio", *quick, "--matrix", C).stdout, "ratio"), 1)
    output = run("lemma9_consensus_ratio", *quick, "--matrix", C, "--matrix-a", diagonal("A.mtx", -1, -1)).stdout
    assert "nothing is claimed of it" in output, output
    run("lemma9_consensus_ratio", *quick, "--size", 2, "--csv", "games.csv")
    assert {r["n"] for r in rows_of("games.csv")} == {"4"}
    refuse("lemma9_consensus_ratio", "--size", 6, words=["--size", "from 1 to 5"])


@check
def theorem_3_1_takes_k_dd_and_k_dg():
    # K_DD = k, K_DG = s, one variable each: lambda^2 + k lambda / 2 + s^2 / 4 = 0; k = 1, s = 2: -1/4 +- i sqrt(15)/4,
    # and f2 k = -1/4.
    k, s = matrix("K.mtx", [[1.0]]), matrix("S.mtx", [[2.0]])
    output = run("theorem31_gan_rates", "--matrix", s, "--matrix-a", k, "--games", 50, "--size", 3, "--csv", "rates.csv").stdout
    close(constant(output, "re"), -0.25)
    close(constant(output, "bound"), -0.25)
    rows = rows_of("rates.csv")
    close(float(rows[0]["im"]), math.sqrt(15) / 4)
    sizes = {len([r for r in rows if r["game"] == str(game)]) for game in range(1, 51)}
    assert sizes == {4, 5, 6}, sizes  # three of the discriminator, one to three of the generator


@check
def theorem_3_2_takes_k_dd_and_k_dg():
    # K_DG = 2: s = 4, -4 eta +- sqrt(16 eta^2 - 4)
    k, s = matrix("K.mtx", [[1.0]]), matrix("S.mtx", [[2.0]])
    run("theorem32_regularised", "--matrix", s, "--matrix-a", k, "--games", 2, "--size", 2, "--csv", "rates.csv")
    rows = rows_of("rates.csv")
    for r in rows:
        if r["game"] == "0" and r["loss"] == "WGAN":
            value, eta = complex(float(r["re"]), float(r["im"])), float(r["eta"])
            assert abs(value * value + 8 * eta * value + 4) < 1e-10 * max(1, abs(value) ** 2), r
    assert len([r for r in rows if r["game"] == "1" and r["loss"] == "GAN"]) == 61 * 4


@check
def a_gan_from_files_must_be_one():
    eye, wide, tall = diagonal("I.mtx", 1, 1), matrix("W.mtx", [[1.0, 2.0]]), matrix("T.mtx", [[1.0], [2.0]])
    flat, skew = diagonal("F.mtx", 1, 0), matrix("K.mtx", [[1.0, 2.0], [0.0, 5.0]])
    for program in ("theorem31_gan_rates", "theorem32_regularised"):
        refuse(program, "--matrix", eye, words=["--matrix-a was expected too"])
        refuse(program, "--matrix-a", eye, words=["--matrix was expected too"])
        refuse(program, "--matrix", wide, "--matrix-a", eye, words=["--matrix", "1 by 2"])
        refuse(program, "--matrix", eye, "--matrix-a", tall, words=["--matrix-a", "2 by 1", "2 by 2"])
        refuse(program, "--matrix", flat, "--matrix-a", eye, words=["--matrix", "not of full column rank"])
        refuse(program, "--matrix", eye, "--matrix-a", flat, words=["--matrix-a", "not positive definite"])
        refuse(program, "--matrix", eye, "--matrix-a", skew, words=["--matrix-a", "not symmetric"])
        refuse(program, "--matrix", "missing.mtx", "--matrix-a", eye, words=["--matrix", "missing.mtx"])


@check
def theorem_3_2_leaves_out_what_a_wgans_discriminator_does_not_see():
    # K_DG = (1, 2)' has s = K_DG'K_DG = 5: lambda = -5 eta +- sqrt(25 eta^2 - 5), and one idle direction, whose
    # eigenvalue is 0 at every eta and no violation.  With K_DD = I a GAN has none: all 3 eigenvalues are there.
    tall, eye = matrix("T.mtx", [[1.0], [2.0]]), diagonal("I.mtx", 1, 1)
    output = run("theorem32_regularised", "--matrix", tall, "--matrix-a", eye, "--games", 1, "--csv", "rates.csv").stdout
    assert "BROKEN" not in output and "idle" not in output, output
    rows = [r for r in rows_of("rates.csv") if r["game"] == "0"]
    wgan = [r for r in rows if r["loss"] == "WGAN"]
    assert len(wgan) == 61 * 2 and len([r for r in rows if r["loss"] == "GAN"]) == 61 * 3
    for r in wgan:
        value, eta = complex(float(r["re"]), float(r["im"])), float(r["eta"])
        assert abs(value * value + 10 * eta * value + 5) < 1e-10 * max(1, abs(value) ** 2), r


@check
def figure_3_takes_a_start_and_a_step_size():
    start = vector("start.mtx", 0.3, 1.2)
    run("figure3_streamlines", "--start", start, "--step", 0.01, "--time", 2, "--csv", "flow.csv")
    rows = rows_of("flow.csv")
    assert {r["trajectory"] for r in rows} == {"0"} and (rows[0]["w"], rows[0]["a"]) == ("0.29999999999999999", "1.2")
    close(float(rows[1]["time"]), 5 * 0.01)
    for r in rows:  # the WGAN without penalty keeps w^2 + a^2/2 - ln a
        if r["loss"] == "WGAN" and r["eta"] == "0":
            w, a = float(r["w"]), float(r["a"])
            assert abs(w * w + a * a / 2 - math.log(a) - (0.09 + 0.72 - math.log(1.2))) < 1e-9, r
    refuse("figure3_streamlines", "--step", 0.1, words=["--step", "between 0.001 and 0.02"])
    refuse("figure3_streamlines", "--start", vector("far.mtx", 6, 1), words=["--start", "farther than 5"])
    refuse("figure3_streamlines", "--start", vector("long.mtx", 6, 1, 2), words=["--start", "3 by 1"])


@check
def wgan_cycles_take_a_start_and_a_limit():
    start = vector("start.mtx", 0.3, 1.2)
    output = run("wgan_cycles", "--start", start, "--turns", 20, "--step", 0.05, "--steps", 400).stdout
    # A turn takes time 3 pi and a little more, so 400 steps of 0.05 end in the third; the way to the first crossing is none.
    assert "from (0.3, 1.2)" in output and row(output, "runge_kutta")[0] == "1", output
    first = float(row(run("wgan_cycles", "--start", start, "--turns", 3).stdout, "runge_kutta")[1])
    close(first, 0.09 + 0.72 - math.log(1.2) - 0.5, 1e-5)
    for name, point in (("left", (0.3, -1.2)), ("far", (0, 2.1)), ("near", (0, 1.001))):
        refuse("wgan_cycles", "--start", vector(f"{name}.mtx", *point), words=["--start", "on no orbit"])


@check
def games_of_ones_own_are_drawn():
    if not shutil.which("gnuplot"):
        return
    C, I = diagonal("C.mtx", 1, 2), diagonal("I.mtx", 1, 1)
    for program, *quick in (["figure1_eigenvalues"], ["lemma4_step_size"], ["lemma9_consensus_ratio", "--games", 30],
                            ["theorem31_gan_rates", "--games", 30], ["theorem32_regularised", "--games", 2]):
        assert run(program, "--matrix", C, "--matrix-a", I, *quick, "--plot", "a.svg").stderr == "", program


if __name__ == "__main__":
    main()
