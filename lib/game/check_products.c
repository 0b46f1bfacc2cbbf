/* SPDX-License-Identifier: BSD-3-Clause */
/* check_products.c -- checks that the products are those of the gradient's Jacobian, and not of its transpose or its
 * negative.
 *
 * J u is compared with differences.  J'u is checked through <w, J'u> = <J w, u>: one number for each pair of random
 * directions, which a wrong product satisfies with probability zero. */
#include "base/error.h"
#include "dense/algebra.h"
#include "game/check.h"
#include "kernels/vector.h"

#include <math.h>
#include <string.h>

/* A result for J u (or J' u), and known quantities of u. */
typedef struct product_claim {
  const char *name;
  const double *answer, *direction;
  const double *product; /* J times the direction, by differences, and */
  double slack;          /* tolerance */
  const double *across;  /* the other direction, for the transpose, and */
  const double *across_product;
  double across_slack;
} product_claim;

/* Which of J u, -J u, J'u, -J'u the result may be. */
typedef struct likeness {
  bool plain, minus, transposed, minus_transposed;
  double plain_error, transposed_error; /* relative */
} likeness;

/* The least scale for comparisons, for J u = 0: the change of a gradient that hardly varies. */
static double floor_of(const gdi_checker *c, double length) { return 1e-3 * c->scale * length / c->size; }

static gd_status compare_plain(gdi_checker *c, const product_claim *claim, likeness *like) {
  double distance, minus_distance, size, product_size, length;
  GD_TRY(gdi_check_distance(c, claim->answer, 1, claim->product, &distance));
  GD_TRY(gdi_check_distance(c, claim->answer, -1, claim->product, &minus_distance));
  GD_TRY(gd_game_norm(c->game, claim->answer, &size));
  GD_TRY(gd_game_norm(c->game, claim->product, &product_size));
  GD_TRY(gd_game_norm(c->game, claim->direction, &length));
  like->plain = distance <= claim->slack;
  like->minus = minus_distance <= claim->slack;
  like->plain_error = gdi_check_relative(distance, fmax(size, product_size), floor_of(c, length));
  return GD_OK;
}

static gd_status compare_transposed(gdi_checker *c, const product_claim *claim, likeness *like) {
  double found, expected, length, answer_size, across_length;
  GD_TRY(gd_game_dot(c->game, claim->across, claim->answer, &found));
  GD_TRY(gd_game_dot(c->game, claim->across_product, claim->direction, &expected));
  GD_TRY(gd_game_norm(c->game, claim->direction, &length));
  GD_TRY(gd_game_norm(c->game, claim->answer, &answer_size));
  GD_TRY(gd_game_norm(c->game, claim->across, &across_length));
  like->transposed = fabs(found - expected) <= claim->across_slack * length;
  like->minus_transposed = fabs(found + expected) <= claim->across_slack * length;
  like->transposed_error =
      gdi_check_relative(fabs(found - expected), answer_size * across_length, floor_of(c, length) * across_length);
  return GD_OK;
}

static gd_status compare(gdi_checker *c, const product_claim *claim, likeness *like) {
  GD_TRY(compare_plain(c, claim, like));
  return compare_transposed(c, claim, like);
}

static void judge_jvp(gdi_checker *c, const product_claim *claim, const likeness *like) {
  const char *name = claim->name;
  if (like->plain) return;
  if (like->transposed && like->minus)
    gdi_check_complain(c, "%s returns J'u, which here is -J u: you gave me the transpose, or the wrong sign", name);
  else if (like->transposed)
    gdi_check_complain(c, "%s returns J'u: you gave me the transpose", name);
  else if (like->minus)
    gdi_check_complain(c, "%s returns -J u: wrong sign", name);
  else if (like->minus_transposed)
    gdi_check_complain(c, "%s returns -J'u: you gave me the transpose, with the wrong sign", name);
  else
    gdi_check_complain(c, "%s is not the product with the gradient's Jacobian: off by %.2g, relative to differences",
                       name, like->plain_error);
}

