/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields whose kind is known by mathematics: v(x) = s T^-1 g(T (x - x0)), g a normal form, T and x0 at random.
 *
 * The flow of v is that of g in other coordinates and another time, and so is its kind.  What players gain is known
 * where T keeps their blocks apart. */
#ifndef TEST_KNOWN_FIELD_H
#define TEST_KNOWN_FIELD_H

#include "support/linear_game.h"

#include <gamedyn/classify.h>
#include <gamedyn/game.h>

enum { SIDE = 6 };

typedef enum form {
  FORM_POWER,     /* y0' = a y0^k + d y0 y1, y1' = -l1 y1 + c y0^2, yj' = -lj yj */
  FORM_MANIFOLD,  /* yj' = 0 for j < m, yj' = -lj (yj - c (y0^2 + ... )) */
  FORM_LINEAR,    /* y' = A y */
  FORM_SPIRAL,    /* y0' = -y1 + a r^2 y0, y1' = y0 + a r^2 y1, yj' = -lj yj */
  FORM_POTENTIAL, /* the gradient of P(y0, y1, y2) - sum of lj yj^2 / 2 over the others */
  FORM_PLAYERS,   /* yj' = pj(yj) + coupling to the variables of others */
  FORM_EXPANDED   /* one variable: k a (y - c)^(k - 1), multiplied out, at c */
} form;

typedef enum potential { XYZ, X2Y2, MONKEY, BOWL, PEAKS, MIXED, POTENTIALS } potential;

/* What is known of it; THE_* of flow, a gd_holds of players (UNDECIDED: not known). */
typedef enum flow_truth { FLOW_STABLE, FLOW_UNSTABLE, FLOW_MANIFOLD, FLOW_CENTRE, FLOW_UNKNOWN, FLOWS } flow_truth;

typedef struct known_field {
  form form;
  potential potential;
  size_t n, m, n_players, sizes[SIDE];
  int power, powers[SIDE]; /* powers[j]: of pj, coefficient of that sign; 0: pj = 0 */
  double a, c, d, l[SIDE], A[SIDE * SIDE];
  double T[SIDE * SIDE], inverse[SIDE * SIDE], x0[SIDE], s;
  bool native;
  uint32_t traits;
  flow_truth flow;
  gd_holds nash;
  size_t still; /* dimension of the manifold */
} known_field;

static inline double whole_power(double y, int k) {
  double product = 1;
  for (int i = 0; i < k; i++) product *= y;
  return product;
}

static inline void apply(size_t n, const double *M, const double *x, double *out) {
  for (size_t i = 0; i < n; i++) {
    out[i] = 0;
    for (size_t j = 0; j < n; j++) out[i] += M[i + j * n] * x[j];
  }
}

/* The gradient of P in its first three variables, or two. */
static inline void potential_gradient(potential kind, const double *y, double *g) {
  const double x = y[0], z = y[1], r = x * x + z * z;
  switch (kind) {
  case XYZ:
    g[0] = z * y[2], g[1] = x * y[2], g[2] = x * z;
    break; /* x y z */
  case X2Y2:
    g[0] = 2 * x * z * z, g[1] = 2 * x * x * z;
    break; /* x^2 y^2 */
  case MONKEY:
    g[0] = 3 * x * x - 3 * z * z, g[1] = -6 * x * z;
    break; /* x^3 - 3 x y^2 */
  case BOWL:
    g[0] = 4 * r * x, g[1] = 4 * r * z;
    break; /* r^4 */
  case PEAKS:
    g[0] = -4 * r * x, g[1] = -4 * r * z;
    break; /* -r^4 */
  default:
    g[0] = -4 * whole_power(x, 3), g[1] = 4 * whole_power(z, 3);
    break; /* y^4 - x^4 */
  }
}

static inline size_t potential_variables(potential kind) { return kind == XYZ ? 3 : 2; }

static inline void power_form(const known_field *f, const double *y, double *g) {
  g[0] = f->a * whole_power(y[0], f->power);
  for (size_t j = 1; j < f->n; j++) g[j] = -f->l[j] * y[j];
  if (f->n > 1) g[0] += f->d * y[0] * y[1], g[1] += f->c * y[0] * y[0];
}

static inline void manifold_form(const known_field *f, const double *y, double *g) {
  double squares = 0;
  for (size_t j = 0; j < f->m; j++) g[j] = 0, squares += y[j] * y[j];
  for (size_t j = f->m; j < f->n; j++) g[j] = -f->l[j] * (y[j] - f->c * squares);
}

static inline void spiral_form(const known_field *f, const double *y, double *g) {
  const double r = y[0] * y[0] + y[1] * y[1];
  for (size_t j = 2; j < f->n; j++) g[j] = -f->l[j] * y[j];
  g[0] = -y[1] + f->a * r * y[0];
  g[1] = y[0] + f->a * r * y[1];
}

