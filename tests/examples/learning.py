# SPDX-License-Identifier: BSD-3-Clause
"""The programs that train GANs as Liang & Stokes 2019 and Mescheder, Nowozin & Geiger 2017 did, and the state they keep."""
import pathlib
import shutil

from harness import check, drawn, explained, main, refuse, row, rows_of, run, shows

# Each program with arguments that make it quick.
QUICK = {"covariance_learning": ["--quick", "--seeds", 2, "--steps", 60, "--every", 20],
         "mixture_learning": ["--quick", "--steps", 4, "--every", 2, "--batch", 32]}
RING = ["--quick", "--steps", 40, "--batch", 32, "--batches", 0]
WIDE = ["--quick", "--steps", 20, "--batch", 16, "--width", 8, "--latent", 4, "--unrolled", 3]


@check
def the_command_line_is_explained_and_checked():
    for program, quick in QUICK.items():
        explained(program, *quick)
        refuse(program, *quick, "--methods", "sga,xyz", words=["--methods", "'xyz'", "sga, omd, pm, co and iu"])
        refuse(program, *quick, "--methods", "co,sga,co", words=["--methods", "'co' comes twice"])
        refuse(program, *quick, "--step", -1, words=["--step", "-1"])


@check
def every_program_draws_in_every_format():
    for program, quick in QUICK.items():
        drawn(program, *quick)


def measured(program, *arguments):
    run(program, *arguments, "--csv", "measured.csv")
    return rows_of("measured.csv")


@check
def runs_that_are_interrupted_go_on_bit_for_bit():
    for program, quick in QUICK.items():
        whole = measured(program, *quick, "--threads", 2)
        shutil.rmtree("state", ignore_errors=True)
        every = quick[quick.index("--every") + 1]
        run(program, *quick, "--state", "state", "--steps", every)
        short = pathlib.Path("state/sga-1.csv").read_text().splitlines()
        assert len(short) == 4, short  # settings, head, start, one measurement
        assert measured(program, *quick, "--state", "state", "--threads", 1) == whole, program
        # one run that was killed before its first checkpoint, when its table had the row of the start
        pathlib.Path("state/co-1.checkpoint").unlink()
        table = pathlib.Path("state/co-1.csv")
        table.write_text("".join(table.read_text().splitlines(True)[:3]))
        assert measured(program, *quick, "--state", "state") == whole, program


@check
def a_ring_is_learnt_in_pieces_too():
    explained("mog_consensus", *RING)
    drawn("mog_consensus", *RING)
    refuse("mog_consensus", "--steps", 100, words=["--steps", "100", "multiple of 40"])
    whole = measured("mog_consensus", *RING, "--seeds", 2)
    assert {line["run"] for line in whole} == {f"{method}-1" for method in ("simultaneous", "consensus")}
    run("mog_consensus", *RING, "--state", "ring")
    # back to where it was after 20 steps: kept points must be there for the picture, and are made anew
    shutil.copy("ring/consensus-1.20.checkpoint", "ring/consensus-1.checkpoint")
    assert measured("mog_consensus", *RING, "--state", "ring", "--plot", "a.svg") == whole
    pathlib.Path("ring/simultaneous-1.10.checkpoint").unlink()
    refuse("mog_consensus", *RING, "--state", "ring", words=["simultaneous-1.10.checkpoint"])


@check
def penalised_and_unrolled_generators_are_trained_beside_a_plain_one():
    explained("mog_regularised", *WIDE)
    drawn("mog_regularised", *WIDE)
    refuse("mog_regularised", "--steps", 100, words=["--steps", "100", "multiple of 70"])
    whole = measured("mog_regularised", *WIDE, "--seeds", 2)
    assert {line["run"] for line in whole} == {f"{which}-1" for which in ("conventional", "regularised", "unrolled")}
    run("mog_regularised", *WIDE, "--state", "wide")
    shutil.copy("wide/unrolled-1.4.checkpoint", "wide/unrolled-1.checkpoint")
    assert measured("mog_regularised", *WIDE, "--state", "wide") == whole
    # all start alike, and go different ways
    ways = {which: [line["w1"] for line in whole if line["run"].startswith(which)] for which in ("conv", "reg", "unr")}
    assert len({way[0] for way in ways.values()}) == 1 and len({way[-1] for way in ways.values()}) == 3, ways
    text = run("mog_regularised", *WIDE[3:], "--steps", 70, "--seeds", 1, "--step", 1e-300, code=1).stdout
    assert text.count("BROKEN") == 2, text  # none is better than another, nor covers anything


