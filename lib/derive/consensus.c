/* SPDX-License-Identifier: BSD-3-Clause */
/* consensus.c -- the game whose gradient is the consensus field of another.
 *
 *     field(x) = v(x) - gamma J(x)' v(x)
 *
 * Mescheder, Nowozin & Geiger 2017, section 4: J'v is the gradient of |v|^2 / 2, taken over all
 * players and by all.  The field's Jacobian is J - gamma (J'J + sum_i v_i Hess v_i).  On affine
 * games the sum vanishes, and products are exact:
 *
 *     jvp: J u - gamma J'(J u),    vjp: J' w - gamma J'(J w).
 *
 * Elsewhere the derived game has no product callbacks, and the game floor differences the field,
 * sum included.  If J is symmetric so is all of the above, and the game stays a potential game;
 * what it never stays is zero-sum.  A stochastic base uses one draw for v and J. */
#include "derive/consensus.h"

#include "base/error.h"
#include "base/vector.h"
#include "derive/lanes.h"
#include "game/nested.h"

#include <gamedyn/derive.h>
#include <math.h>
#include <stdio.h>

typedef struct consensus {
  gdi_env env;
  double gamma;
  gdi_lanes lanes;
  size_t *block_sizes; /* [n_players] of the base */
} consensus;

gd_status gdi_consensus_field(gd_game *game, double gamma, const double *x, double *pull, double *field) {
  GD_TRY(gd_game_gradient(game, x, field));
  GD_TRY(gd_game_vjp(game, x, field, pull));
  gdi_vector_axpy(gd_game_size(game), -gamma, pull, field);
  return GD_OK;
}

/* What a callback was asked, for the function that answers it on a lane. */
typedef struct question {
  double gamma;
  const double *x, *direction;
  double *answer;
} question;

typedef gd_status answer_on(const gdi_lane *lane, const question *asked);

static gd_status field(const gdi_lane *lane, const question *asked) {
  return gdi_consensus_field(lane->base, asked->gamma, asked->x, lane->scratch, asked->answer);
}

/* J u - gamma J'(J u) */
static gd_status affine_jvp(const gdi_lane *lane, const question *asked) {
  GD_TRY(gd_game_jvp(lane->base, asked->x, asked->direction, asked->answer));
  GD_TRY(gd_game_vjp(lane->base, asked->x, asked->answer, lane->scratch));
  gdi_vector_axpy(gd_game_size(lane->base), -asked->gamma, lane->scratch, asked->answer);
  return GD_OK;
}

/* J'w - gamma J'(J w) = J'(w - gamma J w), one transposed product in all */
static gd_status affine_vjp(const gdi_lane *lane, const question *asked) {
  GD_TRY(gd_game_jvp(lane->base, asked->x, asked->direction, asked->answer));
  gdi_vector_move(gd_game_size(lane->base), -asked->gamma, asked->direction, asked->answer, lane->scratch);
  return gd_game_vjp(lane->base, asked->x, lane->scratch, asked->answer);
}

static gd_status base_project(const gdi_lane *lane, const question *asked) {
  return gd_game_project(lane->base, asked->answer);
}

static gd_status base_solution(const gdi_lane *lane, const question *asked) {
  return gd_game_solution(lane->base, asked->answer);
}

static int answer(consensus *own, const gd_draw *draw, answer_on *how, question asked) {
  gdi_lane *lane;
  gd_status status = gdi_lanes_take(&own->lanes, draw, &lane);
  if (status < 0) return gdi_nested_code(status);
  asked.gamma = own->gamma;
  status = how(lane, &asked);
  gdi_lanes_return(&own->lanes, lane);
  return gdi_nested_code(status);
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return answer(data, draw, field, (question){.x = x, .answer = v});
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return answer(data, draw, affine_jvp, (question){.x = x, .direction = u, .answer = Ju});
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return answer(data, draw, affine_vjp, (question){.x = x, .direction = w, .answer = Jtw});
}

static int project(void *data, double *x) { return answer(data, NULL, base_project, (question){.answer = x}); }

static int solution(void *data, double *x) { return answer(data, NULL, base_solution, (question){.answer = x}); }

static void destroy(void *data) {
  consensus *own = data;
  gdi_lanes_close(&own->lanes);
  gdi_release(&own->env, own->block_sizes);
  gdi_destroy(own, offsetof(consensus, env));
}

/* Products are exact, and so the game's own, where the field is affine. */
static bool has_products(const gd_game *base) {
  return (gd_game_traits(base) & GD_AFFINE) && gd_game_source(base, GD_JVP) != GD_SOURCE_NONE;
}

/* A base without a solution says so itself when it is asked. */
static gd_game_ops choose_ops(const gd_game *base) {
  gd_game_ops ops = {.struct_size = sizeof ops, .destroy = destroy, .gradient = gradient, .solution = solution};
  if (has_products(base)) {
    ops.jvp = jvp;
    ops.vjp = vjp;
  }
  if (gd_game_projects(base)) ops.project = project;
  return ops;
}

static gd_status open_data(consensus *own, const gd_game *base, double gamma) {
  own->gamma = gamma;
  GD_TRY(gdi_lanes_open(&own->lanes, &own->env, base, 1u << GD_VJP | (has_products(base) ? 1u << GD_JVP : 0)));
  const size_t players = gd_game_players(base);
  own->block_sizes = gdi_allocate(&own->env, players, sizeof *own->block_sizes);
  if (!own->block_sizes) return GD_ERR_MEMORY;
  for (size_t k = 0; k < players; k++) own->block_sizes[k] = gd_game_block_size(base, k);
  return GD_OK;
}

/* NULL, and why in *status, when it cannot be had. */
static consensus *make_data(const gd_game *base, double gamma, gd_status *status) {
  consensus *own = gdi_create(gd_game_env(base), sizeof *own, offsetof(consensus, env), status);
  if (!own) return NULL;
  *status = open_data(own, base, gamma);
  if (*status == GD_OK) return own;
  destroy(own);
  return NULL;
}

gd_status gd_derive_consensus(gd_game **game, gd_game *base, double gamma) {
  GDI_REQUIRE(game && base, "consensus: %s is NULL", game ? "base" : "game");
  GDI_REQUIRE(isfinite(gamma) && gamma >= 0, "gamma is %g, expected a finite number, 0 or more", gamma);
  gd_status status;
  consensus *own = make_data(base, gamma, &status);
  if (!own) return status;
  char name[128];
  snprintf(name, sizeof name, "consensus(%s)", gd_game_name(base));
  gd_game_ops ops = choose_ops(base);
  ops.name = name;
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = own,
                             .n_players = gd_game_players(base),
                             .block_sizes = own->block_sizes,
                             .traits = gd_game_traits(base) & ~(uint32_t)GD_ZERO_SUM,
                             .env = gd_game_env(base)};
  return gd_game_create(game, &spec); /* destroys `own` if it fails */
}
