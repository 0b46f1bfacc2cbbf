# SPDX-License-Identifier: BSD-3-Clause
"""The folders of --state: tables that were damaged, files that were lost, two programs at the same time, faults."""
import os
import pathlib
import random
import shutil
import subprocess
import time

from harness import FOLDER, check, main, refuse, run

QUICK = ["--methods", "sga", "--seeds", 1, "--steps", 4, "--every", 2, "--batch", 4, "--threads", 1]
PROGRAM = "covariance_learning"
TABLE = pathlib.Path("state/sga-1.csv")
POINT = pathlib.Path("state/sga-1.checkpoint")


def begin():
    """A whole run's state; returns its table's lines: settings, names, steps 0, 2 and 4."""
    shutil.rmtree("state", ignore_errors=True)
    run(PROGRAM, *QUICK, "--state", "state")
    lines = TABLE.read_text().splitlines(True)
    assert len(lines) == 5 and [line.split(",")[0] for line in lines[2:]] == ["0", "2", "4"], lines
    return lines


def goes_on():
    run(PROGRAM, *QUICK, "--state", "state")


def refused(text, *words):
    """With this table: the program says why not, and changes nothing."""
    point = POINT.read_bytes()
    TABLE.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = TABLE.read_bytes()
    refuse(PROGRAM, *QUICK, "--state", "state", words=["--state", *words])
    assert TABLE.read_bytes() == before and POINT.read_bytes() == point, words


@check
def damaged_tables_are_refused_with_file_and_line():
    lines = begin()
    settings, names, start, middle, end = lines
    value = middle.rstrip().split(",")[1]

    def with_row(row):
        return settings + names + start + row + end

    for row, words in ((middle.replace("2,", "3,", 1), "expected step 2"),
                       (middle.replace("2,", "2 ,", 1), "expected step 2"), (middle.replace("2,", "+2,", 1), "expected step 2"), (end + middle, "expected step 2"),
                       ("2,nan\n", "a finite number"), ("2,inf\n", "a finite number"), ("2,1e999\n", "a finite number"),
                       ("2,0x1p3\n", "a finite number"), ("2, 1\n", "a finite number"), ("2,\n", "a finite number"),
                       ("2\n", "expected step 2"),
                       ("2,1x\n", "no more columns"), ("2,x\n", "a finite number"), (f"2,{value},1\n", "no more columns"),
                       (f"2,{value} \n", "no more columns"), ("\n", "expected step 2"), (f"2,{value}\r\n", "no more columns")):
        refused(with_row(row), "state/sga-1.csv:4: ", words)
    refused(settings + names + start + middle + end + end, "state/sga-1.csv:6: ", "no more rows")
    refused("".join(lines).rstrip("\n"), "state/sga-1.csv:5: ", "a whole line")
    refused("".join(lines).replace("0,", "0,\0", 1).encode(), "zero bytes")
    refused(settings + "step,distances\n" + start, "is of other columns")
    refused(settings, "state/sga-1.csv:2: the file ends")
    refused(b"", "state/sga-1.csv:1: the file ends")
    refused(names + start, "state/sga-1.csv:1: ", "expected settings")
    refused(settings + names + start, "is at step 4, of which")
    TABLE.write_text("".join(lines))
    goes_on()


@check
def a_lost_file_does_not_begin_the_run_again():
    lines = begin()
    point = POINT.read_bytes()
    TABLE.unlink()
    refuse(PROGRAM, *QUICK, "--state", "state", words=["sga-1.checkpoint is there without state/sga-1.csv"])
    TABLE.write_text("".join(lines[:2]))
    refuse(PROGRAM, *QUICK, "--state", "state", words=["sga-1.checkpoint is there without state/sga-1.csv"])
    assert POINT.read_bytes() == point
    TABLE.write_text("".join(lines))
    POINT.unlink()
    refuse(PROGRAM, *QUICK, "--state", "state", words=["sga-1.csv is there without state/sga-1.checkpoint"])
    assert TABLE.read_text() == "".join(lines)
    POINT.write_bytes(point[:-1])
    refuse(PROGRAM, *QUICK, "--state", "state", words=["--state", "sga-1.checkpoint", "truncated"])
    POINT.write_bytes(point)
    goes_on()


