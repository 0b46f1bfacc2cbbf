# SPDX-License-Identifier: BSD-3-Clause
"""What programs print and write arrives, or they say that it did not: full disks, closed pipes, two outputs of one name,
a gnuplot that fails, names that are commands.

With GAMEDYN_TESTS=full every program does its work under every fault; else they print their help, and a few work."""
import os
import pathlib
import resource
import shutil
import signal
import subprocess

from harness import FOLDER, check, diagonal, main, refuse, run

MOONS = pathlib.Path(__file__).resolve().parents[2] / "examples" / "data" / "two_moons.csv"
SMALL = ["--size", 2, "--steps", 100]
WORK = {
    "analyze": ["--model", "bilinear", *SMALL], "corollary1_lower_bound": SMALL, "figure1_bilinear": SMALL,
    "theorem1_simultaneous": SMALL, "theorem3_optimistic": SMALL, "theorem4_predictive": SMALL,
    "theorem5_implicit": SMALL, "theorem6_consensus": SMALL,
    "covariance_learning": ["--quick", "--seeds", 1, "--steps", 4, "--every", 2, "--batch", 4],
    "mixture_learning": ["--quick", "--seeds", 1, "--steps", 2, "--every", 1, "--batch", 8],
    "mog_consensus": ["--quick", "--steps", 40, "--batch", 8, "--batches", 0],
    "mog_regularised": ["--quick", "--steps", 20, "--batch", 8, "--width", 4, "--latent", 2, "--unrolled", 1],
    "own_gan": [MOONS, "--quick", "--generator-units", 4, "--discriminator-units", 3, "--steps", 20, "--products", 20],
    "gmm_distance": [-1, 2.5, -2, 2], "figure1_behaviours": [], "figure2_collapse": [],
    "figure3_heatmap": ["--grid", 3, "--draws", 2, "--steps", 100],
    "theorem31_optimal": ["--bound", 1.5, "--targets", 1, "--starts", 1],
    "unrolling": ["--draws", 50, "--steps", 100, "--most", 5],
    "figure1_eigenvalues": [], "figure3_streamlines": ["--time", 5, "--starts", 3],
    "lemma4_step_size": ["--eigenvalues", 50], "lemma9_consensus_ratio": ["--games", 20],
    "li_statements": ["--instances", 50], "liang_statements": ["--instances", 50],
    "mescheder_statements": ["--instances", 50], "nagarajan_statements": ["--instances", 50],
    "theorem31_gan_rates": ["--games", 20], "theorem32_regularised": ["--games", 1], "wgan_cycles": ["--turns", 2]}
WORK["gamedyn-analyze"] = WORK["analyze"]
FULL = os.environ.get("GAMEDYN_TESTS") == "full"
TRIED = list(WORK) if FULL else ["gmm_distance"]


def outcome(program, *arguments, stdout, before=None, environment=None):
    """Exit code and what was said to stderr."""
    done = subprocess.run([FOLDER / program, *map(str, arguments)], stdout=stdout, stderr=subprocess.PIPE, text=True,
                          preexec_fn=before, timeout=1500, env=dict(os.environ, **(environment or {})))
    return done.returncode, done.stderr


def assert_lost(program, *arguments, words, stdout, before=None):
    code, said = outcome(program, *arguments, stdout=stdout, before=before)
    assert code == 2 and said.startswith(f"{program}: ") and words in said, (program, arguments, code, said)


