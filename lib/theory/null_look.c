/* SPDX-License-Identifier: BSD-3-Clause */
/* null_look.c -- the field along the null space of its derivative, reduced after Lyapunov and Schmidt.
 *
 * A = U diag(values) V', W and Z the last m columns of U and V.  From x + e Z s the step y -= A^+ v(y) is repeated,
 * which moves across the null space only, until v(y) is in the span of W.  Then
 *
 *     b(e s) = (W'Z)^-1 W'v(y)
 *
 * vanishes exactly where there is an equilibrium, and its terms of least order are those of the flow s' = b(s) on the
 * centre manifold: that differs from y by one order more than b has.  For m = 1 the signs of b at both sides decide
 * (Carr 1981, "Applications of Centre Manifold Theory", Theorem 2).  For m > 1 a ray with b(s) = c s, c > 0, carries a
 * solution that leaves; attraction from all directions cannot be established.  If the field is a gradient, s'b is the
 * slope of the utility along y(e s), so the utility rises where s'b > 0.
 *
 * Random combinations of null vectors are used, not the vectors themselves: a polynomial that is 0 on random
 * combinations is 0, but x y z is 0 on all axes.
 *
 * b counts as nonzero if it is at least 32 times its noise.  A trend is a power of the distance, over five octaves down
 * to the distance at which b is lost in noise. */
#include "theory/null_look.h"

#include "dense/algebra.h"
#include "kernels/vector.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

enum { OCTAVES = 20, RUN = 5, CORRECTIONS = 40, COMBINATIONS = 8, STARTS = 4, ROUNDS = 40, LEAST_SEEN = 6, FAR = 8 };

#define CLEAR 32          /* times the noise */
#define STEADY 0.15       /* how much a power may vary */
#define LEAST_POWER 0.8   /* less is no smooth field */
#define ACROSS 1e-6       /* s'b / |b| up to which b is across s */
#define RAY 1e-6          /* |b - (s'b) s| / |b| on a ray */
#define LEAST_ON_RAY 1e-2 /* |b| there, relative to the largest on the way */

void gdi_null_look_destroy(gdi_null_look *look) {
  gdi_release(look->noise.env, look->pivots);
  gdi_release(look->noise.env, look->base);
  gdi_noise_destroy(&look->noise);
}

static gd_status allocate(gdi_null_look *look) {
  const size_t n = look->noise.n, m = look->m;
  look->base = gdi_allocate(look->noise.env, 3 * n + n * m + m * m + look->size + 3 * m, sizeof *look->base);
  look->pivots = gdi_allocate(look->noise.env, m, sizeof *look->pivots);
  if (!look->base || !look->pivots) return GD_ERR_MEMORY;
  look->y = look->base + n;
  look->v = look->y + n;
  look->left = look->v + n;
  look->mix = look->left + n * m;
  look->range = look->mix + m * m;
  look->b = look->range + look->size;
  look->seen = look->b + m;
  look->s = look->seen + m;
  return GD_OK;
}

/* Compute W padded with zeros, the factors of W'Z, and the norm of (W'Z)^-1. */
static gd_status prepare_left(gdi_null_look *look) {
  const size_t n = look->noise.n, m = look->m, r = look->size - m;
  double squares = 0;
  memset(look->left, 0, n * m * sizeof *look->left);
  for (size_t k = 0; k < m; k++)
    memcpy(look->left + k * n + look->start, look->U + (r + k) * look->size, look->size * sizeof *look->left);
  for (size_t j = 0; j < m; j++)
    for (size_t i = 0; i < m; i++)
      look->mix[i + j * m] = gdi_vector_dot(look->size, look->U + (r + i) * look->size, look->V + (r + j) * look->size);
  const gd_status status = gdi_lu_factor(m, look->mix, m, look->pivots);
  look->gain = INFINITY;
  if (status < 0) return status == GD_ERR_LAPACK ? GD_OK : status;
  for (size_t k = 0; k < m; k++) {
    for (size_t i = 0; i < m; i++) look->s[i] = i == k;
    gdi_lu_solve(false, m, look->mix, m, look->pivots, look->s);
    squares += gdi_vector_dot(m, look->s, look->s);
  }
  look->gain = sqrt(squares);
  return GD_OK;
}

