/* SPDX-License-Identifier: BSD-3-Clause */
/* Real Schur form S = Q T Q' of a small matrix: factor, reorder, eigenvectors; all work space is taken at creation.
 *
 * T is quasi-triangular: 1 by 1 blocks for real eigenvalues, 2 by 2 blocks for complex pairs, which reordering keeps
 * whole.  T, Q and the vectors X have leading dimension `capacity`. */
#ifndef GDI_DENSE_SCHUR_H
#define GDI_DENSE_SCHUR_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct gdi_schur {
  size_t capacity;
  double *T, *Q, *X; /* [capacity by capacity] */
  double *re, *im;   /* [capacity], eigenvalues in the order of T's diagonal; a pair has +im first */
  int *selected;     /* [capacity], for gdi_schur_reorder */
  double *work;
  int *integers;
  size_t work_size, integers_size;
} gdi_schur;

gd_status gdi_schur_create(const gdi_env *env, gdi_schur *schur, size_t capacity);
void gdi_schur_destroy(const gdi_env *env, gdi_schur *schur); /* also of what create left half-built */

/* T [m by m] holds S and becomes its Schur form; Q, re, im are filled.  A symmetric S is diagonalised; only its lower
 * triangle is read. */
gd_status gdi_schur_factor(gdi_schur *schur, size_t m, bool symmetric);

/* Bring the eigenvalues with selected[k] != 0 (both of a pair) to the front of T [m by m]; Q, re, im follow.
 * Eigenvalues too close to be told apart may stay where they are: read re and im afterwards. */
void gdi_schur_reorder(gdi_schur *schur, size_t m);

/* The least size >= `kept` of a leading part of T [m by m] that does not cut a 2 by 2 block: kept or kept + 1. */
size_t gdi_schur_whole(const gdi_schur *schur, size_t m, size_t kept);

/* Eigenvectors of T [m by m], each of norm 1, into X: real ones in one column, real and imaginary part of a pair's
 * +im member in two. */
void gdi_schur_vectors(gdi_schur *schur, size_t m);

/* Backward errors of LAPACK's Schur form of A are below SAFETY m eps |A|. */
#define GDI_SCHUR_SAFETY 10

/* A bound for the change of each eigenvalue of T [m by m] when E is added, |E| <= error, |T| = norm.  It is |E| times
 * the condition number, to first order, and at most (2 |T| + |E|)^(1 - 1/m) |E|^(1/m), which is rigorous (Elsner 1985).
 * Q and X are destroyed. */
void gdi_schur_doubts(gdi_schur *schur, size_t m, double norm, double error, double *doubts);

#endif
