/* SPDX-License-Identifier: BSD-3-Clause */
/* orthogonal.c -- every solver keeps its vectors orthonormal, on a matrix that took other solvers' apart.
 *
 * A population of N plays rock-paper-scissors, all three kinds alive: two meet, and the loser becomes the winner.  With
 * i, j, k of each kind, three kinds of meetings have probabilities 2 i j, 2 j k, 2 k i over N (N - 1).  A is the matrix
 * of the states in which all three are left: nonnegative, its rows add up to at most 1, so that |lambda| <= 1.  The
 * product i j k is an eigenfunction of the largest eigenvalue, 1 - 6/(N (N - 1)): a meeting of i and j takes it to
 * (i + 1)(j - 1) k = i j k - i k + j k - k; weighted with i j and added up over the three, the terms i j k (j - i) and
 * its kin cancel, and - 3 i j k remains, times 2 / (N (N - 1)). */
#include "linear/basis.h"
#include "linear/gmres.h"
#include "linear/krylov_schur.h"

#include "support/suite.h"

#include <gamedyn/spectrum.h>
#include <math.h>
#include <string.h>

enum { LARGEST = 40, STATES = (LARGEST - 1) * (LARGEST - 2) / 2, KEPT = 8 };

#define ORTHONORMAL 1e-12

typedef struct population {
  size_t n, from[4 * STATES], to[4 * STATES], entries;
  double values[4 * STATES];
  double last[2][KEPT * STATES]; /* the vectors multiplied last, by A and by A' */
  size_t seen[2];
} population;

static size_t index_of(int N, int i, int j) { /* states of smaller i first; j from 1 to N - i - 1 each */
  return (size_t)((i - 1) * (N - 1) - i * (i - 1) / 2 + j - 1);
}

static void add_entry(population *p, size_t from, size_t to, double value) {
  p->from[p->entries] = from, p->to[p->entries] = to, p->values[p->entries++] = value;
}

static population *make_population(int N) {
  population *p = calloc(1, sizeof *p);
  p->n = (size_t)(N - 1) * (size_t)(N - 2) / 2;
  for (int i = 1; i < N - 1; i++)
    for (int j = 1; i + j < N; j++) {
      const int k = N - i - j, after[3][2] = {{i + 1, j - 1}, {i, j + 1}, {i - 1, j}};
      const double weight = 2.0 / (N * (N - 1.0)), chance[3] = {weight * i * j, weight * j * k, weight * k * i};
      for (int m = 0; m < 3; m++)
        if (after[m][0] > 0 && after[m][1] > 0 && after[m][0] + after[m][1] < N)
          add_entry(p, index_of(N, i, j), index_of(N, after[m][0], after[m][1]), chance[m]);
      add_entry(p, index_of(N, i, j), index_of(N, i, j), 1 - chance[0] - chance[1] - chance[2]);
    }
  return p;
}

static void record(population *p, int side, const double *u) {
  memcpy(p->last[side] + p->seen[side]++ % KEPT * p->n, u, p->n * sizeof *u);
}

static int apply(void *context, const double *u, double *out) {
  population *p = context;
  record(p, 0, u);
  memset(out, 0, p->n * sizeof *out);
  for (size_t e = 0; e < p->entries; e++) out[p->from[e]] += p->values[e] * u[p->to[e]];
  return 0;
}

static int apply_transpose(void *context, const double *u, double *out) {
  population *p = context;
  record(p, 1, u);
  memset(out, 0, p->n * sizeof *out);
  for (size_t e = 0; e < p->entries; e++) out[p->to[e]] += p->values[e] * u[p->from[e]];
  return 0;
}

static gd_spectrum_options asking(gd_which which, size_t count) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = which;
  options.count = count;
  options.dense_limit = 0;
  return options;
}

/* Entries of the n vectors' products with each other, off those of orthonormal ones. */
static double defect_of(size_t n, size_t count, const double *vectors) {
  double worst = 0;
  for (size_t a = 0; a < count; a++)
    for (size_t b = 0; b <= a; b++) {
      double sum = 0;
      for (size_t i = 0; i < n; i++) sum += vectors[a * n + i] * vectors[b * n + i];
      worst = fmax(worst, fabs(sum - (a == b)));
    }
  return worst;
}

/* Each is an eigenvalue, of modulus at most 1, with a vector of norm 1; the largest is the first. */
static void check_population(int N, size_t count) {
  population *p = make_population(N);
  gd_operator *op = NULL;
  gd_spectrum *some = NULL;
  static double re[STATES], im[STATES];
  gd_spectrum_options options = asking(GD_LARGEST_REAL, count);
  options.subspace = 2 * count + 1 > 20 ? 2 * count + 1 : 20, options.vectors = true, options.confirm = false;
  assert_ok(gd_operator_create(&op, p->n, apply, NULL, p, NULL));
  assert_ok(gd_spectrum_compute(&some, op, &options));
  assert_close(gd_spectrum_real(some)[0], 1 - 6.0 / (N * (N - 1.0)), 0, 1e-9);
  ck_assert(gd_spectrum_imaginary(some)[0] == 0 && !signbit(gd_spectrum_imaginary(some)[0]));
  for (size_t k = 0; k < gd_spectrum_count(some); k++) {
    assert_ok(gd_spectrum_vector(some, k, re, im));
    double norm = 0;
    for (size_t i = 0; i < p->n; i++) norm = hypot(norm, hypot(re[i], im[i]));
    assert_close(norm, 1, 1e-13, 0);
    ck_assert_double_le(hypot(gd_spectrum_real(some)[k], gd_spectrum_imaginary(some)[k]), 1 + 1e-9);
  }
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
  free(p);
}

