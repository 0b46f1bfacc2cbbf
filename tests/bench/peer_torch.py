#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The same work in torch, prints "name<tab>seconds": products for the bilinear game, autograd for the small one."""
import torch

from peer_numpy import measure

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def bilinear(n):
    C = (2 * torch.rand(n, n) - 1) / n
    theta, omega, h = torch.ones(n), torch.ones(n), 1e-3

    def step():
        nonlocal theta, omega
        theta, omega = theta - h * (C @ omega), omega + h * (theta @ C)

    measure(f"bilinear.{n}.torch", step)


def small():
    C, h = 2 * torch.rand(2, 3) - 1, 1e-9
    theta, omega = torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)

    def gradient():
        return torch.autograd.grad(theta @ C @ omega, (theta, omega))

    def simultaneous():
        down, up = gradient()
        with torch.no_grad():
            theta.sub_(down, alpha=h)
            omega.add_(up, alpha=h)

    measure("small.torch_simultaneous", simultaneous)
    before = gradient()

    def optimistic():
        nonlocal before
        now = gradient()
        with torch.no_grad():
            theta.sub_(2 * now[0] - before[0], alpha=h)
            omega.add_(2 * now[1] - before[1], alpha=h)
        before = now

    measure("small.torch_optimistic", optimistic)


def scaled(n, name, optimizer):
    x = torch.rand(n, requires_grad=True)
    x.grad = torch.rand(n)
    own = optimizer([x])
    measure(f"update.{n}.{name}.torch", own.step)


for length in (10000, 4000000):
    scaled(length, "adam", lambda x: torch.optim.Adam(x, lr=1e-12))
    scaled(length, "rmsprop", lambda x: torch.optim.RMSprop(x, lr=1e-12))
for size in (500, 1000, 2000):
    bilinear(size)
small()
