/* SPDX-License-Identifier: BSD-3-Clause */
/* Moments of samples, held against those of their distribution.  Draws are fixed, so that a test always gives the same
 * answer; a mean of m independent terms of variance s^2 lies within 5 s / sqrt(m), but for six in ten million. */
#ifndef TEST_SAMPLE_MOMENTS_H
#define TEST_SAMPLE_MOMENTS_H

#include <gamedyn/data.h>

#include "support/suite.h"

/* The mean over samples of the product of entries a and b, each less its mean. */
static inline double product_moment(const double *samples, size_t rows, size_t columns, size_t a, size_t b,
                                    const double *means) {
  double sum = 0;
  for (size_t j = 0; j < columns; j++) sum += (samples[a + j * rows] - means[a]) * (samples[b + j * rows] - means[b]);
  return sum / (double)columns;
}

static inline void assert_sample_mean(const double *samples, size_t rows, size_t columns, size_t row, double mean,
                                      double deviation) {
  double sum = 0;
  for (size_t j = 0; j < columns; j++) sum += samples[row + j * rows];
  assert_close(sum / (double)columns, mean, 0, 5 * deviation / sqrt((double)columns));
}

/* E (x_a - m_a) (x_b - m_b) = expected, where that product has this standard deviation. */
static inline void assert_product_moment(const double *samples, size_t rows, size_t columns, size_t a, size_t b,
                                         const double *means, double expected, double deviation) {
  assert_close(product_moment(samples, rows, columns, a, b, means), expected, 0, 5 * deviation / sqrt((double)columns));
}

#endif
