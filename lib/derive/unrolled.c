/* SPDX-License-Identifier: BSD-3-Clause */
/* unrolled.c -- one player, the leader l, looks at where another, the follower f, will be after k steps.
 *
 *     y_0 = x_f,   y_{j+1} = y_j + a v_f(x, y_j),   S(x) = u_l(x, y_k(x)),   field_l = dS/dx_l,
 *
 * and everybody else's block stays (Metz, Poole, Pfau & Sohl-Dickstein 2017, "Unrolled Generative Adversarial
 * Networks", section 2.2, with signs of motion).  By the chain rule backwards, with G = du_l/dx at (x, y_k) to begin
 * with, for j = k-1, ..., 0
 *
 *     G += a J(x, y_j)' P_f G,    P_f the projection onto the follower's block,
 *
 * after which G = dS/dx: the follower's block of G is the adjoint of y_j, and the leader's is the field.  Only
 * transposed products are asked for.  Backwards the y_j are wanted in turn: either all are kept, or the first of every
 * segment of sqrt(k) steps, and a segment is computed again, with the same bits, when its turn comes (checkpoints, as in
 * Griewank 1992, "Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
 * differentiation", with one level).  The first-order field takes y_k for a constant: field_l = v_l(x, y_k). */
#include "base/error.h"
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>
#include <string.h>

#define MOST_STEPS 1000000 /* sizes do not overflow */

typedef struct unrolling {
  double step_size;
  size_t leader, follower, steps;
  size_t segment; /* steps from one kept point to the next; all of them: every point is kept */
  bool first_order;
} unrolling;

/* Vectors of scratch, [n] each; the follower's points are packed behind them. */
typedef struct workspace {
  gd_game *base;
  const unrolling *own;
  size_t n, start, length;                   /* of x, and the follower's block */
  double *point, *cotangent, *product, *all; /* (x, y_j), a P_f G, J' of that, G */
  double *checkpoints;                       /* the first point of each segment [length by segments] */
  double *points;                            /* the points of one segment [length by steps of a segment] */
} workspace;

enum { VECTORS = 4 };

static size_t count_segments(const unrolling *own) {
  return own->steps / own->segment + (own->steps % own->segment > 0);
}

static workspace workspace_of(const gd_derived *at) {
  const unrolling *own = at->params;
  const size_t n = gd_game_size(at->base), length = gd_game_block_size(at->base, own->follower);
  double *const first = at->scratch, *const kept = first + VECTORS * n;
  return (workspace){.base = at->base,
                     .own = own,
                     .n = n,
                     .start = gd_game_block_start(at->base, own->follower),
                     .length = length,
                     .point = first,
                     .cotangent = first + n,
                     .product = first + 2 * n,
                     .all = first + 3 * n,
                     .checkpoints = kept,
                     .points = kept + length * count_segments(own)};
}

/* y_j becomes y_{j+1}. */
static gd_status advance(const workspace *at) {
  GD_TRY(gd_game_player_gradient(at->base, at->own->follower, at->point, at->product));
  gdi_vector_axpy(at->length, at->own->step_size, at->product, at->point + at->start);
  return GD_OK;
}

static void keep(const workspace *at, double *where) {
  memcpy(where, at->point + at->start, at->length * sizeof *where);
}

static void restore(const workspace *at, const double *where) {
  memcpy(at->point + at->start, where, at->length * sizeof *where);
}

/* The point becomes (x, y_k); the first points of segments and those of the last one are kept. */
static gd_status unroll(const workspace *at, const double *x) {
  const size_t segment = at->own->segment, steps = at->own->steps;
  const size_t last = steps ? (count_segments(at->own) - 1) * segment : 0;
  memcpy(at->point, x, at->n * sizeof *x);
  for (size_t j = 0; j < steps; j++) {
    if (j % segment == 0) keep(at, at->checkpoints + j / segment * at->length);
    if (j >= last) keep(at, at->points + (j - last) * at->length);
    GD_TRY(advance(at));
  }
  return GD_OK;
}

