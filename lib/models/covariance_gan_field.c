/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance_gan_field.c -- the closed form of U with two derivatives (Liang & Stokes 2019, Eq. 10).
 *
 *     U = c sum_i v_i (a_i - b_i),   a_i = |L'w_i|,  b_i = |n_i|,  n_i = V'w_i,  c = 1/sqrt(2 pi),
 *
 * because max(s, 0) has the mean c |s's deviation| for a normal s.  With r = S w / a and t = V n / b, unit by unit,
 *
 *     U_v = c (a - b),   U_w = c v (r - t),   U_V = -c sum v w n' / b,
 *
 * and in a direction (V., v., w.), with n. = V.'w + V'w.,  b. = n'n. / b,  a. = r'w.:
 *
 *     U_v. = c (a. - b.)
 *     U_w. = c v. (r - t) + c v ((S w. - r a.) / a - (V.n + V n. - t b.) / b)
 *     U_V. = -c sum (v. w n' + v w. n' + v w n.' - v w n' b. / b) / b. */
#include "models/covariance_gan.h"

#include "kernels/vector.h"

#include <math.h>
#include <string.h>

#define C 0.39894228040143267794 /* 1 / sqrt(2 pi) */

enum { D = GDI_COVARIANCE_MOST_DIMENSION, K = GDI_COVARIANCE_MOST_LATENT };

/* One unit: vectors and norms at x. */
typedef struct unit {
  const double *w;
  double v, a, b;
  double r[D], t[D], n[K]; /* r, t 0 where their norm is */
} unit;

/* out [rows] = A u, or A'u [columns]; A [rows by columns] */
static void multiply(size_t rows, size_t columns, const double *A, const double *u, double *out) {
  memset(out, 0, rows * sizeof *out);
  for (size_t j = 0; j < columns; j++)
    for (size_t i = 0; i < rows; i++) out[i] += A[i + j * rows] * u[j];
}

static void multiply_transposed(size_t rows, size_t columns, const double *A, const double *u, double *out) {
  for (size_t j = 0; j < columns; j++) {
    out[j] = 0;
    for (size_t i = 0; i < rows; i++) out[j] += A[i + j * rows] * u[i];
  }
}

/* 1 / norm, 0 where that is 0 */
static double inverse(double norm) { return norm > 0 ? 1 / norm : 0; }

static void look(const gdi_covariance_gan *gan, gdi_covariance_point x, size_t i, unit *u) {
  const size_t d = gan->d;
  double spread[D];
  u->w = x.W + i * d;
  u->v = x.v[i];
  multiply_transposed(d, d, gan->L, u->w, spread);
  multiply_transposed(d, gan->k, x.V, u->w, u->n);
  u->a = sqrt(gdi_vector_dot(d, spread, spread));
  u->b = sqrt(gdi_vector_dot(gan->k, u->n, u->n));
  multiply(d, d, gan->S, u->w, u->r);
  multiply(d, gan->k, x.V, u->n, u->t);
  for (size_t m = 0; m < d; m++) {
    u->r[m] *= inverse(u->a);
    u->t[m] *= inverse(u->b);
  }
}

/* V += factor w n' */
static void add_outer(const gdi_covariance_gan *gan, double factor, const double *w, const double *n, double *V) {
  for (size_t j = 0; j < gan->k; j++)
    for (size_t i = 0; i < gan->d; i++) V[i + j * gan->d] += factor * n[j] * w[i];
}

double gdi_covariance_value(const gdi_covariance_gan *gan, gdi_covariance_point x) {
  double sum = 0;
  for (size_t i = 0; i < gan->h; i++) {
    unit u;
    look(gan, x, i, &u);
    sum += u.v * (u.a - u.b);
  }
  return C * sum;
}

void gdi_covariance_gradient(const gdi_covariance_gan *gan, gdi_covariance_point x, gdi_covariance_parts out) {
  if (out.V) memset(out.V, 0, gan->d * gan->k * sizeof *out.V);
  for (size_t i = 0; i < gan->h; i++) {
    unit u;
    look(gan, x, i, &u);
    if (out.V) add_outer(gan, -C * u.v * inverse(u.b), u.w, u.n, out.V);
    if (!out.v) continue;
    out.v[i] = C * (u.a - u.b);
    for (size_t m = 0; m < gan->d; m++) out.W[m + i * gan->d] = C * u.v * (u.r[m] - u.t[m]);
  }
}

/* The derivatives of a unit's quantities along a direction. */
typedef struct motion {
  const double *w;
  double v, a, b;
  double Sw[D], Vn[D], n[K]; /* S w., V.n + V n., n. */
} motion;

/* Along direction number c. */
static void move(const gdi_covariance_gan *gan, gdi_covariance_point x, const gdi_covariance_directions *u, size_t c,
                 size_t i, const unit *at, motion *m) {
  const size_t d = gan->d, k = gan->k;
  const double *V = u->first.V + c * u->n;
  double other[K], turned[D];
  m->w = u->first.W + c * u->n + i * d;
  m->v = u->first.v[c * u->n + i];
  multiply_transposed(d, k, V, at->w, m->n);
  multiply_transposed(d, k, x.V, m->w, other);
  for (size_t j = 0; j < k; j++) m->n[j] = u->generator * m->n[j] + other[j];
  m->b = gdi_vector_dot(k, at->n, m->n) * inverse(at->b);
  m->a = gdi_vector_dot(d, at->r, m->w);
  multiply(d, d, gan->S, m->w, m->Sw);
  multiply(d, k, V, at->n, m->Vn);
  multiply(d, k, x.V, m->n, turned);
  for (size_t j = 0; j < d; j++) m->Vn[j] = u->generator * m->Vn[j] + turned[j];
}

/* The contribution of unit i to the Hessian product; it sets its entries of out.v and out.W and adds to out.V. */
static void turn(const gdi_covariance_gan *gan, size_t i, const unit *at, const motion *m, gdi_covariance_parts out) {
  const size_t d = gan->d;
  const double per_a = inverse(at->a), per_b = inverse(at->b);
  out.v[i] = C * (m->a - m->b);
  for (size_t j = 0; j < d; j++) {
    const double r = (m->Sw[j] - at->r[j] * m->a) * per_a, t = (m->Vn[j] - at->t[j] * m->b) * per_b;
    out.W[j + i * d] = C * (m->v * (at->r[j] - at->t[j]) + at->v * (r - t));
  }
  add_outer(gan, -C * per_b * (m->v - at->v * m->b * per_b), at->w, at->n, out.V);
  add_outer(gan, -C * per_b * at->v, m->w, at->n, out.V);
  add_outer(gan, -C * per_b * at->v, at->w, m->n, out.V);
}

void gdi_covariance_multiply(const gdi_covariance_gan *gan, gdi_covariance_point x, gdi_covariance_directions u,
                             gdi_covariance_parts out) {
  for (size_t c = 0; c < u.count; c++) memset(out.V + c * u.n, 0, gan->d * gan->k * sizeof *out.V);
  for (size_t i = 0; i < gan->h; i++) {
    unit at;
    look(gan, x, i, &at);
    for (size_t c = 0; c < u.count; c++) {
      motion m;
      move(gan, x, &u, c, i, &at, &m);
      turn(gan, i, &at, &m, (gdi_covariance_parts){out.V + c * u.n, out.v + c * u.n, out.W + c * u.n});
    }
  }
}
