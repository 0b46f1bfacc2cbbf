#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The same work in numpy, timed as measure.c times it: prints "name<tab>seconds"."""
import time

import numpy as np


def measure(name, work, turns=61, clock=time.thread_time):
    """The fastest of turns of about 3 ms, each after 6 ms that do not count."""
    seconds = []
    for _ in range(turns):
        start, runs = clock(), 0
        while clock() - start < 0.006:
            work()
            runs += 1
        once = (clock() - start) / runs
        runs = max(1, int(0.003 / once))
        start = clock()
        for _ in range(runs):
            work()
        seconds.append((clock() - start) / runs)
    print(f"{name}\t{min(seconds):.6g}")


def bilinear(n):
    C = np.random.default_rng(1).uniform(-1, 1, (n, n)) / n
    theta, omega, h = np.ones(n), np.ones(n), 1e-3

    def step():
        nonlocal theta, omega
        theta, omega = theta - h * (C @ omega), omega + h * (theta @ C)

    measure(f"bilinear.{n}.numpy", step)


def small():
    M = np.random.default_rng(1).uniform(-1, 1, (5, 5))
    x, h = np.ones(5), 1e-9

    def simultaneous():
        nonlocal x
        x = x + h * (M @ x)

    measure("small.numpy_simultaneous", simultaneous)
    previous = M @ x

    def optimistic():
        nonlocal x, previous
        v = M @ x
        x = x + h * (2 * v - previous)
        previous = v

    measure("small.numpy_optimistic", optimistic)


def update(n):
    x, v, previous, h = np.ones(n), np.ones(n), np.ones(n), 1e-12

    def copying():
        nonlocal x
        x += h * (2 * v - previous)
        previous[:] = v

    def exchanging():
        nonlocal x, v, previous
        x += h * (2 * v - previous)
        v, previous = previous, v

    measure(f"update.{n}.numpy", copying)
    measure(f"update.{n}.numpy_exchanging", exchanging)


def gmm_gan(trials=120):
    """A first-order step of all trials of one grid point at once: 16 exponentials each, frozen intervals and all."""
    random = np.random.default_rng(1)
    drawn = np.sort(random.uniform(-2, 2, (4, trials)), axis=0)
    mu = random.uniform(-1, 1, (2, trials))
    left, right = drawn[0::2].copy(), drawn[1::2].copy()
    target = np.array([-0.5, 0.5])[:, None, None]
    peak, h = 1 / np.sqrt(2 * np.pi), 1e-12

    def density(z):
        return peak * np.exp(-0.5 * z * z)

    def step():
        nonlocal mu, left, right
        is_open = left < right
        at_left, at_right = density(left - mu[:, None]), density(right - mu[:, None])  # [mean, interval, trial]
        excess_left = (density(left - target).sum(axis=0) - at_left.sum(axis=0)) / 2
        excess_right = (density(right - target).sum(axis=0) - at_right.sum(axis=0)) / 2
        mu = mu - h * (np.where(is_open, at_right - at_left, 0).sum(axis=1) / 2)
        left = left - h * np.where(is_open, excess_left, 0)
        right = right + h * np.where(is_open, excess_right, 0)

    measure("gmm_gan.numpy", step)


if __name__ == "__main__":
    for size in (500, 1000, 2000):
        bilinear(size)
    small()
    update(1000000)
    gmm_gan()
