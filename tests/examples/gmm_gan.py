# SPDX-License-Identifier: BSD-3-Clause
"""The programs about the GMM-GAN of Li, Madry, Peebles & Schmidt 2018."""
import math

from harness import check, close, constant, drawn, explained, main, refuse, row, rows_of, run, shows

# Each program with arguments that make it quick.
QUICK = {"gmm_distance": [-1, 2.5, -2, 2], "figure1_behaviours": [], "figure2_collapse": [],
         "theorem31_optimal": ["--bound", 1.5, "--targets", 1, "--starts", 1],
         "figure3_heatmap": ["--grid", 7, "--draws", 8, "--steps", 1500],
         "unrolling": ["--draws", 60, "--steps", 1500, "--most", 5]}


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
    for r in rows:
        close(r["target"], density(r["x"], (-2, 2)))
        close(r["generator"], density(r["x"], (-1, 2.5)))


def density(x, means):
    return sum(math.exp(-(x - m) ** 2 / 2) for m in means) / (2 * math.sqrt(2 * math.pi))


def first_order(x, target, step, steps):
    """Eqs. 9 to 11 from x = (mu1, mu2, l1, r1, l2, r2), intervals closed for ever once l >= r: every point."""
    points = [list(x)]
    for _ in range(steps):
        x, v = points[-1], [0.0] * 6
        for left in (2, 4):
            if x[left] < x[left + 1]:
                for end, sign in ((left, -1), (left + 1, 1)):
                    v[end] = sign * (density(x[end], target) - density(x[end], x[:2]))
                    for j in (0, 1):
                        v[j] -= sign * density(x[end], (x[j], x[j])) / 2
        points.append([value + step * slope for value, slope in zip(x, v)])
    return points


NAMES = ["mu1", "mu2", "l1", "r1", "l2", "r2"]


def path(name, column, value):
    """The points of one run of a CSV file, and the distances along it."""
    rows = [r for r in rows_of(name) if r[column] == value]
    assert [int(r["step"]) for r in rows] == list(range(len(rows)))
    return [[float(r[n]) for n in NAMES] for r in rows], [float(r["distance"]) for r in rows]


@check
def figure_1_follows_the_equations():
    run("figure1_behaviours", "--csv", "runs.csv")
    for name, intervals in (("converges", (-1.8, -0.6, 0.8, 2.4)), ("collapses", (-0.2, 0.1, 0.8, 2.7)),
                            ("vanishes", (-0.8, -0.3, 2.3, 2.7))):
        points, _ = path("runs.csv", "behaviour", name)
        known = first_order([-1.5, 1, *intervals], (-0.5, 0.5), 0.1, 2000)
        assert len(points) == len(known)
        for ours, theirs in zip(points, known):
            assert all(abs(a - b) < 1e-9 for a, b in zip(ours, theirs)), (name, ours, theirs)


@check
def figure_1_shows_four_behaviours():
    run("figure1_behaviours", "--csv", "runs.csv")
    ends = {}
    for name in ("converges", "collapses", "optimal", "vanishes"):
        points, distances = path("runs.csv", "behaviour", name)
        ends[name] = points[-1], distances[-1]
        assert points[0][:2] == [-1.5, 1] and distances[0] == distance(-1.5, 1, -0.5, 0.5)[0]
    assert ends["converges"][1] < 0.01 and ends["optimal"][1] < 0.01
    # Total variation is least at (0, 0) among collapsed generators: 0.0580588657313685936.
    (mu1, mu2, *_), total = ends["collapses"]
    assert abs(mu1 - mu2) < 1e-6 and 0.0580588657313685936 - 1e-14 < total < 0.0581
    (*_, l1, r1, l2, r2), total = ends["vanishes"]
    assert l1 >= r1 and l2 >= r2 and total > 0.2
    assert points[-1] == points[-1000]


@check
def figure_1_converges_to_all_digits():
    output = run("figure1_behaviours", "--steps", 30000).stdout
    assert row(output, "converges")[:3] == ["-0.500000", "0.500000", "0.000000"], output
    refuse("figure1_behaviours", "--steps", 100, words=["--steps", "from 2000"])


