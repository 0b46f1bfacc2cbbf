/* SPDX-License-Identifier: BSD-3-Clause */
/* Null directions: vectors that a matrix takes to 0, along which nothing moves.
 *
 * One rule for all: a singular value is 0 up to max(tolerance, n eps) times the largest.  The tolerance is that of
 * gdi_operator_doubt() where the caller has none. */
#ifndef GDI_LINEAR_NULL_SPACE_H
#define GDI_LINEAR_NULL_SPACE_H

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <stdbool.h>
#include <stddef.h>

/* How many of n singular values, descending, are 0. */
size_t gdi_null_space_count(size_t n, const double *values, double tolerance);

/* Whether a null space is worth looking for: an eigenvalue of a matrix of this norm is small. */
bool gdi_null_space_is_near(const gd_spectrum *spectrum, double norm);

/* Take the null space away from `all`, the spectrum of op: *moving is what is left, NULL if nothing is or if there is
 * no null space; *nullity its dimension.  A zero that is left belongs to a chain.  A [n by n] is room. */
gd_status gdi_null_space_leave(gd_operator *op, const gd_spectrum *all, double *A, gd_spectrum **moving,
                               size_t *nullity);

/* spectrum.c: vectors [n by count] in the spectrum's order, real ones in one column, real and imaginary part of a
 * pair's first member in two; the spectrum has vectors. */
void gdi_spectrum_copy_vectors(const gd_spectrum *spectrum, double *vectors);

/* spectrum.c: these are not all there are. */
void gdi_spectrum_set_incomplete(gd_spectrum *spectrum);

/* spectrum.c: eigenvalues up to this are 0 to rounding; 0 where that is not known. */
double gdi_spectrum_zero(const gd_spectrum *spectrum);

#endif
