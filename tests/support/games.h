/* SPDX-License-Identifier: BSD-3-Clause */
/* Small games written by hand for tests, every derivative worked out in games*.c.  A test takes
 * a kind, may drop callbacks or change traits, and creates it:
 *
 *     test_game kind = curved_game();
 *     kind.ops.vjp = NULL;
 *     gd_game *game = create_test_game(&kind, NULL);
 */
#ifndef TEST_GAMES_H
#define TEST_GAMES_H

#include <gamedyn/game.h>

typedef struct test_game {
  gd_game_ops ops;
  void *data;
  size_t n_players;
  size_t block_sizes[4];
  uint32_t traits;
} test_game;

/* A spec of the kind; it points into *kind. */
gd_game_spec test_game_spec(const test_game *kind, const gd_env *env);

/* The game; asserts that it can be made.  Destroy it. */
gd_game *create_test_game(const test_game *kind, const gd_env *env);

/* n = 2, zero-sum: U = theta omega, v = (-omega, theta).  gradient, utilities and jvp; the gradient
 * is computed in one static buffer that every call reuses. */
test_game rotation_game(void);

/* n = 5 (2 + 3), zero-sum and curved, every callback but `project`: with y = x - s
 *     U = sum_i (y_i^2 / 2 + y_i^4 / 4) - |y_omega|^2 / 2 + sum_ij C_ij sin(y_i) y_j,
 * stationary at s = (0.5, -0.25, 1, -1, 0.125). */
test_game curved_game(void);

/* n = 4 (1 + 2 + 1), general-sum, curved; every callback but `project` and the _many ones:
 *     u_0 = -x0^2/2 + x0 x1 x3,  u_1 = -(x1^2 + x2^2)/2 + sin(x0) x1 + x2 x3 + x1 x2^2,  u_2 = -x3^2/2 + x3 x0 x2,
 * stationary at 0. */
test_game general_game(void);

/* n = 2, general-sum, defined for x0 >= 1/2 only (callbacks return 3 elsewhere):
 *     u_0 = log x0 - x0 x1,  u_1 = x0 x1 - x1^2/2;  v = (1/x0 - x1, x0 - x1),  stationary at (1, 1).
 * gradient, utilities and solution. */
test_game half_plane_game(void);

/* The rotation on the box [-1, 1]^2, with `project`. */
test_game boxed_game(void);

/* n = 2 (1 + 1), v = -x + noise: stochastic, affine and a potential game.  The noise is two
 * standard normals of the draw's generator over sqrt(batch_size); none for exact evaluation. */
test_game noisy_game(void);

/* Counts its calls; the call numbered fail_at (from 1; 0: none) returns `code`, or writes a NaN
 * in the last entry of its answer if code is 0. */
typedef struct failing_calls {
  size_t calls, fail_at;
  int code;
} failing_calls;

/* The rotation whose gradient, utilities, jvp and vjp go by `calls`, which the caller keeps. */
test_game failing_game(failing_calls *calls);

#endif