@check
def the_best_discriminator_jumps_about_at_the_target():
    run("figure1_behaviours", "--csv", "runs.csv")
    points, distances = path("runs.csv", "behaviour", "optimal")
    turned = [before[2:] != after[2:] for before, after in zip(points[1000:], points[1001:])]
    assert sum(turned) > 900 and max(distances[1000:]) < 0.01
    assert {point[2] for point in points[1000:]} >= {-math.inf} and max(point[3] for point in points[1000:]) == math.inf


@check
def figure_2_closes_the_intervals_when_it_should():
    # Steps from separate programs in other languages; one that closes was open at the step before.
    for right, known in ((1, {"first order": (18, 99), "unrolled": (18, 147)}),
                         (-1, {"first order": (17, 64), "unrolled": (18, 63)})):
        output = run("figure2_collapse", "--right", right).stdout
        assert row(output, "discriminator alone")[:2] == ["23", "-"], output
        for name, steps in known.items():
            assert tuple(map(int, row(output, name)[:2])) == steps, output
        close(constant(output, "best"), 0.239663732643500286, 1e-7)  # eight digits are printed
        assert float(row(output, "optimal")[4]) < 0.05 < 0.3 < float(row(output, "unrolled")[4])


@check
def figure_2_follows_the_equations():
    run("figure2_collapse", "--csv", "runs.csv")
    target, start = (-2, 2), [-1, 2.5, -1, 0.2, 1, 2.5]
    points, distances = path("runs.csv", "dynamics", "first_order")
    assert len(points) == 3001 and points[0] == start
    for ours, theirs in zip(points, first_order(start, target, 0.3, 300)):
        assert all(abs(a - b) < 1e-12 for a, b in zip(ours, theirs)), (ours, theirs)
    assert points[100] == points[-1] and abs(distances[0] - 0.239663732643500286) < 1e-14
    # Alone, the discriminator's right interval ends between two zeros of F; the best one has the left tail, too.
    alone, _ = path("runs.csv", "dynamics", "discriminator")
    assert all(point[:2] == start[:2] for point in alone)
    assert abs(alone[-1][4] - 0.659259989470465888) < 1e-12 and abs(alone[-1][5] - 2.23939514885478359) < 1e-12
    best, _ = path("runs.csv", "dynamics", "optimal")
    assert best[0][2] == -math.inf and abs(best[0][3] + 1.49788619829811306) < 1e-14
    # A step of the optimal dynamics is down the gradient of total variation: dL/dmu at the best intervals.
    for j in (0, 1):
        slope = sum(density(best[0][end], (start[j], start[j])) * sign / 2 for end, sign in ((3, 1), (4, -1), (5, 1)))
        assert abs(best[1][j] - start[j] + 0.3 * slope) < 1e-14


@check
def figure_2_needs_the_rule_that_closed_intervals_stay_so():
    for rule in ("clip", "signed"):
        output = run("figure2_collapse", "--collapse", rule, code=1).stdout
        assert "NOT as the paper" in output and row(output, "unrolled")[-1] == "BROKEN" and row(output, "unrolled")[1] == "-"
    refuse("figure2_collapse", "--collapse", "free", words=["--collapse", "'free' is not one of freeze|clip|signed"])
    refuse("figure2_collapse", "--collapse", "freeze|clip", words=["'freeze|clip' is not one of"])
    refuse("figure2_collapse", "--right", 2.5, words=["--right", "not to the left of 2.5"])
    run("figure2_collapse", "--steps", 50, code=1)
    for step in (1e-300, 1e5, 1e50, 1e300):
        assert "BROKEN" in run("figure2_collapse", "--step", step, "--steps", 100, code=1).stdout


def best_intervals(mu, target):
    """Where the target's density is above the generator's: signs on a fine grid, ends by bisection."""
    def above(x):
        return density(x, target) > density(x, mu)
    ends, x = [-math.inf] if above(-10) else [], -10.0
    while x < 10:
        if above(x) != above(x + 0.01):
            low, high = x, x + 0.01
            while low < (low + high) / 2 < high:
                low, high = ((low + high) / 2, high) if above((low + high) / 2) == above(x) else (low, (low + high) / 2)
            ends.append(low)
        x += 0.01
    return ends + ([math.inf] if len(ends) % 2 else [])


