/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov_products.c -- eigenvalues from products that fail, that nest, that run on two threads; and out of memory. */
#include <gamedyn/spectrum.h>

#include "support/failing_memory.h"
#include "support/matrices.h"
#include "support/suite.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>

enum { SIZE = 60 };

static gd_spectrum_options asking(gd_which which, size_t count) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = which;
  options.count = count;
  options.dense_limit = 0;
  options.confirm = false; /* a search takes its memory at once; a second one takes its own */
  return options;
}

/* The products of a matrix, counted; product number fail_at returns `code`, or NaN if code is 0. */
typedef struct product {
  size_t n, calls, fail_at;
  int code;
  const double *A;
  const failing_memory *memory;
  size_t allocations; /* seen at the first call; all later calls see the same */
} product;

static int multiply(void *context, const double *u, double *out) {
  product *p = context;
  memset(out, 0, p->n * sizeof *out);
  for (size_t j = 0; j < p->n; j++)
    for (size_t i = 0; i < p->n; i++) out[i] += p->A[i + j * p->n] * u[j];
  if (p->memory && ++p->calls == 1) p->allocations = p->memory->calls;
  if (p->memory) ck_assert_uint_eq(p->memory->calls, p->allocations);
  if (!p->memory || p->calls != p->fail_at) return 0;
  if (p->code == 0) out[p->n - 1] = NAN;
  return p->code;
}

/* A product fails, whichever: its words come through, the answer is untouched and nothing is lost.  All memory is taken
 * before the first product. */
START_TEST(passes_on_whichever_product_fails) {
  static double A[SIZE * SIZE];
  random_matrix(SIZE, A);
  failing_memory memory;
  failing_memory_init(&memory, 0);
  for (int code = -1; code <= 1; code++) {
    const gd_spectrum_options options = asking(GD_LARGEST_REAL, 2);
    product p = {SIZE, 0, 1, code, A, &memory, 0};
    gd_operator *op;
    assert_ok(gd_operator_create(&op, SIZE, multiply, NULL, &p, &memory.env));
    const size_t live = memory.live;
    gd_spectrum *some = NULL;
    for (gd_status status = GD_ERR_CALLBACK; status != GD_OK; p.fail_at++) {
      p.calls = 0;
      status = gd_spectrum_compute(&some, op, &options);
      if (p.calls < p.fail_at) break;
      ck_assert_int_eq(status, code < 0 ? GD_ERR_CALLBACK : code > 0 ? GD_ERR_DOMAIN : GD_ERR_NONFINITE);
      ck_assert(code || strstr(gd_last_error(), "entry 59 of a product of the operator is nan"));
      ck_assert_ptr_null(some);
      ck_assert_uint_eq(memory.live, live);
    }
    ck_assert_uint_gt(p.fail_at, 20);
    gd_spectrum_destroy(some);
    gd_operator_destroy(op);
  }
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_operator *op;
  gd_spectrum *some;
  GD_TRY(gd_operator_dense(&op, SIZE, SIZE, argument, SIZE, env));
  gd_spectrum_options options = asking(GD_CLOSEST, 3);
  options.vectors = true;
  const gd_status status = gd_spectrum_compute(&some, op, &options);
  if (status >= 0) gd_spectrum_destroy(some);
  gd_operator_destroy(op);
  return status;
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  static double A[SIZE * SIZE];
  clustered_matrix(SIZE, A);
  ck_assert_uint_gt(refuse_each_allocation(attempt, A), 10);
}
END_TEST

/* An operator that computes a spectrum of its own in the middle of each product. */
static int nest(void *context, const double *u, double *out) {
  product *p = context;
  const gd_spectrum_options options = asking(GD_SMALLEST_REAL, 2);
  gd_operator *op;
  gd_spectrum *inner;
  assert_ok(gd_operator_dense(&op, p->n, p->n, p->A, p->n, NULL));
  assert_ok(gd_spectrum_compute(&inner, op, &options));
  gd_spectrum_destroy(inner);
  gd_operator_destroy(op);
  return multiply(p, u, out);
}

static void assert_same_bits(const gd_spectrum *a, const gd_spectrum *b) {
  ck_assert_uint_eq(gd_spectrum_count(a), gd_spectrum_count(b));
  const size_t bytes = gd_spectrum_count(a) * sizeof(double);
  ck_assert_mem_eq(gd_spectrum_real(a), gd_spectrum_real(b), bytes);
  ck_assert_mem_eq(gd_spectrum_imaginary(a), gd_spectrum_imaginary(b), bytes);
  ck_assert_mem_eq(gd_spectrum_residual(a), gd_spectrum_residual(b), bytes);
}

static gd_spectrum *by_callback(gd_apply_fn *apply, const double *A, uint64_t seed) {
  product p = {.n = 30, .A = A};
  gd_operator *op;
  gd_spectrum *some;
  gd_spectrum_options options = asking(GD_LARGEST_REAL, 2);
  options.seed = seed;
  assert_ok(gd_operator_create(&op, 30, apply, NULL, &p, NULL));
  assert_ok(gd_spectrum_compute(&some, op, &options));
  gd_operator_destroy(op);
  return some;
}

START_TEST(runs_inside_its_own_products) {
  double A[900];
  random_matrix(30, A);
  gd_spectrum *plain = by_callback(multiply, A, 0), *nested = by_callback(nest, A, 0);
  assert_same_bits(plain, nested);
  gd_spectrum_destroy(plain);
  gd_spectrum_destroy(nested);
}
END_TEST

static void *work(void *argument) {
  gd_spectrum **answers = argument;
  double A[900];
  random_matrix(30, A);
  for (uint64_t seed = 0; seed < 20; seed++) answers[seed] = by_callback(multiply, A, seed);
  return NULL;
}

START_TEST(runs_on_two_threads_at_once_with_the_same_bits) {
  gd_spectrum *answers[2][20];
  pthread_t other;
  ck_assert_int_eq(pthread_create(&other, NULL, work, answers[1]), 0);
  work(answers[0]);
  ck_assert_int_eq(pthread_join(other, NULL), 0);
  const double first = gd_spectrum_real(answers[0][0])[0];
  for (size_t seed = 0; seed < 20; seed++) {
    assert_same_bits(answers[0][seed], answers[1][seed]);
    /* another start, the same eigenvalue: residual 1e-10, condition of a random matrix below 1e3 */
    assert_close(gd_spectrum_real(answers[0][seed])[0], first, 0, 1e-7);
    gd_spectrum_destroy(answers[0][seed]);
    gd_spectrum_destroy(answers[1][seed]);
  }
}
END_TEST

TEST_SUITE("krylov_products", passes_on_whichever_product_fails, leaks_nothing_when_memory_runs_out,
           runs_inside_its_own_products, runs_on_two_threads_at_once_with_the_same_bits)
