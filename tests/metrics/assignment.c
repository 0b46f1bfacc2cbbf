/* SPDX-License-Identifier: BSD-3-Clause */
/* assignment.c -- cheapest assignments against all permutations, and against what their duals prove. */
#include <gamedyn/rng.h>
#include <gamedyn/sample.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <float.h>
#include <stdbool.h>

enum { SIDE = 300 };
static double cost[SIDE * SIDE], row_dual[SIDE], column_dual[SIDE];
static size_t row_of[SIDE];

/* The least cost of rows taken from column j on, by trying everything. */
static double try_all(size_t n, size_t ldc, size_t j, bool *taken) {
  double least = j < n ? INFINITY : 0;
  for (size_t i = 0; i < n && j < n; i++) {
    if (taken[i]) continue;
    taken[i] = true;
    const double now = cost[i + j * ldc] + try_all(n, ldc, j + 1, taken);
    if (now < least) least = now;
    taken[i] = false;
  }
  return least;
}

static void assert_permutation(size_t n) {
  bool taken[SIDE] = {false};
  for (size_t j = 0; j < n; j++) {
    ck_assert_uint_lt(row_of[j], n);
    ck_assert(!taken[row_of[j]]);
    taken[row_of[j]] = true;
  }
}

/* No pair costs less than its duals, and the duals add up to the cost: so nothing is cheaper (weak duality).  Each dual
 * is a sum and difference of at most some n costs, rounded. */
static void assert_proven(size_t n, size_t ldc, const gd_assignment *found) {
  double largest = 0, total = 0, duals = 0;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(cost[i + j * ldc]));
  const double rounding = 4 * (double)n * DBL_EPSILON * largest;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) ck_assert(row_dual[i] + column_dual[j] <= cost[i + j * ldc] + rounding);
    total += cost[row_of[j] + j * ldc];
    duals += row_dual[j] + column_dual[j];
  }
  assert_close(found->cost, total, 0, (double)n * rounding);
  assert_close(found->bound, duals, 0, (double)n * rounding);
  assert_close(found->cost, found->bound, 0, (double)n * rounding);
}

static gd_assignment solve(size_t n, size_t ldc) {
  gd_assignment found;
  assert_ok(gd_assignment_solve(n, cost, ldc, row_of, row_dual, column_dual, &found, NULL));
  assert_permutation(n);
  assert_proven(n, ldc, &found);
  return found;
}

START_TEST(agrees_with_all_permutations) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const size_t n = 1 + seed % 7, ldc = n + seed % 3;
    bool taken[SIDE] = {false};
    gd_rng rng = gd_rng_make(seed, 1);
    gd_rng_fill_normal(&rng, ldc * n, cost);
    assert_close(solve(n, ldc).cost, try_all(n, ldc, 0, taken), 1e-14, 1e-14);
  }
}
END_TEST

/* Whole numbers make ties; their sums are exact, and so must be the answer. */
START_TEST(is_exact_on_whole_numbers_with_many_ties) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const size_t n = 1 + seed % 7;
    bool taken[SIDE] = {false};
    gd_rng rng = gd_rng_make(seed, 2);
    for (size_t k = 0; k < n * n; k++) cost[k] = (double)gd_rng_below(&rng, 2 + seed % 5) - 1;
    const gd_assignment found = solve(n, n);
    ck_assert(found.cost == try_all(n, n, 0, taken) && found.bound == found.cost);
  }
}
END_TEST

START_TEST(proves_large_assignments_by_their_duals) {
  for (uint64_t seed = 0; seed < 6; seed++) {
    gd_rng rng = gd_rng_make(seed, 3);
    gd_rng_fill_uniform(&rng, SIDE * SIDE, cost);
    if (seed % 3 == 1) /* hard ones: low rank */
      for (size_t k = 0; k < SIDE * SIDE; k++) cost[k] = (double)(k % SIDE) * (double)(k / SIDE);
    if (seed % 3 == 2) /* all equal */
      for (size_t k = 0; k < SIDE * SIDE; k++) cost[k] = 5;
    solve(seed < 3 ? SIDE : SIDE - 7, SIDE);
  }
}
END_TEST

/* i j is least in sum when large meets small: sum of i (n - 1 - i) = n (n - 1) (n - 2) / 6. */
START_TEST(turns_an_order_round_where_products_are_the_cost) {
  const size_t n = 100;
  for (size_t k = 0; k < n * n; k++) cost[k] = (double)(k % n) * (double)(k / n);
  ck_assert(solve(n, n).cost == 100.0 * 99 * 98 / 6);
  for (size_t j = 0; j < n; j++) ck_assert_uint_eq(row_of[j], n - 1 - j);
}
END_TEST

static gd_status solve_somewhere(const gd_env *env, void *argument) {
  (void)argument;
  return gd_assignment_solve(5, cost, 5, row_of, NULL, NULL, NULL, env);
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_eq(refuse_each_allocation(solve_somewhere, NULL), 2); }
END_TEST

START_TEST(refuses_what_is_no_matrix_of_costs) {
  row_of[0] = 77;
  cost[0] = cost[1] = cost[2] = 1;
  cost[3] = NAN;
  assert_fails(gd_assignment_solve(2, cost, 2, row_of, NULL, NULL, NULL, NULL), GD_ERR_NONFINITE, "cost[1, 1] is");
  assert_fails(gd_assignment_solve(0, cost, 2, row_of, NULL, NULL, NULL, NULL), GD_ERR_ARGUMENT, "n is 0");
  assert_fails(gd_assignment_solve(2, cost, 1, row_of, NULL, NULL, NULL, NULL), GD_ERR_ARGUMENT, "ldc is 1");
  assert_fails(gd_assignment_solve(2, NULL, 2, row_of, NULL, NULL, NULL, NULL), GD_ERR_ARGUMENT, "cost is NULL");
  assert_fails(gd_assignment_solve(2, cost, 2, NULL, NULL, NULL, NULL, NULL), GD_ERR_ARGUMENT, "row_of is NULL");
  for (int k = 0; k < 4; k++) cost[k] = DBL_MAX;
  assert_fails(gd_assignment_solve(2, cost, 2, row_of, NULL, NULL, NULL, NULL), GD_ERR_NONFINITE,
               "sum of the costs overflows");
  ck_assert_uint_eq(row_of[0], 77);
}
END_TEST

TEST_SUITE("assignment", agrees_with_all_permutations, is_exact_on_whole_numbers_with_many_ties,
           proves_large_assignments_by_their_duals, turns_an_order_round_where_products_are_the_cost,
           survives_every_refused_allocation, refuses_what_is_no_matrix_of_costs)