/* ---- one evaluation ---- */

/* v = v(y), range = U_1'v; false if v cannot be evaluated. */
static gd_status look_at(gdi_null_look *look, double *size, bool *there) {
  const size_t r = look->size - look->m;
  const gd_status status = gd_game_gradient(look->noise.game, look->y, look->v);
  *there = status >= 0;
  if (status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE) return GD_OK;
  GD_TRY(status);
  if (r > 0) gdi_matrix_vector(true, look->size, r, 1, look->U, look->size, look->v + look->start, look->range);
  *size = r > 0 ? gdi_vector_norm(r, look->range) : 0;
  return GD_OK;
}

static void correct(gdi_null_look *look) {
  const size_t r = look->size - look->m;
  for (size_t k = 0; k < r; k++) look->range[k] /= look->values[k];
  gdi_matrix_vector_add(look->size, r, -1, look->V, look->size, look->range, look->y + look->start);
}

/* Move y across the null space until v does not decrease further. */
static gd_status settle(gdi_null_look *look, double *size, bool *there) {
  double before = INFINITY;
  for (int k = 0; k < CORRECTIONS; k++) {
    GD_TRY(look_at(look, size, there));
    if (!*there || *size == 0 || !(*size < 0.9 * before)) return GD_OK;
    before = *size;
    correct(look);
  }
  return look_at(look, size, there);
}

/* b at y and its noise, unless NULL; there = false where y did not settle. */
static gd_status reduce(gdi_null_look *look, double size, bool *there, double *noise) {
  const size_t m = look->m;
  gdi_matrix_vector(true, look->noise.n, m, 1, look->left, look->noise.n, look->v, look->b);
  const double rounding = 1e3 * DBL_EPSILON * look->norm * look->scale;
  *there = size <= fmax(rounding, 1e-3 * gdi_vector_norm(m, look->b));
  if (!*there) return GD_OK;
  gdi_lu_solve(false, m, look->mix, m, look->pivots, look->b);
  if (!noise) return GD_OK;
  GD_TRY(gdi_noise_of_gradient(&look->noise, look->y, look->v, m, look->left, look->seen));
  *noise = CLEAR * look->gain * gdi_vector_norm(m, look->seen);
  return GD_OK;
}

/* Evaluate b at distance e along s, and its noise unless NULL. */
static gd_status look_along(gdi_null_look *look, const double *s, double e, bool *there, double *noise) {
  const size_t r = look->size - look->m;
  double size = 0;
  memcpy(look->y, look->base, look->noise.n * sizeof *look->y);
  gdi_matrix_vector_add(look->size, look->m, e, look->V + r * look->size, look->size, s, look->y + look->start);
  GD_TRY(settle(look, &size, there));
  return *there ? reduce(look, size, there, noise) : GD_OK;
}

gd_status gdi_null_look_create(gdi_null_look *look, const gdi_env *env, gd_game *game, const double *x, size_t start,
                               size_t size, size_t m, const double *U, const double *values, const double *V,
                               double norm) {
  *look =
      (gdi_null_look){.start = start, .size = size, .m = m, .U = U, .V = V, .values = values, .norm = norm, .scale = 1};
  GD_TRY(gdi_noise_create(&look->noise, env, game));
  for (size_t k = 0; k < look->noise.n; k++) look->scale = fmax(look->scale, fabs(x[k]));
  GD_TRY(allocate(look));
  GD_TRY(prepare_left(look));
  if (!isfinite(look->gain)) return GD_OK;
  double range, noise = 0;
  bool there;
  memcpy(look->y, x, look->noise.n * sizeof *look->y);
  GD_TRY(settle(look, &range, &there));
  memcpy(look->base, look->y, look->noise.n * sizeof *look->y);
  if (there) GD_TRY(reduce(look, range, &there, &noise));
  look->rests = there && gdi_vector_norm(m, look->b) <= noise;
  return GD_OK;
}

/* ---- one side ---- */

/* The values at the distances scale / 2^(k + 1). */
typedef struct side {
  double value[OCTAVES]; /* s'b */
  bool there[OCTAVES];   /* y settled */
  bool moves[OCTAVES];   /* b is not 0 */
  bool clear[OCTAVES];   /* nor is s'b */
} side;

