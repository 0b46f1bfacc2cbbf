/* SPDX-License-Identifier: BSD-3-Clause */
/* Derived games while memory runs out. */
#ifndef TEST_REFUSED_MEMORY_H
#define TEST_REFUSED_MEMORY_H

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <gamedyn/game.h>

typedef struct derivation {
  test_game base;
  gd_status (*derive)(gd_game **game, gd_game *base);
} derivation;

static inline gd_status derive_and_use(const gd_env *env, void *argument) {
  const derivation *how = argument;
  const gd_game_spec spec = test_game_spec(&how->base, env);
  gd_game *base = NULL, *game = NULL;
  double v[5], x[5] = {0.7, 0.9, 0.3, -0.2, 0.1}, out[5];
  GD_TRY(gd_game_create(&base, &spec));
  gd_status status = how->derive(&game, base);
  if (status == GD_OK) status = gd_game_gradient(game, x, v);
  if (status == GD_OK) status = gd_game_jvp(game, x, v, out);
  if (status == GD_OK && gd_game_source(game, GD_UTILITY_GRADIENT) != GD_SOURCE_NONE)
    status = gd_game_utility_gradient(game, 0, x, out);
  gd_game_destroy(base);
  gd_game_destroy(game);
  return status;
}

/* From a base with every product, and from one whose J and J'w are made of other products. */
static inline void survive_refused_memory(gd_status (*derive)(gd_game **game, gd_game *base)) {
  derivation how = {rotation_game(), derive};
  ck_assert_uint_ge(refuse_each_allocation(derive_and_use, &how), 12);
  how.base = general_game();
  how.base.ops.vjp = NULL;
  how.base.ops.jacobian = NULL;
  ck_assert_uint_ge(refuse_each_allocation(derive_and_use, &how), 14);
}

#endif
