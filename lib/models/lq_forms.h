/* SPDX-License-Identifier: BSD-3-Clause */
/* Quadratic forms and affine maps whose coefficients are variables of a game.
 *
 * A block p holds a matrix M [d by d] column by column, all of it or the lower triangle alone, and then a vector
 * m [d].  It serves as the quadratic form y'My + m'y or as the affine map z -> M z + m. */
#ifndef GDI_MODELS_LQ_FORMS_H
#define GDI_MODELS_LQ_FORMS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct gdi_lq_shape {
  size_t d;
  bool triangular;
} gdi_lq_shape;

/* Stored entries of M; of the block. */
size_t gdi_lq_entries(gdi_lq_shape shape);
static inline size_t gdi_lq_length(gdi_lq_shape shape) { return gdi_lq_entries(shape) + shape.d; }

/* y'My + m'y */
double gdi_lq_value(gdi_lq_shape shape, const double *p, const double *y);
/* out = (M + M') y + m, its derivative in y; add_curved leaves m out and adds (M + M') y. */
void gdi_lq_slope(gdi_lq_shape shape, const double *p, const double *y, double *out);
void gdi_lq_add_curved(gdi_lq_shape shape, const double *p, const double *y, double *out);
/* out = M z + m */
void gdi_lq_image(gdi_lq_shape shape, const double *p, const double *z, double *out);

/* M += c a b' where entries are stored; add_affine also does m += c a. */
void gdi_lq_add_outer(gdi_lq_shape shape, double c, const double *a, const double *b, double *p);
void gdi_lq_add_affine(gdi_lq_shape shape, double c, const double *a, const double *b, double *p);

#endif
