#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""consumer.py SOURCE BUILD -- do outside programs build against an installed libgamedyn, and run?

Installs into a stage of its own, then builds and runs there: a C program through pkg-config (shared,
with libgamedyn.a, and wholly static), a C++ program through CMake, a C program with the library as a
Meson subproject.  Needs nothing of the build but its `meson install`.
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
HERE = SOURCE / "tests" / "consumer"
CC = shlex.split(os.environ.get("CC", "cc"))


class Failure(Exception):
    pass


def run(*command, **environment):
    """Run a command in words; its output, or Failure with what it said."""
    words = [str(word) for word in command]
    clean = {name: value for name, value in os.environ.items() if name not in ("DESTDIR", "MALLOC_PERTURB_")}
    done = subprocess.run(words, env=dict(clean, **environment), text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Failure(f"{shlex.join(words)}\nended with {done.returncode}\n{done.stdout}")
    return done.stdout


def pkg_config(prefix, *options):
    pc = next(prefix.rglob("gamedyn.pc"))
    return shlex.split(run("pkg-config", *options, "gamedyn", PKG_CONFIG_PATH=str(pc.parent)))


def c_shared(folder, prefix):
    program = folder / "shared"
    libdir = pkg_config(prefix, "--variable=libdir")[0]
    run(*CC, "-std=c99", "-o", program, HERE / "program.c", *pkg_config(prefix, "--cflags", "--libs"), "-lm",
        f"-Wl,-rpath,{libdir}")
    run(program)
    if "libgamedyn.so.0" not in run("ldd", program):
        raise Failure("the program does not use libgamedyn.so.0")


def c_archive(folder, prefix):
    """In a moved installation without the shared library, the --static line links libgamedyn.a."""
    moved = folder / "moved"
    shutil.copytree(prefix, moved, ignore=shutil.ignore_patterns("*.so*"))
    program = folder / "archive"
    run(*CC, "-std=c99", "-o", program, HERE / "program.c", *pkg_config(moved, "--static", "--cflags", "--libs"))
    run(program)
    if "libgamedyn" in run("ldd", program):
        raise Failure("the program still uses the shared library")


def c_static(folder, prefix):
    program = folder / "static"
    run(*CC, "-std=c99", "-static", "-o", program, HERE / "program.c",
        *pkg_config(prefix, "--static", "--cflags", "--libs"))
    run(program)


def cpp_cmake(folder, prefix):
    run("cmake", "-S", HERE / "cmake", "-B", folder / "cmake", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", folder / "cmake")
    run(folder / "cmake" / "program")


def c_subproject(folder, _prefix):
    project = folder / "project"
    shutil.copytree(HERE / "subproject", project)
    shutil.copy(HERE / "program.c", project)
    (project / "subprojects").mkdir()
    os.symlink(SOURCE, project / "subprojects" / "gamedyn")
    run("meson", "setup", folder / "built", project)
    run("meson", "compile", "-C", folder / "built")
    run(folder / "built" / "program")


def main():
    failed = 0
    checks = [c_shared, c_archive, c_static, cpp_cmake, c_subproject]
    with tempfile.TemporaryDirectory(prefix="gamedyn-consumer-") as name:
        stage = pathlib.Path(name) / "stage"
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", stage)
        prefix = next(stage.rglob("include")).parent
        for check in checks:
            folder = pathlib.Path(name, check.__name__)
            folder.mkdir()
            try:
                check(folder, prefix)
            except Failure as failure:
                failed += 1
                print(f"{check.__name__}: {failure}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
