/* SPDX-License-Identifier: BSD-3-Clause */
/* games_curved.c -- the tests' games with curvature.  v_i = du_i/dx_i and J = dv/dx throughout. */
#include "support/games.h"

#include <math.h>
#include <string.h>

/* ---- curved, zero-sum ---- */

static const double curved_s[5] = {0.5, -0.25, 1, -1, 0.125};
static const double curved_C[2][3] = {{1, -2, 0.5}, {0.25, 1.5, -1}};

static double curved_value(const double *x) {
  double y[5], U = 0;
  for (int k = 0; k < 5; k++) y[k] = x[k] - curved_s[k];
  for (int i = 0; i < 2; i++) {
    U += y[i] * y[i] / 2 + pow(y[i], 4) / 4;
    for (int j = 0; j < 3; j++) U += curved_C[i][j] * sin(y[i]) * y[2 + j];
  }
  for (int j = 2; j < 5; j++) U -= y[j] * y[j] / 2;
  return U;
}

/* grad U */
static void curved_slopes(const double *x, double *g) {
  double y[5];
  for (int k = 0; k < 5; k++) y[k] = x[k] - curved_s[k];
  for (int i = 0; i < 2; i++) {
    g[i] = y[i] + y[i] * y[i] * y[i];
    for (int j = 0; j < 3; j++) g[i] += curved_C[i][j] * cos(y[i]) * y[2 + j];
  }
  for (int j = 0; j < 3; j++) {
    g[2 + j] = -y[2 + j];
    for (int i = 0; i < 2; i++) g[2 + j] += curved_C[i][j] * sin(y[i]);
  }
}

static int curved_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  curved_slopes(x, v);
  v[0] = -v[0];
  v[1] = -v[1];
  return 0;
}

static int curved_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  double v[5];
  curved_gradient(data, draw, x, v);
  memcpy(v_i, player == 0 ? v : v + 2, (player == 0 ? 2 : 3) * sizeof *v);
  return 0;
}

static int curved_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  (void)data, (void)draw;
  utilities[1] = curved_value(x);
  utilities[0] = -utilities[1];
  return 0;
}

static int curved_utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  (void)data, (void)draw;
  curved_slopes(x, g);
  for (int k = 0; player == 0 && k < 5; k++) g[k] = -g[k];
  return 0;
}

/* J = D S, S = Hess U: S_ii = 1 + 3 y_i^2 - sin(y_i) (C y_omega)_i, S_ij = C_ij cos(y_i), S_jj = -1 */
static int curved_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  (void)data, (void)draw;
  double y[5];
  for (int k = 0; k < 5; k++) y[k] = x[k] - curved_s[k];
  for (size_t j = 0; j < 5; j++)
    for (size_t i = 0; i < 5; i++) J[i + j * ldj] = 0;
  for (size_t i = 0; i < 2; i++) {
    J[i + i * ldj] = -1 - 3 * y[i] * y[i];
    for (size_t j = 0; j < 3; j++) {
      J[i + i * ldj] += curved_C[i][j] * sin(y[i]) * y[2 + j];
      J[i + (2 + j) * ldj] = -curved_C[i][j] * cos(y[i]);
      J[2 + j + i * ldj] = curved_C[i][j] * cos(y[i]);
    }
  }
  for (size_t j = 2; j < 5; j++) J[j + j * ldj] = -1;
  return 0;
}

static int curved_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  double J[25];
  curved_jacobian(data, draw, x, J, 5);
  for (int i = 0; i < 5; i++) {
    Ju[i] = 0;
    for (int j = 0; j < 5; j++) Ju[i] += J[i + 5 * j] * u[j];
  }
  return 0;
}

static int curved_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  double J[25];
  curved_jacobian(data, draw, x, J, 5);
  for (int j = 0; j < 5; j++) {
    Jtw[j] = 0;
    for (int i = 0; i < 5; i++) Jtw[j] += J[i + 5 * j] * w[i];
  }
  return 0;
}

static int curved_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  for (size_t column = 0; column < k; column++) curved_jvp(data, draw, x, U + 5 * column, JU + 5 * column);
  return 0;
}

static int curved_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  for (size_t lane = 0; lane < k; lane++) {
    double x[5], v[5];
    for (size_t i = 0; i < 5; i++) x[i] = X[lane + k * i];
    curved_gradient(data, draw, x, v);
    for (size_t i = 0; i < 5; i++) V[lane + k * i] = v[i];
  }
  return 0;
}

