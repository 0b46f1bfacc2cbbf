/* SPDX-License-Identifier: BSD-3-Clause */
/* A bilinear game of any size, known by its products, with known singular values: C = (I - 2 a a') D (I - 2 b b') with
 * a, b the unit vectors of equal and of alternating entries, and D from 0.9 to 1.1 but for one entry of 2 and one of
 * 1/2.  The outermost singular values stand apart, so that how many products find them does not depend on the size. */
#ifndef TEST_ROTATED_GAME_H
#define TEST_ROTATED_GAME_H

#include <gamedyn/game.h>
#include <math.h>

typedef struct rotated_game {
  size_t side; /* p = q, at least 4 */
} rotated_game;

static inline double rotated_value(size_t side, size_t k) {
  return k == side / 3 ? 2 : k == side / 2 ? 0.5 : 0.9 + 0.2 * (double)k / (double)side;
}

/* u -= 2 a (a'u), the entries of a being of equal or of alternating sign */
static inline void reflect(size_t side, double sign, double *u) {
  double even = 0, odd = 0;
  for (size_t k = 0; k + 1 < side; k += 2) even += u[k], odd += u[k + 1];
  if (side % 2) even += u[side - 1];
  const double twice = 2 * (even + sign * odd) / (double)side;
  for (size_t k = 0; k < side; k++) u[k] -= k % 2 ? sign * twice : twice;
}

/* out = C u, or C'u */
static inline void rotated_product(size_t side, bool transposed, const double *u, double *out) {
  for (size_t k = 0; k < side; k++) out[k] = u[k];
  reflect(side, transposed ? 1 : -1, out);
  for (size_t k = 0; k < side; k++) out[k] *= rotated_value(side, k);
  reflect(side, transposed ? -1 : 1, out);
}

/* v = (-C omega, C'theta), which is J x too */
static inline int rotated_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const size_t side = ((const rotated_game *)data)->side;
  (void)draw;
  rotated_product(side, false, x + side, v);
  for (size_t k = 0; k < side; k++) v[k] = -v[k];
  rotated_product(side, true, x, v + side);
  return 0;
}

static inline int rotated_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)x;
  return rotated_gradient(data, draw, u, Ju);
}

static inline gd_status create_rotated_game(gd_game **game, rotated_game *data) {
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .name = "rotated", .gradient = rotated_gradient, .jvp = rotated_jvp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = data,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){data->side, data->side},
                             .traits = GD_AFFINE | GD_ZERO_SUM};
  return gd_game_create(game, &spec);
}

#endif
