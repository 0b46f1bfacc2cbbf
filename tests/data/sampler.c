/* SPDX-License-Identifier: BSD-3-Clause */
/* sampler.c -- samples have their distribution's moments, are named by stream and draw, and come from anywhere. */
#include <gamedyn/data.h>
#include <gamedyn/rng.h>

#include "data/sample_moments.h"
#include "support/failing_memory.h"
#include "support/suite.h"

#include <float.h>

enum { MANY = 40000 };
static double a[2 * MANY], b[2 * MANY];

/* Of a standard normal: variance 1, of the square 3 - 1 = 2, of a product of two independent ones 1. */
START_TEST(normal_samples_have_the_moments_of_the_normal) {
  const double zero[] = {0, 0};
  gd_sampler sampler = {0};
  assert_ok(gd_sampler_normal(&sampler, 0, NULL));
  ck_assert_uint_eq(sampler.rows, 0);
  assert_ok(gd_sampler_fill(&sampler, NULL, 2, MANY, a));
  for (size_t row = 0; row < 2; row++) {
    assert_sample_mean(a, 2, MANY, row, 0, 1);
    assert_product_moment(a, 2, MANY, row, row, zero, 1, sqrt(2));
  }
  assert_product_moment(a, 2, MANY, 0, 1, zero, 0, 1);
  gd_sampler_destroy(&sampler);
}
END_TEST

/* Uniform on [0, 1): mean 1/2, variance 1/12; (x - 1/2)^2 has variance 1/80 - 1/144 = 1/180. */
START_TEST(uniform_samples_have_the_moments_of_the_uniform) {
  const double half[] = {0.5, 0.5};
  gd_sampler sampler = {0};
  assert_ok(gd_sampler_uniform(&sampler, 0, NULL));
  assert_ok(gd_sampler_fill(&sampler, &(gd_draw){1, 2, 3, 4}, 2, MANY, a));
  for (size_t k = 0; k < 2 * MANY; k++) ck_assert(a[k] >= 0 && a[k] < 1);
  for (size_t row = 0; row < 2; row++) {
    assert_sample_mean(a, 2, MANY, row, 0.5, sqrt(1 / 12.0));
    assert_product_moment(a, 2, MANY, row, row, half, 1 / 12.0, sqrt(1 / 180.0));
  }
  assert_product_moment(a, 2, MANY, 0, 1, half, 0, 1 / 12.0);
  gd_sampler_destroy(&sampler);
}
END_TEST

/* Columns are (k, -k), k = 0 ... 4: mean 2, variance 2. */
START_TEST(a_data_set_gives_each_of_its_samples_as_often) {
  const double values[] = {0, -0.0, 1, -1, 2, -2, 3, -3, 4, -4};
  size_t counts[5] = {0};
  gd_matrix *matrix = NULL;
  gd_sampler sampler = {0};
  assert_ok(gd_matrix_create(&matrix, 2, 5, values, NULL));
  assert_ok(gd_sampler_matrix(&sampler, 7, matrix, NULL));
  ck_assert_uint_eq(sampler.rows, 2);
  assert_ok(gd_sampler_fill(&sampler, NULL, 2, MANY, a));
  for (size_t j = 0; j < MANY; j++) {
    ck_assert_double_eq(a[2 * j], -a[2 * j + 1]);
    counts[(size_t)a[2 * j]]++;
  }
  for (size_t k = 0; k < 5; k++) /* binomial, p = 1/5 */
    assert_close((double)counts[k] / MANY, 0.2, 0, 5 * sqrt(0.2 * 0.8 / MANY));
  gd_sampler_destroy(&sampler);
  gd_matrix_destroy(matrix);
}
END_TEST

/* A small one of each kind, for what all must do. */
static const double mean[] = {1, -1}, covariance[] = {2, 0.5, 0.5, 1};
static const gd_gaussian gaussian = {sizeof gaussian, 2, mean, covariance, 2};
static const double means[] = {0, 0, 3, 1, -2, 5}, deviations[] = {0.1, 1, 2}, weights[] = {0.5, 0.3, 0.2};
static const gd_gaussian_mixture mixture = {sizeof mixture, 2, 3, means, deviations, weights, false};
static const gd_gaussian_mixture balanced = {sizeof balanced, 2, 3, means, deviations, weights, true};
static const gd_gaussian_ring ring = {sizeof ring, 8, 2, 0.02, true};
static const gd_gaussian_grid grid = {sizeof grid, 5, 2, 0.05, false};
enum { KINDS = 8, MIXED_SHARES = 4 }; /* the latter is balanced by weights: it depends on how many samples there are */

