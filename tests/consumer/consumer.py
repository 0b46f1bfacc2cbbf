#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""consumer.py SOURCE BUILD -- do outside programs build against an installed libgamedyn, and run?

Installs into a stage of its own, then builds and runs there: a C program through pkg-config (shared,
with libgamedyn.a, and wholly static), a C++ program through pkg-config and through CMake (shared and with
libgamedyn.a), a C program with the library as a Meson subproject.  Then looks at what options install and refuse.  What a
machine has no tool for is left out, in words; `make test` installs them all.
"""
import json
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
CXX = shlex.split(os.environ.get("CXX", "c++"))


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
    if "libgamedyn.so.1" not in run("ldd", program):
        raise Failure("the program does not use libgamedyn.so.1")


def c_headers_alone(folder, prefix):
    """The flags to compile with need no other .pc file than ours."""
    pc = next(prefix.rglob("gamedyn.pc"))
    flags = shlex.split(run("pkg-config", "--cflags", "gamedyn", PKG_CONFIG_LIBDIR=str(pc.parent), PKG_CONFIG_PATH=""))
    run(*CC, "-std=c99", "-c", "-o", folder / "program.o", HERE / "program.c", *flags)


def c_archive(folder, prefix):
    """In a moved installation without the shared library, the --static line links libgamedyn.a."""
    moved = without(folder, prefix, "*.so*")
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


def cpp_shared(folder, prefix):
    """gamedyn.hpp as it is installed."""
    program = folder / "shared"
    libdir = pkg_config(prefix, "--variable=libdir")[0]
    run(*CXX, "-std=c++11", "-Wall", "-Wextra", "-Werror", "-o", program, HERE / "cmake" / "program.cpp",
        *pkg_config(prefix, "--cflags", "--libs"), f"-Wl,-rpath,{libdir}")
    run(program)


def with_cmake(folder, prefix, *options):
    """The C++ program of the CMake project, and what it is linked to."""
    package = next(prefix.rglob("gamedynConfig.cmake")).parent
    run("cmake", "-S", HERE / "cmake", "-B", folder / "cmake", f"-Dgamedyn_DIR={package}", *options)
    run("cmake", "--build", folder / "cmake")
    run(folder / "cmake" / "program")
    return run("ldd", folder / "cmake" / "program")


def without(folder, prefix, *patterns):
    moved = folder / "moved"
    shutil.copytree(prefix, moved, ignore=shutil.ignore_patterns(*patterns))
    return moved


def cpp_cmake(folder, prefix):
    if "libgamedyn.so.1" not in with_cmake(folder, without(folder, prefix, "*.a")):
        raise Failure("the program does not use libgamedyn.so.1")


def cpp_cmake_archive(folder, prefix):
    """In an installation without the shared library, and on request in one with both."""
    (folder / "wanted").mkdir()
    for linked in (with_cmake(folder, without(folder, prefix, "*.so*")),
                   with_cmake(folder / "wanted", prefix, "-Dgamedyn_USE_STATIC=ON")):
        if "libgamedyn" in linked:
            raise Failure("the program still uses the shared library")


def cpp_cmake_nothing(folder, prefix):
    """Without a library CMake says so, and names no file that is not there."""
    try:
        with_cmake(folder, without(folder, prefix, "*.so*", "*.a"))
    except Failure as failure:
        if "neither libgamedyn.so nor libgamedyn.a" in " ".join(str(failure).split()):
            return
        raise
    raise Failure("CMake found a library that is not there")


def c_subproject(folder, _prefix):
    project = folder / "project"
    shutil.copytree(HERE / "subproject", project)
    shutil.copy(HERE / "program.c", project)
    (project / "subprojects").mkdir()
    os.symlink(SOURCE, project / "subprojects" / "gamedyn")
    run("meson", "setup", folder / "built", project)
    run("meson", "compile", "-C", folder / "built")
    run(folder / "built" / "program")


def configured(folder, *options):
    """A build folder of the library alone."""
    off = [f"-D{part}=disabled" for part in ("tests", "examples", "bench", "docs")]
    run("meson", "setup", folder, SOURCE, *off, *options)
    return folder


def installed_program(folder, prefix):
    """gamedyn-analyze finds the library in a moved installation, and takes a game of one's own built against it."""
    program = prefix / "bin" / "gamedyn-analyze"
    if not program.exists():
        if "examples=disabled" in options_of_build():
            return
        raise Failure("bin/gamedyn-analyze is not installed")
    moved = without(folder, prefix, "*.a")
    program = moved / "bin" / "gamedyn-analyze"
    names = sorted(path.name for path in program.parent.iterdir())
    if names != ["gamedyn-analyze"] or not (moved / "share" / "man" / "man1" / "gamedyn-analyze.1").is_file():
        raise Failure(f"installed are {names} and no manual page, expected gamedyn-analyze and its page")
    run(*CC, "-shared", "-fPIC", "-DWITH_SOLUTION", "-o", folder / "mine.so", SOURCE / "tests" / "examples" / "mine.c",
        *pkg_config(moved, "--cflags", "--libs"))
    said = run(program, "--game", folder / "mine.so", LD_LIBRARY_PATH="")
    if 'game "mine" from mine.so, 2 variables' not in said:
        raise Failure(f"gamedyn-analyze --game says {said}")