def small_files():
    """As on a disk that is full after 300 bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))


def close_stdout():
    os.close(1)


@check
def every_program_is_here():
    programs = {path.name for path in FOLDER.iterdir() if path.is_file() and os.access(path, os.X_OK)}
    assert set(WORK) == programs, set(WORK) ^ programs


@check
def help_that_is_lost_is_no_success():
    for program in WORK:
        with open("/dev/full", "w") as full, open("printed", "w") as printed:
            lost = "what was printed was not written in full: "
            assert_lost(program, "--help", words=lost + "No space left", stdout=full)
            assert_lost(program, "--help", words=lost + "File too large", stdout=printed, before=small_files)
        assert_lost(program, "--help", words=lost + "Bad file descriptor", stdout=None, before=close_stdout)


@check
def results_that_are_lost_are_no_success():
    for program in TRIED:
        with open("/dev/full", "w") as full, open("printed", "w") as printed:
            assert_lost(program, *WORK[program], words="not written in full", stdout=full)
            assert_lost(program, *WORK[program], words="not written in full", stdout=printed, before=small_files)


@check
def a_reader_that_goes_away_is_no_success():
    for program in TRIED:
        for arguments in (["--help"], WORK[program]):
            reading, writing = os.pipe()
            os.close(reading)
            code, _ = outcome(program, *arguments, stdout=writing)
            os.close(writing)
            assert code in (2, -signal.SIGPIPE), (program, arguments, code)


@check
def files_that_are_lost_are_no_success():
    for program in TRIED:
        assert_lost(program, *WORK[program], "--csv", "/dev/full", words="/dev/full was not written in full",
                    stdout=subprocess.DEVNULL)
        if shutil.which("gnuplot"):
            os.symlink("/dev/full", "full.svg")
            assert_lost(program, *WORK[program], "--plot", "full.svg", words="full.svg was not written in full",
                        stdout=subprocess.DEVNULL)
            os.unlink("full.svg")
            assert_lost(program, *WORK[program], "--plot", "a.svg", words="--plot", stdout=subprocess.DEVNULL,
                        before=small_files)
            assert not pathlib.Path("a.svg").exists()
    assert_lost("analyze", *WORK["analyze"], "--json", "a.json", words="a.json was not written in full",
                stdout=subprocess.DEVNULL, before=small_files)


@check
def what_is_printed_does_not_get_into_files():
    # The first file opened would have the number of a closed standard output.
    run("analyze", *WORK["analyze"], "--csv", "right.csv")
    assert_lost("analyze", *WORK["analyze"], "--csv", "a.csv", words="not written in full", stdout=None, before=close_stdout)
    assert pathlib.Path("a.csv").read_bytes() == pathlib.Path("right.csv").read_bytes()


@check
def two_outputs_of_one_file_are_refused():
    pathlib.Path("there.svg").write_text("")
    os.link("there.svg", "linked.svg")
    os.symlink("there.svg", "pointing.svg")
    for csv, plot in (("a.svg", "a.svg"), ("./a.svg", "a.svg"), ("there.svg", "linked.svg"), ("pointing.svg", "there.svg")):
        for program in ("analyze", "gmm_distance", "own_gan"):
            refuse(program, *WORK[program], "--csv", csv, "--plot", plot, words=["the file of --", "two files"])
    assert not pathlib.Path("a.svg").exists()
    refuse("analyze", *WORK["analyze"], "--json", "a", "--csv", "a", words=["a is the file of --"])
    C = diagonal("C.mtx", 1, 2)
    before = pathlib.Path(C).read_text()
    refuse("analyze", "--matrix", C, "--csv", f"./{C}", words=["--csv: ./C.mtx is the file of --matrix too"])
    assert pathlib.Path(C).read_text() == before
    run("analyze", *WORK["analyze"], "--csv", "/dev/null", "--json", "/dev/null")


@check
def a_refusal_leaves_no_empty_files():
    refuse("analyze", *WORK["analyze"], "--csv", "a.csv", "--json", "no/such/a.json", words=["no/such/a.json"])
    refuse("analyze", "--csv", "a.csv", "--matrix", "missing.mtx", words=["missing.mtx"])
    assert list(pathlib.Path(".").iterdir()) == []


def fake_gnuplot(text):
    os.makedirs("bin", exist_ok=True)
    program = pathlib.Path("bin/gnuplot")
    program.write_text("#!/bin/sh\n" + text)
    program.chmod(0o755)
    return {"PATH": f"{os.path.abspath('bin')}:{os.environ['PATH']}"}


@check
def a_gnuplot_that_does_not_draw_is_noticed():
    half = "cat >/dev/null; printf '<?xml version=\"1.0\"?><svg><path/>'; printf '%100s' ' '"
    for program in TRIED:
        for text, words in (("cat >/dev/null", "drew no whole picture"), ("cat >/dev/null; exit 3", "could not draw"),
                            ("exit 0", "--plot"), (half, "drew no whole picture"), ("kill -9 $$", "could not draw")):
            refuse(program, *WORK[program], "--plot", "a.svg", words=[words], environment=fake_gnuplot(text))
            assert not pathlib.Path("a.svg").exists(), (program, text)


@check
def names_of_pictures_are_never_commands():
    if not shutil.which("gnuplot"):
        return
    os.mkdir("room")
    os.chdir("room")
    for name in ("|touch hacked #.svg", "<touch hacked #.svg", "-.svg", "-e x.svg", "it's \"said\".svg", "two\nlines.svg",
                 "$(touch hacked).svg", "`touch hacked`.svg", "a;touch hacked;.svg", "'.svg", "\".svg", "~.svg", "%d.svg",
                 "\\.svg", "' . system('touch hacked') . '.svg", "\xe9.svg"):
        command = [FOLDER / "gmm_distance", *map(str, WORK["gmm_distance"]), "--plot", name]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", (name, done)
        assert os.listdir(".") == [name], (name, os.listdir("."))
        assert pathlib.Path(name).read_text().rstrip().endswith("</svg>"), name
        os.unlink(name)


@check
def names_of_files_to_read_are_never_commands():
    # A title has the name of the file.
    if not shutil.which("gnuplot"):
        return
    for name in ("$(touch hacked) `touch hacked`.mtx", "|touch hacked.mtx", "' ; system('touch hacked')\n! touch hacked\n.mtx"):
        C = diagonal(name, 1, 2)
        done = subprocess.run([FOLDER / "theorem4_predictive", "--matrix", C, "--steps", "10", "--plot", "a.svg"],
                              capture_output=True, text=True)
        assert done.returncode in (0, 1) and done.stderr == "", (name, done)  # 1: ten steps do not arrive
        assert pathlib.Path("a.svg").read_text().rstrip().endswith("</svg>"), name
    assert not pathlib.Path("hacked").exists()


if __name__ == "__main__":
    main()
