/* SPDX-License-Identifier: BSD-3-Clause */
/* sweep.c -- the fused passes give the bits of a plain C twin on every CPU and for any number of threads. */
#include "kernels/gemv_pair.h"

#include "kernels/cpu.h"
#include "support/suite.h"

#include <stdint.h>

typedef struct shape {
  size_t rows, columns;
} shape;

static const shape small[] = {{1, 1}, {5, 5}, {8, 8}, {9, 3}, {16, 17}, {23, 40}, {64, 7}, {100, 33}};
/* in chunks: 364 * 364 > 2 * 65536 makes 2 of them; more than 4096 rows make two blocks */
static const shape large[] = {{364, 364}, {300, 517}, {5000, 40}, {33, 4100}};
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Numbers between -1 and 1. */
static void fill(size_t n, uint64_t seed, double *out) {
  uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
  for (size_t k = 0; k < n; k++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    out[k] = (double)(state >> 11) * 0x1p-52 - 1;
  }
}

static double *make(size_t n, uint64_t seed) {
  double *numbers = malloc((n + 1) * sizeof *numbers);
  fill(n + 1, seed, numbers);
  return numbers;
}

static const gdi_env *environment(const gd_env *env) {
  static gdi_env own;
  assert_ok(gdi_env_copy(&own, env));
  return &own;
}

/* Everything a sweep works on, for `points` points. */
typedef struct bench {
  shape shape;
  size_t ldc;
  double *C, *w, *t, *y, *z;
} bench;

static bench make_bench(shape of, size_t points) {
  const size_t p = of.rows, q = of.columns, ldc = p + 3;
  return (bench){
      of, ldc, make(ldc * q, 1), make(q * points, 2), make(p * points, 3), make(p * points, 4), make(q * points, 5)};
}

static void destroy_bench(bench *b) { free(b->C), free(b->w), free(b->t), free(b->y), free(b->z); }

/* The stated order of one block, without lanes: y row by row over columns, z column by column in eight sums. */
static void twin_block(const bench *b, shape first, shape end, double *y, double *z) {
  for (size_t j = first.columns; j < end.columns; j++) {
    double s[8] = {0};
    const double weight = -1.0 * b->w[j];
    for (size_t i = first.rows; i < end.rows; i++) {
      const double entry = b->C[i + j * b->ldc];
      y[i] = fma(entry, weight, y[i]);
      s[(i - first.rows) % 8] = fma(entry, b->t[i], s[(i - first.rows) % 8]);
    }
    z[j] += 0.5 * (((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])));
  }
}

static gdi_gemv_pair_vectors both(const bench *b, double *y, double *z) {
  return (gdi_gemv_pair_vectors){-1, b->w, y, 0.5, b->t, z};
}

/* Those up to gdi_cpu_find() run here. */
static const gdi_gemv_pair_kernels *const sets[] = GDI_CPU_KERNELS(gdi_gemv_pair_kernels);

static void assert_same(size_t n, const double *actual, const double *expected) {
  for (size_t k = 0; k < n; k++) ck_assert_double_eq(actual[k], expected[k]);
}

static void check_kernels(const gdi_gemv_pair_kernels *set, const bench *b, const gdi_gemv_pair_block *block) {
  const size_t p = b->shape.rows, q = b->shape.columns;
  double *twin_y = make(p, 4), *twin_z = make(q, 5), *y = make(p, 4), *z = make(q, 5);
  twin_block(b, (shape){0, 0}, b->shape, twin_y, twin_z);

  gdi_gemv_pair_vectors v = both(b, y, z);
  set->run(block, &v);
  assert_same(p + 1, y, twin_y); /* and nothing beyond was touched */
  assert_same(q + 1, z, twin_z);

  fill(p + 1, 4, y), fill(q + 1, 5, z);
  v.t = NULL;
  set->run(block, &v);
  assert_same(p + 1, y, twin_y);
  assert_same(q + 1, z, b->z);

  fill(p + 1, 4, y);
  v.t = b->t, v.w = NULL;
  set->run(block, &v);
  assert_same(p + 1, y, b->y);
  assert_same(q + 1, z, twin_z);
  free(twin_y), free(twin_z), free(y), free(z);
}

START_TEST(kernels_equal_their_plain_twin_on_every_cpu) {
  for (size_t k = 0; k < COUNT(small); k++) {
    bench b = make_bench(small[k], 1);
    double *entries = make((b.ldc + 8) * (b.shape.columns + 8), 1);
    const gdi_gemv_pair_block block = {b.shape.rows, b.shape.columns, b.ldc, entries};
    for (size_t set = 0; set <= gdi_cpu_find(); set++) check_kernels(sets[set], &b, &block);
    free(entries);
    destroy_bench(&b);
  }
}
END_TEST

