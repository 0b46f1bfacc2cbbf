# SPDX-License-Identifier: BSD-3-Clause
"""The programs about the GMM-GAN of Li, Madry, Peebles & Schmidt 2018."""
import math

from harness import check, close, drawn, explained, main, refuse, rows_of, run

# Each program with arguments that make it quick.
QUICK = {"gmm_distance": [-1, 2.5, -2, 2]}


@check
def the_command_line_is_explained_and_checked():
    for program, quick in QUICK.items():
        explained(program, *quick)


@check
def every_program_draws_in_every_format():
    for program, quick in QUICK.items():
        drawn(program, *quick)


def distance(*means):
    """Total variation, zeros and intervals as printed."""
    lines = [line.split(None, 1) for line in run("gmm_distance", *means).stdout.splitlines() if line.startswith("  ")]
    numbers = [(name, [float(number) for number in rest.replace(", total variation", "").split(", ")])
               for name, rest in lines]
    (total,), = (found for name, found in numbers if name == "distance")
    return (total, [found[0] for name, found in numbers if name == "zero"],
            [tuple(found) for name, found in numbers if name == "interval"])


@check
def distances_and_zeros_are_those_known_to_many_digits():
    # Computed with 40 digits by bisection and the error function; the last by symmetry about 1, erf(1 / sqrt(8)).
    known = [((-1, 2.5, -2, 2), [-1.49788619829811306, 0.659259989470465888, 2.23939514885478359], 0.239663732643500286),
             ((-0.3, 1.1, -0.5, 0.5), [0.584482293394444004], 0.139855155772705179),
             ((0, 0, -0.5, 0.5), [-1.02095769100425401, 1.02095769100425401], 0.0580588657313685936),
             ((0.2, 0.2, -0.5, 0.5), [-0.417064601090736502, 2.35963705297157241], 0.0890995622458978061),
             ((-8, 9, -7, 10), [-7.5, 1, 9.5], math.erf(1 / math.sqrt(8)))]
    for means, zeros, total in known:
        found, at, _ = distance(*means)
        assert abs(found - total) < 1e-14 and len(at) == len(zeros), means
        assert all(math.isclose(ours, theirs, rel_tol=1e-14) for ours, theirs in zip(at, zeros)), (means, at)


@check
def the_best_discriminator_answers_where_the_target_has_more():
    # Between zeros by turns; at -inf the smallest of all means decides.
    for means in ((-1, 2.5, -2, 2), (-0.3, 1.1, -0.5, 0.5), (0, 0, -0.5, 0.5), (-8, 9, -7, 10), (0.2, 0.2, -0.5, 0.5)):
        _, zeros, intervals = distance(*means)
        ends = ([-math.inf] if min(means) in means[2:] else []) + zeros
        ends += [math.inf] if len(ends) % 2 else []
        assert intervals == list(zip(ends[::2], ends[1::2])), means


@check
def equal_mixtures_have_nothing_between_them():
    for means in ((1, 1, 1, 1), (-0.5, 2, 2, -0.5)):
        assert distance(*means) == (0, [], []), means
    assert "are one" in run("gmm_distance", 1, -2, -2, 1).stdout


@check
def seventeen_digits_are_printed():
    # A mean that is shared cancels: what is left parts half way and has erf(d / sqrt(8)) / 2.
    total, zeros, _ = distance(0.1, 0.7, 0.1, 0.4)
    assert zeros == [0.4 / 2 + 0.7 / 2] and abs(total - math.erf(0.3 / math.sqrt(8)) / 2) < 1e-16
    digits = run("gmm_distance", 0.1, 0.7, 0.1, 0.4).stdout.split("distance")[1].split(",")[0].strip()
    assert digits == f"{total:.17g}" and len(digits) >= 18, digits


@check
def means_may_be_negative_and_stand_among_options():
    plain = run("gmm_distance", -1, 2.5, "-2e0", 2).stdout
    assert run("gmm_distance", "--", -1, 2.5, -2, 2).stdout == plain
    assert run("gmm_distance", "-1", "--csv", "a.csv", "2.5", "-2", "--plot=a.svg", 2).stdout == plain
    assert distance("-.5", "+.5", 0, 0)[0] == distance(0.5, -0.5, 0, 0)[0]


@check
def means_that_are_no_numbers_are_refused_by_name():
    refuse("gmm_distance", words=["MU1 is missing", "--help"])
    refuse("gmm_distance", -1, 2, -3, words=["TARGET2 is missing"])
    refuse("gmm_distance", 1, 2, 3, 4, -5, words=["unexpected word '-5'"])
    for value in ("", "x", "1x", "-1x", "nan", "-inf", "1e999"):
        refuse("gmm_distance", 1, value, 3, 4, words=["MU2", f"'{value}' is not a finite number"])
    refuse("gmm_distance", 1e101, 0, 0, 0, words=["1e+101", "at most 1e+100"])


@check
def densities_are_written():
    run("gmm_distance", -1, 2.5, -2, 2, "--csv", "a.csv")
    rows = [{name: float(value) for name, value in r.items()} for r in rows_of("a.csv")]
    assert list(rows[0]) == ["x", "target", "generator"] and rows[0]["x"] == -6 and rows[-1]["x"] == 6.5

    def density(x, means):
        return sum(math.exp(-(x - m) ** 2 / 2) for m in means) / (2 * math.sqrt(2 * math.pi))
    for r in rows:
        close(r["target"], density(r["x"], (-2, 2)))
        close(r["generator"], density(r["x"], (-1, 2.5)))


if __name__ == "__main__":
    main()