def optimal_steps(mu, target, step, delta):
    """How many steps of the optimal dynamics lead to total variation delta."""
    def phi(z):
        return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    for count in range(10000):
        ends = best_intervals(mu, target)
        signs = [1 if k % 2 else -1 for k in range(len(ends))]
        total = sum(sign * (math.erf((end - t) / math.sqrt(2)) - math.erf((end - m) / math.sqrt(2))) / 4
                    for sign, end in zip(signs, ends) for t, m in zip(target, mu))
        if total <= delta:
            return count
        mu = [m - step * sum(sign * phi(end - m) / 2 for sign, end in zip(signs, ends)) for m in mu]


@check
def theorem_3_1_counts_the_steps_of_the_optimal_dynamics():
    # The first target and start for delta = 1/5 and C = 1: at the left end, and, for run 1, at the right end.
    run("theorem31_optimal", *QUICK["theorem31_optimal"], "--csv", "steps.csv")
    rows = rows_of("steps.csv")
    assert list(rows[0]) == ["delta", "C", "step_size", "run", "steps"] and len(rows) == 4 * 2 * 4 * 4
    left, right = [-1, -1 + 0.2002], [1 - 0.2002, 1]
    assert rows[0]["steps"] == "0"
    assert int(rows[1]["steps"]) == optimal_steps(right, left, 0.2, 0.2) > 10
    assert int(rows[2]["steps"]) == optimal_steps([-1, 1], left, 0.2, 0.2) > 10


@check
def theorem_3_1_takes_the_time_of_a_crossing():
    # 4 sqrt(2 pi) times the integral of exp(u^2 / 2) from 0 to C, here by its series.
    output = run("theorem31_optimal", "--bound", 2, "--targets", 0, "--starts", 0).stdout
    for delta in (0.2, 0.1, 0.05, 0.02):
        for C in (1, 1.5, 2):
            cells = row(output, f"{delta:<5}  {C:>3}")
            crossing = 4 * math.sqrt(2 * math.pi) * sum(
                C ** (2 * k + 1) / ((2 * k + 1) * 2 ** k * math.factorial(k)) for k in range(60))
            assert abs(float(cells[5]) - crossing) < 0.06, cells
            assert 0.6 < float(cells[4]) / crossing < 2 and cells[-1] == "holds", cells


@check
def theorem_3_1_holds_for_other_seeds_and_shorter_steps():
    for more in (["--seed", 2], ["--seed", 3, "--factor", 0.3], ["--threads", 3]):
        assert "Every start arrives, and stays" in run("theorem31_optimal", *QUICK["theorem31_optimal"], *more).stdout
    one, three = (run("theorem31_optimal", *QUICK["theorem31_optimal"], "--threads", n).stdout for n in (1, 3))
    assert one == three
    output = run("theorem31_optimal", *QUICK["theorem31_optimal"], "--steps", 30, code=1).stdout
    assert "did not arrive within 30 steps, 0 did not stay" in output and "FAILS" in output
    refuse("theorem31_optimal", "--bound", 5.5, words=["--bound", "between 1 and 5"])
    refuse("theorem31_optimal", "--factor", 1.5, words=["--factor", "more than 1"])


@check
def unrolling_helps_and_does_not_suffice():
    run("unrolling", *QUICK["unrolling"], "--csv", "rates.csv")
    rows = rows_of("rates.csv")
    assert [r["unrolled"] for r in rows if r["dynamics"] == "unrolled"] == ["0", "1", "2", "3", "4", "5"]
    assert rows[-1]["dynamics"] == "optimal" and all(r["trials"] == "60" for r in rows)
    z = 1.959963984540054
    for r in rows:  # the ends of Wilson's interval are where |rate - p| = z sqrt(p (1 - p) / n)
        rate, n = int(r["successes"]) / 60, 60
        close(float(r["rate"]), rate)
        for p in (float(r["lower"]), float(r["upper"])):
            assert abs((rate - p) ** 2 - z * z * p * (1 - p) / n) < 1e-12, r
    rates = [float(r["rate"]) for r in rows]
    assert rates[0] < 0.2 and 0.3 < rates[5] < 0.7 and rates[-1] > 0.95


@check
def unrolling_is_the_same_on_any_number_of_threads():
    one, three = (run("unrolling", *QUICK["unrolling"], "--threads", n).stdout for n in (1, 3))
    assert one == three != run("unrolling", *QUICK["unrolling"], "--seed", 2).stdout


@check
def progress_of_many_runs_is_shown_on_a_terminal():
    assert shows("unrolling", words=[b" unrolled: run "])