static gd_status create_kind(size_t kind, gd_sampler *sampler, uint64_t stream, const gd_matrix *matrix,
                             const gd_env *env) {
  switch (kind) {
  case 0:
    return gd_sampler_normal(sampler, stream, env);
  case 1:
    return gd_sampler_uniform(sampler, stream, env);
  case 2:
    return gd_sampler_gaussian(sampler, stream, &gaussian, env);
  case 3:
    return gd_sampler_mixture(sampler, stream, &mixture, env);
  case MIXED_SHARES:
    return gd_sampler_mixture(sampler, stream, &balanced, env);
  case 5:
    return gd_sampler_ring(sampler, stream, &ring, env);
  case 6:
    return gd_sampler_grid(sampler, stream, &grid, env);
  default:
    return gd_sampler_matrix(sampler, stream, matrix, env);
  }
}

static gd_matrix *random_samples(void) {
  double values[2 * 1000];
  gd_matrix *matrix = NULL;
  gd_rng rng = gd_rng_make(5, 6);
  gd_rng_fill_normal(&rng, 2 * 1000, values);
  assert_ok(gd_matrix_create(&matrix, 2, 1000, values, NULL));
  return matrix;
}

static void fill_kind(size_t kind, uint64_t stream, const gd_draw *draw, const gd_matrix *matrix, double *out) {
  gd_sampler sampler = {0};
  assert_ok(create_kind(kind, &sampler, stream, matrix, NULL));
  assert_ok(gd_sampler_fill(&sampler, draw, 2, 64, out));
  gd_sampler_destroy(&sampler);
}

static bool same(void) { return memcmp(a, b, 2 * 64 * sizeof *a) == 0; }

START_TEST(equal_draws_give_equal_bits_and_others_other_samples) {
  gd_matrix *matrix = random_samples();
  const gd_draw draw = {11, 12, 13, 64};
  fill_kind((size_t)_i, 3, &draw, matrix, a);
  fill_kind((size_t)_i, 3, &(gd_draw){11, 12, 13, 1}, matrix, b); /* the batch size names nothing */
  ck_assert(same());
  const gd_draw others[] = {{10, 12, 13, 64}, {11, 13, 13, 64}, {11, 12, 14, 64}};
  for (size_t k = 0; k < 3; k++) {
    fill_kind((size_t)_i, 3, &others[k], matrix, b);
    ck_assert(!same());
  }
  fill_kind((size_t)_i, 4, &draw, matrix, b);
  ck_assert(!same());
  fill_kind((size_t)_i, 3, NULL, matrix, a);
  fill_kind((size_t)_i, 3, &(gd_draw){0, 0, 0, 64}, matrix, b);
  ck_assert(same());
  gd_matrix_destroy(matrix);
}
END_TEST

START_TEST(the_first_samples_of_many_are_those_of_few) {
  gd_matrix *matrix = random_samples();
  gd_sampler sampler = {0};
  assert_ok(create_kind((size_t)_i, &sampler, 3, matrix, NULL));
  assert_ok(gd_sampler_fill(&sampler, NULL, 2, 64, a));
  assert_ok(gd_sampler_fill(&sampler, NULL, 2, 101, b));
  ck_assert(same() == (_i != MIXED_SHARES));
  gd_sampler_destroy(&sampler);
  gd_matrix_destroy(matrix);
}
END_TEST

/* Data and noise of the same draw: the product of independent standard normals has mean 0 and variance 1.  Streams that
 * are neighbours, and draws that are, have nothing to do with one another. */
START_TEST(streams_of_a_draw_are_independent) {
  gd_sampler data = {0}, noise = {0};
  assert_ok(gd_sampler_normal(&data, 0, NULL));
  assert_ok(gd_sampler_normal(&noise, 1, NULL));
  assert_ok(gd_sampler_fill(&data, NULL, 1, MANY, a));
  for (uint64_t index = 0; index < 2; index++) {
    assert_ok(gd_sampler_fill(&noise, &(gd_draw){0, 0, index, 0}, 1, MANY, b));
    double sum = 0;
    for (size_t j = 0; j < MANY; j++) sum += a[j] * b[j];
    assert_close(sum / MANY, 0, 0, 5 / sqrt(MANY));
  }
  gd_sampler_destroy(&data);
  gd_sampler_destroy(&noise);
}
END_TEST

