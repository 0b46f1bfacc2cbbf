#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""consumer.py SOURCE BUILD -- do outside programs build against an installed libgamedyn, and run?

Installs into a stage of its own, then builds and runs there: a C program through pkg-config (shared,
with libgamedyn.a, and wholly static), a C++ program through CMake, a C program with the library as a
Meson subproject.  What a machine has no tool for is left out, in words; `make test` installs them all.
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


def compiler_has(library):
    return pathlib.Path(run(*CC, f"-print-file-name={library}").strip()).is_absolute()


def c_shared(folder, prefix):
    program = folder / "shared"
    libdir = pkg_config(prefix, "--variable=libdir")[0]
    run(*CC, "-std=c99", "-o", program, HERE / "program.c", *pkg_config(prefix, "--cflags", "--libs"),
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
    """Wholly static; Debian's openblas.pc forgets that libgfortran may want libquadmath."""
    quadmath = ["-lquadmath", "-lm"] if compiler_has("libquadmath.a") else []
    program = folder / "static"
    run(*CC, "-std=c99", "-static", "-o", program, HERE / "program.c",
        *pkg_config(prefix, "--static", "--cflags", "--libs"), *quadmath)
    run(program)


def cpp_cmake(folder, prefix):
    libdir = pkg_config(prefix, "--variable=libdir")[0]
    run("cmake", "-S", HERE / "cmake", "-B", folder / "cmake", f"-Dgamedyn_DIR={libdir}/cmake/gamedyn")
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


def has_fortran():
    """Debian's static OpenBLAS wants libgfortran, which comes with gfortran."""
    return compiler_has("libgfortran.a")


def has_cmake():
    return shutil.which("cmake") and shutil.which("c++")


CHECKS = {c_shared: None, c_archive: has_fortran, c_static: has_fortran, cpp_cmake: has_cmake, c_subproject: None}


def outcome(check, folder, prefix):
    """1 for passed, 0 for failed."""
    folder.mkdir()
    try:
        check(folder, prefix)
    except Failure as failure:
        print(f"{check.__name__}: {failure}")
        return 0
    return 1


def main():
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="gamedyn-consumer-") as name:
        stage = pathlib.Path(name) / "stage"
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", stage)
        prefix = next(stage.rglob("include")).parent
        for check, possible in CHECKS.items():
            if possible and not possible():
                print(f"{check.__name__}: left out, {possible.__name__} says no")
            else:
                outcomes.append(outcome(check, pathlib.Path(name, check.__name__), prefix))
    print(f"{sum(outcomes)} passed, {len(outcomes) - sum(outcomes)} failed")
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
