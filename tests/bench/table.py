#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""table.py BUILT -- run the benchmarks in folder BUILT and print one table: what, ours, the peer's, their ratio, the
ratio that must be reached, and whether it is.

Everything runs on one thread unless its row says otherwise, in rounds of all programs one after the other; a ratio
is taken within its round, and the table shows the median over rounds.  BENCH_ROUNDS says how many (default 3).
"""
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = ("bilinear", "small", "run", "update", "ensemble", "gmm_gan", "normal")
# once, in the first round: their work takes seconds
SLOW_PROGRAMS = ("assignment", "graph", "scale", "implicit", "implicit_krylov", "krylov", "memory", "neural", "reports", "sparse", "spectra")
PEERS = ("numpy", "torch")
SLOW_PEERS = ("scipy", "torch_neural")  # beside the slow programs
# what else they are asked for, and in which environment
FURTHER = {"torch_neural": (("single", {}), ("two_threads", {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}))}
# torch takes half its time to give memory back and get it again, unless told to keep it
TUNED = {"MALLOC_TRIM_THRESHOLD_": "-1", "MALLOC_MMAP_THRESHOLD_": "1000000000"}
SIZES = (500, 1000, 2000)
SCALES = (1000, 10000, 100000, 1000000)
LENGTHS = (1000, 10000, 100000, 1000000, 10000000)


def rows():
    """(what, ours, peer, required ratio peer / ours)."""
    for n in SIZES:
        step = f"bilinear.{n}.step"
        yield f"bilinear step n={n}: two dgemv", step, f"bilinear.{n}.two_products", 2.0 if n >= 2000 else 1.8
        yield f"bilinear step n={n}: reading C", step, f"bilinear.{n}.read", 0.85
        for peer in PEERS:
            yield f"bilinear step n={n}: {peer}", step, f"bilinear.{n}.{peer}", 2.2
    for n in SIZES:
        yield f"bilinear step n={n}, 2 threads: 1", f"bilinear.{n}.step_two_threads", f"bilinear.{n}.step_alone", 1.8
    yield "64 runs of 200 steps, 2 threads: 1", "ensemble.two_threads", "ensemble.alone", 1.9
    for method in ("simultaneous", "optimistic"):
        yield f"{method} step n=5: numpy", f"small.{method}", f"small.numpy_{method}", 50
        yield f"{method} step n=5: torch autograd", f"small.{method}", f"small.torch_{method}", 250
        yield f"{method} step n=5: 25 ns over its callback", f"small.{method}_over", "small.allowed_over", 1
    for n in (10, 1000, 1000000):
        yield f"gd_run n={n:.0e}: bare steps", f"run.{n}.run", f"run.{n}.bare", 0.85
    for n in LENGTHS:
        yield f"optimistic update n={n:.0e}: daxpy, daxpy, dcopy", f"update.{n}.one_pass", f"update.{n}.blas", 2
    yield "optimistic update n=1e+06: numpy, copying", "update.1000000.one_pass", "update.1000000.numpy", 3.5
    yield ("optimistic update n=1e+06: numpy, exchanging names", "update.1000000.one_pass",
           "update.1000000.numpy_exchanging", None)
    for n, over_torch in ((10000, 10), (4000000, 3)):
        for scaling in ("adam", "rmsprop"):
            own = f"update.{n}.{scaling}"
            yield f"{scaling} update n={n:.0e}: one loop in place", f"{own}.stepper", f"{own}.loop", 0.85
            yield f"{scaling} update n={n:.0e}: torch.optim", f"{own}.stepper", f"{own}.torch", over_torch
    yield "GMM-GAN step, 120 trials: C with libm", "gmm_gan.step", "gmm_gan.libm", 9
    yield "GMM-GAN step, 120 trials: numpy", "gmm_gan.step", "gmm_gan.numpy", 25
    yield "GMM-GAN step, 120 trials: 6.5 ns a trial", "gmm_gan.step", "gmm_gan.allowed", 1
    yield "Figure 3 of Li et al., first order, 2 threads: 5 s", "gmm_gan.map", "gmm_gan.map_allowed", 1
    yield "a normal number: C with libm", "normal.library", "normal.libm", 4
    yield "a normal number: 4.5 ns", "normal.library", "normal.allowed", 1
    yield "8 points together n=500: 8 times two dgemv", "bilinear.500.eight_together", "bilinear.500.eight_by_blas", 5
    yield "spectrum bilinear p=q=1000: dgeev", "spectrum.bilinear.spectrum", "spectrum.bilinear.dgeev", 13
    yield "spectrum n=1000: dgeev", "spectrum.general.spectrum", "spectrum.general.dgeev", 1 / 1.05
    yield "implicit step n=2000: fresh LU", "implicit.2000.step", "implicit.2000.fresh_factors", 100
    yield "implicit step n=2000: reading its factors", "implicit.2000.step", "implicit.2000.read", None
    for n in SCALES[1:]:
        what = f"constants and kind of n={n:.0e}: 10 x n={n // 10:.0e}"
        yield what, f"scale.{n}.library", f"scale.{n}.tenfold", None
    yield "game of a graph of 64 layers x 4, and J u: 0.1 s", "graph.layers.64", "graph.allowed", 1
    yield "game of a graph of 64 layers x 4, and J u: 20 MB", "graph.layers.64_bytes", "graph.allowed_bytes", 1
    yield "game of a graph of 1024 layers x 4: 16 x 64 layers", "graph.layers.1024", "graph.sixteenfold", None
    for width in (16, 128):
        yield (f"8 products at a point, GAN of 4 x {width}: one call", f"graph.products.{width}.one_by_one",
               f"graph.products.{width}.together", 0.85)
    yield "six reports at n=400: four decompositions", "reports.400.six", "reports.400.four", 1 / 1.2
    yield "reports at n=1e+05 by products: four decompositions", "reports.100000.six", "reports.100000.four", 1 / 1.2
    yield "constants and kind of n=1e+06: 10 minutes", "scale.1000000.library", "scale.1000000.minutes", 1
    yield "constants and kind of n=1e+06: products of 1e+03", "scale.1000000.products", "scale.1000.products", None
    yield "product of 1e+06 sparse entries: 64-bit indices", "sparse.1000000.library", "sparse.1000000.plain", 1.3
    yield "product of 1e+06 sparse entries: scipy", "sparse.1000000.library", "sparse.1000000.scipy", 2
    for n, required in ((512, 5), (2048, 2)):
        yield f"Wasserstein-1 of {n} points: scipy", f"wasserstein.{n}.library", f"wasserstein.{n}.scipy", required
    for width, method, required in ((16, "simultaneous", 5), (16, "consensus", 6), (128, "simultaneous", 1.5),
                                    (128, "consensus", 1.5)):
        yield (f"GAN of 4 x {width}, {method} step: torch", f"neural.{width}.{method}",
               f"neural.{width}.torch_{method}", required)
    for which, words, required in (("single", "in floats", 1.5), ("two_threads", "2 threads", 1.9)):
        for method in ("simultaneous", "consensus"):
            own = f"neural.{which}.128"
            yield f"GAN of 4 x 128, {method}, {words}: torch", f"{own}.{method}", f"{own}.torch_{method}", required
    for method in ("simultaneous", "consensus"):
        yield (f"GAN of 4 x 128, {method}: its products by dgemm", f"neural.128.{method}", f"neural.128.{method}_products",
               0.7)
        yield (f"GAN of 4 x 128, {method}, 2 threads: 1", f"neural.two_threads.128.{method}", f"neural.128.{method}", None)
    yield "GAN of 4 x 16, whole Jacobian: torch", "neural.16.jacobian", "neural.16.torch_jacobian", 5
    yield "GAN of 4 x 16, whole Jacobian: its eigenvalues", "neural.16.jacobian", "neural.16.eigenvalues", None
    for peer, words, required in (("scipy", "scipy's gmres", 2.5), ("fresh_lu", "fresh LU", 25)):
        yield (f"matrix-free implicit step p=q=2000: {words}", "implicit_krylov.2000.step", f"implicit_krylov.2000.{peer}",
               required)
    yield "memory at n=1e+07: subspace + 4 vectors", "memory.10000000.library_vectors", "memory.10000000.allowed_vectors", 1
    for n, required in ((10000, 1.9), (100000, 1.3)):
        for which, words in (("LR", "largest real"), ("LM", "largest modulus")):
            pair = f"krylov.{n}.{which}"
            yield f"6 {words} of n={n:.0e}: scipy", f"{pair}.library", f"{pair}.scipy", required
            yield f"6 {words} of n={n:.0e}: its products", f"{pair}.library_products", f"{pair}.scipy_products", 1


def run(command, environment):
    """The lines "name<tab>value" a program prints; nothing if it cannot run."""
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if done.returncode != 0:
        return {}
    return dict(line.split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)


def add_small(seconds):
    """What the small program counts by the thousand, for one step, and over the callback."""
    if "small.thousand.callback" not in seconds:
        return
    callback = seconds["small.thousand.callback"] / 1000
    seconds["small.allowed_over"] = 25e-9
    for method in ("simultaneous", "optimistic"):
        seconds[f"small.{method}"] = seconds[f"small.thousand.{method}"] / 1000
        seconds[f"small.{method}_over"] = seconds[f"small.{method}"] - callback


def add_gmm_gan(seconds):
    """What a step of 120 trials, and the whole map, may take."""
    if "gmm_gan.step" not in seconds:
        return
    seconds["gmm_gan.allowed"] = 120 * 6.5e-9
    seconds["gmm_gan.map_allowed"] = 5


def add_normal(seconds):
    """What the program for normal numbers counts by the thousand, for one, and what one may take."""
    if "normal.thousand.library" not in seconds:
        return
    seconds["normal.allowed"] = 4.5e-9
    for name in ("library", "libm"):
        seconds[f"normal.{name}"] = seconds[f"normal.thousand.{name}"] / 1000


def add_graph(seconds):
    """What making the game of a graph may take; and sixteen times that of a sixteenth of the layers."""
    if "graph.layers.64" not in seconds:
        return
    seconds["graph.allowed"], seconds["graph.allowed_bytes"] = 0.1, 20e6
    seconds["graph.sixteenfold"] = 16 * seconds["graph.layers.64"]


def add_neural(seconds):
    """How long the products of a step would take at dgemm's speed.  One of side 1024 is 128 products of 128 by 128 by 512.
    A simultaneous step has 42: with three such layers in a network, G forward 3, D forward at data, at samples and
    between 9, slopes back through all four 12, weights of each network at each of three places 9, the penalty's second
    derivatives 9.  A consensus step has 120, as counted in its program."""
    for method, products in (("simultaneous", 42), ("consensus", 120)):
        if "neural.128.dgemm" in seconds:
            seconds[f"neural.128.{method}_products"] = seconds["neural.128.dgemm"] * products / 128


def find_interpreter(module):
    """A Python that has the module; None without one."""
    for interpreter in dict.fromkeys([sys.executable, "/usr/bin/python3", "python3"]):
        command = [interpreter, "-c", f"import {module}"]
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return interpreter
    return None


def play_round(built, environment, programs, interpreters):
    seconds = {}
    for name in programs:
        seconds.update(run([built / f"bench_{name}"], environment))
    for peer in PEERS if "bilinear" in programs else SLOW_PEERS:
        if peer in interpreters:
            command = [interpreters[peer], HERE / f"peer_{peer}.py"]
            seconds.update(run(command, dict(environment, **TUNED)))
            for word, variables in FURTHER.get(peer, ()):
                seconds.update(run(command + [word], dict(environment, **TUNED, **variables)))
    seconds = {name: float(value) for name, value in seconds.items()}
    add_small(seconds)
    add_gmm_gan(seconds)
    add_normal(seconds)
    add_neural(seconds)
    add_graph(seconds)
    return seconds


def in_words(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def describe(what, ours, peer, required, rounds):
    """One row of the table."""
    pairs = [(found[ours], found[peer]) for found in rounds if ours in found and peer in found]
    if not pairs:
        return f"{what:52} not measured: a side of it cannot run here"
    ratio = statistics.median(theirs / own for own, theirs in pairs)
    words = "{:.0f}".format if ours.endswith("products") else "{:.2f}".format if ours.endswith("vectors") else in_words
    own, theirs = (words(statistics.median(side)) for side in zip(*pairs))
    goal = f"{required:8.2f}" if required else "       -"
    verdict = "" if not required else "reached" if ratio >= required else "NOT REACHED"
    return f"{what:52} {own:>9} {theirs:>9} {ratio:8.2f} {goal}  {verdict}"


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def print_head(built, environment, forced):
    machine = run([built / "bench_machine"], environment)
    print(f"machine   {processor()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print(f"OpenBLAS  core {machine.get('core', '?')}, {machine.get('threads', '?')} thread ({machine.get('config', '?')})")
    if forced:
        print(f"          OPENBLAS_CORETYPE={forced} was set; it is unset here, because it can halve matrix products")
    print("ratio     time of the peer over ours; all on one thread unless a row says otherwise\n")
    print(f"{'what: peer':52} {'ours':>9} {'peer':>9} {'ratio':>8} {'required':>8}", flush=True)


def main():
    built = pathlib.Path(sys.argv[1])
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
    forced = environment.pop("OPENBLAS_CORETYPE", None)
    print_head(built, environment, forced)
    found = {peer: find_interpreter(peer.split("_")[0]) for peer in PEERS + SLOW_PEERS}
    interpreters = {peer: interpreter for peer, interpreter in found.items() if interpreter}
    count = int(os.environ.get("BENCH_ROUNDS", "3"))
    rounds = [play_round(built, environment, PROGRAMS, interpreters) for _ in range(count)]
    rounds.append(play_round(built, environment, SLOW_PROGRAMS, interpreters))
    for row in rows():
        print(describe(*row, rounds))


main()
