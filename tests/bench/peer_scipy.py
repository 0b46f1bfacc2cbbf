#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What scipy makes of the same problems: prints "name<tab>seconds", and what else is compared.

The eigenvalues of krylov.c by ARPACK in the same subspace, with its products; the pairs of assignment.c; the step of
implicit_krylov.c."""
import time

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import LinearOperator, eigs, gmres, svds
from scipy.spatial.distance import cdist

NONZEROS = 10


def matrix(n):
    at = np.arange(n * NONZEROS, dtype=np.uint64)
    columns = ((at * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)) >> np.uint64(33)) % np.uint64(n)
    row, place = np.divmod(np.arange(n * NONZEROS), NONZEROS)
    values = np.sin(13.0 * row + 78.0 * place)
    return (csr_matrix((values, (row, columns.astype(np.int64))), shape=(n, n)) + diags(6 * (np.arange(n) / n) ** 3)).tocsr()


def solve(n, which):
    A, products = matrix(n), 0

    def product(u):
        nonlocal products
        products += 1
        return A @ u

    start = time.thread_time()
    eigs(LinearOperator((n, n), matvec=product, dtype=float), k=6, which=which, tol=1e-10, ncv=20, maxiter=100000)
    print(f"krylov.{n}.{which}.scipy\t{time.thread_time() - start:.6g}")
    print(f"krylov.{n}.{which}.scipy_products\t{products}", flush=True)


def pair(count, turns=5):
    multiples = np.arange(1, count + 1)[:, None]
    a = multiples * np.array([1.4142135623730951, 1.7320508075688772]) % 1
    b = multiples * np.array([2.2360679774997896, 2.6457513110645907]) % 1
    fastest = float("inf")
    for _ in range(turns):
        start = time.thread_time()
        cost = cdist(a, b)
        distance = cost[linear_sum_assignment(cost)].mean()
        fastest = min(fastest, time.thread_time() - start)
    print(f"wasserstein.{count}.scipy\t{fastest:.6g}")
    print(f"wasserstein.{count}.scipy_distance\t{distance:.12g}", flush=True)


def step(side=2000, turns=3):
    """(I - h J) y = x, J = [[0, -C], [C', 0]], to |residual| <= 1e-12 |h J x| as the library has it."""
    at = np.arange(side * side, dtype=np.uint64) * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    C = np.asfortranarray(((at >> np.uint64(33)) * 2.0**-30 - 1).reshape(side, side, order="F"))
    x = np.cos(np.arange(2 * side, dtype=float))
    h = 1 / svds(C, k=1, return_singular_vectors=False, tol=1e-6)[0]

    def product(u):
        return np.concatenate((u[:side] + h * (C @ u[side:]), u[side:] - h * (C.T @ u[:side])))

    moved = product(x) - x
    fastest = float("inf")
    for _ in range(turns):
        start = time.thread_time()
        gmres(LinearOperator((2 * side, 2 * side), matvec=product, dtype=float), x, x0=x - moved, restart=50,
              tol=1e-12 * np.linalg.norm(moved) / np.linalg.norm(x), atol=0)
        fastest = min(fastest, time.thread_time() - start)
    print(f"implicit_krylov.{side}.scipy\t{fastest:.6g}", flush=True)


def multiply(n=200000, turns=20):
    """A product with five entries a row, where the library's sparse.c has them."""
    distances = np.array([0, 1, 7, 501, n - 3])
    rows = np.repeat(np.arange(n), 5)
    columns = (rows + np.tile(distances, n)) % n
    A = csr_matrix((np.cos(np.arange(5.0 * n)), (rows, columns)), shape=(n, n))
    u = np.sin(np.arange(float(n)))
    fastest = float("inf")
    for _ in range(turns):
        start = time.thread_time()
        for _ in range(4):
            A @ u
        fastest = min(fastest, (time.thread_time() - start) / 4)
    print(f"sparse.1000000.scipy\t{fastest:.6g}", flush=True)


if __name__ == "__main__":
    multiply()
    step()
    for points in (512, 2048):
        pair(points)
    for size in (10000, 100000):
        for kind in ("LR", "LM"):
            solve(size, kind)
