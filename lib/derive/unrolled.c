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
 * stretch of sqrt(k) steps, and a stretch is walked again, with the same bits, when its turn comes (checkpoints, as in
 * Griewank 1992, "Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
 * differentiation", with one level).  The first-order field takes y_k for a constant: field_l = v_l(x, y_k). */
#include "base/error.h"
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>
#include <math.h>
#include <string.h>

#define MOST_STEPS 1000000 /* sizes do not overflow */

typedef struct unrolling {
  double step_size;
  size_t leader, follower, steps;
  size_t stretch; /* steps from one kept point to the next; all of them: every point is kept */
  bool first_order;
} unrolling;

/* A lane's vectors, [n] each; the follower's points are packed behind them. */
typedef struct workplace {
  const unrolling *own;
  size_t n, start, length;                   /* of x, and the follower's block */
  double *point, *cotangent, *product, *all; /* (x, y_j), a P_f G, J' of that, G */
  double *kept;                              /* the first point of each stretch [length by stretches] */
  double *walked;                            /* the points of one stretch [length by steps of a stretch] */
} workplace;

enum { VECTORS = 4 };

static size_t count_stretches(const unrolling *own) {
  return own->steps / own->stretch + (own->steps % own->stretch > 0);
}

static workplace work_on(const gdi_handle *lane, const gdi_request *asked) {
  const unrolling *own = asked->params;
  const size_t n = gd_game_size(lane->base);
  const size_t length = gd_game_block_size(lane->base, own->follower);
  double *const first = lane->scratch, *const kept = first + VECTORS * n;
  return (workplace){.own = own,
                     .n = n,
                     .start = gd_game_block_start(lane->base, own->follower),
                     .length = length,
                     .point = first,
                     .cotangent = first + n,
                     .product = first + 2 * n,
                     .all = first + 3 * n,
                     .kept = kept,
                     .walked = kept + length * count_stretches(own)};
}

/* y_j becomes y_{j+1}. */
static gd_status advance(const gdi_handle *lane, const workplace *at) {
  GD_TRY(gd_game_player_gradient(lane->base, at->own->follower, at->point, at->product));
  gdi_vector_axpy(at->length, at->own->step_size, at->product, at->point + at->start);
  return GD_OK;
}

static void keep(const workplace *at, double *where) {
  memcpy(where, at->point + at->start, at->length * sizeof *where);
}

static void go_to(const workplace *at, const double *where) {
  memcpy(at->point + at->start, where, at->length * sizeof *where);
}

/* The point becomes (x, y_k); the first points of stretches and those of the last one are kept. */
static gd_status unroll(const gdi_handle *lane, const workplace *at, const double *x) {
  const size_t stretch = at->own->stretch, steps = at->own->steps;
  const size_t last = steps ? (count_stretches(at->own) - 1) * stretch : 0;
  memcpy(at->point, x, at->n * sizeof *x);
  for (size_t j = 0; j < steps; j++) {
    if (j % stretch == 0) keep(at, at->kept + j / stretch * at->length);
    if (j >= last) keep(at, at->walked + (j - last) * at->length);
    GD_TRY(advance(lane, at));
  }
  return GD_OK;
}

/* A stretch that is not the last, walked again. */
static gd_status walk(const gdi_handle *lane, const workplace *at, size_t number) {
  go_to(at, at->kept + number * at->length);
  for (size_t j = 0; j < at->own->stretch; j++) {
    keep(at, at->walked + j * at->length);
    if (j + 1 < at->own->stretch) GD_TRY(advance(lane, at));
  }
  return GD_OK;
}

/* G at the end of a stretch -> G at its beginning. */
static gd_status go_back_over(const gdi_handle *lane, const workplace *at, size_t steps, double *G) {
  for (size_t j = steps; j-- > 0;) {
    go_to(at, at->walked + j * at->length);
    for (size_t i = at->start; i < at->start + at->length; i++) at->cotangent[i] = at->own->step_size * G[i];
    GD_TRY(gd_game_vjp(lane->base, at->point, at->cotangent, at->product));
    gdi_vector_axpy(at->n, 1, at->product, G);
  }
  return GD_OK;
}

/* G = dS/dx [n] from (x, y_k) and the way there */
static gd_status go_back(const gdi_handle *lane, const workplace *at, double *G) {
  const size_t stretches = count_stretches(at->own), stretch = at->own->stretch;
  GD_TRY(gd_game_utility_gradient(lane->base, at->own->leader, at->point, G));
  memset(at->cotangent, 0, at->n * sizeof *at->cotangent);
  for (size_t number = stretches; number-- > 0;) {
    const bool is_last = number + 1 == stretches;
    if (!is_last) GD_TRY(walk(lane, at, number));
    GD_TRY(go_back_over(lane, at, is_last ? at->own->steps - number * stretch : stretch, G));
  }
  return GD_OK;
}

/* The leader's block -> v_l. */
static gd_status lead(const gdi_handle *lane, const gdi_request *asked, double *v_l) {
  const workplace at = work_on(lane, asked);
  const size_t leader = at.own->leader;
  GD_TRY(unroll(lane, &at, asked->x));
  if (at.own->first_order) return gd_game_player_gradient(lane->base, leader, at.point, v_l);
  GD_TRY(go_back(lane, &at, at.all));
  memcpy(v_l, at.all + gd_game_block_start(lane->base, leader), gd_game_block_size(lane->base, leader) * sizeof *v_l);
  return GD_OK;
}

static gd_status field(const gdi_handle *lane, const gdi_request *asked) {
  const unrolling *own = asked->params;
  GD_TRY(gd_game_gradient(lane->base, asked->x, asked->answer));
  if (own->steps == 0) return GD_OK;
  return lead(lane, asked, asked->answer + gd_game_block_start(lane->base, own->leader));
}

static gd_status own_block(const gdi_handle *lane, const gdi_request *asked) {
  const unrolling *own = asked->params;
  if (asked->player == own->leader && own->steps > 0) return lead(lane, asked, asked->answer);
  return gd_game_player_gradient(lane->base, asked->player, asked->x, asked->answer);
}

/* The leader's is S(x). */
static gd_status all_utilities(const gdi_handle *lane, const gdi_request *asked) {
  const workplace at = work_on(lane, asked);
  GD_TRY(unroll(lane, &at, asked->x));
  GD_TRY(gd_game_utilities(lane->base, at.point, asked->answer));
  const double leaders = asked->answer[at.own->leader];
  GD_TRY(gd_game_utilities(lane->base, asked->x, asked->answer));
  asked->answer[at.own->leader] = leaders;
  return GD_OK;
}

static gd_status one_utility_gradient(const gdi_handle *lane, const gdi_request *asked) {
  const workplace at = work_on(lane, asked);
  if (asked->player != at.own->leader)
    return gd_game_utility_gradient(lane->base, asked->player, asked->x, asked->answer);
  GD_TRY(unroll(lane, &at, asked->x));
  return go_back(lane, &at, asked->answer);
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return gdi_derived_handle(data, draw, field, (gdi_request){.x = x, .answer = v});
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  return gdi_derived_handle(data, draw, own_block, (gdi_request){.player = player, .x = x, .answer = v_i});
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  return gdi_derived_handle(data, draw, all_utilities, (gdi_request){.x = x, .answer = u});
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  return gdi_derived_handle(data, draw, one_utility_gradient, (gdi_request){.player = player, .x = x, .answer = g});
}

/* u_l of a zero-sum game of two falls as u_f rises: du_l/dx_f = -v_f, affine as v is, and 0 where v is. */
static bool is_opposed(const gd_game *base) {
  return (gd_game_traits(base) & GD_ZERO_SUM) && gd_game_players(base) == 2;
}

static uint32_t traits_of(const gd_game *base, const unrolling *own) {
  const uint32_t traits = gd_game_traits(base);
  if (own->steps == 0) return traits;
  const uint32_t lost = GD_ZERO_SUM | GD_POTENTIAL | (own->first_order || is_opposed(base) ? 0 : GD_AFFINE);
  return traits & ~lost;
}

static gdi_derivation plan(const gd_game *base, const unrolling *own) {
  const size_t n = gd_game_size(base);
  const size_t kept = (count_stretches(own) + own->stretch) * gd_game_block_size(base, own->follower);
  gdi_derivation how = {
      .name = own->first_order ? "unrolled_first_order" : "unrolled",
      .params = own,
      .params_size = sizeof *own,
      .ops = {.gradient = gradient, .player_gradient = player_gradient},
      .needs = {.quantities = 1u << GD_PLAYER_GRADIENT, .vectors = VECTORS + (n ? (kept + n - 1) / n : 0)},
      .traits = traits_of(base, own)};
  how.without_solution = own->steps > 0 && gd_game_projects(base); /* y_j leaves the set where it is on its edge */
  if (own->first_order) return how;
  how.needs.quantities |= 1u << GD_UTILITY_GRADIENT | 1u << GD_VJP;
  how.without_solution |= own->steps > 0 && !is_opposed(base);
  if (gd_game_source(base, GD_UTILITIES) != GD_SOURCE_NONE) how.ops.utilities = utilities;
  if (gd_game_source(base, GD_UTILITY_GRADIENT) != GD_SOURCE_DIFFERENCED) how.ops.utility_gradient = utility_gradient;
  return how;
}

static gd_status derive(gd_game **game, const gd_game *base, const unrolling *own) {
  GDI_REQUIRE(game && base, "unrolled: %s is NULL", game ? "base" : "game");
  const size_t players = gd_game_players(base);
  GDI_REQUIRE(own->leader < players, "leader is %zu, but the game has %zu players", own->leader, players);
  GDI_REQUIRE(own->follower < players, "follower is %zu, but the game has %zu players", own->follower, players);
  GDI_REQUIRE(own->leader != own->follower, "leader and follower are both %zu, expected two players", own->leader);
  GDI_REQUIRE(own->steps <= MOST_STEPS, "steps is %zu, expected 0 to %d", own->steps, MOST_STEPS);
  GDI_REQUIRE(isfinite(own->step_size) && own->step_size >= 0, "step_size is %g, expected a finite number, 0 or more",
              own->step_size);
  const gdi_derivation how = plan(base, own);
  return gdi_derive(game, base, &how);
}

/* The least whole number whose square is `steps` or more, and at least 1. */
static size_t root_of(size_t steps) {
  size_t root = 1;
  while (root < steps && root * root < steps) root++;
  return root;
}

gd_status gd_derive_unrolled(gd_game **game, gd_game *base, size_t leader, size_t follower, size_t steps,
                             double step_size) {
  return derive(game, base, &(unrolling){step_size, leader, follower, steps, steps ? steps : 1, false});
}

gd_status gd_derive_unrolled_checkpointed(gd_game **game, gd_game *base, size_t leader, size_t follower, size_t steps,
                                          double step_size) {
  const size_t stretch = root_of(steps < MOST_STEPS ? steps : MOST_STEPS);
  return derive(game, base, &(unrolling){step_size, leader, follower, steps, stretch, false});
}

gd_status gd_derive_unrolled_first_order(gd_game **game, gd_game *base, size_t leader, size_t follower, size_t steps,
                                         double step_size) {
  return derive(game, base, &(unrolling){step_size, leader, follower, steps, steps ? steps : 1, true});
}
