/* SPDX-License-Identifier: BSD-3-Clause */
/* Basis: orthonormal vectors of length n, added one by one, for Krylov methods. */
#ifndef GDI_LINEAR_BASIS_H
#define GDI_LINEAR_BASIS_H

#include "base/memory.h"

#include <gamedyn/operator.h>
#include <gamedyn/rng.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct gdi_basis {
  size_t n, capacity;
  double *vectors; /* [n by capacity] */
  double *room;    /* [3 capacity], and [rows at a time by capacity] while rotating */
  double *square;  /* [capacity by capacity] */
} gdi_basis;

gd_status gdi_basis_create(const gdi_env *env, gdi_basis *basis, size_t n, size_t capacity);
void gdi_basis_destroy(const gdi_env *env, gdi_basis *basis); /* also of what create left half-built */

static inline double *gdi_basis_vector(const gdi_basis *basis, size_t k) { return basis->vectors + k * basis->n; }

/* Orthogonalise vector k against the k orthonormal vectors before it, to a few eps, and scale the remainder to norm 1.
 * @param parts [k] or NULL: the coefficients that were subtracted.  @param negligible: a remainder of at most this norm
 * counts as 0. @return the norm of the remainder; 0 if there is none, and vector k is then 0. */
double gdi_basis_orthogonalise(const gdi_basis *basis, size_t k, double negligible, double *parts);

/* Vector k becomes a random vector of norm 1, orthogonal to the k vectors before it; 0 if these span the whole
 * space. */
void gdi_basis_draw(const gdi_basis *basis, size_t k, gd_rng *rng);

/* The first `kept` vectors become the first `count` times Q [count by kept], ldq, in place; the others up to `count`
 * are lost. */
void gdi_basis_rotate(const gdi_basis *basis, size_t count, const double *Q, size_t ldq, size_t kept);

/* Largest entry of |V'V - I|, V the first k vectors. */
double gdi_basis_defect(const gdi_basis *basis, size_t k);
/* Improve the orthonormality of the first k vectors from a small error d to d^2 and rounding; the changes are of size
 * d. */
void gdi_basis_renew(const gdi_basis *basis, size_t k);

/* The norm of a product; GD_ERR_NONFINITE, naming the entry, unless it is finite. */
gd_status gdi_check_product(size_t length, const double *product, double *norm);
/* out = A u (A' u if transposed), checked: GD_ERR_NONFINITE, naming the entry, unless finite; its norm. */
gd_status gdi_finite_product(gd_operator *op, bool transposed, const double *u, double *out, double *norm);

#endif
