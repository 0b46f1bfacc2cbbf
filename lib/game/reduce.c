/* SPDX-License-Identifier: BSD-3-Clause */
/* reduce.c -- inner products and norms over all ranks; the only place that reduces.
 *
 * The norm takes one reduction: ranks sort the square of their own norm, scaled by a power of
 * two, into a sum of large, of middling or of small squares, so that none overflows or is lost
 * (after Blue 1978, "A portable Fortran program to find the Euclidean norm of a vector"). */
#include "base/error.h"
#include "base/vector.h"
#include "game/game.h"

#include <math.h>

/* Whether x lies in slices on several ranks. */
static bool is_shared_out(const gd_game *game) {
  const gd_comm *comm = game->shared->env.env.comm;
  return comm && comm->size > 1 && (game->shared->traits & GD_PARTITIONED);
}

static gd_status reduce(gd_game *game, gd_reduction op, double *values, size_t count) {
  const gd_comm *comm = game->shared->env.env.comm;
  if (!is_shared_out(game)) return GD_OK;
  game->counts.reductions++;
  const int code = comm->reduce(comm->context, op, values, count);
  if (code) return gdi_fail(GD_ERR_REDUCE, "comm->reduce returned %d on rank %d of %d", code, comm->rank, comm->size);
  return GD_OK;
}

gd_status gdi_game_max(gd_game *game, double *values, size_t count) {
  return reduce(game, GD_REDUCE_MAX, values, count);
}

gd_status gd_game_dot(gd_game *game, const double *a, const double *b, double *dot) {
  GDI_REQUIRE(game && a && b && dot, "dot: %s is NULL", !game ? "game" : !a ? "a" : !b ? "b" : "dot");
  double sum = gdi_vector_dot(game->n, a, b);
  GD_TRY(reduce(game, GD_REDUCE_SUM, &sum, 1));
  if (!isfinite(sum)) return gdi_fail(GD_ERR_NONFINITE, "dot is %g", sum);
  *dot = sum;
  return GD_OK;
}

/* The square of this rank's norm, in the sum of its size: large ones times 2^-1200, small ones
 * times 2^1200.  A middling square is at most 2^1000, which leaves room for 2^23 ranks. */
static void sort_square(double norm, double sums[3]) {
  const int which = norm > 0x1p500 ? 0 : norm < 0x1p-500 ? 2 : 1;
  const double scaled = which == 0 ? norm * 0x1p-600 : which == 2 ? norm * 0x1p600 : norm;
  sums[which] = scaled * scaled;
}

gd_status gd_game_norm(gd_game *game, const double *a, double *norm) {
  GDI_REQUIRE(game && a && norm, "norm: %s is NULL", !game ? "game" : !a ? "a" : "norm");
  double answer = gdi_vector_norm(game->n, a);
  if (is_shared_out(game)) {
    double sums[3] = {0};
    sort_square(answer, sums);
    GD_TRY(reduce(game, GD_REDUCE_SUM, sums, 3));
    answer = hypot(hypot(sqrt(sums[0]) * 0x1p600, sqrt(sums[1])), sqrt(sums[2]) * 0x1p-600);
  }
  if (!isfinite(answer)) return gdi_fail(GD_ERR_NONFINITE, "norm is %g", answer);
  *norm = answer;
  return GD_OK;
}
