/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan_field.c -- first and second derivatives of the GMM-GAN.
 *
 * With w = 1 / K and z = e - mu_j for an end e of an interval, s_e = -1 for a left and 1 for a right one,
 *
 *     L_e    = s_e F(e) = s_e (p*(e) - p(e))
 *     L_mu_j = w sum_e s_e phi(z),
 *
 * and the second derivatives, but for the target's share, come in pairs (e, j) with t = s_e w z phi(z):
 *
 *     L_ee = sum_j t - s_e sum_m w_m z_m phi(z_m),   L_mu_j,mu_j = sum_e t,   L_e,mu_j = -t,
 *
 * the last sum over the target's components: moving an end and a mean together changes nothing between them.  Hence
 * H u collects t (u_j - u_e) at j and the opposite at e.  At an infinite end phi(z) and z phi(z) are 0.
 *
 * All of it needs E = exp(-z^2 / 2) for pairs of an end and a centre: a mean, or one of the target's behind them.  For
 * one point the pairs are taken together, for many the points (gmm_gan_kernels.c), with the same sums in the same
 * order, so that both give the same bits. */
#include "kernels/special.h"
#include "kernels/table.h"
#include "models/gmm_gan.h"

#include <math.h>
#include <string.h>

#define LANES 8
#define MOST_PAIRS (4 * GD_MIXTURE_MOST) /* at a time: those of one interval at the least */

static const gdi_gmm_gan_kernels *const kernels[] = GDI_CPU_KERNELS(gdi_gmm_gan_kernels);

/* An interval with a NaN end counts as open, so the NaN is detected. */
bool gdi_gmm_gan_is_open(const gdi_gmm_gan *gan, const double *x, size_t interval) {
  const double *left = x + gan->n_means + interval;
  return gan->collapse != GD_COLLAPSE_FREEZE || !(left[gan->n_intervals] <= left[0]);
}

/* ---- intervals and centres ---- */

enum { LEFT, RIGHT, ENDS };
#define EACH_END for (size_t e = 0; e < ENDS; e++)

/* An interval, and the distances z of its ends from some centres with E of each. */
typedef struct meeting {
  size_t interval;
  const double *z[ENDS], *E[ENDS];
} meeting;

typedef void take_meeting(void *context, const gdi_gmm_gan *gan, const meeting *with);

static double centre_at(const gdi_gmm_gan *gan, const double *x, size_t c) {
  return c < gan->n_means ? x[c] : gan->target.means[c - gan->n_means];
}

/* The ends of some intervals, one after the other, and their distances from all centres. */
static void measure(const gdi_gmm_gan *gan, const double *x, size_t centres, size_t first, size_t count, double *z) {
  for (size_t i = first; i < first + count; i++) EACH_END {
      const double end = x[gan->n_means + i + e * gan->n_intervals];
      for (size_t c = 0; c < centres; c++) *z++ = end - centre_at(gan, x, c);
    }
}

/* Each open interval meets the first `centres` centres. */
static void meet(const gdi_gmm_gan *gan, const double *x, size_t centres, take_meeting *take, void *context) {
  const size_t all = gan->n_intervals, together = MOST_PAIRS / (ENDS * centres);
  double z[MOST_PAIRS], E[MOST_PAIRS];
  for (size_t first = 0; first < all; first += together) {
    const size_t count = first + together < all ? together : all - first;
    measure(gan, x, centres, first, count, z);
    gdi_special_gaussian(count * ENDS * centres, z, E);
    for (size_t i = 0; i < count; i++) {
      const size_t left = i * ENDS * centres, right = left + centres;
      const meeting with = {first + i, {z + left, z + right}, {E + left, E + right}};
      if (gdi_gmm_gan_is_open(gan, x, first + i)) take(context, gan, &with);
    }
  }
}

/* ---- first derivatives ---- */

static double unit_of(const gdi_gmm_gan *gan) { return GDI_NORMAL_PEAK / (double)gan->n_means; }

/* Where v of either player goes, or NULL. */
typedef struct moves {
  double *means, *ends;
} moves;

static void pull_means(const gdi_gmm_gan *gan, const meeting *with, double *v) {
  for (size_t j = 0; j < gan->n_means; j++) v[j] += with->E[LEFT][j] - with->E[RIGHT][j];
}