def options_of_build():
    options = json.loads(run("meson", "introspect", "--buildoptions", BUILD))
    return {f"{option['name']}={option['value']}" for option in options}


def example_programs(folder, _prefix):
    """All programs on request, apart from those of the system; without examples none, and no manual page."""
    for options, expected in ((["-Dexamples=enabled", "-Dinstall_examples=true"], True), ([], False)):
        build = configured(folder / str(expected), *options)
        plan = [str(path) for path in json.loads(run("meson", "introspect", "--installed", build)).values()]
        for name in ("libexec/gamedyn/theorem3_optimistic", "bin/gamedyn-analyze", "man1/gamedyn-analyze.1"):
            if any(path.endswith(name) for path in plan) != expected:
                raise Failure(f"with {options} {name} is{' not' if expected else ''} installed")


def default_library(folder, _prefix):
    """Installed is what is asked for; on the way, a BLAS other than OpenBLAS by Debian's alternatives."""
    for kind, expected in (("shared", {"so"}), ("static", {"a"})):
        build = configured(folder / kind, f"-Ddefault_library={kind}", "-Dblas=blas", "-Dlapack=lapacke")
        plan = json.loads(run("meson", "introspect", "--installed", build))
        found = {end for path in plan for end in ("so", "a") if f"libgamedyn.{end}" in path}
        if found != expected:
            raise Failure(f"default_library={kind} installs {found}, expected {expected}")


def no_blas(folder, _prefix):
    """What has no CBLAS is refused in words."""
    try:
        configured(folder / "none", "-Dblas=zlib")
    except Failure as failure:
        if "expected CBLAS and LAPACKE" in str(failure):
            return
        raise
    raise Failure("zlib was taken for a BLAS")


def has_fortran():
    """Debian's static OpenBLAS wants libgfortran, which comes with gfortran."""
    return compiler_has("libgfortran.a")


def has_cpp():
    return shutil.which(CXX[0])


def has_cmake():
    return shutil.which("cmake") and has_cpp()


def has_both():
    return has_fortran() and has_cmake()


CHECKS = {c_shared: None, c_headers_alone: None, c_archive: has_fortran, c_static: has_fortran, cpp_shared: has_cpp,
          cpp_cmake: has_cmake, cpp_cmake_archive: has_both, cpp_cmake_nothing: has_cmake, c_subproject: None,
          installed_program: None, example_programs: None, default_library: None, no_blas: None}


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
