# SPDX-License-Identifier: BSD-3-Clause
"""shared_objects.py PROGRAMS OBJECTS SOURCE LIBRARY COMPILER... -- games of one's own in shared objects, `analyze --game`."""
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys

from harness import analyze, check, close, main, matrix, refuse, run

OBJECTS, SOURCE, LIBRARY = (pathlib.Path(word).resolve() for word in sys.argv[2:5])
COMPILER = sys.argv[5:]
WITH_SOLUTION, PLAIN = OBJECTS / "mine_with_solution.so", OBJECTS / "mine.so"


def is_analysed_rightly(result):
    """J = [-1 -2; 2 -1] (see mine.c) has -1 +- 2i.  |1 + h lambda|^2 = 1 - 2 h + 5 h^2: below 1 for h < 2/5, least at
    h = 1/5 with 4/5."""
    assert result["n"] == 2 and result["blocks"] == [1, 1]
    assert result["kind"] == "stable_nash" and result["class"] == "stable_nash"
    for (re_part, im_part), sign in zip(sorted(result["eigenvalues"]), (-1, 1)):
        close(re_part, -1, 1e-6)
        close(im_part, 2 * sign, 1e-6)
    method = result["by_name"]["simultaneous"]
    close(method["largest_stable_step"], 0.4, 1e-6)
    close(method["fastest_step"], 0.2, 1e-6)
    close(method["rate"], 2 / math.sqrt(5), 1e-6)
    assert method["steps_measured"] > 0


@check
def a_game_is_analysed_at_the_solution_it_states():
    result = analyze("--game", WITH_SOLUTION)
    assert result["point"] == "solution" and result["x"] == [1, -2] and result["gradient_norm"] == 0
    is_analysed_rightly(result)
    assert 'game "mine" from mine_with_solution.so, 2 variables' in run("analyze", "--game", WITH_SOLUTION).stdout


@check
def a_game_without_a_solution_is_analysed_where_one_says():
    result = analyze("--game", PLAIN, "--find")
    assert result["point"] == "found"
    close(result["x"][0], 1, 1e-9)
    close(result["x"][1], -2, 1e-9)
    is_analysed_rightly(result)
    result = analyze("--game", PLAIN, "--at", matrix("point.mtx", [[1.0], [-2.0]]))
    assert result["point"] == "given"
    is_analysed_rightly(result)
    # v(0, 0) = (1 + 1 - 4, -2 - 2 - 8) = (-2, -12), of norm sqrt(148); rates are about stationary points
    result = analyze("--game", PLAIN, "--at", matrix("zero.mtx", [[0.0], [0.0]]))
    assert result["methods"] == [] and result["kind"] == "not_stationary"
    close(result["gradient_norm"], math.sqrt(148))
    refuse("analyze", "--game", PLAIN, words=["--game", "mine.so states no solution", "--at FILE or --find"])


@check
def a_name_without_a_slash_is_a_file_of_the_working_folder():
    shutil.copy(WITH_SOLUTION, "mine.so")
    shutil.copy(WITH_SOLUTION, "libm.so.6")
    for name in ("mine.so", "./mine.so", os.path.abspath("mine.so"), "libm.so.6"):
        is_analysed_rightly(analyze("--game", name))
    refuse("analyze", "--game", "libc.so.6", words=["--game: cannot read ./libc.so.6: No such file"])


@check
def what_is_no_game_is_refused_in_words():
    pathlib.Path("mine.c").write_text("int x;\n")
    pathlib.Path("empty.so").write_text("")
    refuse("analyze", "--game", "no/such/mine.so", words=["--game", "no/such/mine.so", "No such file or directory"])
    refuse("analyze", "--game", "mine.c", words=["--game: ./mine.c", "a shared object was expected", "cc -shared -fPIC"])
    refuse("analyze", "--game", "empty.so", words=["--game: ./empty.so", "a shared object was expected"])
    refuse("analyze", "--game", ".", words=["--game: ./.", "a shared object was expected"])
    refuse("analyze", "--game", OBJECTS / "mine_without_create.so",
           words=["mine_without_create.so has no function create", "gd_status create(gd_game **game) was expected"])
    refuse("analyze", "--game", OBJECTS / "mine_with_failure.so",
           words=["mine_with_failure.so failed: the data are not here, expected them in data.csv"])
    refuse("analyze", "--game", OBJECTS / "mine_without_game.so", words=["returned GD_OK and made no game"])
    refuse("analyze", "--game", WITH_SOLUTION, "--model", "bilinear", words=["only one of", "--game"])
    refuse("analyze", "--game", WITH_SOLUTION, "--start", matrix("three.mtx", [[1.0]] * 3), words=["--start", "3 by 1"])


@check
def a_function_of_a_library_that_the_object_needs_is_not_its_own():
    # other.so has no create(); mine.so, which it needs, has one
    pathlib.Path("other.c").write_text("int other(void) { return 0; }\n")
    shutil.copy(PLAIN, "mine.so")
    subprocess.run([*COMPILER, "-shared", "-fPIC", "other.c", "-o", "other.so", "-Wl,--no-as-needed", "./mine.so",
                    f"-Wl,-rpath,{LIBRARY.parent}", f"-Wl,-rpath-link,{LIBRARY.parent}"], check=True)
    refuse("analyze", "--game", "other.so", words=["other.so has no function create"])


@check
def the_page_from_a_game_to_an_answer_is_a_game_too():
    # At 0 the page's game has J = [-1 -3; 3 -1/4]: trace -5/4, determinant 37/4, and so the pair
    # -5/8 +- i sqrt(37/4 - 25/64).  Simultaneous steps are stable below 2 (5/8) / (37/4) = 5/37.
    blocks = re.findall(r"^```c\n(.*?)^```$", (SOURCE / "docs" / "answers.md").read_text(), re.MULTILINE | re.DOTALL)
    pathlib.Path("page.c").write_text("\n".join(blocks))
    subprocess.run([*COMPILER, f"-I{SOURCE / 'include'}", "-shared", "-fPIC", "page.c", "-o", "page.so", str(LIBRARY),
                    f"-Wl,-rpath,{LIBRARY.parent}"], check=True)
    result = analyze("--game", "./page.so", "--find", "--radius", 0.1)
    assert max(map(abs, result["x"])) < 1e-9, result["x"]
    for re_part, im_part in result["eigenvalues"]:
        close(re_part, -5 / 8, 1e-6)
        close(abs(im_part), math.sqrt(37 / 4 - 25 / 64), 1e-6)
    close(result["by_name"]["simultaneous"]["largest_stable_step"], 5 / 37, 1e-6)


if __name__ == "__main__":
    main()