/* Lane l of the vectors, as a bench of its own. */
static bench take_lane(const bench *points, size_t distance, size_t lane) {
  bench b = make_bench(points->shape, 1);
  for (size_t j = 0; j < b.shape.columns; j++) {
    b.w[j] = points->w[lane + distance * j];
    b.z[j] = points->z[lane + distance * j];
  }
  for (size_t i = 0; i < b.shape.rows; i++) {
    b.t[i] = points->t[lane + distance * i];
    b.y[i] = points->y[lane + distance * i];
  }
  return b;
}

/* A point's y runs over the columns in order; its z over the rows in order in one sum, from 0. */
static void check_lane(const bench *before, const double *y, const double *z, size_t distance, size_t lane) {
  bench b = take_lane(before, distance, lane);
  for (size_t j = 0; j < b.shape.columns; j++) {
    double sum = 0;
    const double weight = -1.0 * b.w[j];
    for (size_t i = 0; i < b.shape.rows; i++) {
      b.y[i] = fma(b.C[i + j * b.ldc], weight, b.y[i]);
      sum = fma(b.C[i + j * b.ldc], b.t[i], sum);
    }
    ck_assert_double_eq(z[lane + distance * j], b.z[j] + 0.5 * sum);
  }
  for (size_t i = 0; i < b.shape.rows; i++) ck_assert_double_eq(y[lane + distance * i], b.y[i]);
  destroy_bench(&b);
}

static void check_points(const gdi_gemv_pair_kernels *set, const bench *b, const gdi_gemv_pair_block *block,
                         size_t distance) {
  const size_t p = b->shape.rows * distance, q = b->shape.columns * distance;
  double *y = make(p, 4), *z = make(q, 5), *y_alone = make(p, 4), *z_alone = make(q, 5);
  gdi_gemv_pair_vectors v = both(b, y, z);
  set->run_points(block, &v, distance);
  for (size_t lane = 0; lane < 8; lane++) check_lane(b, y, z, distance, lane);
  for (size_t k = 0; k < p; k++)
    if (k % distance >= 8) ck_assert_double_eq(y[k], b->y[k]);

  v.y = y_alone, v.t = NULL, v.z = NULL;
  set->run_points(block, &v, distance);
  assert_same(p, y_alone, y);
  v = both(b, NULL, z_alone);
  v.w = NULL;
  set->run_points(block, &v, distance);
  assert_same(q, z_alone, z);
  free(y), free(z), free(y_alone), free(z_alone);
}

START_TEST(eight_points_equal_their_plain_twin_on_every_cpu) {
  for (size_t k = 0; k < COUNT(small); k++)
    for (size_t distance = 8; distance <= 11; distance += 3) {
      bench b = make_bench(small[k], distance);
      double *entries = make((b.ldc + 8) * (b.shape.columns + 8), 1);
      const gdi_gemv_pair_block block = {b.shape.rows, b.shape.columns, b.ldc, entries};
      for (size_t set = 0; set <= gdi_cpu_find(); set++) check_points(sets[set], &b, &block, distance);
      free(entries);
      destroy_bench(&b);
    }
}
END_TEST

/* y and z of a whole sweep, or of its halves one by one. */
static void run_sweep(const bench *b, const gd_env *env, bool halves, double *y, double *z) {
  gdi_gemv_pair *sweep = NULL;
  assert_ok(gdi_gemv_pair_create(&sweep, environment(env), b->shape.rows, b->shape.columns, b->C, b->ldc));
  fill(b->shape.rows + 1, 4, y), fill(b->shape.columns + 1, 5, z);
  gdi_gemv_pair_vectors v = both(b, y, z);
  if (halves) {
    v.t = NULL;
    gdi_gemv_pair_run(sweep, &v);
    v.t = b->t, v.w = NULL;
  }
  gdi_gemv_pair_run(sweep, &v);
  gdi_gemv_pair_destroy(sweep);
}

/* |y - exact| <= (q + 2) eps sum |C_ij w_j| + ...: entries below 1, so 2 (terms) 2^-53 terms is ample. */
static void assert_right(const bench *b, const double *y, const double *z) {
  const size_t p = b->shape.rows, q = b->shape.columns;
  for (size_t i = 0; i < p; i++) {
    long double sum = b->y[i];
    for (size_t j = 0; j < q; j++) sum -= (long double)b->C[i + j * b->ldc] * b->w[j];
    assert_close(y[i], (double)sum, 0, 0x1p-52 * (double)((q + 2) * (q + 2)));
  }
  for (size_t j = 0; j < q; j++) {
    long double sum = 0;
    for (size_t i = 0; i < p; i++) sum += (long double)b->C[i + j * b->ldc] * b->t[i];
    assert_close(z[j], (double)(b->z[j] + 0.5L * sum), 0, 0x1p-52 * (double)((p + 2) * (p + 2)));
  }
}