static gd_status see(gdi_null_look *look, const double *s, size_t first, size_t step, side *seen) {
  for (size_t k = first; k < OCTAVES; k += step) {
    double noise;
    const double e = look->scale * ldexp(1, -(int)k - 1);
    GD_TRY(look_along(look, s, e, &seen->there[k], &noise));
    if (!seen->there[k]) continue;
    const double size = gdi_vector_norm(look->m, look->b), along = gdi_vector_dot(look->m, s, look->b);
    seen->value[k] = along;
    seen->moves[k] = size > noise;
    seen->clear[k] = fabs(along) > fmax(noise, ACROSS * size);
    if (!seen->moves[k] && k < FAR)
      look->residual =
          fmax(look->residual, gdi_vector_norm(look->noise.n, look->v) / (e * (look->norm > 0 ? look->norm : 1)));
  }
  return GD_OK;
}

/* True if b is 0 to noise at all distances, and if enough of them were tried. */
static bool is_flat(const side *seen, size_t least) {
  size_t count = 0, farthest = OCTAVES;
  for (size_t k = OCTAVES; k-- > 0;) {
    if (seen->moves[k]) return false;
    if (seen->there[k]) farthest = k, count++;
  }
  return count >= least && farthest < FAR;
}

/* The power of the distance that RUN values ending with number `last` follow; 0 if there is none. */
static double power_of(const side *seen, size_t last) {
  double least = INFINITY, most = 0;
  for (size_t k = last + 1 - RUN; k < last; k++) {
    const double power = log2(seen->value[k] / seen->value[k + 1]); /* NaN if signs differ */
    if (!(power >= LEAST_POWER)) return 0;
    least = fmin(least, power);
    most = fmax(most, power);
  }
  return most - least <= STEADY ? least : 0;
}

/* The trend from the nearest distances at which b is clear of noise; closer values that are clear must agree. */
static gdi_trend trend_of(const side *seen, double *power) {
  double sign = 0;
  for (size_t last = OCTAVES; last-- > RUN - 1;) {
    bool run = true;
    for (size_t k = last + 1 - RUN; k <= last; k++) run = run && seen->clear[k];
    if (seen->clear[last] && sign == 0) sign = seen->value[last] > 0 ? 1 : -1;
    if (seen->clear[last] && sign * seen->value[last] <= 0) return GDI_TREND_UNKNOWN;
    if (!run) continue;
    *power = power_of(seen, last);
    if (*power == 0) return GDI_TREND_UNKNOWN;
    return sign > 0 ? GDI_TREND_OUT : GDI_TREND_IN;
  }
  return GDI_TREND_UNKNOWN;
}

static gd_status look_at_side(gdi_null_look *look, const double *s, gdi_trend *trend, double *power) {
  side seen = {0};
  GD_TRY(see(look, s, 0, 1, &seen));
  *power = INFINITY;
  *trend = is_flat(&seen, LEAST_SEEN) ? GDI_TREND_FLAT : trend_of(&seen, power);
  return GD_OK;
}

static gd_status both_sides(gdi_null_look *look, gdi_trend trends[2], double powers[2]) {
  for (int k = 0; k < 2; k++) {
    const double s = k == 0 ? 1 : -1;
    GD_TRY(look_at_side(look, &s, &trends[k], &powers[k]));
  }
  return GD_OK;
}

/* ---- combinations ---- */

static void choose(gdi_null_look *look, uint64_t number) {
  gd_rng rng = gd_rng_make(number, 0x636f6d62);
  gd_rng_fill_normal(&rng, look->m, look->s);
  const double length = gdi_vector_norm(look->m, look->s);
  for (size_t k = 0; k < look->m; k++) look->s[k] /= length;
}

/* Along several combinations, both ways, at four distances. */
static gd_status is_flat_everywhere(gdi_null_look *look, bool *flat) {
  *flat = true;
  for (uint64_t number = 0; number < COMBINATIONS && *flat; number++) {
    side seen = {0};
    choose(look, number / 2);
    for (size_t k = 0; k < look->m && number % 2; k++) look->s[k] = -look->s[k];
    GD_TRY(see(look, look->s, 1, OCTAVES / 4, &seen));
    *flat = is_flat(&seen, 3);
  }
  return GD_OK;
}

