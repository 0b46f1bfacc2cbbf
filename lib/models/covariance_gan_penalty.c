/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance_gan_penalty.c -- the gradient penalty of the discriminator, at points between data and fakes.
 *
 *     P = mean over points of p(G),   p(G) = (|G| - 1)^2,   G = sum over units with w_i'x > 0 of v_i w_i
 *
 * (Gulrajani, Ahmed, Arjovsky, Dumoulin & Courville 2017, "Improved Training of Wasserstein GANs").  With q = dp/dG = 2
 * (1 - 1/|G|) G, for the units that are on at a point,
 *
 *     p_v = q'w,   p_w = v q,
 *
 * and in a direction, G. = sum v. w + v w.,  q. = 2 (1 - 1/|G|) G. + 2 (G'G.) G / |G|^3:
 *
 *     p_v. = q.'w + q'w.,   p_w. = v. q + v q..
 *
 * Where G = 0 the norm has no derivative; q = 0 is used there. */
#include "models/covariance_gan.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { D = GDI_COVARIANCE_MOST_DIMENSION, K = GDI_COVARIANCE_MOST_LATENT };

/* The points of a draw, one after the other. */
typedef struct stream {
  gd_rng rng;
  size_t count;
} stream;

static stream open_stream(const gdi_covariance_gan *gan, const gd_draw *draw) {
  if (!draw) return (stream){gd_rng_make(0, 0), gan->points};
  return (stream){gd_draw_rng(draw), draw->batch_size};
}

/* point [d] = u L e + (1 - u) V z, e and z standard normal */
static void next_point(const gdi_covariance_gan *gan, const double *V, stream *points, double *point) {
  double u, normals[D + K];
  gd_rng_fill_uniform(&points->rng, 1, &u);
  gd_rng_fill_normal(&points->rng, gan->d + gan->k, normals);
  memset(point, 0, gan->d * sizeof *point);
  for (size_t j = 0; j < gan->d; j++)
    for (size_t i = 0; i < gan->d; i++) point[i] += u * gan->L[i + j * gan->d] * normals[j];
  for (size_t j = 0; j < gan->k; j++)
    for (size_t i = 0; i < gan->d; i++) point[i] += (1 - u) * V[i + j * gan->d] * normals[gan->d + j];
}

/* Vectors have few entries: a call costs more than the sum. */
static inline double dot(size_t d, const double *a, const double *b) {
  double sum = 0;
  for (size_t m = 0; m < d; m++) sum += a[m] * b[m];
  return sum;
}

static inline bool is_on(const gdi_covariance_gan *gan, const double *W, size_t i, const double *point) {
  return dot(gan->d, W + i * gan->d, point) > 0;
}

/* Which units are on is random: multiplying by 0 costs less than a mispredicted branch. */
static inline double if_on(bool on, double factor) { return on ? factor : 0; }

/* sum += factor w */
static inline void add(size_t d, double factor, const double *w, double *sum) {
  for (size_t m = 0; m < d; m++) sum[m] += factor * w[m];
}

/* G [d], and its norm */
static double find_slope(const gdi_covariance_gan *gan, gdi_covariance_point x, const double *point, double *G) {
  memset(G, 0, gan->d * sizeof *G);
  for (size_t i = 0; i < gan->h; i++) add(gan->d, if_on(is_on(gan, x.W, i, point), x.v[i]), x.W + i * gan->d, G);
  return sqrt(dot(gan->d, G, G));
}

double gdi_covariance_penalty(const gdi_covariance_gan *gan, const gd_draw *draw, gdi_covariance_point x) {
  double point[D], G[D], sum = 0;
  stream points = open_stream(gan, draw);
  for (size_t k = 0; k < points.count; k++) {
    next_point(gan, x.V, &points, point);
    const double excess = find_slope(gan, x, point, G) - 1;
    sum += excess * excess;
  }
  return sum / (double)points.count;
}

void gdi_covariance_add_penalty_gradient(const gdi_covariance_gan *gan, const gd_draw *draw, double factor,
                                         gdi_covariance_point x, gdi_covariance_parts out) {
  const size_t d = gan->d;
  double point[D], G[D];
  stream points = open_stream(gan, draw);
  for (size_t k = 0; k < points.count; k++) {
    next_point(gan, x.V, &points, point);
    const double norm = find_slope(gan, x, point, G);
    const double scale = norm > 0 ? 2 * factor * (1 - 1 / norm) / (double)points.count : 0; /* scale G = q */
    for (size_t i = 0; i < gan->h; i++) {
      const double own = if_on(is_on(gan, x.W, i, point), scale);
      out.v[i] += own * dot(d, G, x.W + i * d);
      add(d, own * x.v[i], G, out.W + i * d);
    }
  }
}

/* q [d] becomes q., and G q, both times `factor`; `moved` is G. */
static void move_slope(size_t d, double factor, double norm, double *G, const double *moved, double *q_moved) {
  const double scale = norm > 0 ? 2 * factor * (1 - 1 / norm) : 0;
  const double along = norm > 0 ? 2 * factor * dot(d, G, moved) / (norm * norm * norm) : 0;
  for (size_t m = 0; m < d; m++) {
    q_moved[m] = scale * moved[m] + along * G[m];
    G[m] *= scale;
  }
}

void gdi_covariance_add_penalty_product(const gdi_covariance_gan *gan, const gd_draw *draw, double factor,
                                        gdi_covariance_point x, gdi_covariance_point u, gdi_covariance_parts out) {
  const size_t d = gan->d;
  double point[D], q[D], moved[D], q_moved[D];
  stream points = open_stream(gan, draw);
  for (size_t k = 0; k < points.count; k++) {
    next_point(gan, x.V, &points, point);
    const double norm = find_slope(gan, x, point, q);
    memset(moved, 0, d * sizeof *moved);
    for (size_t i = 0; i < gan->h; i++) {
      if (!is_on(gan, x.W, i, point)) continue;
      add(d, u.v[i], x.W + i * d, moved);
      add(d, x.v[i], u.W + i * d, moved);
    }
    move_slope(d, factor / (double)points.count, norm, q, moved, q_moved);
    for (size_t i = 0; i < gan->h; i++) {
      if (!is_on(gan, x.W, i, point)) continue;
      out.v[i] += dot(d, q_moved, x.W + i * d) + dot(d, q, u.W + i * d);
      add(d, u.v[i], q, out.W + i * d);
      add(d, x.v[i], q_moved, out.W + i * d);
    }
  }
}
