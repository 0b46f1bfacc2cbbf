/* SPDX-License-Identifier: BSD-3-Clause */
/* operator_sum.c -- a A + b B of operators, where B may be the identity. */
#include "base/error.h"
#include "kernels/vector.h"
#include "linear/operator.h"

#include <math.h>

typedef struct operator_sum {
  gdi_env env;
  double a, b;
  gd_operator *A, *B; /* B NULL: the identity */
  double *room;       /* [max(rows, columns)], a product of B */
} operator_sum;

/* out <- a out + b other */
static void combine(const operator_sum *sum, size_t length, const double *other, double *out) {
  for (size_t k = 0; k < length; k++) out[k] = sum->a * out[k] + sum->b * other[k];
}

static gd_status apply(void *context, const double *u, double *out) {
  const operator_sum *sum = context;
  if (sum->B) GD_TRY(gd_operator_apply(sum->B, u, sum->room));
  GD_TRY(gd_operator_apply(sum->A, u, out));
  combine(sum, gd_operator_rows(sum->A), sum->B ? sum->room : u, out);
  return GD_OK;
}

static gd_status apply_transpose(void *context, const double *w, double *out) {
  const operator_sum *sum = context;
  if (sum->B) GD_TRY(gd_operator_apply_transpose(sum->B, w, sum->room));
  GD_TRY(gd_operator_apply_transpose(sum->A, w, out));
  combine(sum, gd_operator_columns(sum->A), sum->B ? sum->room : w, out);
  return GD_OK;
}

static void destroy(void *context) {
  operator_sum *sum = context;
  gdi_release(&sum->env, sum->room);
  gdi_destroy(sum, offsetof(operator_sum, env));
}

static const gdi_operator_table table = {apply, apply_transpose, destroy};

static gd_status create(gd_operator **op, const operator_sum *what, const gd_env *env) {
  const size_t rows = gd_operator_rows(what->A), columns = gd_operator_columns(what->A);
  gd_status status;
  operator_sum *sum = gdi_create(env, sizeof *sum, offsetof(operator_sum, env), &status);
  if (!sum) return status;
  sum->a = what->a;
  sum->b = what->b;
  sum->A = what->A;
  sum->B = what->B;
  if (sum->B) sum->room = gdi_allocate(&sum->env, rows > columns ? rows : columns, sizeof *sum->room);
  status = sum->B && !sum->room ? GD_ERR_MEMORY : gdi_operator_create(op, rows, columns, &table, sum, env);
  if (status < 0) {
    destroy(sum);
    return status;
  }
  gdi_operator_inherit(*op, what->A);
  gdi_operator_inherit(*op, what->B);
  return GD_OK;
}

gd_status gd_operator_sum(gd_operator **op, double a, gd_operator *A, double b, gd_operator *B, const gd_env *env) {
  GDI_REQUIRE(op && A && B, "gd_operator_sum: %s is NULL", op ? A ? "B" : "A" : "op");
  GDI_REQUIRE(isfinite(a) && isfinite(b), "gd_operator_sum: a = %g and b = %g, expected numbers", a, b);
  GDI_REQUIRE(gd_operator_rows(A) == gd_operator_rows(B) && gd_operator_columns(A) == gd_operator_columns(B),
              "gd_operator_sum: A is %zu by %zu and B %zu by %zu, expected the same shape", gd_operator_rows(A),
              gd_operator_columns(A), gd_operator_rows(B), gd_operator_columns(B));
  return create(op, &(operator_sum){.a = a, .b = b, .A = A, .B = B}, env);
}

gd_status gd_operator_shift(gd_operator **op, double a, gd_operator *A, double shift, const gd_env *env) {
  GDI_REQUIRE(op && A, "gd_operator_shift: %s is NULL", op ? "A" : "op");
  GDI_REQUIRE(isfinite(a) && isfinite(shift), "gd_operator_shift: a = %g and shift = %g, expected numbers", a, shift);
  GDI_REQUIRE(gd_operator_rows(A) == gd_operator_columns(A),
              "gd_operator_shift: A is %zu by %zu, expected a square one", gd_operator_rows(A), gd_operator_columns(A));
  return create(op, &(operator_sum){.a = a, .b = shift, .A = A}, env);
}
