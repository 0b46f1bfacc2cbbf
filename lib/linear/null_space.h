/* SPDX-License-Identifier: BSD-3-Clause */
/* Null directions: vectors z with A z = 0, along which nothing moves.
 *
 * The same rule everywhere: a singular value counts as 0 if it is at most max(tolerance, n eps) times the largest one.
 * If the caller has no tolerance, it is gdi_operator_doubt(). */
#ifndef GDI_LINEAR_NULL_SPACE_H
#define GDI_LINEAR_NULL_SPACE_H

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <stdbool.h>
#include <stddef.h>

/* The number of zeros among n singular values, which are in descending order. */
size_t gdi_null_space_count(size_t n, const double *values, double tolerance);

/* True if there may be a null space: the matrix of this norm has a small eigenvalue. */
bool gdi_null_space_is_near(const gd_spectrum *spectrum, double norm);

/* Remove the null space from `all`, the spectrum of op.  *moving is the rest; NULL if it is empty or if there is no
 * null space.  *nullity is the dimension of the null space.  A zero that remains belongs to a Jordan chain.  A [n by n]
 * is scratch. */
gd_status gdi_null_space_leave(gd_operator *op, const gd_spectrum *all, double *A, gd_spectrum **moving,
                               size_t *nullity);

/* spectrum.c: vectors [n by count] in the spectrum's order, real ones in one column, real and imaginary part of a
 * pair's first member in two; the spectrum has vectors. */
void gdi_spectrum_copy_vectors(const gd_spectrum *spectrum, double *vectors);

/* spectrum.c: mark a spectrum as incomplete. */
void gdi_spectrum_set_incomplete(gd_spectrum *spectrum);

/* spectrum.c: the modulus up to which eigenvalues are 0 to rounding; 0 if it is not known. */
double gdi_spectrum_zero(const gd_spectrum *spectrum);

#endif