START_TEST(large_sweeps_are_right_and_the_same_bits_for_any_number_of_threads) {
  bench b = make_bench(large[_i], 1);
  const size_t p = b.shape.rows, q = b.shape.columns;
  for (int halves = 0; halves < 2; halves++) {
    double *y = make(p, 4), *z = make(q, 5), *y_alone = make(p, 4), *z_alone = make(q, 5);
    run_sweep(&b, NULL, halves, y_alone, z_alone);
    assert_right(&b, y_alone, z_alone);
    for (size_t threads = 1; threads <= 5; threads += 2) {
      gd_thread_pool *pool = NULL;
      assert_ok(gd_thread_pool_create(&pool, threads));
      const gd_executor executor = gd_thread_pool_executor(pool);
      const gd_env env = {.struct_size = sizeof env, .executor = &executor};
      run_sweep(&b, &env, halves, y, z);
      assert_same(p + 1, y, y_alone);
      assert_same(q + 1, z, z_alone);
      gd_thread_pool_destroy(pool);
    }
    free(y), free(z), free(y_alone), free(z_alone);
  }
  destroy_bench(&b);
}
END_TEST

/* An executor that runs a second sweep of the same matrix while the first has its parts. */
typedef struct intruder {
  gdi_gemv_pair *sweep;
  gdi_gemv_pair_vectors vectors;
  bool done;
} intruder;

static int run_and_intrude(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  intruder *other = context;
  for (size_t k = 0; k < count; k++) task(argument, k);
  if (!other->done) {
    other->done = true;
    gdi_gemv_pair_run(other->sweep, &other->vectors);
  }
  return 0;
}

START_TEST(a_second_caller_gets_the_same_bits_beside_the_first) {
  bench b = make_bench(large[1], 1);
  const size_t p = b.shape.rows, q = b.shape.columns;
  double *y = make(p, 4), *z = make(q, 5), *y_other = make(p, 4), *z_other = make(q, 5);
  intruder other = {.vectors = both(&b, y_other, z_other)};
  const gd_executor executor = {sizeof executor, &other, run_and_intrude};
  const gd_env env = {.struct_size = sizeof env, .executor = &executor};
  assert_ok(gdi_gemv_pair_create(&other.sweep, environment(&env), p, q, b.C, b.ldc));
  const gdi_gemv_pair_vectors v = both(&b, y, z);
  gdi_gemv_pair_run(other.sweep, &v);
  ck_assert(other.done);
  assert_same(p, y, y_other);
  assert_same(q, z, z_other);
  gdi_gemv_pair_destroy(other.sweep);
  free(y), free(z), free(y_other), free(z_other);
  destroy_bench(&b);
}
END_TEST

START_TEST(large_sweeps_of_points_are_right) {
  bench b = make_bench((shape){300, 20}, 8);
  double *y = make(8 * 300, 4), *z = make(8 * 20, 5);
  gdi_gemv_pair *sweep = NULL;
  assert_ok(gdi_gemv_pair_create(&sweep, environment(NULL), 300, 20, b.C, b.ldc));
  const gdi_gemv_pair_vectors v = both(&b, y, z);
  gdi_gemv_pair_run_points(sweep, &v, 8);
  for (size_t lane = 0; lane < 8; lane++) {
    bench one = take_lane(&b, 8, lane);
    double y_one[300], z_one[20];
    for (size_t i = 0; i < 300; i++) y_one[i] = y[lane + 8 * i];
    for (size_t j = 0; j < 20; j++) z_one[j] = z[lane + 8 * j];
    assert_right(&one, y_one, z_one);
    destroy_bench(&one);
  }
  gdi_gemv_pair_destroy(sweep);
  free(y), free(z);
  destroy_bench(&b);
}
END_TEST

