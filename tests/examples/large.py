# SPDX-License-Identifier: BSD-3-Clause
"""analyze on games larger than --dense-limit, from products alone: as the dense analysis where both can be had, and on
coordinate files that no dense matrix could hold."""
import math
import os
import pathlib
import shutil

from harness import analyze, check, close, diagonal, main, matrix, refuse, row, run


def words_of(output):
    """The text without its line breaks."""
    return " ".join(output.split())


def coordinate(name, rows, columns, entries, symmetry="general"):
    """A coordinate file of (row, column, value), counted from 0."""
    lines = [f"%%MatrixMarket matrix coordinate real {symmetry}", "% a comment", f"{rows} {columns} {len(entries)}"]
    lines += [f"{i + 1} {j + 1} {value!r}" for i, j, value in entries]
    pathlib.Path(name).write_text("\n".join(lines) + "\n")
    return name


def between_1_and_2(name, rows, columns):
    """Singular values 1 + k / (m - 1), m the smaller side."""
    least = min(rows, columns)
    return coordinate(name, rows, columns, [(k, k, 1 + k / (least - 1)) for k in range(least)])


def agree(dense, large, relative=1e-7):
    for name in ("class", "spectral_abscissa", "sigma_max", "sigma_min"):
        if isinstance(dense[name], float) and abs(dense[name]) > 1e-9:
            close(large[name], dense[name], relative)
    assert dense["class"] == large["class"], (dense["class"], large["class"])
    for one, other in zip(dense["methods"], large["methods"]):
        # "?" in the table is null here, which is neither of the two
        assert one["converges"] is other["converges"] and one["theorem"] == other["theorem"], one["name"]
        for name in ("largest_stable_step", "rate", "theorem_step"):
            if one[name] is not None and one["name"] != "alternating":
                close(other[name], one[name], relative)
        if one["converges"]:
            assert other["steps_measured"] > 0, one["name"]


@check
def small_games_are_what_they_are_densely():
    C = matrix("C.mtx", [[1.0, 0.0, 0.5], [0.25, 2.0, 0.0], [0.0, 0.0, 3.0]])
    A = matrix("A.mtx", [[1.0, 0.25, 0.0], [0.25, 0.5, 0.0], [0.0, 0.0, 1.0]])
    for game in (["--matrix", C], ["--matrix", C, "--matrix-a", A, "--matrix-b", A], ["--model", "affine", "--size", 3]):
        dense, large = analyze(*game), analyze(*game, "--dense-limit", 1)
        assert dense["eigenvalues_complete"] and not large["eigenvalues_complete"]
        agree(dense, large)


@check
def coordinate_files_are_the_game_that_array_files_are():
    A = matrix("A.mtx", [[1.0, 0.25], [0.25, 0.5]])
    C, B = matrix("C.mtx", [[1.0, 2.0, 0.0], [0.0, 0.5, 3.0]]), diagonal("B.mtx", 1, 2, 3)
    c = coordinate("c.mtx", 2, 3, [(1, 2, 3.0), (0, 0, 1.0), (0, 1, 2.0), (1, 1, 0.5)])
    a = coordinate("a.mtx", 2, 2, [(0, 0, 1.0), (1, 0, 0.25), (1, 1, 0.5)], "symmetric")
    b = coordinate("b.mtx", 3, 3, [(0, 0, 1.0), (1, 1, 2.0), (2, 2, 3.0)])
    dense = analyze("--matrix", C, "--matrix-a", A, "--matrix-b", B)
    agree(dense, analyze("--matrix", c, "--matrix-a", a, "--matrix-b", b, "--dense-limit", 1))
    agree(dense, analyze("--matrix", c, "--matrix-a", A, "--matrix-b", b, "--dense-limit", 1))  # kinds may be mixed
    agree(dense, analyze("--matrix", c, "--matrix-a", a, "--matrix-b", b))  # small enough: read densely
    J = [[-2.0, 1.0, 0.0], [-1.0, -1.0, 0.5], [0.25, -0.5, -3.0]]
    j = coordinate("j.mtx", 3, 3, [(i, k, J[i][k]) for i in range(3) for k in range(3) if J[i][k]])
    dense = analyze("--jacobian", matrix("J.mtx", J), "--blocks", "1,1,1")
    agree(dense, analyze("--jacobian", j, "--blocks", "1,1,1", "--dense-limit", 1))


