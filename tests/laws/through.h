/* SPDX-License-Identifier: BSD-3-Clause */
/* A game seen through another: every question is passed on to a base game, with players renamed, and one of the
 * answers may be made to fail.  The base, its counters and draws are the caller's. */
#ifndef TEST_THROUGH_H
#define TEST_THROUGH_H

#include "support/games.h"
#include "support/suite.h"

enum { THROUGH_PLAYERS = 4, THROUGH_N = 24 };

typedef struct through {
  gd_game *base;
  size_t order[THROUGH_PLAYERS]; /* player i here is player order[i] of the base */
  failing_calls calls;           /* as in failing_game() */
} through;

/* Vectors from here to the base and back. */
static inline void through_copy(const through *t, const double *here, double *base, bool back) {
  for (size_t i = 0, start = 0; i < gd_game_players(t->base); i++) {
    const size_t from = gd_game_block_start(t->base, t->order[i]), size = gd_game_block_size(t->base, t->order[i]);
    for (size_t k = 0; k < size; k++) {
      if (back)
        ((double *)here)[start + k] = base[from + k];
      else
        base[from + k] = here[start + k];
    }
    start += size;
  }
}

static inline void through_in(const through *t, const double *here, double *base) {
  through_copy(t, here, base, false);
}

static inline void through_out(const through *t, double *base, double *here) { through_copy(t, here, base, true); }

/* What the base said, as a callback's code; or the failure that is due. */
static inline int through_code(through *t, gd_status status, double *answer) {
  if (++t->calls.calls == t->calls.fail_at) {
    if (t->calls.code) return t->calls.code;
    *answer = NAN;
  }
  return status >= 0 ? 0 : status == GD_ERR_DOMAIN ? 1 : -1;
}

static inline int through_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  through *t = data;
  double y[THROUGH_N], w[THROUGH_N] = {0};
  gd_game_set_draw(t->base, draw);
  through_in(t, x, y);
  const gd_status status = gd_game_gradient(t->base, y, w);
  through_out(t, w, v);
  return through_code(t, status, v);
}

static inline int through_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x,
                                          double *v_i) {
  through *t = data;
  double y[THROUGH_N];
  gd_game_set_draw(t->base, draw);
  through_in(t, x, y);
  return through_code(t, gd_game_player_gradient(t->base, t->order[player], y, v_i), v_i);
}

typedef gd_status through_function(gd_game *game, const double *x, const double *u, double *out);

static inline int through_product(through *t, const gd_draw *draw, through_function *product, const double *vectors[2],
                                  double *out) {
  double y[THROUGH_N], u[THROUGH_N], w[THROUGH_N] = {0};
  gd_game_set_draw(t->base, draw);
  through_in(t, vectors[0], y);
  through_in(t, vectors[1], u);
  const gd_status status = product(t->base, y, u, w);
  through_out(t, w, out);
  return through_code(t, status, out);
}

static inline int through_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return through_product(data, draw, gd_game_jvp, (const double *[]){x, u}, Ju);
}

static inline int through_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return through_product(data, draw, gd_game_vjp, (const double *[]){x, w}, Jtw);
}

static inline int through_project(void *data, double *x) {
  through *t = data;
  double y[THROUGH_N];
  through_in(t, x, y);
  const gd_status status = gd_game_project(t->base, y);
  through_out(t, y, x);
  return through_code(t, status, x);
}

/* The game; t must live as long.  The Jacobian comes from products. */
static inline gd_game *through_create(through *t) {
  const uint32_t traits = gd_game_traits(t->base) & (GD_AFFINE | GD_STOCHASTIC | GD_POTENTIAL | GD_ZERO_SUM | GD_BOX);
  test_game kind = {.ops = {.struct_size = sizeof kind.ops,
                            .name = gd_game_name(t->base),
                            .gradient = through_gradient,
                            .player_gradient = through_player_gradient,
                            .jvp = through_jvp,
                            .vjp = through_vjp},
                    .data = t,
                    .n_players = gd_game_players(t->base),
                    .traits = traits};
  ck_assert_uint_le(kind.n_players, THROUGH_PLAYERS);
  ck_assert_uint_le(gd_game_size(t->base), THROUGH_N);
  for (size_t i = 0; i < kind.n_players; i++) kind.block_sizes[i] = gd_game_block_size(t->base, t->order[i]);
  if (gd_game_projects(t->base)) kind.ops.project = through_project;
  return create_test_game(&kind, NULL);
}

/* With every player under its own name. */
static inline through through_plain(gd_game *base) { return (through){.base = base, .order = {0, 1, 2, 3}}; }

#endif