/* F at an end, without its sign. */
static double excess_at(const gdi_gmm_gan *gan, const double *E, double sign) {
  double generator = 0, target = 0;
  for (size_t j = 0; j < gan->n_means; j++) generator += *E++;
  for (size_t m = 0; m < gan->target.count; m++) target += (double)gan->n_means * gan->target.weights[m] * *E++;
  return sign < 0 ? generator - target : target - generator;
}

static void move_ends(const gdi_gmm_gan *gan, const meeting *with, double *v) {
  v[with->interval] = unit_of(gan) * excess_at(gan, with->E[LEFT], -1);
  v[with->interval + gan->n_intervals] = unit_of(gan) * excess_at(gan, with->E[RIGHT], 1);
}

static void move(void *context, const gdi_gmm_gan *gan, const meeting *with) {
  const moves *v = context;
  if (v->means) pull_means(gan, with, v->means);
  if (v->ends) move_ends(gan, with, v->ends);
}

static void evaluate(const gdi_gmm_gan *gan, const double *x, moves v) {
  if (v.means) memset(v.means, 0, gan->n_means * sizeof *v.means);
  if (v.ends) memset(v.ends, 0, 2 * gan->n_intervals * sizeof *v.ends);
  meet(gan, x, gan->n_means + (v.ends ? gan->target.count : 0), move, &v);
  for (size_t j = 0; v.means && j < gan->n_means; j++) v.means[j] *= unit_of(gan);
}

void gdi_gmm_gan_gradient(const gdi_gmm_gan *gan, const double *x, double *v) {
  evaluate(gan, x, (moves){v, v + gan->n_means});
}

void gdi_gmm_gan_player_gradient(const gdi_gmm_gan *gan, size_t player, const double *x, double *v_i) {
  evaluate(gan, x, player == 0 ? (moves){.means = v_i} : (moves){.ends = v_i});
}

/* The remaining points after groups of eight, padded with zeros. */
static void evaluate_last(const gdi_gmm_gan *gan, size_t k, const double *X, double *V) {
  const size_t n = gdi_gmm_gan_size(gan), first = k / LANES * LANES, count = k - first;
  double x[3 * GD_MIXTURE_MOST * LANES] = {0}, v[3 * GD_MIXTURE_MOST * LANES];
  for (size_t i = 0; i < n; i++) memcpy(x + LANES * i, X + k * i + first, count * sizeof *x);
  kernels[gdi_kernels.cpu]->gradient(gan, 1, LANES, x, v);
  for (size_t i = 0; i < n; i++) memcpy(V + k * i + first, v + LANES * i, count * sizeof *v);
}

void gdi_gmm_gan_gradient_many(const gdi_gmm_gan *gan, size_t k, const double *X, double *V) {
  kernels[gdi_kernels.cpu]->gradient(gan, k / LANES, k, X, V);
  if (k % LANES) evaluate_last(gan, k, X, V);
}

/* ---- second derivatives ---- */

typedef struct product {
  size_t k;
  const double *U;
  double *HU;
} product;

/* z phi(z), also at infinity */
static double slope_at(const meeting *with, size_t e, size_t c) {
  return isinf(with->z[e][c]) ? 0 : GDI_NORMAL_PEAK * with->z[e][c] * with->E[e][c];
}

static void curve_end(const product *p, const gdi_gmm_gan *gan, const meeting *with, size_t e) {
  const size_t n = gdi_gmm_gan_size(gan), K = gan->n_means, at = K + with->interval + e * gan->n_intervals;
  const double sign = e == LEFT ? -1 : 1;
  double own = 0;
  for (size_t m = 0; m < gan->target.count; m++) own -= sign * gan->target.weights[m] * slope_at(with, e, K + m);
  for (size_t c = 0; c < n * p->k; c += n) p->HU[at + c] += own * p->U[at + c];
  for (size_t j = 0; j < K; j++) {
    const double t = sign / (double)K * slope_at(with, e, j);
    for (size_t c = 0; c < n * p->k; c += n) {
      const double apart = t * (p->U[j + c] - p->U[at + c]);
      p->HU[j + c] += apart;
      p->HU[at + c] -= apart;
    }
  }
}

static void curve(void *context, const gdi_gmm_gan *gan, const meeting *with) {
  EACH_END curve_end(context, gan, with, e);
}

void gdi_gmm_gan_curve(const gdi_gmm_gan *gan, const double *x, size_t k, const double *U, double *HU) {
  product p = {k, U, HU};
  memset(HU, 0, gdi_gmm_gan_size(gan) * k * sizeof *HU);
  meet(gan, x, gan->n_means + gan->target.count, curve, &p);
}
