#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The eigenvalues of krylov.c from scipy's ARPACK, in the same subspace: prints "name<tab>seconds" and products."""
import time

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import LinearOperator, eigs

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


if __name__ == "__main__":
    for size in (10000, 100000):
        for kind in ("LR", "LM"):
            solve(size, kind)