typedef struct shared_sampler {
  const gd_sampler *sampler;
  double (*parts)[2 * 1000];
} shared_sampler;

static int fill_part(void *argument, size_t k) {
  const shared_sampler *shared = argument;
  return gd_sampler_fill(shared->sampler, &(gd_draw){1, 2, k % 4, 0}, 2, 1000, shared->parts[k]);
}

START_TEST(threads_share_a_sampler) {
  static double parts[16][2 * 1000];
  gd_matrix *matrix = random_samples();
  gd_sampler sampler = {0};
  gd_thread_pool *pool = NULL;
  assert_ok(gd_thread_pool_create(&pool, 4));
  const gd_executor executor = gd_thread_pool_executor(pool);
  assert_ok(create_kind((size_t)_i, &sampler, 3, matrix, NULL));
  shared_sampler shared = {&sampler, parts};
  ck_assert_int_eq(executor.run_all(executor.context, 16, fill_part, &shared), 0);
  for (size_t k = 4; k < 16; k++) ck_assert_mem_eq(parts[k], parts[k % 4], sizeof parts[k]);
  gd_thread_pool_destroy(pool);
  gd_sampler_destroy(&sampler);
  gd_matrix_destroy(matrix);
}
END_TEST

/* ---- samplers of one's own ---- */

typedef struct own_sampler {
  int code, destroyed;
  double value;
} own_sampler;

static int fill_own(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  const own_sampler *own = context;
  for (size_t k = 0; k < rows * columns; k++) out[k] = own->value + (draw ? (double)draw->index : 0);
  return own->code;
}

static void destroy_own(void *context) { ((own_sampler *)context)->destroyed++; }

START_TEST(a_sampler_may_be_ones_own) {
  own_sampler own = {.value = 2};
  gd_sampler sampler = {sizeof sampler, &own, fill_own, destroy_own, 0};
  assert_ok(gd_sampler_fill(&sampler, &(gd_draw){0, 0, 5, 0}, 3, 2, a));
  for (size_t k = 0; k < 6; k++) ck_assert_double_eq(a[k], 7);
  own.code = -4;
  assert_fails(gd_sampler_fill(&sampler, NULL, 3, 2, a), GD_ERR_CALLBACK, "the sampler's fill returned -4");
  own = (own_sampler){.value = NAN};
  assert_fails(gd_sampler_fill(&sampler, NULL, 3, 2, a), GD_ERR_NONFINITE, "number [0, 0] is nan");
  gd_sampler_destroy(&sampler);
  gd_sampler_destroy(&sampler);
  gd_sampler_destroy(NULL);
  ck_assert_int_eq(own.destroyed, 1);
  ck_assert(!sampler.fill);
}
END_TEST

