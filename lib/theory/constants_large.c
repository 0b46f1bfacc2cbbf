/* SPDX-License-Identifier: BSD-3-Clause */
/* constants_large.c -- the constants of constants.c from products alone.
 *
 *     beta       the largest singular value of J, by Golub-Kahan
 *     alpha      the least eigenvalues of A = -J_tt and B = -J_oo, by Lanczos
 *     lambda     extreme singular values of C' = J_ot, by Golub-Kahan; zeros are not counted
 *
 * A block is 0 if its norm is 0, so bilinear games are recognised. */
#include "theory/constants.h"

#include "theory/point.h"

#include <float.h>
#include <gamedyn/classify.h>
#include <gamedyn/operator.h>
#include <math.h>

/* Keep the first positive status. */
static gd_status note(gd_status status, gd_status *caveat) {
  if (status > 0 && *caveat == GD_OK) *caveat = status;
  return status < 0 ? status : GD_OK;
}

/* Least eigenvalue of -J_ii, made symmetric, and the norm of that block. */
static gd_status own_block(gd_linearisation *at, size_t player, double *least, double *norm, gd_status *caveat) {
  gd_operator *block = NULL;
  GD_TRY(gd_operator_block(&block, at->game, player, player, at->x));
  gd_status status = note(gdi_largest_symmetric(block, 1, &at->solver, least), caveat);
  *least = -*least;
  if (status == GD_OK) status = note(gdi_largest_singular_value(block, &at->solver, norm), caveat);
  gd_operator_destroy(block);
  return status;
}

static gd_status interaction(gd_linearisation *at, gd_game_constants *constants, gd_status *caveat) {
  const size_t p = gd_game_block_size(at->game, 0), q = gd_game_block_size(at->game, 1), most = p > q ? p : q;
  gd_operator *block = NULL;
  double largest = 0, least = 0;
  gd_spectrum_options smallest = at->solver;
  smallest.which = GD_SMALLEST_REAL, smallest.count = 1;
  GD_TRY(gd_operator_block(&block, at->game, 1, 0, at->x));
  gd_status status = note(gdi_largest_singular_value(block, &at->solver, &largest), caveat);
  if (status == GD_OK) status = note(gd_singular_values(block, &smallest, &least, NULL), caveat);
  gd_operator_destroy(block);
  if (status < 0) return status;
  if (least <= fmax((double)most * DBL_EPSILON, gdi_linearisation_doubt(at)) * largest) least = 0;
  constants->lambda_max = largest * largest;
  constants->lambda_min_nonzero = least * least;
  constants->lambda_min = p == q ? least * least : 0;
  constants->rank = GD_UNKNOWN_COUNT;
  return GD_OK;
}

gd_status gdi_constants_by_products(gd_linearisation *at, gd_game_constants *constants) {
  const double doubt = gdi_linearisation_doubt(at);
  double norm, a, b, a_norm, b_norm;
  gd_status caveat = GD_OK;
  GD_TRY(note(gd_linearisation_norm(at, &norm), &caveat));
  GD_TRY(own_block(at, 0, &a, &a_norm, &caveat));
  GD_TRY(own_block(at, 1, &b, &b_norm, &caveat));
  const double root = gdi_square_root_of_alpha(a, b, fmax((double)at->n * DBL_EPSILON, doubt) * norm);
  *constants = (gd_game_constants){.alpha = root * root, .beta = isnan(root) ? NAN : norm * norm};
  constants->flat = fmax(a_norm, b_norm) <= doubt * norm;
  GD_TRY(interaction(at, constants, &caveat));
  return caveat;
}
