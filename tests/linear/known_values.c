/* SPDX-License-Identifier: BSD-3-Clause */
/* known_values.c -- a spectrum made from eigenvalues that the caller knows. */
#include <gamedyn/spectrum.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <math.h>

static void assert_value(const gd_spectrum *spectrum, size_t k, double re, double im, double tolerance) {
  assert_close(gd_spectrum_real(spectrum)[k], re, 0, tolerance);
  assert_close(gd_spectrum_imaginary(spectrum)[k], im, 0, tolerance);
}

START_TEST(keeps_known_eigenvalues_in_the_order_given) {
  const double re[] = {-1, 2, 2, 0, 0}, im[] = {0, -3, 3, 4, -4};
  gd_spectrum *s;
  assert_ok(gd_spectrum_from_values(&s, 5, re, im, NULL));
  ck_assert_uint_eq(gd_spectrum_count(s), 5);
  assert_value(s, 0, -1, 0, 0);
  assert_value(s, 1, 2, 3, 0); /* the member with + comes first */
  assert_value(s, 2, 2, -3, 0);
  assert_value(s, 3, 0, 4, 0);
  assert_value(s, 4, 0, -4, 0);
  assert_close(gd_spectrum_abscissa(s), 2, 0, 0);
  assert_close(gd_spectrum_radius(s), 4, 0, 0);
  ck_assert(isnan(gd_spectrum_residual(s)[0]));
  double u[5], v[5];
  assert_fails(gd_spectrum_vector(s, 0, u, v), GD_ERR_UNSUPPORTED, "without");
  gd_spectrum_destroy(s);
}
END_TEST

START_TEST(refuses_eigenvalues_that_no_real_matrix_has) {
  const double re[] = {1, 1, INFINITY}, im[] = {2, -2, 0}, wrong[] = {2, -3, 0}, alone[] = {0, 0, 1};
  gd_spectrum *s = NULL;
  assert_fails(gd_spectrum_from_values(&s, 0, re, im, NULL), GD_ERR_ARGUMENT, "count is 0");
  assert_fails(gd_spectrum_from_values(&s, 3, re, im, NULL), GD_ERR_NONFINITE, "eigenvalue 2");
  assert_fails(gd_spectrum_from_values(&s, 2, re, wrong, NULL), GD_ERR_ARGUMENT, "expected its conjugate to follow");
  assert_fails(gd_spectrum_from_values(&s, 1, re, im, NULL), GD_ERR_ARGUMENT, "expected its conjugate to follow");
  assert_fails(gd_spectrum_from_values(&s, 3, im, alone, NULL), GD_ERR_ARGUMENT, "eigenvalue 2");
  assert_fails(gd_spectrum_from_values(NULL, 1, re, im, NULL), GD_ERR_ARGUMENT, "spectrum is NULL");
  assert_fails(gd_spectrum_from_values(&s, 1, NULL, im, NULL), GD_ERR_ARGUMENT, "re is NULL");
  ck_assert_ptr_null(s);
}
END_TEST

START_TEST(answers_for_no_spectrum_at_all) {
  ck_assert_uint_eq(gd_spectrum_count(NULL), 0);
  ck_assert_ptr_null(gd_spectrum_real(NULL));
  ck_assert_ptr_null(gd_spectrum_imaginary(NULL));
  ck_assert_ptr_null(gd_spectrum_residual(NULL));
  ck_assert(isnan(gd_spectrum_abscissa(NULL)) && isnan(gd_spectrum_radius(NULL)));
  gd_spectrum_destroy(NULL);
}
END_TEST

START_TEST(leaks_nothing_when_memory_runs_out) {
  const double re[] = {1}, im[] = {0};
  for (size_t fail_at = 1; fail_at <= 5; fail_at++) {
    failing_memory memory;
    failing_memory_init(&memory, fail_at);
    gd_spectrum *s = NULL;
    assert_fails(gd_spectrum_from_values(&s, 1, re, im, &memory.env), GD_ERR_MEMORY, "out of memory");
    ck_assert_uint_eq(memory.live, 0);
  }
}
END_TEST

TEST_SUITE("known_values", keeps_known_eigenvalues_in_the_order_given, refuses_eigenvalues_that_no_real_matrix_has,
           answers_for_no_spectrum_at_all, leaks_nothing_when_memory_runs_out)
