#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fuzz.py SOURCE BUILD TARGET=FILE,FILE... -- let each libFuzzer target search for SECONDS seconds.

SOURCE is tests/fuzz, BUILD the folder of the programs fuzz_TARGET.  The environment gives SECONDS_EACH (60) and TARGETS (all).
What a target has found of interest stays in BUILD/found/TARGET and is the start of its next search.  An input that
crashes is kept as BUILD/crash/TARGET-*: it belongs into corpus/TARGET, where the ordinary suite replays it.
For each target one row: executions, executions a second, inputs kept, and line coverage of its FILEs.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

ROW = "{:<16} {:>13} {:>9} {:>7}  {}"


def search(program, seeds, found, crash, seconds):
    """(executions, succeeded) of one search."""
    command = [program, found, seeds, f"-max_total_time={seconds}", f"-artifact_prefix={crash}-", "-print_final_stats=1",
               "-timeout=60", "-rss_limit_mb=2048", "-verbosity=1"]
    environment = dict(os.environ, LLVM_PROFILE_FILE="/dev/null", OPENBLAS_NUM_THREADS="1",
                       ASAN_OPTIONS="allocator_may_return_null=1")
    done = subprocess.run(list(map(str, command)), stderr=subprocess.PIPE, text=True, errors="replace", env=environment)
    executions = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    if done.returncode:
        print(done.stderr[-4000:])
    return int(executions.group(1)) if executions else 0, done.returncode == 0


def coverage(program, inputs, profile, files):
    """Lines covered of each file by all inputs, as words."""
    raw, merged = profile.with_suffix(".raw"), profile.with_suffix(".data")
    environment = dict(os.environ, LLVM_PROFILE_FILE=str(raw), OPENBLAS_NUM_THREADS="1")
    subprocess.run([program, "-runs=0", *inputs], stderr=subprocess.DEVNULL, env=environment, check=False)
    subprocess.run(["llvm-profdata", "merge", "-o", merged, raw], check=True)
    report = subprocess.run(["llvm-cov", "export", "-summary-only", f"-instr-profile={merged}", program],
                            stdout=subprocess.PIPE, text=True, check=True)
    measured = {entry["filename"]: entry["summary"]["lines"] for entry in json.loads(report.stdout)["data"][0]["files"]}
    shares = []
    for file in files:
        lines = [found for name, found in measured.items() if name.endswith(file)]
        shares.append(f"{file} {lines[0]['percent']:.0f} %" if lines else f"{file} not compiled in")
    return ", ".join(shares)


def main():
    source, build = map(pathlib.Path, sys.argv[1:3])
    seconds = int(os.environ.get("SECONDS_EACH", "60"))
    wanted = os.environ.get("TARGETS", "").split()
    failed = 0
    print(ROW.format("target", "executions", "a second", "inputs", "lines covered"), flush=True)
    for argument in sys.argv[3:]:
        name, files = argument.split("=")
        if wanted and name not in wanted:
            continue
        seeds, found, crash = source / "corpus" / name, build / "found" / name, build / "crash" / name
        found.mkdir(parents=True, exist_ok=True)
        crash.parent.mkdir(exist_ok=True)
        program = build / f"fuzz_{name}"
        executions, succeeded = search(program, seeds, found, crash, seconds)
        failed += not succeeded
        covered = coverage(program, [found, seeds], build / name, files.split(","))
        print(ROW.format(name, executions, executions // max(seconds, 1), len(list(found.iterdir())),
                         covered + ("" if succeeded else "  FAILED: see the crash folder")), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