@check
def a_bilinear_game_of_ten_thousand_variables_has_its_closed_forms():
    # A dense J would have 800 megabytes.  Singular values from 1 to 2, idle directions for p != q:
    # lambda_min = 1 and lambda_max = 4 in the table of optimal constant steps.
    for rows, columns in ((5000, 5000), (5000, 5500)):
        result = analyze("--matrix", between_1_and_2("C.mtx", rows, columns))
        methods = result["by_name"]
        assert result["n"] == rows + columns and len(result["eigenvalues"]) < 100
        close(result["sigma_max"], 2, 1e-8)
        close(result["sigma_min"], 1, 1e-8)
        close(methods["optimistic"]["largest_stable_step"], 1 / (2 * math.sqrt(3)), 1e-8)
        close(methods["extragradient"]["rate"], math.sqrt(1 - 4 / 25), 1e-8)
        close(methods["consensus"]["fastest_step"], 1 / 3, 1e-6)
        assert methods["alternating"]["rate"] is None and methods["alternating"]["converges"] is None
        assert methods["simultaneous"]["converges"] is False and methods["optimistic"]["converges"] is True
        assert 0 < methods["consensus"]["steps_measured"] <= methods["consensus"]["steps_predicted"]
        assert (methods["optimistic"]["theorem"] is None) == (rows != columns)


def rank_deficient(name, rows, columns, rank):
    """Singular values 1 + k / (rank - 1), and zeros."""
    return coordinate(name, rows, columns, [(k, k, 1 + k / (rank - 1)) for k in range(rank)])


def has_the_rates_of_1_to_2(result):
    """Those of a bilinear game, zeros left out: optimistic steps are stable below 1 / (2 sqrt 3)."""
    methods = result["by_name"]
    close(methods["optimistic"]["largest_stable_step"], 1 / (2 * math.sqrt(3)), 1e-7)
    close(methods["extragradient"]["rate"], math.sqrt(1 - 4 / 25), 1e-7)
    assert methods["simultaneous"]["converges"] is False
    assert methods["optimistic"]["converges"] is True and methods["consensus"]["converges"] is True


@check
def tall_and_rank_deficient_games_are_rated_above_and_below_the_dense_limit():
    # Full length: 1000 < n <= 2000, half a minute each.
    shapes = [(1300, 1000, 1000), (1000, 1300, 1000), (1300, 1300, 1000)]
    if os.environ.get("GAMEDYN_TESTS") == "full":
        shapes += [(700, 500, 500), (500, 700, 500), (600, 600, 400)]
    for rows, columns, rank in shapes:
        result = analyze("--matrix", rank_deficient("C.mtx", rows, columns, rank))
        has_the_rates_of_1_to_2(result)
        assert result["kind"] == "centre", (rows, columns, result["kind"])
        if rows + columns <= 2000:
            assert result["null_directions"] == rows + columns - 2 * rank


def antisymmetric(name, half):
    """J = [[0, -D], [D, 0]], D of 1 + k / (half - 1): the eigenvalues are +- i D."""
    D = [1 + k / (half - 1) for k in range(half)]
    return coordinate(name, 2 * half, 2 * half, [entry for k in range(half)
                                                 for entry in ((k, k + half, -D[k]), (k + half, k, D[k]))])


@check
def an_antisymmetric_jacobian_is_rated_by_its_singular_values():
    for half, more in ((4, ["--dense-limit", 3]), (1200, [])):
        result = analyze("--jacobian", antisymmetric("J.mtx", half), "--blocks", f"{half},{half}", *more)
        has_the_rates_of_1_to_2(result)
        assert result["kind"] == "centre" and not result["eigenvalues_complete"]