@check
def unrolling_needs_a_threshold_that_collapse_fails():
    # With the paper's 0.1 taken for total variation itself many first-order runs count as successes; with 1 all do.
    assert "BROKEN" in run("unrolling", *QUICK["unrolling"], "--threshold", 1, code=1).stdout
    first = row(run("unrolling", *QUICK["unrolling"], "--threshold", 0.1).stdout, "0 ")
    assert float(first[1]) > 0.25, first
    # Steps this long end nowhere near the target: no run succeeds, so that no method is seen to do better than another.
    lost = run("unrolling", *QUICK["unrolling"], "--step", 1e300).stdout
    assert "not decided" in lost and "BROKEN" not in lost, lost
    refuse("unrolling", "--draws", 10, words=["--draws", "from 50"])


def arrivals(*options, code=0):
    """Shares of success off the diagonal, by dynamics, on a grid of 11 by 11 with 10 draws each; rows of the CSV."""
    run("figure3_heatmap", "--grid", 11, "--draws", 10, *options, "--csv", "map.csv", code=code)
    rows = rows_of("map.csv")
    assert list(rows[0]) == ["mu1", "mu2", "dynamics", "successes", "trials"] and len(rows) == 3 * 121
    off = [r for r in rows if r["mu1"] != r["mu2"]]
    return {name: sum(int(r["successes"]) for r in off if r["dynamics"] == name) / 1100
            for name in ("first_order", "unrolled", "optimal")}, rows


@check
def figure_3_has_the_rates_that_a_program_in_another_language_has():
    # Of 21 by 21 points with 10 draws each, diagonal included, where nothing succeeds: hence 441 / 420.
    known = [([], 0.051, 0.455), (["--width", 1], 0.055, 0.233), (["--width", 3], 0.040, 0.369),
             (["--interval-law", "normal", "--width", 1], 0.048, 0.409), (["--collapse", "clip"], 0.054, 0.881),
             (["--collapse", "signed"], 0.047, 0.892)]
    for options, first, unrolled in known:
        rates, _ = arrivals(*options, code=int("--collapse" in options))  # the claims are for freeze
        assert rates["optimal"] == 1
        for ours, theirs in ((rates["first_order"], first * 1.05), (rates["unrolled"], unrolled * 1.05)):
            assert abs(ours - theirs) < 4 * math.sqrt(theirs * (1 - theirs) * (1 / 1100 + 1 / 4200)), (options, rates)


@check
def figure_3_shows_the_diagonal_and_the_symmetry():
    rates, rows = arrivals()
    for r in rows:
        assert r["trials"] == "10" and (r["mu1"] != r["mu2"] or r["successes"] == "0"), r
    # mu1 and mu2 may be exchanged: either half has as many successes, but for chance.
    above, below = (sum(int(r["successes"]) for r in rows if r["dynamics"] == "unrolled" and
                        (float(r["mu1"]) < float(r["mu2"])) == side) for side in (True, False))
    assert abs(above - below) < 4 * math.sqrt(1100 * rates["unrolled"] * (1 - rates["unrolled"])), (above, below)


@check
def figure_3_needs_a_threshold_that_collapse_fails():
    # Collapsed onto (0, 0) the generator is at 0.058 < 0.1, so that optimal dynamics would succeed everywhere.
    _, rows = arrivals("--threshold", 0.1, code=1)
    assert all(r["successes"] == "10" for r in rows if r["dynamics"] == "optimal")
    one, three = (run("figure3_heatmap", *QUICK["figure3_heatmap"], "--threads", n).stdout for n in (1, 3))
    assert one == three != run("figure3_heatmap", *QUICK["figure3_heatmap"], "--seed", 2).stdout
    assert "BROKEN" in run("figure3_heatmap", *QUICK["figure3_heatmap"], "--steps", 10, code=1).stdout
    # 12 draws off the diagonal: even with no success among them Wilson's interval reaches over the margin of 0.2.
    output = run("figure3_heatmap", "--grid", 3, "--draws", 2, "--steps", 1500).stdout
    assert row(output, "first order")[-2:] == ["not", "decided"] and "BROKEN" not in output, output
    refuse("figure3_heatmap", "--grid", 1, words=["--grid", "from 2"])
    refuse("figure3_heatmap", "--interval-law", "gauss", words=["--interval-law", "'gauss' is not one of uniform|normal"])


if __name__ == "__main__":
    main()
