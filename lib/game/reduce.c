/* SPDX-License-Identifier: BSD-3-Clause */
/* reduce.c -- inner products and norms over all ranks; the only place that reduces.
 *
 * The norm is one pass and one reduction: squares that could overflow or underflow go, scaled
 * by a power of two, to sums of their own (Blue 1978, "A portable Fortran program to find the
 * Euclidean norm of a vector"), and the three sums are added over ranks together. */
#include "base/error.h"
#include "game/game.h"

#include <float.h>
#include <math.h>

static gd_status reduce(gd_game *game, gd_reduction op, double *values, size_t count) {
  const gd_comm *comm = game->shared->env.env.comm;
  if (!comm || comm->size == 1 || !(game->shared->traits & GD_PARTITIONED)) return GD_OK;
  game->counts.reductions++;
  const int code = comm->reduce(comm->context, op, values, count);
  if (code) return gdi_fail(GD_ERR_REDUCE, "comm->reduce returned %d on rank %d of %d", code, comm->rank, comm->size);
  return GD_OK;
}

gd_status gdi_game_max(gd_game *game, double *values, size_t count) {
  return reduce(game, GD_REDUCE_MAX, values, count);
}

static double local_dot(const double *a, const double *b, size_t n) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
  return sum;
}

gd_status gd_game_dot(gd_game *game, const double *a, const double *b, double *dot) {
  GDI_REQUIRE(game && a && b && dot, "%s is NULL", !game ? "game" : !a ? "a" : !b ? "b" : "dot");
  double sum = local_dot(a, b, game->n);
  GD_TRY(reduce(game, GD_REDUCE_SUM, &sum, 1));
  if (!isfinite(sum)) return gdi_fail(GD_ERR_NONFINITE, "dot is %g", sum);
  *dot = sum;
  return GD_OK;
}

/* Sums of squares: of the large entries times 2^-600, of the middling, of the small times 2^600.
 * A middling square is at most 2^1000, so 2^24 of them add up without overflow. */
static void add_squares(const double *a, size_t n, double sums[3]) {
  for (size_t k = 0; k < n; k++) {
    const double size = fabs(a[k]);
    const int which = size > 0x1p500 ? 0 : size < 0x1p-500 ? 2 : 1;
    const double scaled = which == 0 ? a[k] * 0x1p-600 : which == 2 ? a[k] * 0x1p600 : a[k];
    sums[which] += scaled * scaled;
  }
}

gd_status gd_game_norm(gd_game *game, const double *a, double *norm) {
  GDI_REQUIRE(game && a && norm, "%s is NULL", !game ? "game" : !a ? "a" : "norm");
  double sums[3] = {0, local_dot(a, a, game->n), 0};
  /* far from both ends of the range nothing was lost that the sum could show */
  if (!(sums[1] > 0x1p-900 && sums[1] < 0x1p1000)) {
    sums[1] = 0;
    add_squares(a, game->n, sums);
  }
  GD_TRY(reduce(game, GD_REDUCE_SUM, sums, 3));
  double answer = sqrt(sums[1]);
  if (sums[0] != 0 || sums[2] != 0) answer = hypot(hypot(sqrt(sums[0]) * 0x1p600, answer), sqrt(sums[2]) * 0x1p-600);
  if (!isfinite(answer)) return gdi_fail(GD_ERR_NONFINITE, "norm is %g", answer);
  *norm = answer;
  return GD_OK;
}