@check
def eigenvalues_that_are_all_0_do_not_tell_what_converges():
    # J is made of pairs [[0, 1], [0, 0]]: v = J x drifts for ever and every eigenvalue is 0.  Rounding makes eigenvalues of
    # either sign of them, up to sqrt(eps) |J|, which are nothing to rate a method by.
    for n, more in ((2400, []), (8, ["--dense-limit", 4])):
        entries = [(k, k + 1, 1.0) for k in range(0, n - 1, 2)]
        game = ["--jacobian", coordinate("J.mtx", n, n, entries), "--blocks", f"{n // 2},{n // 2}", *more]
        result = analyze(*game)
        output = run("analyze", *game).stdout
        words = words_of(output)
        assert "only 0 was found, up to rounding" in words and "do not tell that a method converges" in words, output
        assert row(output, "simultaneous")[0] == "?" and row(output, "implicit")[0] == "?", output
        assert result["kind"] == "undecided" and result["eigenvalues"] == [], result["eigenvalues"]
        for method in result["methods"]:
            if method["name"] != "alternating" or n > 120:  # whose step is looked at as a whole up to 120 variables
                assert method["converges"] is None, method
        for name in ("simultaneous", "optimistic", "implicit", "extragradient", "runge_kutta"):
            assert result["by_name"][name]["rate"] is None, name
    if shutil.which("gnuplot"):
        run("analyze", *game, "--plot", "a.svg")


@check
def eigenvalues_that_rounding_makes_of_a_long_chain_decide_nothing():
    # One chain of 8: rounding makes eigenvalues of size eps^(1/8) |J| = 0.01 of its zeros, on all sides.
    chain = coordinate("J.mtx", 8, 8, [(k, k + 1, 1.0) for k in range(7)])
    result = analyze("--jacobian", chain, "--blocks", "4,4", "--dense-limit", 4)
    assert result["kind"] == "undecided"
    for method in result["methods"]:
        if method["name"] != "alternating":  # whose step is looked at as a whole
            assert method["converges"] is None, method


@check
def models_of_the_registry_may_be_large():
    # The Dirac-GAN: every singular value is 1/2, so optimistic steps are stable below 1 / (sqrt(3) / 2), and the fastest
    # consensus step has h / 4 (gamma^2 / 4 + 1) = gamma / 4, gamma = 1.
    result = analyze("--model", "dirac_gan", "--size", 5000)
    assert result["n"] == 10000 and result["kind"] == "centre"
    close(result["by_name"]["optimistic"]["largest_stable_step"], 2 / math.sqrt(3), 1e-8)
    close(result["by_name"]["consensus"]["fastest_step"], 0.8, 1e-6)
    assert result["by_name"]["optimistic"]["steps_measured"] > 0
    refuse("analyze", "--model", "dirac_gan", "--size", 10001, words=["--size", "from 1 to 10000"])
    refuse("theorem3_optimistic", "--size", 1001, words=["--size", "from 1 to 1000"])


@check
def large_games_are_drawn():
    if shutil.which("gnuplot"):
        for name in ("a.svg", "a.png"):
            assert run("analyze", "--model", "dirac_gan", "--size", 1500, "--plot", name).stderr == ""
            assert pathlib.Path(name).stat().st_size > 15000


@check
def what_some_eigenvalues_cannot_say_is_said():
    output = words_of(run("analyze", "--model", "affine", "--size", 4, "--dense-limit", 3).stdout)
    assert "from products alone" in output and "the true ones are as large or larger" in output, output
    output = words_of(run("analyze", "--model", "bilinear", "--size", 4, "--dense-limit", 3).stdout)
    assert "the extreme singular values decide all rates" in output, output
    refuse("analyze", "--model", "bilinear", "--dense-limit", 0, words=["--dense-limit", "from 1 to 2000"])
    refuse("analyze", "--model", "bilinear", "--dense-limit", 3000, words=["--dense-limit", "from 1 to 2000"])


@check
def points_of_large_games_are_given_and_found():
    start = matrix("x.mtx", [[1.0]] * 8)
    result = analyze("--model", "bilinear", "--size", 4, "--dense-limit", 3, "--find", "--at", start)
    assert result["point"] == "found" and max(abs(value) for value in result["x"]) < 1e-10
    result = analyze("--model", "bilinear", "--size", 4, "--dense-limit", 3, "--at", start)
    assert result["class"] == "not_stationary" and result["methods"] == []