static void judge_vjp(gdi_checker *c, const likeness *like) {
  if (like->transposed) return;
  if (like->plain && like->minus_transposed)
    gdi_check_complain(c, "vjp returns J w, which here is -J'w: you forgot to transpose, or the sign is wrong");
  else if (like->plain)
    gdi_check_complain(c, "vjp returns J w: you gave me the jvp, not its transpose");
  else if (like->minus_transposed)
    gdi_check_complain(c, "vjp returns -J'w: wrong sign");
  else if (like->minus)
    gdi_check_complain(c, "vjp returns -J w: you gave me the jvp with the wrong sign, not its transpose");
  else
    gdi_check_complain(c, "vjp is not the transposed product: <u, J'w> and <J u, w> differ by %.2g, relatively",
                       like->transposed_error);
}

static product_claim claim_along_u(const gdi_checker *c, const char *name, const double *answer) {
  return (product_claim){name, answer, c->u, c->Ju, c->Ju_slack, c->w, c->Jw, c->Jw_slack};
}

static gd_status check_jvp(gdi_checker *c) {
  const product_claim claim = claim_along_u(c, "jvp", c->answer);
  likeness like;
  GD_TRY(gd_game_jvp(c->game, c->x, c->u, c->answer));
  GD_TRY(compare(c, &claim, &like));
  gdi_check_worst(&c->report.jvp_vs_differences, like.plain_error);
  judge_jvp(c, &claim, &like);
  return GD_OK;
}

static gd_status check_vjp(gdi_checker *c) {
  const product_claim claim = {"vjp", c->answer, c->w, c->Jw, c->Jw_slack, c->u, c->Ju, c->Ju_slack};
  likeness like;
  GD_TRY(gd_game_vjp(c->game, c->x, c->w, c->answer));
  GD_TRY(compare(c, &claim, &like));
  gdi_check_worst(&c->report.vjp_vs_jvp, like.transposed_error);
  judge_vjp(c, &like);
  return GD_OK;
}

/* Compare `part` of gradient_vjp with the result of its own callback. */
static gd_status compare_part(gdi_checker *c, const char *part, const double *found, const double *expected,
                              double size) {
  double off;
  GD_TRY(gdi_check_distance(c, found, 1, expected, &off));
  const double error = gdi_check_relative(off, size, size);
  gdi_check_worst(&c->report.gradient_vjp_vs_both, error);
  if (!(error <= GDI_CHECK_EXACT))
    gdi_check_complain(c, "gradient_vjp: its %s is off by %.2g, relatively", part, error);
  return GD_OK;
}

static gd_status check_gradient_vjp(gdi_checker *c) {
  double *pull = c->many, *expected = c->many + c->n, norm;
  GD_TRY(gd_game_gradient_vjp(c->game, c->x, c->answer, pull));
  GD_TRY(gd_game_vjp(c->game, c->x, c->v, expected));
  GD_TRY(gdi_check_distance(c, expected, 0, expected, &norm));
  GD_TRY(compare_part(c, "gradient", c->answer, c->v, c->v_norm));
  return compare_part(c, "transposed product", pull, expected, norm);
}

/* Evaluate J with ldj = n + 1; the row between the columns must not change. */
static gd_status ask_jacobian(gdi_checker *c, double *J) {
  const size_t n = c->n, ldj = n + 1;
  for (size_t j = 0; j < n; j++) J[n + j * ldj] = 12345;
  GD_TRY(gd_game_jacobian(c->game, c->x, J, ldj));
  for (size_t j = 0; j < n; j++)
    if (J[n + j * ldj] != 12345) {
      gdi_check_complain(c, "jacobian writes between the columns: column j starts at J[j*ldj], and ldj may exceed n");
      return GD_OK;
    }
  return GD_OK;
}

static gd_status check_jacobian(gdi_checker *c) {
  const size_t n = c->n;
  double *J = gdi_allocate(&c->game->shared->env, n, (n + 1) * sizeof *J);
  if (!J) return GD_ERR_MEMORY;
  const product_claim claim = claim_along_u(c, "jacobian", c->answer);
  likeness like = {0};
  gd_status status = ask_jacobian(c, J);
  if (status == GD_OK) {
    gdi_matrix_vector(false, n, n, 1, J, n + 1, c->u, c->answer);
    status = compare(c, &claim, &like);
  }
  gdi_release(&c->game->shared->env, J);
  GD_TRY(status);
  gdi_check_worst(&c->report.jacobian_vs_jvp, like.plain_error);
  if (!like.plain && like.transposed)
    gdi_check_complain(c, "jacobian is the transpose: J[i + j*ldj] must be dv_i/dx_j");
  judge_jvp(c, &claim, &like);
  return GD_OK;
}

