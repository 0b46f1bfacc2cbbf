/* SPDX-License-Identifier: BSD-3-Clause */
/* constants_large.c -- the constants of constants.c from products alone.
 *
 *     beta       the largest singular value of J, by Golub-Kahan
 *     alpha      the least eigenvalues of A = -J_tt and B = -J_oo, by Lanczos
 *     lambda     extreme singular values of C' = J_ot, by Golub-Kahan; zeros are not counted
 *
 * A block vanishes if its norm does, so that bilinear games are known as such. */
#include "theory/constants.h"

#include "theory/point.h"

#include <float.h>
#include <gamedyn/classify.h>
#include <gamedyn/operator.h>
#include <math.h>

/* Blocks this small are assembled. */
enum { DENSE_LIMIT = 100 };

typedef struct view {
  gd_game *game;
  const double *x;
  gd_spectrum_options options;
  gd_status caveat; /* the first of the solvers' */
} view;

static gd_status note(view *w, gd_status status) {
  if (status > 0) w->caveat = status;
  return status < 0 ? status : GD_OK;
}

static gd_status find_norm(view *w, double *norm) {
  gd_operator *J = NULL;
  GD_TRY(gd_operator_jacobian(&J, w->game, w->x));
  const gd_status status = gdi_largest_singular_value(J, &w->options, norm);
  gd_operator_destroy(J);
  return note(w, status);
}

/* Least eigenvalue of -J_ii, made symmetric, and the norm of that block. */
static gd_status own_block(view *w, size_t player, double *least, double *norm) {
  gd_operator *block = NULL;
  GD_TRY(gd_operator_block(&block, w->game, player, player, w->x));
  gd_status status = note(w, gdi_largest_symmetric(block, 1, &w->options, least));
  *least = -*least;
  if (status == GD_OK) status = note(w, gdi_largest_singular_value(block, &w->options, norm));
  gd_operator_destroy(block);
  return status;
}

static gd_status interaction(view *w, double doubt, gd_game_constants *constants) {
  const size_t p = gd_game_block_size(w->game, 0), q = gd_game_block_size(w->game, 1), most = p > q ? p : q;
  gd_operator *block = NULL;
  double largest = 0, least = 0;
  gd_spectrum_options smallest = w->options;
  smallest.which = GD_SMALLEST_REAL, smallest.count = 1;
  GD_TRY(gd_operator_block(&block, w->game, 1, 0, w->x));
  gd_status status = note(w, gdi_largest_singular_value(block, &w->options, &largest));
  if (status == GD_OK) status = note(w, gd_singular_values(block, &smallest, &least, NULL));
  gd_operator_destroy(block);
  if (status < 0) return status;
  if (least <= fmax((double)most * DBL_EPSILON, doubt) * largest) least = 0;
  constants->lambda_max = largest * largest;
  constants->lambda_min_nonzero = least * least;
  constants->lambda_min = p == q ? least * least : 0;
  constants->rank = GD_UNKNOWN_COUNT;
  return GD_OK;
}

static gd_status look(view *w, double doubt, gd_game_constants *constants) {
  double norm, a, b, a_norm, b_norm;
  GD_TRY(find_norm(w, &norm));
  GD_TRY(own_block(w, 0, &a, &a_norm));
  GD_TRY(own_block(w, 1, &b, &b_norm));
  const double rounding = fmax((double)gd_game_size(w->game) * DBL_EPSILON, doubt) * norm;
  const double root = gdi_square_root_of_alpha(a, b, rounding);
  *constants = (gd_game_constants){.alpha = root * root, .beta = isnan(root) ? NAN : norm * norm};
  constants->flat = fmax(a_norm, b_norm) <= doubt * norm;
  return interaction(w, doubt, constants);
}

gd_status gdi_constants_by_products(gd_game *game, const double *x, double doubt, gd_game_constants *constants) {
  view w = {.game = game, .x = x};
  gd_spectrum_options_init(&w.options);
  w.options.dense_limit = DENSE_LIMIT;
  GD_TRY(look(&w, doubt, constants));
  return w.caveat;
}