/* Counts for which a single pass of Gram-Schmidt gave numbers of 3 to 12. */
START_TEST(finds_the_largest_eigenvalue_of_a_population) {
  check_population(16, 14);
  for (size_t count = 10; count <= 14; count += 2) check_population(LARGEST, count);
}
END_TEST

/* Searches that cannot end: the eigenvalues in the middle, few vectors, so that restarts go on and on.  A restart takes
 * at most `subspace` products, so that there are at least max_products / subspace of them. */
START_TEST(krylov_schur_stays_orthonormal) {
  const size_t restarts = test_instances(200, 10000);
  gdi_env env;
  assert_ok(gdi_env_copy(&env, NULL));
  population *p = make_population(LARGEST);
  gd_operator *op = NULL;
  assert_ok(gd_operator_create(&op, p->n, apply, NULL, p, NULL));
  const struct {
    gd_which which;
    size_t block;
  } ways[] = {{GD_SMALLEST_REAL, 1}, {GD_CLOSEST, 1}, {GD_LARGEST_IMAGINARY, 2}};
  for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
    gd_spectrum_options options = asking(ways[k].which, 10);
    options.subspace = 16, options.block = ways[k].block, options.target_re = 0.4;
    options.tolerance = 0, options.max_products = 16 * restarts;
    gdi_krylov_answer answer = {0};
    ck_assert_int_ge(gdi_krylov_schur(op, &options, &answer), 0);
    ck_assert_msg(answer.defect < ORTHONORMAL, "way %zu: |V'V - I| is %g", k, answer.defect);
    gdi_krylov_answer_destroy(&env, &answer);
  }
  gd_operator_destroy(op);
  free(p);
}
END_TEST

/* The last vectors multiplied are the singular vectors found, of both sides, whose residuals are computed. */
START_TEST(golub_kahan_stays_orthonormal) {
  population *p = make_population(LARGEST);
  gd_operator *op = NULL;
  double values[KEPT];
  assert_ok(gd_operator_create(&op, p->n, apply, apply_transpose, p, NULL));
  for (int smallest = 0; smallest < 2; smallest++) {
    gd_spectrum_options options = asking(smallest ? GD_SMALLEST_REAL : GD_LARGEST_REAL, KEPT);
    options.subspace = KEPT + 3;
    options.tolerance = 0, options.max_products = 2 * options.subspace * test_instances(200, 10000);
    ck_assert_int_ge(gd_singular_values(op, &options, values, NULL), 0);
    for (int side = 0; side < 2; side++) {
      const double defect = defect_of(p->n, KEPT, p->last[side]);
      ck_assert_msg(defect < ORTHONORMAL, "%s, side %d: |V'V - I| is %g", smallest ? "smallest" : "largest", side,
                    defect);
    }
  }
  gd_operator_destroy(op);
  free(p);
}
END_TEST

START_TEST(long_cycles_of_gmres_stay_orthonormal) {
  population *p = make_population(LARGEST);
  gdi_env env;
  gd_operator *op = NULL;
  gdi_gmres gmres;
  gd_solve_result result;
  static double b[STATES], x[STATES];
  const size_t restart = 300;
  b[0] = 1;
  assert_ok(gdi_env_copy(&env, NULL));
  assert_ok(gd_operator_create(&op, p->n, apply, NULL, p, NULL));
  assert_ok(gdi_gmres_create(&env, &gmres, p->n, restart, false));
  const gdi_system system = {op, NULL, b, 0, restart + 1};
  ck_assert_int_ge(gdi_gmres_run(&gmres, &system, x, &result), 0);
  ck_assert_uint_gt(result.iterations, 100);
  /* vector 0 is the residual in the end; the others are those of the cycle */
  const double defect = defect_of(p->n, result.iterations - 1, gdi_basis_vector(&gmres.basis, 1));
  ck_assert_msg(defect < ORTHONORMAL, "|V'V - I| is %g", defect);
  gdi_gmres_destroy(&env, &gmres);
  gd_operator_destroy(op);
  free(p);
}
END_TEST

/* Vectors that are almost in the span of those before: 1, 1e-3, ... of what is new in each. */
START_TEST(gram_schmidt_is_orthogonal_to_rounding) {
  enum { N = 500, VECTORS = 40 };
  gdi_env env;
  gdi_basis basis;
  gd_rng rng = gd_rng_make(3, 0);
  static double common[N], own[N];
  assert_ok(gdi_env_copy(&env, NULL));
  assert_ok(gdi_basis_create(&env, &basis, N, VECTORS));
  gd_rng_fill_normal(&rng, N, common);
  for (size_t k = 0; k < VECTORS; k++) {
    gd_rng_fill_normal(&rng, N, own);
    for (size_t i = 0; i < N; i++)
      gdi_basis_vector(&basis, k)[i] = common[i] + pow(10, -3.0 * (double)(k % 4)) * own[i];
    ck_assert_double_gt(gdi_basis_orthogonalise(&basis, k, 0, NULL), 0);
  }
  ck_assert_double_le(gdi_basis_defect(&basis, VECTORS), 1e-14);
  /* and renewing brings a basis back that is off by 1e-7: the square of that is left */
  for (size_t i = 0; i < N; i++) gdi_basis_vector(&basis, 0)[i] += 1e-7 * gdi_basis_vector(&basis, 1)[i];
  gdi_basis_renew(&basis, VECTORS);
  ck_assert_double_le(gdi_basis_defect(&basis, VECTORS), 2e-14);
  gdi_basis_destroy(&env, &basis);
}
END_TEST

TEST_SUITE("orthogonal", finds_the_largest_eigenvalue_of_a_population, krylov_schur_stays_orthonormal,
           golub_kahan_stays_orthonormal, long_cycles_of_gmres_stay_orthonormal, gram_schmidt_is_orthogonal_to_rounding)