static inline void players_form(const known_field *f, const double *y, double *g) {
  apply(f->n, f->A, y, g); /* between players alone */
  for (size_t j = 0; j < f->n; j++) {
    const int k = f->powers[j] < 0 ? -f->powers[j] : f->powers[j];
    if (k > 0) g[j] += (f->powers[j] < 0 ? -1 : 1) * whole_power(y[j], k);
  }
}

/* (y - c)^(k - 1) by its binomial sum. */
static inline double expanded_form(const known_field *f, double y) {
  double sum = 0, binomial = 1;
  const int k = f->power;
  for (int i = 0; i <= k; i++) {
    sum += binomial * whole_power(y, k - i) * whole_power(-f->c, i);
    binomial = binomial * (k - i) / (i + 1);
  }
  return f->a * sum;
}

static inline void known_form(const known_field *f, const double *y, double *g) {
  switch (f->form) {
  case FORM_POWER:
    power_form(f, y, g);
    break;
  case FORM_MANIFOLD:
    manifold_form(f, y, g);
    break;
  case FORM_LINEAR:
    apply(f->n, f->A, y, g);
    break;
  case FORM_SPIRAL:
    spiral_form(f, y, g);
    break;
  case FORM_PLAYERS:
    players_form(f, y, g);
    break;
  case FORM_EXPANDED:
    g[0] = expanded_form(f, y[0]);
    break;
  default:
    for (size_t j = 0; j < f->n; j++) g[j] = -f->l[j] * y[j];
    potential_gradient(f->potential, y, g);
  }
}

static inline int known_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const known_field *f = data;
  double from[SIDE], y[SIDE] = {0}, g[SIDE];
  (void)draw;
  if (f->form == FORM_EXPANDED) {
    v[0] = f->s * expanded_form(f, x[0]);
    return 0;
  }
  for (size_t i = 0; i < f->n; i++) from[i] = x[i] - f->x0[i];
  apply(f->n, f->T, from, y);
  known_form(f, y, g);
  apply(f->n, f->inverse, g, v);
  for (size_t i = 0; i < f->n; i++) v[i] *= f->s;
  return 0;
}

/* dg = g'(y) w, of four of the forms. */
static inline void known_derivative(const known_field *f, const double *y, const double *w, double *dg) {
  const double r = y[0] * y[0] + y[1] * y[1], dr = 2 * (y[0] * w[0] + y[1] * w[1]);
  for (size_t j = 0; j < f->n; j++) dg[j] = -f->l[j] * w[j];
  if (f->form == FORM_POWER) {
    dg[0] = f->a * f->power * whole_power(y[0], f->power - 1) * w[0];
    if (f->n > 1) dg[0] += f->d * (y[0] * w[1] + w[0] * y[1]), dg[1] += 2 * f->c * y[0] * w[0];
  } else if (f->form == FORM_MANIFOLD) {
    double squares = 0;
    for (size_t j = 0; j < f->m; j++) dg[j] = 0, squares += 2 * y[j] * w[j];
    for (size_t j = f->m; j < f->n; j++) dg[j] += f->l[j] * f->c * squares;
  } else if (f->form == FORM_SPIRAL) {
    dg[0] = -w[1] + f->a * (dr * y[0] + r * w[0]);
    dg[1] = w[0] + f->a * (dr * y[1] + r * w[1]);
  } else {
    apply(f->n, f->A, w, dg);
  }
}

static inline int known_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  const known_field *f = data;
  double from[SIDE], y[SIDE] = {0}, w[SIDE] = {0}, dg[SIDE];
  (void)draw;
  for (size_t i = 0; i < f->n; i++) from[i] = x[i] - f->x0[i];
  apply(f->n, f->T, from, y);
  apply(f->n, f->T, u, w);
  known_derivative(f, y, w, dg);
  apply(f->n, f->inverse, dg, Ju);
  for (size_t i = 0; i < f->n; i++) Ju[i] *= f->s;
  return 0;
}

/* J'w, column by column. */
static inline int known_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  const known_field *f = data;
  double unit[SIDE] = {0}, column[SIDE];
  for (size_t j = 0; j < f->n; j++) {
    unit[j] = 1;
    known_jvp(data, draw, x, unit, column);
    unit[j] = Jtw[j] = 0;
    for (size_t i = 0; i < f->n; i++) Jtw[j] += column[i] * w[i];
  }
  return 0;
}

static inline gd_game *create_known(known_field *f, size_t dense_limit) {
  const gd_game_ops ops = {.struct_size = sizeof ops,
                           .gradient = known_gradient,
                           .jvp = f->native ? known_jvp : NULL,
                           .vjp = f->native ? known_vjp : NULL};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = f,
                             .n_players = f->n_players,
                             .block_sizes = f->sizes,
                             .traits = f->traits};
  gd_game *game = NULL;
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = dense_limit;
  assert_ok(gd_game_create(&game, &spec));
  assert_ok(gd_game_configure(game, &options));
  return game;
}

#endif
