#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""other_machines.py SOURCE LIBRARY COMPILER... -- random numbers are the same bits on every machine.

What the shared library says here is compared with what its sources say when compiled without a word of 128 bits, as on
i386, and by every cross compiler found, run natively or by qemu-user.  Random123 is header-only and none of these sources
needs a library.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE, LIBRARY = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
CC = sys.argv[3:]
PARTS = [SOURCE / "lib" / name for name in ("random/rng.c", "kernels/normal_kernels.c", "base/error.c")]
FLAGS = ["-std=gnu11", "-O1", "-ffp-contract=off", "-fno-math-errno", "-D_GNU_SOURCE", "-DGDI_CPU=plain", "-Werror"]
PLAIN = "-DWITH_PLAIN_KERNELS"  # bits.c stands in for the kernel table
MACHINES = {  # name: compiler, further flags, what runs the program
    "without 128 bits": (CC, ["-U__SIZEOF_INT128__"], []),
    "i386": (["i686-linux-gnu-gcc"], ["-static", "-msse2", "-mfpmath=sse"], []),
    "s390x": (["s390x-linux-gnu-gcc"], ["-static"], ["qemu-s390x"])}


def said_by(program, *before):
    return subprocess.run([*before, program], check=True, text=True, stdout=subprocess.PIPE).stdout


def build(compiler, output, *words):
    include = ["-I", SOURCE / "include", "-I", SOURCE / "lib", "-idirafter", "/usr/include"]
    subprocess.run([*compiler, *FLAGS, *include, "-o", output, SOURCE / "tests" / "consumer" / "bits.c", *words, "-lm"],
                   check=True)
    return output


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="gamedyn-machines-") as name:
        folder = pathlib.Path(name)
        here = said_by(build(CC, folder / "here", LIBRARY, f"-Wl,-rpath,{LIBRARY.parent}"))
        for machine, (compiler, flags, runner) in MACHINES.items():
            missing = [tool for tool in [compiler[0], *runner] if not shutil.which(tool)]
            if missing:
                print(f"{machine}: left out, there is no {missing[0]}")
                continue
            same = said_by(build(compiler, folder / "there", PLAIN, *flags, *PARTS), *runner) == here
            print(f"{machine}: {'the same bits' if same else 'OTHER BITS'}")
            passed += same
            failed += not same
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