static int curved_solution(void *data, double *x) {
  (void)data;
  memcpy(x, curved_s, sizeof curved_s);
  return 0;
}

test_game curved_game(void) {
  return (test_game){.ops = {.struct_size = sizeof(gd_game_ops),
                             .name = "curved",
                             .gradient = curved_gradient,
                             .player_gradient = curved_player_gradient,
                             .utilities = curved_utilities,
                             .utility_gradient = curved_utility_gradient,
                             .jvp = curved_jvp,
                             .vjp = curved_vjp,
                             .jvp_many = curved_jvp_many,
                             .gradient_many = curved_gradient_many,
                             .jacobian = curved_jacobian,
                             .solution = curved_solution},
                     .n_players = 2,
                     .block_sizes = {2, 3},
                     .traits = GD_ZERO_SUM | GD_THREAD_SAFE};
}

/* ---- general-sum ---- */

static int general_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[0] + x[1] * x[3];
  v[1] = -x[1] + sin(x[0]) + x[2] * x[2];
  v[2] = -x[2] + x[3] + 2 * x[1] * x[2];
  v[3] = -x[3] + x[0] * x[2];
  return 0;
}

static int general_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  double v[4];
  general_gradient(data, draw, x, v);
  v_i[0] = v[player == 0 ? 0 : player == 1 ? 1 : 3];
  if (player == 1) v_i[1] = v[2];
  return 0;
}

static int general_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  (void)data, (void)draw;
  utilities[0] = -x[0] * x[0] / 2 + x[0] * x[1] * x[3];
  utilities[1] = -(x[1] * x[1] + x[2] * x[2]) / 2 + sin(x[0]) * x[1] + x[2] * x[3] + x[1] * x[2] * x[2];
  utilities[2] = -x[3] * x[3] / 2 + x[3] * x[0] * x[2];
  return 0;
}

static int general_utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  (void)data, (void)draw;
  const double rows[3][4] = {
      {-x[0] + x[1] * x[3], x[0] * x[3], 0, x[0] * x[1]},
      {cos(x[0]) * x[1], -x[1] + sin(x[0]) + x[2] * x[2], -x[2] + x[3] + 2 * x[1] * x[2], x[2]},
      {x[3] * x[2], 0, x[3] * x[0], -x[3] + x[0] * x[2]},
  };
  memcpy(g, rows[player], sizeof rows[player]);
  return 0;
}

static void general_rows(const double *x, double rows[4][4]) {
  const double J[4][4] = {
      {-1, x[3], 0, x[1]},
      {cos(x[0]), -1, 2 * x[2], 0},
      {0, 2 * x[2], -1 + 2 * x[1], 1},
      {x[2], 0, x[0], -1},
  };
  memcpy(rows, J, sizeof J);
}

static int general_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw;
  double J[4][4];
  general_rows(x, J);
  for (int i = 0; i < 4; i++) Ju[i] = J[i][0] * u[0] + J[i][1] * u[1] + J[i][2] * u[2] + J[i][3] * u[3];
  return 0;
}

static int general_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  (void)data, (void)draw;
  double J[4][4];
  general_rows(x, J);
  for (int j = 0; j < 4; j++) Jtw[j] = J[0][j] * w[0] + J[1][j] * w[1] + J[2][j] * w[2] + J[3][j] * w[3];
  return 0;
}

static int general_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  (void)data, (void)draw;
  double rows[4][4];
  general_rows(x, rows);
  for (size_t j = 0; j < 4; j++)
    for (size_t i = 0; i < 4; i++) J[i + j * ldj] = rows[i][j];
  return 0;
}

static int general_solution(void *data, double *x) {
  (void)data;
  for (int k = 0; k < 4; k++) x[k] = 0;
  return 0;
}

test_game general_game(void) {
  return (test_game){.ops = {.struct_size = sizeof(gd_game_ops),
                             .name = "general",
                             .gradient = general_gradient,
                             .player_gradient = general_player_gradient,
                             .utilities = general_utilities,
                             .utility_gradient = general_utility_gradient,
                             .jvp = general_jvp,
                             .vjp = general_vjp,
                             .jacobian = general_jacobian,
                             .solution = general_solution},
                     .n_players = 3,
                     .block_sizes = {1, 2, 1},
                     .traits = GD_THREAD_SAFE};
}