/* Tests whether the vectors are returned as if they were stored as lanes; looks at the first one. */
static gd_status is_read_as_lanes(gdi_checker *c, const double *U, const double *JU, bool *lanes) {
  for (size_t i = 0; i < c->n; i++) {
    c->point[i] = U[GDI_CHECK_LANES * i];
    c->answer[i] = JU[GDI_CHECK_LANES * i];
  }
  double distance, size;
  GD_TRY(gdi_game_difference_jvp(c->game, c->x, c->point, c->other));
  memcpy(c->point, c->other, c->n * sizeof *c->point);
  GD_TRY(gdi_check_distance(c, c->answer, 1, c->point, &distance));
  GD_TRY(gd_game_norm(c->game, c->point, &size));
  *lanes = distance <= 1e-4 * size;
  return GD_OK;
}

/* One of the three columns against its reference; the third is J(u - w). */
static gd_status compare_column(gdi_checker *c, size_t column, const double *answer, double *error, bool *wrong) {
  for (size_t k = 0; k < c->n; k++) c->point[k] = column == 0 ? c->Ju[k] : column == 1 ? c->Jw[k] : c->Ju[k] - c->Jw[k];
  double distance, size, expected;
  GD_TRY(gdi_check_distance(c, answer, 1, c->point, &distance));
  GD_TRY(gd_game_norm(c->game, answer, &size));
  GD_TRY(gd_game_norm(c->game, c->point, &expected));
  *error = gdi_check_relative(distance, fmax(size, expected), floor_of(c, 1));
  *wrong = distance > c->Ju_slack + c->Jw_slack;
  return GD_OK;
}

static gd_status check_jvp_many(gdi_checker *c) {
  const size_t n = c->n, count = GDI_CHECK_LANES * n;
  double *U = c->many, *JU = c->many + count;
  memcpy(U, c->u, n * sizeof *U);
  memcpy(U + n, c->w, n * sizeof *U);
  for (size_t k = 0; k < n; k++) U[2 * n + k] = c->u[k] - c->w[k];
  JU[count] = 12345;
  c->game->counts.jvps += GDI_CHECK_LANES;
  gdi_answered by = gdi_asked_now();
  by.code = c->game->shared->ops.jvp_many(c->game->data, c->game->draw, c->x, GDI_CHECK_LANES, U, JU);
  GD_TRY(gdi_game_answer(c->game, "jvp_many", by, 0, n, JU));
  if (JU[count] != 12345) gdi_check_complain(c, "jvp_many writes beyond its k = %d columns of n", GDI_CHECK_LANES);
  for (size_t column = 0; column < GDI_CHECK_LANES; column++) {
    double error;
    bool wrong, lanes = false;
    GD_TRY(compare_column(c, column, JU + column * n, &error, &wrong));
    gdi_check_worst(&c->report.jvp_many_vs_jvp, error);
    if (wrong) GD_TRY(is_read_as_lanes(c, U, JU, &lanes));
    if (lanes)
      gdi_check_complain(c, "jvp_many takes its vectors as lanes: they are columns, n apart");
    else if (wrong)
      gdi_check_complain(c, "jvp_many: column %zu is off by %.2g, relative to differences", column, error);
  }
  return GD_OK;
}

gd_status gdi_check_products(gdi_checker *c) {
  const gd_game_ops *ops = &c->game->shared->ops;
  if (ops->jvp) GD_TRY(check_jvp(c));
  if (ops->vjp) GD_TRY(check_vjp(c));
  if (ops->gradient_vjp && ops->vjp) GD_TRY(check_gradient_vjp(c));
  if (ops->jacobian && c->n <= c->game->options.dense_limit && !(c->game->shared->traits & GD_PARTITIONED))
    GD_TRY(check_jacobian(c));
  return ops->jvp_many ? check_jvp_many(c) : GD_OK;
}