/* Rows 3 .. 7 and columns 1 .. 9 of 9 x 11: each half, and t' C w, against sums written out. */
START_TEST(takes_windows_that_begin_anywhere) {
  bench b = make_bench((shape){9, 11}, 1);
  gdi_gemv_pair *sweep = NULL;
  assert_ok(gdi_gemv_pair_create(&sweep, environment(NULL), 9, 11, b.C, b.ldc));
  double y[5] = {0}, z[9] = {0}, form = 0;
  const gdi_gemv_pair_window window = {3, 5, 1, 9};
  gdi_gemv_pair_run_window(sweep, window, &(gdi_gemv_pair_vectors){.forward = 2, .w = b.w, .y = y});
  gdi_gemv_pair_run_window(sweep, window, &(gdi_gemv_pair_vectors){.backward = -1, .t = b.t, .z = z});
  for (size_t i = 0; i < 5; i++)
    for (size_t j = 0; j < 9; j++) {
      const double entry = b.C[3 + i + (1 + j) * b.ldc];
      y[i] -= 2 * entry * b.w[j];
      z[j] += entry * b.t[i];
      form += b.t[i] * entry * b.w[j];
    }
  for (size_t i = 0; i < 5; i++) assert_close(y[i], 0, 0, 1e-14);
  for (size_t j = 0; j < 9; j++) assert_close(z[j], 0, 0, 1e-14);
  assert_close(gdi_gemv_pair_form(sweep, window, b.t, b.w), form, 0, 1e-14);
  gdi_gemv_pair_destroy(sweep);
  destroy_bench(&b);
}
END_TEST

START_TEST(gives_its_matrix_back) {
  const double C[] = {1, 2, 3, 4, 5, 6}; /* [[1, 3, 5], [2, 4, 6]] */
  double same[6], turned[6];
  gdi_gemv_pair *sweep = NULL;
  assert_ok(gdi_gemv_pair_create(&sweep, environment(NULL), 2, 3, C, 2));
  gdi_gemv_pair_copy(sweep, false, 1, same, 2);
  gdi_gemv_pair_copy(sweep, true, -1, turned, 3);
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 3; j++) {
      ck_assert_double_eq(same[i + 2 * j], C[i + 2 * j]);
      ck_assert_double_eq(turned[j + 3 * i], -C[i + 2 * j]);
    }
  gdi_gemv_pair_destroy(sweep);
  gdi_gemv_pair_destroy(NULL);
}
END_TEST

/* Allocates until the count runs out; what is still out at the end leaked. */
typedef struct stingy {
  int left, out;
} stingy;

static void *allocate_some(void *context, size_t bytes) {
  stingy *s = context;
  if (s->left-- <= 0) return NULL;
  s->out++;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void release_some(void *context, void *memory, size_t bytes) {
  (void)bytes;
  ((stingy *)context)->out--;
  free(memory);
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  bench b = make_bench(large[0], 1);
  stingy memory = {0, 0};
  intruder nobody = {.done = true};
  const gd_allocator allocator = {sizeof allocator, &memory, allocate_some, release_some};
  const gd_executor executor = {sizeof executor, &nobody, run_and_intrude};
  const gd_env env = {.struct_size = sizeof env, .allocator = &allocator, .executor = &executor};
  gd_status status = GD_ERR_MEMORY;
  int refused = 0;
  for (; status == GD_ERR_MEMORY; refused++) {
    gdi_gemv_pair *sweep = NULL;
    memory.left = refused;
    status = gdi_gemv_pair_create(&sweep, environment(&env), b.shape.rows, b.shape.columns, b.C, b.ldc);
    ck_assert((status == GD_OK) == (sweep != NULL));
    gdi_gemv_pair_destroy(sweep);
    ck_assert_int_eq(memory.out, 0);
  }
  ck_assert_int_eq(status, GD_OK);
  ck_assert_int_eq(refused, 4); /* the object, the entries, the parts: the fourth attempt has all three */
  destroy_bench(&b);
}
END_TEST

Suite *make_suite(void) {
  Suite *suite = suite_create("sweep");
  TCase *tcase = tcase_create("sweep");
  tcase_set_timeout(tcase, 300);
  tcase_add_test(tcase, kernels_equal_their_plain_twin_on_every_cpu);
  tcase_add_test(tcase, eight_points_equal_their_plain_twin_on_every_cpu);
  tcase_add_loop_test(tcase, large_sweeps_are_right_and_the_same_bits_for_any_number_of_threads, 0, COUNT(large));
  tcase_add_test(tcase, a_second_caller_gets_the_same_bits_beside_the_first);
  tcase_add_test(tcase, large_sweeps_of_points_are_right);
  tcase_add_test(tcase, takes_windows_that_begin_anywhere);
  tcase_add_test(tcase, gives_its_matrix_back);
  tcase_add_test(tcase, leaks_nothing_when_memory_runs_out);
  suite_add_tcase(suite, tcase);
  return suite;
}