START_TEST(checks_its_arguments) {
  gd_sampler sampler = {0};
  assert_fails(gd_sampler_normal(NULL, 0, NULL), GD_ERR_ARGUMENT, "sampler is NULL");
  assert_fails(gd_sampler_uniform(&sampler, 0, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  assert_fails(gd_sampler_fill(&sampler, NULL, 1, 1, a), GD_ERR_STRUCT, "gd_sampler");
  sampler.struct_size = sizeof sampler;
  assert_fails(gd_sampler_fill(&sampler, NULL, 1, 1, a), GD_ERR_ARGUMENT, "fill must be set");
  assert_ok(gd_sampler_ring(&sampler, 0, &ring, NULL));
  assert_fails(gd_sampler_fill(NULL, NULL, 2, 1, a), GD_ERR_ARGUMENT, "sampler is NULL");
  assert_fails(gd_sampler_fill(&sampler, NULL, 2, 1, NULL), GD_ERR_ARGUMENT, "out is NULL");
  assert_fails(gd_sampler_fill(&sampler, NULL, 2, 0, a), GD_ERR_ARGUMENT, "2 rows by 0 columns");
  assert_fails(gd_sampler_fill(&sampler, NULL, 3, 1, a), GD_ERR_ARGUMENT, "rows is 3, expected 2");
  assert_fails(sampler.fill(sampler.context, NULL, 3, 1, a), GD_ERR_ARGUMENT, "rows is 3, expected 2");
  gd_sampler_destroy(&sampler);
}
END_TEST

/* ---- matrices of samples ---- */

START_TEST(a_data_set_keeps_a_copy_and_scales_it) {
  double values[] = {0, 51, 102, 255};
  gd_matrix *matrix = NULL;
  assert_ok(gd_matrix_create(&matrix, 2, 2, values, NULL));
  values[0] = 9;
  assert_ok(gd_matrix_scale(matrix, 2 / 255.0, -1));
  const double *scaled = gd_matrix_values(matrix);
  ck_assert_double_eq(scaled[0], -1);
  ck_assert_double_eq(scaled[3], 1);
  assert_close(scaled[2], -0.2, 1e-15, 0);
  assert_fails(gd_matrix_scale(matrix, DBL_MAX, DBL_MAX), GD_ERR_NONFINITE, "is inf, expected a finite number");
  assert_fails(gd_matrix_scale(matrix, 1, NAN), GD_ERR_NONFINITE, "is nan, expected a finite number");
  ck_assert_double_eq(scaled[3], 1);
  ck_assert_uint_eq(gd_matrix_rows(matrix), 2);
  ck_assert_uint_eq(gd_matrix_columns(matrix), 2);
  gd_matrix_destroy(matrix);
}
END_TEST

START_TEST(a_data_set_checks_its_arguments) {
  const double values[] = {0, 1, INFINITY, 3};
  gd_matrix *matrix = NULL;
  gd_sampler sampler = {0};
  assert_fails(gd_matrix_create(NULL, 1, 1, values, NULL), GD_ERR_ARGUMENT, "matrix is NULL");
  assert_fails(gd_matrix_create(&matrix, 1, 1, NULL, NULL), GD_ERR_ARGUMENT, "values is NULL");
  assert_fails(gd_matrix_create(&matrix, 0, 1, values, NULL), GD_ERR_ARGUMENT, "0 rows by 1 columns");
  assert_fails(gd_matrix_create(&matrix, 2, 2, values, NULL), GD_ERR_NONFINITE, "values[0, 1] is inf");
  assert_fails(gd_matrix_scale(NULL, 1, 0), GD_ERR_ARGUMENT, "matrix is NULL");
  assert_fails(gd_sampler_matrix(&sampler, 0, NULL, NULL), GD_ERR_ARGUMENT, "matrix is NULL");
  ck_assert_ptr_null(matrix);
  gd_matrix_destroy(NULL);
  ck_assert_uint_eq(gd_matrix_rows(NULL), 0);
  ck_assert_uint_eq(gd_matrix_columns(NULL), 0);
  ck_assert_ptr_null(gd_matrix_values(NULL));
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_sampler sampler = {0};
  gd_matrix *matrix = NULL;
  gd_status status = gd_matrix_create(&matrix, 2, 3, means, env);
  if (status == GD_OK) status = create_kind(*(const size_t *)argument, &sampler, 1, matrix, env);
  if (status == GD_OK) status = gd_sampler_fill(&sampler, NULL, 2, 64, a);
  gd_sampler_destroy(&sampler);
  gd_matrix_destroy(matrix);
  return status;
}

START_TEST(survives_every_failing_allocation) {
  size_t kind = (size_t)_i;
  ck_assert_uint_ge(refuse_each_allocation(attempt, &kind), 3);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const each_kind[] = {equal_draws_give_equal_bits_and_others_other_samples,
                                    the_first_samples_of_many_are_those_of_few, threads_share_a_sampler,
                                    survives_every_failing_allocation};
  const TTest *const once[] = {normal_samples_have_the_moments_of_the_normal,
                               uniform_samples_have_the_moments_of_the_uniform,
                               a_data_set_gives_each_of_its_samples_as_often,
                               streams_of_a_draw_are_independent,
                               a_sampler_may_be_ones_own,
                               checks_its_arguments,
                               a_data_set_keeps_a_copy_and_scales_it,
                               a_data_set_checks_its_arguments};
  Suite *suite = suite_create("sampler");
  TCase *tcase = tcase_create("sampler");
  tcase_set_timeout(tcase, 300);
  for (size_t k = 0; k < sizeof each_kind / sizeof *each_kind; k++) tcase_add_loop_test(tcase, each_kind[k], 0, KINDS);
  for (size_t k = 0; k < sizeof once / sizeof *once; k++) tcase_add_test(tcase, once[k]);
  suite_add_tcase(suite, tcase);
  return suite;
}