@check
def malformed_coordinate_files_are_refused_with_file_and_line():
    good = ["%%MatrixMarket matrix coordinate real general", "2 2 2", "1 1 1.0", "2 2 2.0"]
    limit = ["--dense-limit", "1"]
    for place, line, words in ((2, "1 1", "bad.mtx:3"), (2, "1 1 x", "bad.mtx:3"), (2, "1 1 nan", "bad.mtx:3"),
                               (3, "3 1 1.0", "bad.mtx:4"), (3, "0 1 1.0", "bad.mtx:4"), (3, "1 1 2.0", "given twice"),
                               (3, "", "ends after 1 of 2"), (3, "2 2 2.0\n1 2 1.0", "goes on after all 2"),
                               (3, "2 2 2.0 4", "bad.mtx:4")):
        pathlib.Path("bad.mtx").write_text("\n".join(good[:place] + [line] + good[place + 1:]) + "\n")
        refuse("analyze", "--matrix", "bad.mtx", *limit, words=["--matrix", words])
    C = coordinate("C.mtx", 2, 2, [(0, 0, 1.0), (1, 1, 2.0)])
    lopsided = coordinate("L.mtx", 2, 2, [(0, 0, 1.0), (0, 1, 2.0)])
    above = coordinate("U.mtx", 2, 2, [(0, 1, 2.0)], "symmetric")
    refuse("analyze", "--matrix", C, *limit, "--matrix-a", lopsided, words=["--matrix-a", "not symmetric"])
    refuse("analyze", "--matrix", C, *limit, "--matrix-a", above, words=["--matrix-a", "U.mtx:4", "above the diagonal"])
    refuse("analyze", "--matrix", C, *limit, "--matrix-b", coordinate("B.mtx", 3, 3, []), words=["3 by 3", "2 by 2"])
    refuse("analyze", "--matrix", coordinate("Z.mtx", 2, 2, []), *limit, words=["zero"])
    wide = coordinate("W.mtx", 2, 3, [(0, 0, 1.0)])
    refuse("analyze", "--jacobian", wide, "--blocks", "1,1", *limit, words=["--jacobian", "2 by 3", "square"])
    refuse("analyze", "--jacobian", C, *limit, words=["--blocks"])


@check
def hostile_coordinate_files_are_refused_in_words():
    banner, limit = "%%MatrixMarket matrix coordinate real ", ["--dense-limit", "1"]
    for text, words in ((banner + "symmetric\n3000000 10 1\n3000000 1 1\n", "expected a square matrix"),
                        (banner + "general\n18446744073709551615 2 1\n1 1 1\n", "more than this machine can address"),
                        (banner + "general\n1152921504606846975 1152921504606846975 1\n1 1 1\n", "variables; at most"),
                        (banner + "general\n2147483648 6442450944 1\n1 1 1\n", "8589934592 variables; at most"),
                        (banner + "general\n2 2 1\n1 11.0\n", "column index '11.0'"),
                        (banner + "general\n2 2 1\n1 1 1.0\x002\n", "a zero byte"),
                        (banner + "general\n%" + 1100 * "c" + "\n2 2 1\n1 1 1\n", "more than 1024 characters"),
                        (banner + "general\n2 2 1\r1 1 1\r", "a carriage return alone"),
                        (banner.replace("real", "integer") + "general\n2 2 1\n1 1 1.5\n", "expected an integer"),
                        (banner + "general\n2 2 1\n1 1 0x1p0\n", "expected a finite decimal number"),
                        (banner + "general\n2 2 4611686018427387904\n1 1 1\n", "at most the 4")):
        pathlib.Path("bad.mtx").write_text(text)
        refuse("analyze", "--matrix", "bad.mtx", *limit, words=["--matrix", "bad.mtx", words])
    J = coordinate("J.mtx", 3, 3, [(0, 0, -1.0), (1, 1, -1.0), (2, 2, -1.0)])
    for blocks in ("1152921504606846976,2", "1,18446744073709551615,3", "18446744073709551616", "3,0", "1,1,1,1"):
        refuse("analyze", "--jacobian", J, "--blocks", blocks, *limit, words=["--blocks", f"'{blocks}'"])
    pathlib.Path("huge.mtx").write_text(banner + "general\n1152921504606846976 1152921504606846976 1\n1 1 1\n")
    refuse("analyze", "--jacobian", "huge.mtx", "--blocks", "1152921504606846975,1", words=["--jacobian", "address"])
    # 66 bytes that stand for a gigabyte: read as they are, or refused where they would have to be a matrix
    pathlib.Path("short.mtx").write_text(banner + "general\n1000 120000 1\n1 1 1\n")
    refuse("theorem4_predictive", "--matrix", "short.mtx", words=["--matrix", "short.mtx:2", "not stored in full"])


if __name__ == "__main__":
    main()