@check
def the_spectrum_of_a_field_is_that_of_its_jacobian():
    # 138 + 77 weights: 16 latent numbers and 2 coordinates, four layers of 4, two and one outputs.
    text = run("mog_consensus", *RING[:-1], 1, "--width", 4).stdout
    for name in ("v' before training", "w' before training", "v' after training", "w' after training"):
        assert row(text, name)[0] == "215", text


@check
def what_was_done_is_not_done_again():
    quick = QUICK["covariance_learning"]
    first = measured("covariance_learning", *quick, "--state", "kept")
    stamp = pathlib.Path("kept/pm-1.checkpoint").stat().st_mtime_ns
    assert measured("covariance_learning", *quick, "--state", "kept") == first
    assert pathlib.Path("kept/pm-1.checkpoint").stat().st_mtime_ns == stamp


@check
def a_state_of_other_settings_is_refused():
    quick = QUICK["covariance_learning"]
    run("covariance_learning", *quick, "--state", "other")
    refuse("covariance_learning", *quick, "--state", "other", "--step", 0.01, "--threads", 1,
           words=["--state", "other settings", "step 0.001", "step 0.01"])
    pathlib.Path("file").write_text("no folder\n")
    refuse("covariance_learning", *quick, "--state", "file", words=["--state", "file", "not a folder"])
    pathlib.Path("other/sga-1.csv").write_text("something else\n")
    refuse("covariance_learning", *quick, "--state", "other", "--threads", 1, words=["other/sga-1.csv:1: 'something else', expected settings"])


@check
def all_methods_start_from_the_same_weights_and_each_seed_from_others():
    for program, quick in QUICK.items():
        starts = {}
        for line in measured(program, *quick, "--seeds", 2):
            if line["step"] == "0":
                method, seed = line["run"].split("-")
                starts.setdefault(seed, set()).add(list(line.values())[2])
        assert sorted(starts) == ["1", "2"] and all(len(distances) == 1 for distances in starts.values()), starts
        assert starts["1"] != starts["2"], starts


@check
def what_the_state_keeps_is_what_is_written():
    found = measured("covariance_learning", *QUICK["covariance_learning"], "--methods", "co", "--state", "one")
    tables = [pathlib.Path(f"one/co-{seed}.csv").read_text().splitlines()[2:] for seed in (1, 2)]
    assert [f"{line['step']},{line['distance']}" for line in found] == tables[0] + tables[1]


@check
def claims_are_tested_in_full_runs_only():
    quick = QUICK["covariance_learning"]
    assert "consensus ends closer" not in run("covariance_learning", *quick).stdout
    # without steps all methods are where they started, none closer than another: the claim is broken
    full = ["--seeds", 2, "--steps", 1, "--step", 1e-300]
    text = run("covariance_learning", *full, code=1).stdout
    assert text.count("BROKEN") == 3, text
    assert row(text, "simultaneous")[1] == "2", text


@check
def what_so_few_seeds_cannot_tell_is_not_decided():
    # two runs have no quartiles, by which methods are set apart
    still = ["--methods", "co,sga", "--steps", 1, "--every", 1, "--step", 1e-300, "--batch", 8]
    text = run("mixture_learning", *still, "--seeds", 2).stdout
    assert "not set apart:       not decided by fewer than 4 seeds" in text and "BROKEN" not in text, text


@check
def progress_shows_on_a_terminal_with_the_time_left():
    assert shows("covariance_learning", words=[b"covariance_learning: step", b" left"])


main()
