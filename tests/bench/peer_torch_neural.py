#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The training steps of neural.c in torch, prints "name<tab>seconds".  With the word single: in floats; with two_threads:
on two, by the clock on the wall."""
import math
import sys
import time

import torch
from torch import autograd, nn
from torch.nn.functional import softplus

from peer_numpy import measure

HOW = sys.argv[1] if len(sys.argv) > 1 else ""
torch.set_num_threads(2 if HOW == "two_threads" else 1)
torch.set_default_dtype(torch.float32 if HOW == "single" else torch.float64)
CLOCK = time.perf_counter if HOW == "two_threads" else time.thread_time
BATCH = 512


def network(widths):
    layers = []
    for before, after in zip(widths, widths[1:]):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Gan:
    def __init__(self, width):
        self.wide, self.latent = width > 16, 2 if width > 16 else 16
        self.G, self.D = network([self.latent] + 4 * [width] + [2]), network([2] + 4 * [width] + [1])
        self.generators, self.discriminators = list(self.G.parameters()), list(self.D.parameters())
        self.parameters = self.generators + self.discriminators
        self.optimizer = torch.optim.RMSprop(self.parameters, lr=1e-4, alpha=0.9, eps=1e-10)
        angles = torch.arange(8) * (2 * math.pi / 8)
        self.modes = torch.stack([angles.cos(), angles.sin()], 1)

    def penalty(self, real, fake):
        u = torch.rand(BATCH, 1)
        points = (u * real + (1 - u) * fake).detach().requires_grad_(True)
        slope, = autograd.grad(self.D(points).sum(), points, create_graph=True)
        return ((slope.norm(dim=1) - 1) ** 2).mean()

    def losses(self):
        real = self.modes[torch.randint(8, (BATCH,))] + 0.03 * torch.randn(BATCH, 2)
        fake = self.G(torch.randn(BATCH, self.latent))
        if self.wide:
            value = self.D(real).mean() - self.D(fake).mean()
            return value, self.penalty(real, fake) - value
        value = -softplus(-self.D(real)).mean() - softplus(self.D(fake)).mean()
        return value, -value

    def field(self, keep):
        down, up = self.losses()
        first = autograd.grad(down, self.generators, create_graph=keep, retain_graph=True)
        return first + autograd.grad(up, self.discriminators, create_graph=keep)

    def apply(self, gradients):
        for parameter, gradient in zip(self.parameters, gradients):
            parameter.grad = gradient
        self.optimizer.step()

    def jacobian(self, chunk):
        """All rows of dv/dx, as many at once as the chunk says."""
        field = torch.cat([part.reshape(-1) for part in self.field(True)])
        count = len(field)
        rows = []
        for start in range(0, count, chunk):
            ones = torch.eye(count)[start:start + chunk]
            found = autograd.grad(field, self.parameters, ones, retain_graph=True, allow_unused=True, is_grads_batched=True)
            rows.append(torch.cat([torch.zeros(len(ones), own.numel()) if part is None else part.reshape(len(ones), -1)
                                   for part, own in zip(found, self.parameters)], 1))
        return torch.cat(rows)

    def simultaneous(self):
        self.apply(self.field(False))

    def consensus(self):
        field = self.field(True)
        regulariser = 0.5 * sum((part * part).sum() for part in field)
        slopes = autograd.grad(regulariser, self.parameters, allow_unused=True)
        self.apply([part.detach() if slope is None else part.detach() + 10 * slope
                    for part, slope in zip(field, slopes)])


def seconds_of(work):
    start = time.thread_time()
    work()
    return time.thread_time() - start


prefix = f"neural.{HOW}" if HOW else "neural"
for size in (128,) if HOW else (16, 128):
    gan = Gan(size)
    measure(f"{prefix}.{size}.torch_simultaneous", gan.simultaneous, turns=31, clock=CLOCK)
    measure(f"{prefix}.{size}.torch_consensus", gan.consensus, turns=31, clock=CLOCK)
    if size == 16:  # the best of three ways
        best = min((16, 64, 256), key=lambda chunk: seconds_of(lambda: gan.jacobian(chunk)))
        measure("neural.16.torch_jacobian", lambda: gan.jacobian(best), turns=2)
