/* SPDX-License-Identifier: BSD-3-Clause */
/* zero_sum.c -- min over theta, max over omega of a quadratic form:
 *
 *     U = theta' A theta / 2 - omega' B omega / 2 + theta' C omega,   A, B symmetric
 *     v = (-A theta - C omega, C' theta - B omega)
 *     u = (-U, U),   dU/dx = (-v_theta, v_omega)
 *
 * The terms stand in the order C, A, B. */
#include "models/zero_sum.h"

#include "models/linear.h"

#include <stdbool.h>
#include <string.h>

/* theta' C omega for the term of C, x_i' M x_i for the others */
static double form_of(const gdi_linear_term *term, const double *x) {
  const gdi_linear_place *at = &term->place;
  const gdi_gemv_pair_window whole = {0, at->rows, 0, at->columns};
  return gdi_gemv_pair_form(term->sweep, whole, x + at->row, x + at->column);
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  (void)draw;
  const gdi_linear *l = data;
  double value = 0;
  for (size_t k = 0; k < l->n_terms; k++) {
    const gdi_linear_place *at = &l->terms[k].place;
    const double weight = at->row != at->column ? 1.0 : at->row == 0 ? 0.5 : -0.5;
    value += weight * form_of(&l->terms[k], x);
  }
  u[0] = -value;
  u[1] = value;
  return 0;
}

/* du_0/dx = (v_theta, -v_omega), du_1/dx the opposite */
static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const gdi_linear *l = data;
  const int result = gdi_linear_gradient(data, draw, x, g);
  const size_t other = 1 - player;
  for (size_t i = l->starts[other]; i < l->starts[other + 1]; i++) g[i] = -g[i];
  return result;
}

static const gd_game_ops zero_sum_ops = {
    .struct_size = sizeof(gd_game_ops),
    .destroy = gdi_linear_destroy,
    .gradient = gdi_linear_gradient,
    .player_gradient = gdi_linear_player_gradient,
    .utilities = utilities,
    .utility_gradient = utility_gradient,
    .jvp = gdi_linear_jvp,
    .vjp = gdi_linear_vjp,
    .jvp_many = gdi_linear_jvp_many,
    .gradient_many = gdi_linear_gradient_many,
    .jacobian = gdi_linear_jacobian,
    .solution = gdi_linear_solution,
};

static bool is_zero(size_t rows, size_t columns, const double *M, size_t ldm) {
  for (size_t j = 0; M && j < columns; j++)
    for (size_t i = 0; i < rows; i++)
      if (M[i + j * ldm] != 0) return false;
  return true;
}

static gd_status add_terms(gdi_linear *l, const gdi_zero_sum *form) {
  const size_t p = form->p, q = form->q;
  if (form->C) GD_TRY(gdi_linear_add(l, &(gdi_linear_place){0, p, p, q, -1, 1}, form->C, form->ldc));
  if (form->A) GD_TRY(gdi_linear_add(l, &(gdi_linear_place){0, p, 0, p, -1, 0}, form->A, form->lda));
  if (form->B) GD_TRY(gdi_linear_add(l, &(gdi_linear_place){p, q, p, q, -1, 0}, form->B, form->ldb));
  return GD_OK;
}

gd_status gdi_zero_sum_create(gd_game **game, const char *name, const gdi_zero_sum *form, const gd_env *env) {
  const size_t sizes[] = {form->p, form->q};
  gdi_linear *l;
  GD_TRY(gdi_linear_create(&l, 2, sizes, env));
  const gd_status status = add_terms(l, form);
  if (status < 0) {
    gdi_linear_destroy(l);
    return status;
  }
  const bool uncoupled = is_zero(form->p, form->q, form->C, form->ldc);
  gd_game_ops ops = zero_sum_ops;
  ops.name = name;
  return gdi_linear_finish(game, l, sizes, &ops,
                           GD_ZERO_SUM | GD_AFFINE | GD_THREAD_SAFE | (uncoupled ? GD_POTENTIAL : 0));
}