/* The points of a segment that is not the last, computed again from its checkpoint. */
static gd_status recompute(const workspace *at, size_t number) {
  restore(at, at->checkpoints + number * at->length);
  for (size_t j = 0; j < at->own->segment; j++) {
    keep(at, at->points + j * at->length);
    if (j + 1 < at->own->segment) GD_TRY(advance(at));
  }
  return GD_OK;
}

/* G at the end of a segment -> G at its beginning. */
static gd_status reverse_segment(const workspace *at, size_t steps, double *G) {
  for (size_t j = steps; j-- > 0;) {
    restore(at, at->points + j * at->length);
    for (size_t i = at->start; i < at->start + at->length; i++) at->cotangent[i] = at->own->step_size * G[i];
    GD_TRY(gd_game_vjp(at->base, at->point, at->cotangent, at->product));
    gdi_vector_axpy(at->n, 1, at->product, G);
  }
  return GD_OK;
}

/* G = dS/dx [n] from (x, y_k) and the way there */
static gd_status reverse(const workspace *at, double *G) {
  const size_t segments = count_segments(at->own), segment = at->own->segment;
  GD_TRY(gd_game_utility_gradient(at->base, at->own->leader, at->point, G));
  memset(at->cotangent, 0, at->n * sizeof *at->cotangent);
  for (size_t number = segments; number-- > 0;) {
    const bool is_last = number + 1 == segments;
    if (!is_last) GD_TRY(recompute(at, number));
    GD_TRY(reverse_segment(at, is_last ? at->own->steps - number * segment : segment, G));
  }
  return GD_OK;
}

/* The leader's block -> v_l. */
static gd_status lead(const gd_derived *at, const double *x, double *v_l) {
  const workspace own = workspace_of(at);
  const size_t leader = own.own->leader;
  GD_TRY(unroll(&own, x));
  if (own.own->first_order) return gd_game_player_gradient(at->base, leader, own.point, v_l);
  GD_TRY(reverse(&own, own.all));
  memcpy(v_l, own.all + gd_game_block_start(at->base, leader), gd_game_block_size(at->base, leader) * sizeof *v_l);
  return GD_OK;
}

static gd_status gradient(const gd_derived *at, const double *x, double *v) {
  const unrolling *own = at->params;
  GD_TRY(gd_game_gradient(at->base, x, v));
  if (own->steps == 0) return GD_OK;
  return lead(at, x, v + gd_game_block_start(at->base, own->leader));
}

static gd_status player_gradient(const gd_derived *at, size_t player, const double *x, double *v_i) {
  const unrolling *own = at->params;
  if (player == own->leader && own->steps > 0) return lead(at, x, v_i);
  return gd_game_player_gradient(at->base, player, x, v_i);
}

/* The leader's is S(x). */
static gd_status utilities(const gd_derived *at, const double *x, double *u) {
  const workspace own = workspace_of(at);
  GD_TRY(unroll(&own, x));
  GD_TRY(gd_game_utilities(at->base, own.point, u));
  const double leaders = u[own.own->leader];
  GD_TRY(gd_game_utilities(at->base, x, u));
  u[own.own->leader] = leaders;
  return GD_OK;
}

static gd_status utility_gradient(const gd_derived *at, size_t player, const double *x, double *g) {
  const workspace own = workspace_of(at);
  if (player != own.own->leader) return gd_game_utility_gradient(at->base, player, x, g);
  GD_TRY(unroll(&own, x));
  return reverse(&own, g);
}

/* u_l of a zero-sum game of two falls as u_f rises: du_l/dx_f = -v_f, affine as v is, and 0 where v is. */
static uint32_t lost_traits(const gd_game *base, const unrolling *own) {
  return GD_ZERO_SUM | GD_POTENTIAL | (own->first_order || gdi_derived_is_opposed(base) ? 0 : GD_AFFINE);
}

