/* SPDX-License-Identifier: BSD-3-Clause */
/* consensus_batches.c -- the consensus field of a stochastic game, without the bias of a single minibatch.
 *
 * From one batch of m samples, J the mean of J_i and v that of v_i, J'v has the expectation E[J]'E[v] + Cov / m: its
 * two factors know each other (Mescheder, Nowozin & Geiger 2017, section 4 and supplement).  Unbiased are
 *
 *     two batches   J_1'v_2
 *     debiased      1/(k (k - 1)) sum over i != j of J_i'v_j = 1/(k (k - 1)) sum over i of J_i'(S - v_i),
 *                   S = sum of v_j,
 *
 * the batch in k parts that are drawn independently.  Parts are evaluated twice, once for S and once more for v_i, so
 * that memory does not grow with their number. */
#include "derive/consensus.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>
#include <string.h>

/* Batch number `child` of its own, `batch_size` large, named by a draw. */
static gd_draw child_of(const gd_draw *draw, uint64_t child, uint64_t batch_size) {
  const gd_rng parent = gd_draw_rng(draw), own = gd_rng_split(&parent, child);
  return (gd_draw){own.seed, own.stream, 0, batch_size};
}

static gd_status two_batches(gd_game *game, const gd_draw *draw, double gamma, const double *x, double *room,
                             double *field) {
  const size_t n = gd_game_size(game);
  const gd_draw second = child_of(draw, 0, draw->batch_size);
  double *other = room, *pull = room + n;
  gd_game_set_draw(game, &second);
  GD_TRY(gd_game_gradient(game, x, other));
  gd_game_set_draw(game, draw);
  GD_TRY(gd_game_vjp(game, x, other, pull));
  GD_TRY(gd_game_gradient(game, x, field));
  gdi_vector_axpy(n, -gamma, pull, field);
  return GD_OK;
}

static gd_status count_parts(const gd_draw *draw, size_t asked, uint64_t *parts) {
  *parts = asked > 0 ? asked : draw->batch_size;
  if (*parts < 2 || draw->batch_size % *parts != 0)
    return gdi_fail(GD_ERR_UNSUPPORTED,
                    "a batch of %llu cannot be debiased in %llu parts, expected 2 or more equal ones",
                    (unsigned long long)draw->batch_size, (unsigned long long)*parts);
  return GD_OK;
}

/* sum [n] = S */
static gd_status add_up(gd_game *game, const gd_draw *draw, uint64_t parts, const double *x, double *own, double *sum) {
  const size_t n = gd_game_size(game);
  memset(sum, 0, n * sizeof *sum);
  for (uint64_t k = 0; k < parts; k++) {
    const gd_draw part = child_of(draw, k, draw->batch_size / parts);
    gd_game_set_draw(game, &part);
    GD_TRY(gd_game_gradient(game, x, own));
    gdi_vector_axpy(n, 1, own, sum);
  }
  return GD_OK;
}

static gd_status debiased(gd_game *game, const gd_draw *draw, const gd_consensus_options *options, const double *x,
                          double *room, double *field) {
  const size_t n = gd_game_size(game);
  double *sum = room, *own = room + n, *pull = room + 2 * n;
  uint64_t parts;
  GD_TRY(count_parts(draw, options->parts, &parts));
  GD_TRY(add_up(game, draw, parts, x, own, sum));
  const double count = (double)parts, weight = options->gamma / (count * (count - 1));
  for (size_t i = 0; i < n; i++) field[i] = sum[i] / count;
  for (uint64_t k = 0; k < parts; k++) {
    const gd_draw part = child_of(draw, k, draw->batch_size / parts);
    gd_game_set_draw(game, &part);
    GD_TRY(gd_game_gradient(game, x, own));
    gdi_vector_move(n, -1, sum, own, own); /* S - v_i */
    GD_TRY(gd_game_vjp(game, x, own, pull));
    gdi_vector_axpy(n, -weight, pull, field);
  }
  return GD_OK;
}

static gd_status gradient(const gd_derived *at, const double *x, double *v) {
  const gd_consensus_options *options = at->params;
  gd_draw draw;
  if (!gd_game_get_draw(at->base, &draw)) return gdi_consensus_field(at->base, options->gamma, x, at->scratch, v);
  if (options->estimator == GD_CONSENSUS_TWO_BATCHES)
    return two_batches(at->base, &draw, options->gamma, x, at->scratch, v);
  return debiased(at->base, &draw, options, x, at->scratch, v);
}

void gd_consensus_options_init_sized(gd_consensus_options *options, size_t size) {
  const gd_consensus_options defaults = {.struct_size = sizeof defaults, .gamma = 1};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

static gd_status check(const gd_consensus_options *options) {
  GD_TRY(gdi_derived_check_weight("gamma", options->gamma));
  GDI_REQUIRE(options->estimator >= GD_CONSENSUS_ONE_BATCH && options->estimator <= GD_CONSENSUS_DEBIASED,
              "estimator is %d, expected one of gd_consensus_estimator", (int)options->estimator);
  GDI_REQUIRE(options->parts != 1, "parts is 1, expected 2 or more, or 0 for the number of samples in a batch");
  return GD_OK;
}

static gd_status plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  GD_TRY(check(params));
  plan->needs = 1u << GD_VJP;
  plan->scratch = 3 * gd_game_size(base);
  plan->traits &= ~(uint32_t)(GD_ZERO_SUM | GD_POTENTIAL);
  return GD_OK;
}

static const gd_consensus_options two = {sizeof two, 0.25, GD_CONSENSUS_TWO_BATCHES, 0};
const gd_derivation gdi_derivation_two_batch_consensus = {.struct_size = sizeof(gd_derivation),
                                                          .name = "two_batch_consensus",
                                                          .text = "consensus, J'v from two minibatches",
                                                          .params_size = sizeof two,
                                                          .example = &two,
                                                          .corrects = true,
                                                          .plan = plan,
                                                          .gradient = gradient};

static const gd_consensus_options parts = {sizeof parts, 0.25, GD_CONSENSUS_DEBIASED, 2};
const gd_derivation gdi_derivation_debiased_consensus = {.struct_size = sizeof(gd_derivation),
                                                         .name = "debiased_consensus",
                                                         .text = "consensus, J'v from different parts of a minibatch",
                                                         .params_size = sizeof parts,
                                                         .example = &parts,
                                                         .corrects = true,
                                                         .plan = plan,
                                                         .gradient = gradient};

gd_status gd_derive_consensus_with(gd_game **game, gd_game *base, const gd_consensus_options *options) {
  GDI_REQUIRE(game && base, "consensus: %s is NULL", game ? "base" : "game");
  gd_consensus_options own;
  gd_consensus_options_init(&own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_consensus_options, &own, options));
  GD_TRY(check(&own));
  const bool affine = gd_game_traits(base) & GD_AFFINE, drawn = gd_game_traits(base) & GD_STOCHASTIC;
  if (own.estimator == GD_CONSENSUS_ONE_BATCH || affine || !drawn) return gd_derive_consensus(game, base, own.gamma);
  const bool debiases = own.estimator == GD_CONSENSUS_DEBIASED;
  return gd_derive(game, base, debiases ? &gdi_derivation_debiased_consensus : &gdi_derivation_two_batch_consensus,
                   &own);
}
