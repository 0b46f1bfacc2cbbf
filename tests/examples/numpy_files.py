# SPDX-License-Identifier: BSD-3-Clause
"""numpy_files.py PROGRAMS -- matrices in NumPy's .npy files and in members of .npz archives.

Files are written by the formats' own descriptions (numpy.lib.format; PKWARE's APPNOTE), so that NumPy need not be there."""
import io
import json
import pathlib
import resource
import struct
import subprocess
import zipfile
import zlib

from harness import FOLDER, analyze, check, close, main, matrix, refuse, run


def npy(rows, kind="<f8", fortran=False):
    """The bytes of an array; of a list of numbers one of one axis."""
    flat = not isinstance(rows[0], list)
    shape = f"({len(rows)},)" if flat else f"({len(rows)}, {len(rows[0])})"
    numbers = rows if flat else [x for line in (zip(*rows) if fortran else rows) for x in line]
    header = f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    header += " " * (-(11 + len(header)) % 64) + "\n"
    code = {"<f8": "<d", ">f8": ">d", "<f4": "<f", "<i8": "<q"}[kind]
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + b"".join(
        struct.pack(code, x) for x in numbers)


def write(name, data):
    pathlib.Path(name).write_bytes(data)
    return name


def npz(name, members, method=zipfile.ZIP_STORED):
    """As numpy.savez() writes it, with headers that have room for large sizes."""
    with zipfile.ZipFile(name, "w", method) as archive:
        for member, data in members.items():
            with archive.open(member + ".npy", "w", force_zip64=True) as file:
                file.write(data)
    return name


# -1 +- 2i: simultaneous steps are stable below h = 2/5, for |1 + h lambda|^2 = 1 - 2 h + 5 h^2
SPIRAL = [[-1.0, -2.0], [2.0, -1.0]]
# [-1 -3; 2 -1], not the Jacobian of a zero-sum game, so that rows and columns cannot be mistaken for each other unseen
SKEWED = [[-1.0, -3.0], [2.0, -5.0]]


def same(first, second):
    """But for the place, where a file's name would be."""
    return json.dumps(first) == json.dumps(second)


@check
def a_jacobian_is_read_in_every_type_and_order():
    expected = analyze("--jacobian", matrix("J.mtx", SKEWED), "--blocks", "1,1")
    for kind in ("<f8", ">f8", "<f4"):
        for fortran in (False, True):
            write("J.npy", npy(SKEWED, kind, fortran))
            assert same(analyze("--jacobian", "J.npy", "--blocks", "1,1"), expected), (kind, fortran)
    write("J.npy", npy([[int(x) for x in line] for line in SKEWED], "<i8"))
    assert same(analyze("--jacobian", "J.npy", "--blocks", "1,1"), expected)
    close(analyze("--jacobian", write("S.npy", npy(SPIRAL)), "--blocks", "1,1")["by_name"]["simultaneous"]
          ["largest_stable_step"], 0.4, 1e-9)


@check
def members_of_archives_are_read_stored_and_deflated():
    expected = analyze("--jacobian", matrix("J.mtx", SKEWED), "--blocks", "1,1")
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        npz("all.npz", {"J": npy(SKEWED), "other": npy(SPIRAL)}, method)
        for name in ("all.npz:J", "all.npz:J.npy", "./all.npz:J"):
            assert same(analyze("--jacobian", name, "--blocks", "1,1"), expected), (method, name)
        npz("one.npz", {"J": npy(SKEWED)}, method)
        assert same(analyze("--jacobian", "one.npz", "--blocks", "1,1"), expected)
    # a comment after the archive, and a colon in its name
    with zipfile.ZipFile("one.npz", "a") as archive:
        archive.comment = b"PK\5\6 is how an end record begins, and this one is none"
    assert same(analyze("--jacobian", "one.npz", "--blocks", "1,1"), expected)
    pathlib.Path("a:b.npz").write_bytes(pathlib.Path("all.npz").read_bytes())
    assert same(analyze("--jacobian", "a:b.npz:J", "--blocks", "1,1"), expected)