static gd_status check(const gd_game *base, const unrolling *own) {
  GD_TRY(gdi_derived_check_players(base, own->leader, own->follower));
  GDI_REQUIRE(own->steps <= MOST_STEPS, "steps is %zu, expected 0 to %d", own->steps, MOST_STEPS);
  return gdi_derived_check_weight("step_size", own->step_size);
}

static void plan_utilities(gd_derivation_plan *plan, const gd_game *base) {
  plan->needs |= 1u << GD_UTILITY_GRADIENT | 1u << GD_VJP;
  if (gd_game_source(base, GD_UTILITIES) == GD_SOURCE_NONE) gdi_derived_withdraw(plan, GD_UTILITIES);
  if (gd_game_source(base, GD_UTILITY_GRADIENT) == GD_SOURCE_DIFFERENCED)
    gdi_derived_withdraw(plan, GD_UTILITY_GRADIENT);
}

/* y_j leaves the feasible set where it is on its edge. */
static gd_status plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  const unrolling *own = params;
  GD_TRY(check(base, own));
  const size_t kept = count_segments(own) + own->segment;
  plan->needs = 1u << GD_PLAYER_GRADIENT;
  plan->scratch = VECTORS * gd_game_size(base) + kept * gd_game_block_size(base, own->follower);
  if (!own->first_order) plan_utilities(plan, base);
  if (own->steps == 0) return GD_OK;
  plan->traits &= ~lost_traits(base, own);
  plan->has_solution = !gd_game_projects(base) && (own->first_order || gdi_derived_is_opposed(base));
  return GD_OK;
}

static const unrolling example = {0.1, 0, 1, 3, 3, false};
const gd_derivation gdi_derivation_unrolled = {.struct_size = sizeof(gd_derivation),
                                               .name = "unrolled",
                                               .text = "the leader plays against the follower some steps ahead",
                                               .params_size = sizeof example,
                                               .example = &example,
                                               .plan = plan,
                                               .gradient = gradient,
                                               .player_gradient = player_gradient,
                                               .utilities = utilities,
                                               .utility_gradient = utility_gradient};

static const unrolling first_order_example = {0.1, 0, 1, 3, 3, true};
const gd_derivation gdi_derivation_unrolled_first_order = {.struct_size = sizeof(gd_derivation),
                                                           .name = "unrolled_first_order",
                                                           .text =
                                                               "unrolled, the follower's answer taken for a constant",
                                                           .params_size = sizeof first_order_example,
                                                           .example = &first_order_example,
                                                           .plan = plan,
                                                           .gradient = gradient,
                                                           .player_gradient = player_gradient};

/* The least whole number whose square is `steps` or more, and at least 1. */
static size_t root_of(size_t steps) {
  size_t root = 1;
  while (root < steps && root * root < steps) root++;
  return root;
}

gd_status gd_derive_unrolled(gd_game **game, gd_game *base, size_t leader, size_t follower, size_t steps,
                             double step_size) {
  return gd_derive(game, base, &gdi_derivation_unrolled,
                   &(unrolling){step_size, leader, follower, steps, steps ? steps : 1, false});
}

gd_status gd_derive_unrolled_checkpointed(gd_game **game, gd_game *base, size_t leader, size_t follower, size_t steps,
                                          double step_size) {
  const size_t segment = root_of(steps < MOST_STEPS ? steps : MOST_STEPS);
  return gd_derive(game, base, &gdi_derivation_unrolled,
                   &(unrolling){step_size, leader, follower, steps, segment, false});
}

gd_status gd_derive_unrolled_first_order(gd_game **game, gd_game *base, size_t leader, size_t follower, size_t steps,
                                         double step_size) {
  return gd_derive(game, base, &gdi_derivation_unrolled_first_order,
                   &(unrolling){step_size, leader, follower, steps, steps ? steps : 1, true});
}
