/* SPDX-License-Identifier: BSD-3-Clause */
/* The linearisation inside lib: what reports read besides the public accessors. */
#ifndef GDI_THEORY_LINEARISATION_H
#define GDI_THEORY_LINEARISATION_H

#include "base/memory.h"
#include "linear/eigen.h"

#include <gamedyn/linearisation.h>

enum { GDI_SCRATCH_MATRICES = 3 };

/* A number that is computed once: its value, and the status of its computation. */
typedef struct gdi_kept {
  double value;
  gd_status status;
  bool known;
} gdi_kept;

struct gd_linearisation {
  gdi_env env;
  gd_game *game;            /* borrowed; NULL: known by its eigenvalues alone */
  const gd_spectrum *given; /* those eigenvalues, borrowed */
  size_t n;
  double *x, *v; /* [n] */
  double gradient_norm;
  bool dense;
  gd_draw draw; /* at which everything is evaluated */
  bool has_draw;
  gd_spectrum_options solver; /* limits of the solvers by products */
  gd_operator *J;
  /* dense, each NULL until it is asked for */
  double *matrix, *scratch[GDI_SCRATCH_MATRICES]; /* [n by n] */
  double *singular, *symmetric, *conditions;      /* [n] */
  gdi_svd svd;                                    /* with factors, once has_svd */
  bool has_svd;
  /* both */
  gd_spectrum *values, *modes; /* eigenvalues alone; with vectors */
  gdi_kept norm, least, largest, rotation, rightmost, leftmost;
  bool rightmost_complete, leftmost_complete;
  gd_status ends_status; /* status of the ends of the spectrum */
  bool turning;          /* J is antisymmetric, and they are +- i times its singular values */
};

/* The draw that the game had before. */
typedef struct gdi_draw_before {
  gd_draw draw;
  bool has_draw;
} gdi_draw_before;

/* Functions that evaluate the game set it to the linearisation's draw first, and restore its draw afterwards. */
gdi_draw_before gdi_linearisation_enter_draw(gd_linearisation *at);
void gdi_linearisation_leave_draw(gd_linearisation *at, const gdi_draw_before *before);

/* Scratch for a matrix [n by n]; the next report overwrites it.  NULL: no memory. */
double *gdi_scratch_matrix(gd_linearisation *at, size_t index);

/* GD_ERR_ARGUMENT if `at` is NULL, GD_ERR_UNSUPPORTED if it has no game; messages begin with `what`. */
gd_status gdi_linearisation_check(const gd_linearisation *at, const char *what);
/* The same, and GD_ERR_HYPOTHESIS if x is on the edge of a feasible set. */
gd_status gdi_linearisation_check_interior(const gd_linearisation *at, const char *what);
/* The same, and GD_ERR_UNSUPPORTED unless J is a matrix. */
gd_status gdi_linearisation_check_dense(const gd_linearisation *at, const char *what);

/* GD_ERR_UNSUPPORTED if J is known by products and there is no transposed product. */
gd_status gdi_linearisation_check_products(const gd_linearisation *at, const char *what);

/* The error of J beyond rounding, relative to |J|. */
double gdi_linearisation_doubt(const gd_linearisation *at);

/* Dense: all eigenvalues with vectors, and with the condition number of each, [n] in the spectrum's order. */
gd_status gdi_linearisation_modes(gd_linearisation *at, const gd_spectrum **spectrum, const double **conditions);
/* Dense: the decomposition J = U S V' with its factors. */
gd_status gdi_linearisation_svd(gd_linearisation *at, const gdi_svd **svd);
/* Dense: eigenvalues of (J + J')/2, ascending. */
gd_status gdi_linearisation_symmetric(gd_linearisation *at, const double **values);

/* *norm = |K|_2 of an antisymmetric K [n by n], which is overwritten; square [n by n] is scratch. */
gd_status gdi_antisymmetric_norm(gd_linearisation *at, double *K, double *square, double *norm);

/* By products: the real part of the rightmost (leftmost) eigenvalue, NaN if it was not found.  *complete (may be NULL)
 * becomes true if no eigenvalue can be missing. */
gd_status gdi_linearisation_end(gd_linearisation *at, bool rightmost, double *re, bool *complete);

/* linearisation_ends.c: at->values = the ends of the spectrum, by products; see gd_linearisation_spectrum(). */
gd_status gdi_linearisation_find_ends(gd_linearisation *at);
/* The same for any operator.  `norm` is its norm, or 0 if unknown: eigenvalues that rounding may make of zeros in a
 * Jordan chain count as 0. */
gd_status gdi_find_ends(const gdi_env *env, gd_operator *op, const gd_spectrum_options *solver, double norm,
                        gd_spectrum **spectrum);

#endif
