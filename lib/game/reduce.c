/* SPDX-License-Identifier: BSD-3-Clause */
/* reduce.c -- inner products, norms and votes over all ranks; the only place that reduces.
 *
 * The norm takes one reduction: each rank adds the square of its own norm, scaled by a power of two, to a sum of large,
 * medium or small squares, so none overflows or is lost (after Blue 1978, "A portable Fortran program to find the
 * Euclidean norm of a vector"). */
#include "game/reduce.h"
#include "base/error.h"
#include "game/game.h"
#include "kernels/vector.h"

#include <math.h>

static bool has_ranks(const gd_game *game) {
  const gd_comm *comm = game->shared->env.env.comm;
  return comm && comm->size > 1;
}

/* Whether x lies in slices on several ranks. */
static bool is_shared_out(const gd_game *game) { return has_ranks(game) && (game->shared->traits & GD_PARTITIONED); }

static gd_status reduce_over_ranks(gd_game *game, gd_reduction op, double *values, size_t count) {
  const gd_comm *comm = game->shared->env.env.comm;
  game->counts.reductions++;
  const int code = comm->reduce(comm->context, op, values, count);
  if (code) return gdi_fail(GD_ERR_REDUCE, "comm->reduce returned %d on rank %d of %d", code, comm->rank, comm->size);
  return GD_OK;
}

static gd_status reduce(gd_game *game, gd_reduction op, double *values, size_t count) {
  return is_shared_out(game) ? reduce_over_ranks(game, op, values, count) : GD_OK;
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

static double join_squares(const double sums[3]) {
  return hypot(hypot(sqrt(sums[0]) * 0x1p600, sqrt(sums[1])), sqrt(sums[2]) * 0x1p-600);
}

gd_status gd_game_norm(gd_game *game, const double *a, double *norm) {
  GDI_REQUIRE(game && a && norm, "norm: %s is NULL", !game ? "game" : !a ? "a" : "norm");
  double answer = gdi_vector_norm(game->n, a);
  if (is_shared_out(game)) {
    double sums[3] = {0};
    sort_square(answer, sums);
    GD_TRY(reduce(game, GD_REDUCE_SUM, sums, 3));
    answer = join_squares(sums);
  }
  if (!isfinite(answer)) return gdi_fail(GD_ERR_NONFINITE, "norm is %g", answer);
  *norm = answer;
  return GD_OK;
}

gd_status gdi_game_vote(gd_game *game, bool votes[GDI_VOTES]) {
  double counts[GDI_VOTES];
  if (!has_ranks(game)) return GD_OK;
  for (size_t k = 0; k < GDI_VOTES; k++) counts[k] = votes[k];
  GD_TRY(reduce_over_ranks(game, GD_REDUCE_SUM, counts, GDI_VOTES));
  for (size_t k = 0; k < GDI_VOTES; k++) votes[k] = counts[k] > 0;
  return GD_OK;
}

/* The squares of |x| and |x - old|, whether x is finite, and the votes, in one reduction.  A replicated point
 * needs the votes only. */
static gd_status track_over_ranks(gd_game *game, gdi_tracking *tracking) {
  double sums[7 + GDI_VOTES] = {0};
  if (!is_shared_out(game)) return gdi_game_vote(game, tracking->votes);
  if (tracking->finite) sort_square(tracking->x_norm, sums);
  if (tracking->finite) sort_square(tracking->move_norm, sums + 3);
  sums[6] = !tracking->finite;
  for (size_t k = 0; k < GDI_VOTES; k++) sums[7 + k] = tracking->votes[k];
  GD_TRY(reduce_over_ranks(game, GD_REDUCE_SUM, sums, 7 + GDI_VOTES));
  tracking->x_norm = join_squares(sums);
  tracking->move_norm = join_squares(sums + 3);
  tracking->finite = sums[6] == 0;
  for (size_t k = 0; k < GDI_VOTES; k++) tracking->votes[k] = sums[7 + k] > 0;
  return GD_OK;
}

/* A sum of squares in this range lost nothing that matters; others are worth another pass. */
static bool is_safe(double sum_of_squares) { return sum_of_squares > 0x1p-900 && isfinite(sum_of_squares); }

gd_status gdi_game_track(gd_game *game, const double *x, const double *old, double *kept, gdi_tracking *tracking) {
  const size_t n = game->n;
  const gdi_vector_change change = gdi_vector_track(n, x, old, kept);
  tracking->finite = change.finite;
  tracking->x_norm = is_safe(change.norm_squared) ? sqrt(change.norm_squared) : gdi_vector_norm(n, x);
  const bool is_known = old == x || is_safe(change.distance_squared);
  tracking->move_norm = is_known ? sqrt(change.distance_squared) : gdi_vector_distance(n, x, old);
  return track_over_ranks(game, tracking);
}

gd_status gdi_game_take_residual(gd_game *game, const double *x, double *v) {
  if (!gd_game_projects(game)) return GD_OK;
  for (size_t k = 0; k < game->n; k++) v[k] += x[k];
  GD_TRY(gd_game_project(game, v));
  for (size_t k = 0; k < game->n; k++) v[k] -= x[k];
  return GD_OK;
}

gd_status gdi_game_agree(gd_game *game, gd_status status) {
  if (!is_shared_out(game)) return status;
  const bool outside = status == GD_ERR_DOMAIN, diverged = status == GD_ERR_NONFINITE;
  const bool failed = status < 0 && !outside && !diverged;
  bool votes[GDI_VOTES] = {[GDI_VOTE_OUTSIDE] = outside, [GDI_VOTE_DIVERGED] = diverged, [GDI_VOTE_FAILED] = failed};
  GD_TRY(gdi_game_vote(game, votes));
  if (votes[GDI_VOTE_FAILED]) return failed ? status : gdi_fail(GD_ERR_REDUCE, "the gradient failed on another rank");
  if (votes[GDI_VOTE_OUTSIDE])
    return outside ? status : gdi_fail(GD_ERR_DOMAIN, "x is outside the game's domain on another rank");
  if (votes[GDI_VOTE_DIVERGED])
    return diverged ? status : gdi_fail(GD_ERR_NONFINITE, "the gradient is not finite on another rank");
  return status;
}

gd_status gdi_game_residual(gd_game *game, const double *x, double *room, double *residual) {
  gd_status status = gd_game_gradient(game, x, room);
  if (status == GD_OK) status = gdi_game_take_residual(game, x, room);
  GD_TRY(gdi_game_agree(game, status));
  return gd_game_norm(game, room, residual);
}
