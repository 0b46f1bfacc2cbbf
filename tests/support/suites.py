#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""suites.py BUILD... [--suite NAME] [--programs] [--valgrind] -- build and run the tests of each build folder, and add them up.

Every test program closes with a line "N passed, N failed"; the last line printed here is their
total over all folders.  It exits 1 if anything failed to build or to pass, or if a folder ran no check.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

COUNT = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
VALGRIND = "valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite"
SCRIPTS = ["lint", "abi", "consumer", "examples"]  # suites that are not test programs of the library


def run(command):
    print("+", " ".join(command), flush=True)
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", CK_TIMEOUT_MULTIPLIER="10")  # valgrind takes its time
    return subprocess.run(command, env=environment).returncode == 0


def count(folder, log):
    """(passed, failed) over the runners in the log of a folder's test run; a broken runner counts as a failure."""
    passed = failed = 0
    for line in log.read_text().splitlines() if log.exists() else []:
        runner = json.loads(line)
        counts = [tuple(map(int, found)) for found in COUNT.findall(runner.get("stdout", ""))]
        broken = runner["result"] not in ("OK", "SKIP") and not any(f for _, f in counts)
        if runner["result"] == "SKIP":
            print(f"{folder}: skipped {runner['name']}")
        elif not counts:
            print(f"{folder}: {runner['name']} counted no checks")
        passed += sum(p for p, _ in counts)
        failed += sum(f for _, f in counts) + broken
    return passed, failed


def test(folder, arguments):
    """Build, run and count one folder."""
    command = ["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs"]
    log = pathlib.Path(folder, "meson-logs", "testlog-valgrind.json" if arguments.valgrind else "testlog.json")
    if arguments.suite:
        command += ["--suite", arguments.suite]
    if arguments.programs:
        command += [word for suite in SCRIPTS for word in ("--no-suite", suite)]
    if arguments.valgrind:
        command += ["--wrap", VALGRIND, "--timeout-multiplier", "10"]
    log.unlink(missing_ok=True)
    if not run(["meson", "compile", "-C", folder]):
        return 0, 1
    succeeded = run(command)
    passed, failed = count(folder, log)
    if passed + failed == 0 or (not succeeded and failed == 0):
        print(f"{folder}: " + ("no check ran" if succeeded else "the test run failed"))
        failed += 1
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--suite", help="this suite alone")
    parser.add_argument("--programs", action="store_true", help="only the test programs, without the scripts")
    parser.add_argument("--valgrind", action="store_true", help="under valgrind")
    arguments = parser.parse_args()
    counts = {folder: test(folder, arguments) for folder in arguments.folders}
    for folder, (passed, failed) in counts.items():
        print(f"{folder}: {passed} checks passed, {failed} failed")
    passed, failed = (sum(column) for column in zip(*counts.values()))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