@check
def archives_written_to_a_pipe_are_read():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise io.UnsupportedOperation("a pipe")

        def seek(self, *_):
            raise io.UnsupportedOperation("a pipe")

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("J.npy", npy(SPIRAL))
    write("piped.npz", pipe.getvalue())
    close(analyze("--jacobian", "piped.npz:J", "--blocks", "1,1")["by_name"]["simultaneous"]["largest_stable_step"],
          0.4, 1e-9)


@check
def every_option_that_takes_a_matrix_reads_them():
    C, A, B = [[3.0]], [[1.0]], [[0.25]]
    expected = analyze("--matrix", matrix("C.mtx", C), "--matrix-a", matrix("A.mtx", A), "--matrix-b",
                       matrix("B.mtx", B), "--start", matrix("x.mtx", [[0.5], [0.5]]), "--at", matrix("y.mtx", [[0.0], [0.0]]))
    npz("game.npz", {"C": npy(C), "A": npy(A), "B": npy(B), "x": npy([0.5, 0.5]), "y": npy([0.0, 0.0])})
    assert same(analyze(*(word for option, name in (("matrix", "C"), ("matrix-a", "A"), ("matrix-b", "B"), ("start", "x"),
                                                    ("at", "y")) for word in (f"--{option}", f"game.npz:{name}"))), expected)
    for program in ("theorem3_optimistic", "theorem4_predictive"):
        assert run(program, "--matrix", write("C.npy", npy(C)), "--steps", 100).stdout.splitlines()[1:] == run(
            program, "--matrix", "C.mtx", "--steps", 100).stdout.splitlines()[1:], program


@check
def what_is_no_matrix_is_refused_in_words():
    J = ["--blocks", "1,1", "--jacobian"]
    refuse("analyze", *J, write("a.npy", npy(SPIRAL)[:-1]), words=["--jacobian: a.npy: byte ", "31 bytes of numbers, expected 32"])
    refuse("analyze", *J, write("a.npy", npy([[1.0, float("nan")], [0.0, 1.0]])), words=["a.npy", "expected a finite number"])
    refuse("analyze", *J, write("a.npy", npy([[1.0, 2.0, 3.0]])), words=["a.npy is 1 by 3; a square matrix was expected"])
    refuse("analyze", *J, "none.npy", words=["--jacobian: none.npy: cannot be opened"])
    refuse("analyze", *J, "none.npz:J", words=["--jacobian: none.npz:J: cannot be opened"])
    npz("all.npz", {"J": npy(SPIRAL), "K": npy(SPIRAL)})
    refuse("analyze", *J, "all.npz", words=["--jacobian: all.npz: one of its members was expected", "they are J, K"])
    for name in ("L", "", "J.np", "j"):
        refuse("analyze", *J, f"all.npz:{name}", words=[f"all.npz: no member is called '{name}'; they are J, K"])
    refuse("analyze", *J, matrix("J.mtx", SPIRAL) + ":J", words=["J.mtx: no .npz archive"])
    refuse("analyze", *J, npz("empty.npz", {}), words=["the archive has no members"])
    npz("bad.npz", {"J": npy(SPIRAL)[:-8]})
    refuse("analyze", *J, "bad.npz:J", words=["--jacobian: bad.npz:J: byte ", "24 bytes of numbers, expected 32"])
    npz("escape.npz", {"\x1b[31m": npy(SPIRAL), "b": npy(SPIRAL)})
    refuse("analyze", *J, "escape.npz:J", words=["they are ?[31m, b"])


def patched(data, mark, offset, value):
    """With the bytes at an offset from the last such mark replaced."""
    at = data.rindex(mark) + offset
    return data[:at] + value + data[at + len(value):]


def little_memory():
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