/* |b - c s|, c = s'b */
static double off_ray(const gdi_null_look *look, double c) {
  double squares = 0;
  for (size_t k = 0; k < look->m; k++) squares += (look->b[k] - c * look->s[k]) * (look->b[k] - c * look->s[k]);
  return sqrt(squares);
}

/* Iterate s along b (uphill if b is a gradient) until b(s) = c s.  *ray: this was reached with c > 0, and not a zero of
 * b. */
static gd_status climb(gdi_null_look *look, bool *ray) {
  const size_t m = look->m;
  double largest = 0;
  *ray = false;
  for (int round = 0; round < ROUNDS; round++) {
    bool there;
    GD_TRY(look_along(look, look->s, look->scale / 32, &there, NULL));
    const double size = there ? gdi_vector_norm(m, look->b) : 0;
    if (!(size > 0)) return GD_OK;
    const double c = gdi_vector_dot(m, look->s, look->b);
    largest = fmax(largest, size);
    *ray = c > 0 && off_ray(look, c) <= RAY * size && size >= LEAST_ON_RAY * largest;
    if (*ray) return GD_OK;
    gdi_vector_axpy(m, 1 / size, look->b, look->s);
    const double length = gdi_vector_norm(m, look->s);
    if (!(length > 0)) return GD_OK;
    for (size_t k = 0; k < m; k++) look->s[k] /= length;
  }
  return GD_OK;
}

/* Search random combinations for a direction along which the flow leaves: for a gradient, any along which the utility
 * rises; for a flow, a ray. */
static gd_status find_way_out(gdi_null_look *look, bool gradient, bool *found) {
  *found = false;
  for (uint64_t number = 0; number < STARTS && !*found; number++) {
    gdi_trend trend;
    double power;
    bool ray;
    choose(look, number);
    GD_TRY(climb(look, &ray));
    if (!gradient && !ray) continue;
    GD_TRY(look_at_side(look, look->s, &trend, &power));
    *found = trend == GDI_TREND_OUT;
  }
  return GD_OK;
}

static gd_status look_at_combinations(gdi_null_look *look, bool gradient, gdi_trend *trend) {
  bool flat, out = false;
  GD_TRY(is_flat_everywhere(look, &flat));
  if (!flat) GD_TRY(find_way_out(look, gradient, &out));
  *trend = flat ? GDI_TREND_FLAT : out ? GDI_TREND_OUT : GDI_TREND_UNKNOWN;
  return GD_OK;
}

/* ---- public functions ---- */

gd_status gdi_null_look_flow(gdi_null_look *look, bool gradient, gdi_trend *trend, double *order) {
  gdi_trend trends[2];
  double powers[2];
  *trend = GDI_TREND_UNKNOWN;
  *order = INFINITY;
  if (!look->rests) return GD_OK;
  if (look->m > 1) return look_at_combinations(look, gradient, trend);
  GD_TRY(both_sides(look, trends, powers));
  *order = fmax(powers[0], powers[1]);
  if (trends[0] == trends[1])
    *trend = trends[0] == GDI_TREND_OUT ? GDI_TREND_OUT_ALL : trends[0];
  else if (trends[0] == GDI_TREND_OUT || trends[1] == GDI_TREND_OUT)
    *trend = GDI_TREND_OUT;
  return GD_OK;
}

gd_status gdi_null_look_utility(gdi_null_look *look, gdi_trend *trend, double *order) {
  gdi_trend trends[2];
  double powers[2];
  *trend = GDI_TREND_UNKNOWN;
  *order = INFINITY;
  if (!look->rests) return GD_OK;
  if (look->m > 1) return look_at_combinations(look, true, trend);
  GD_TRY(both_sides(look, trends, powers));
  *order = fmax(powers[0], powers[1]);
  const bool rises = trends[0] == GDI_TREND_OUT || trends[1] == GDI_TREND_OUT;
  const bool unknown = trends[0] == GDI_TREND_UNKNOWN || trends[1] == GDI_TREND_UNKNOWN;
  if (rises)
    *trend = GDI_TREND_OUT;
  else if (!unknown)
    *trend = trends[0] == GDI_TREND_FLAT && trends[1] == GDI_TREND_FLAT ? GDI_TREND_FLAT : GDI_TREND_IN;
  return GD_OK;
}