@check
def the_second_program_in_a_folder_refuses():
    begin()
    script = ("import fcntl, sys, time\nfile = open('state/lock', 'r+')\nfcntl.flock(file, fcntl.LOCK_EX)\n"
              "print('locked', flush=True)\nsys.stdin.read()\n")
    with subprocess.Popen(["python3", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "locked\n"
        refuse(PROGRAM, *QUICK, "--state", "state", words=["--state state: another program is at work in this folder"])
        other.stdin.close()
    goes_on()


@check
def two_programs_at_once_leave_one_result():
    whole = "".join(begin())
    shutil.rmtree("state")
    command = [str(word) for word in (FOLDER / PROGRAM, *QUICK, "--state", "state")]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) for _ in range(2)]
    words = [process.communicate()[1] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 0], [0, 2]), (codes, words)  # the first may have ended before the second began
    assert codes == [0, 0] or any("another program is at work" in text for text in words), words
    assert TABLE.read_text() == whole
    assert sorted(path.name for path in pathlib.Path("state").iterdir()) == ["lock", "sga-1.checkpoint", "sga-1.csv"]


@check
def leftovers_of_a_killed_program_are_replaced():
    whole = "".join(begin())
    shutil.rmtree("state")
    os.mkdir("state")
    pathlib.Path("state/sga-1.csv.new").write_text("half")
    pathlib.Path("state/sga-1.checkpoint.gdnew0").write_text("half")
    goes_on()
    assert TABLE.read_text() == whole
    assert sorted(path.name for path in pathlib.Path("state").iterdir()) == ["lock", "sga-1.checkpoint", "sga-1.csv"]


@check
def a_program_that_is_killed_at_any_moment_goes_on_bit_for_bit():
    long = ["--methods", "sga", "--seeds", 1, "--steps", 200, "--every", 1, "--batch", 4, "--threads", 1]
    command = [str(word) for word in (FOLDER / PROGRAM, *long, "--state", "state")]
    run(PROGRAM, *long, "--state", "whole")
    whole = pathlib.Path("whole/sga-1.csv").read_bytes()
    lucky = random.Random(1)
    for _ in range(100 if os.environ.get("GAMEDYN_TESTS") == "full" else 5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(lucky.random() * 0.05)
        process.kill()
        process.wait()
        if len(list(pathlib.Path("state").glob("*"))) > 5:  # lock, table, point, and one of each being written
            raise AssertionError(os.listdir("state"))
        if pathlib.Path("state/sga-1.csv").exists() and len(TABLE.read_bytes()) == len(whole):
            shutil.rmtree("state")
    run(PROGRAM, *long, "--state", "state")
    assert TABLE.read_bytes() == whole
    assert POINT.read_bytes() == pathlib.Path("whole/sga-1.checkpoint").read_bytes()
    assert sorted(path.name for path in pathlib.Path("state").iterdir()) == ["lock", "sga-1.checkpoint", "sga-1.csv"]


@check
def pipes_and_links_do_not_hold_a_program_up():
    begin()
    table = TABLE.read_bytes()
    TABLE.unlink()
    os.mkfifo(TABLE)
    refuse(PROGRAM, *QUICK, "--state", "state", words=["state/sga-1.csv is no regular file"])
    TABLE.unlink()
    TABLE.write_bytes(table)
    POINT.unlink()
    os.mkfifo(POINT)
    refuse(PROGRAM, *QUICK, "--state", "state", words=["sga-1.checkpoint: is no regular file"])
    shutil.rmtree("state")
    os.mkdir("state")
    pathlib.Path("precious").write_text("precious")
    os.symlink("../precious", "state/lock")
    refuse(PROGRAM, *QUICK, "--state", "state", words=["--state: cannot open state/lock"])
    assert pathlib.Path("precious").read_text() == "precious"


if __name__ == "__main__":
    main()