def can_do_with_little_memory():
    """Not under sanitizers, which reserve addresses by the terabyte."""
    return subprocess.run([FOLDER / "analyze", "--version"], preexec_fn=little_memory, capture_output=True).returncode == 0


@check
def hostile_archives_are_refused_in_words():
    J = ["--blocks", "1,1", "--jacobian"]
    stored = pathlib.Path(npz("s.npz", {"J": npy(SPIRAL)})).read_bytes()
    deflated = pathlib.Path(npz("d.npz", {"J": npy(SPIRAL)}, zipfile.ZIP_DEFLATED)).read_bytes()
    before = little_memory if can_do_with_little_memory() else None
    central, end, large = b"PK\1\2", b"PK\5\6", struct.pack("<I", 0xfffffff0)
    for data, words in (
            (patched(stored, central, 24, large), "is stored in"),
            (patched(deflated, central, 24, large), "more than"),
            (patched(patched(stored, central, 20, large), central, 24, large), " were expected; the file has "),
            (patched(deflated, central, 24, struct.pack("<I", 159)), "do not hold the 159 it claims"),
            (patched(deflated, central, 24, struct.pack("<I", 161)), "do not hold the 161 it claims"),
            (patched(stored, central, 16, b"\0\0\0\0"), "its checksum is wrong"),
            (patched(deflated, central, 10, b"\x0c\0"), "compressed by method 12"),
            (patched(stored, central, 8, b"\1\0"), "encrypted"),
            (patched(stored, central, 42, large), "30 bytes at byte 4294967280 were expected"),
            (patched(stored, central, 42, b"\1\0\0\0"), "byte 1: the header of the member was expected"),
            (patched(stored, central, 20, b"\xff" * 8), "more than 4 gigabytes"),
            (patched(stored, central, 28, b"\xff\xff"), "longer than the directory"),
            (patched(stored, b"PK\3\4", 28, b"\xff\xff"), " were expected; the file has "),
            (patched(stored, end, 8, b"\2\0\2\0"), "one of 2 members was expected"),
            (patched(stored, end, 8, b"\2\0"), "in several parts"),
            (patched(stored, end, 4, b"\1\0"), "in several parts"),
            (patched(stored, end, 8, b"\xff" * 4), "more than 4 gigabytes or 65534 members"),
            (patched(stored, end, 12, large), "bytes at byte"),
            (patched(stored, end, 16, large), "bytes at byte 4294967280 were expected"),
            (patched(stored, end, 20, b"\1\0"), "no .npz archive, or cut off"),
            (patched(stored, end, 16, b"\0\0\0\0"), "the header of one of 1 members was expected")):
        # what is only claimed takes no memory: a gigabyte of addresses is enough
        refuse("analyze", *J, write("h.npz", data) + ":J", words=["--jacobian: h.npz: ", words], before=before)
    # two of the same name, as no one who means well writes them
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("J.npy", npy(SPIRAL))
        archive.writestr("K.npy", npy(SKEWED))
    refuse("analyze", *J, write("t.npz", twice.getvalue().replace(b"K.npy", b"J.npy")) + ":J", words=["2 members are called 'J'"])
    # a bomb: 30 kilobytes that make 30 megabytes of zeros are read, and are no array
    with zipfile.ZipFile("bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("J.npy", bytes(30 << 20))
    refuse("analyze", *J, "bomb.npz:J", words=["bomb.npz:J: byte 0: expected 93 'NUMPY'"])


@check
def every_beginning_of_an_archive_is_refused():
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        whole = pathlib.Path(npz("whole.npz", {"J": npy(SPIRAL)}, method)).read_bytes()
        assert zlib.crc32(npy(SPIRAL)) == zipfile.ZipFile("whole.npz").infolist()[0].CRC
        for length in range(0, len(whole), 7):
            refuse("analyze", "--blocks", "1,1", "--jacobian", write("cut.npz", whole[:length]) + ":J", words=["cut.npz: "])


if __name__ == "__main__":
    main()
