/* SPDX-License-Identifier: BSD-3-Clause */
/* Basis: orthonormal vectors of length n, gathered one by one, the heart of every Krylov method. */
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

/* Take out of vector k what lies along the k before it, orthonormal, and scale the rest to norm 1; the rest is
 * orthogonal to them to a few eps.
 * @param parts [k] or NULL: what was taken out.  @param negligible: a rest of this norm or less counts as none.
 * @return the norm of the rest; 0 if there is none, and then vector k is 0. */
double gdi_basis_orthogonalise(const gdi_basis *basis, size_t k, double negligible, double *parts);

/* Vector k becomes a random one, orthogonal to the k before it, of norm 1; 0 if those span everything. */
void gdi_basis_draw(const gdi_basis *basis, size_t k, gd_rng *rng);

/* The first `kept` vectors become the first `count` times Q [count by kept], ldq, in place; the others up to `count`
 * are lost. */
void gdi_basis_rotate(const gdi_basis *basis, size_t count, const double *Q, size_t ldq, size_t kept);

/* Largest entry of |V'V - I|, V the first k vectors. */
double gdi_basis_defect(const gdi_basis *basis, size_t k);
/* The first k vectors, orthonormal up to a small d, become so up to d^2 and rounding, with changes of size d. */
void gdi_basis_renew(const gdi_basis *basis, size_t k);

/* The norm of a product; GD_ERR_NONFINITE, naming the entry, unless it is finite. */
gd_status gdi_check_product(size_t length, const double *product, double *norm);
/* out = A u (A' u if transposed), checked: GD_ERR_NONFINITE, naming the entry, unless finite; its norm. */
gd_status gdi_finite_product(gd_operator *op, bool transposed, const double *u, double *out, double *norm);

#endif
