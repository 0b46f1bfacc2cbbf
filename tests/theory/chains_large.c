/* SPDX-License-Identifier: BSD-3-Clause */
/* chains_large.c -- seen by products alone, eigenvalues that rounding makes of a chain of zeros decide nothing. */
#include "support/at_point.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/classify.h>

enum { MOST = 48, LIMIT = 4 };

/* v = J x, J = diag(d) and `step` in the places (k, k + 1): a chain where d = 0. */
typedef struct chain {
  size_t n;
  double d[MOST], step;
} chain;

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  const chain *it = data;
  (void)draw, (void)x;
  for (size_t k = 0; k < it->n; k++) Ju[k] = it->d[k] * u[k] + (k + 1 < it->n ? it->step * u[k + 1] : 0);
  return 0;
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  const chain *it = data;
  (void)draw, (void)x;
  for (size_t k = 0; k < it->n; k++) Jtw[k] = it->d[k] * w[k] + (k > 0 ? it->step * w[k - 1] : 0);
  return 0;
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) { return jvp(data, draw, x, x, v); }

static gd_classification kind_of(chain *it) {
  const test_game kind = {.ops = {.struct_size = sizeof kind.ops, .gradient = gradient, .jvp = jvp, .vjp = vjp},
                          .data = it,
                          .n_players = 2,
                          .block_sizes = {it->n / 2, it->n - it->n / 2},
                          .traits = GD_AFFINE};
  const double origin[MOST] = {0};
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options options;
  gd_classification c;
  gd_eval_options_init(&options);
  options.dense_limit = LIMIT;
  assert_ok(gd_game_configure(game, &options));
  assert_ok(classify_at(game, origin, NULL, &c));
  gd_game_destroy(game);
  return c;
}

/* Every eigenvalue is 0.  Those that are found have the size eps^(1/n): 0.002 for n = 6 and 0.5 for n = 48. */
START_TEST(a_chain_of_zeros_is_undecided) {
  for (size_t n = 6; n <= MOST; n *= 2) {
    chain it = {.n = n, .step = 1};
    const gd_classification c = kind_of(&it);
    ck_assert_int_eq(c.kind, GD_POINT_UNDECIDED);
    ck_assert(c.undecided & GD_UNDECIDED_PRODUCTS && !c.hurwitz && !c.attracts);
  }
}
END_TEST

/* The eigenvalues are those on the diagonal, from -1 to 1, a good part of their distance from each other apart. */
START_TEST(eigenvalues_that_stand_apart_decide) {
  chain it = {.n = MOST, .step = 0.01};
  for (size_t k = 0; k < MOST; k++) it.d[k] = -1 + 2 * (double)k / (MOST - 1);
  ck_assert_int_eq(kind_of(&it).kind, GD_POINT_SADDLE);
}
END_TEST

TEST_SUITE("chains_large", a_chain_of_zeros_is_undecided, eigenvalues_that_stand_apart_decide)
