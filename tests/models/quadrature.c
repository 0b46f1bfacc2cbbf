/* SPDX-License-Identifier: BSD-3-Clause */
/* quadrature.c -- Gauss-Legendre rules integrate the polynomials they should. */
#include "models/quadrature.h"

#include "support/suite.h"

/* The integral of z^k over [0, 1] is 1 / (k + 1). */
START_TEST(polynomials_are_integrated_exactly) {
  for (size_t count = 1; count <= 48; count++) {
    double nodes[48], weights[48];
    gdi_gauss_legendre(count, nodes, weights);
    for (size_t power = 0; power < 2 * count; power++) {
      double sum = 0;
      for (size_t k = 0; k < count; k++) sum += weights[k] * pow(nodes[k], (double)power);
      assert_close(sum, 1 / (double)(power + 1), 0, 2e-15);
    }
  }
}
END_TEST

START_TEST(nodes_ascend_inside_and_are_symmetric) {
  double nodes[48], weights[48];
  gdi_gauss_legendre(48, nodes, weights);
  for (size_t k = 0; k < 48; k++) {
    ck_assert(nodes[k] > (k ? nodes[k - 1] : 0) && nodes[k] < 1 && weights[k] > 0);
    assert_close(nodes[k] + nodes[47 - k], 1, 1e-15, 0);
    assert_close(weights[k], weights[47 - k], 1e-12, 0);
  }
}
END_TEST

/* (1 -+ sqrt(3/5)) / 2 and 1/2, weights 5/18 and 8/18 */
START_TEST(three_nodes_are_those_of_the_book) {
  double nodes[3], weights[3];
  gdi_gauss_legendre(3, nodes, weights);
  assert_close(nodes[0], (1 - sqrt(0.6)) / 2, 1e-15, 0);
  assert_close(nodes[1], 0.5, 1e-15, 0);
  assert_close(weights[0], 5.0 / 18, 1e-15, 0);
  assert_close(weights[1], 8.0 / 18, 1e-15, 0);
}
END_TEST

/* E z^k of the standard normal distribution is 0 for odd k and (k - 1)!! for even ones; nodes and weights are good to
 * rounding, and the moment of |z|^k says how much that is. */
START_TEST(normal_moments_are_exact) {
  gdi_env env;
  assert_ok(gdi_env_copy(&env, NULL));
  for (size_t count = 1; count <= 24; count++) {
    double nodes[24], weights[24], moment = 1;
    assert_ok(gdi_gauss_hermite(&env, count, nodes, weights));
    for (size_t power = 0; power < 2 * count; power++) {
      double sum = 0, size = 0;
      for (size_t k = 0; k < count; k++) {
        sum += weights[k] * pow(nodes[k], (double)power);
        size += weights[k] * pow(fabs(nodes[k]), (double)power);
      }
      if (power % 2 == 0 && power > 0) moment *= (double)(power - 1);
      assert_close(sum, power % 2 ? 0 : moment, 0, 1e-15 * (double)(10 + power * power) * (size + 1));
    }
  }
}
END_TEST

TEST_SUITE("quadrature", polynomials_are_integrated_exactly, nodes_ascend_inside_and_are_symmetric,
           three_nodes_are_those_of_the_book, normal_moments_are_exact)
