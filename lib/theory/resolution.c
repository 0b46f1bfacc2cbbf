/* SPDX-License-Identifier: BSD-3-Clause */
/* resolution.c -- measures the errors of v and J at a point.
 *
 * Noise of v.  A smooth v moves by |J| |d| with x -> x + d, which for d of a rounding error is as much as rounding of x
 * itself does; and v(x + d) - 2 v(x) + v(x - d) is of second order in d, 1e-14 for d = 2^-23.  Larger changes are
 * rounding inside v: the first shows rounding of doubles, the second that of floats.
 *
 * Error of J.  With a random unit u, |E u| is |E|_F / sqrt n on the mean.  If J is differenced over t, E u is estimated
 * by the deviation of differences over 2 t, 3 t and 5 t, and is at least the noise of v over t.  If it is not
 * differenced, by the change of J u under the displacements above. */
#include "theory/resolution.h"

#include "game/limits.h"
#include "kernels/vector.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <math.h>

#define SHORT_MOVE (4 * DBL_EPSILON)
#define LONG_MOVE 0x1p-23

enum { TRIES = 4 };

void gdi_noise_destroy(gdi_noise *noise) { gdi_release(noise->env, noise->point); }

gd_status gdi_noise_create(gdi_noise *noise, const gdi_env *env, gd_game *game) {
  const size_t n = gd_game_size(game);
  *noise = (gdi_noise){.env = env, .game = game, .n = n};
  noise->point = gdi_allocate(env, 4 * n, sizeof *noise->point);
  if (!noise->point) return GD_ERR_MEMORY;
  noise->first = noise->point + n;
  noise->second = noise->first + n;
  noise->signs = noise->second + n;
  return GD_OK;
}

static double size_of(size_t n, const double *x) {
  double size = 1;
  for (size_t k = 0; k < n; k++) size = fmax(size, fabs(x[k]));
  return size;
}

/* v cannot be evaluated there: this sample is ignored. */
static bool is_elsewhere(gd_status status) { return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE; }

/* out = v(x + length direction), or J(x + length direction) u */
static gd_status look(gdi_noise *noise, const double *x, double length, const double *u, double *out) {
  gdi_vector_move(noise->n, length, x, noise->signs, noise->point);
  if (u) return gd_game_jvp(noise->game, noise->point, u, out);
  return gd_game_gradient(noise->game, noise->point, out);
}

/* Random signs, over sqrt n for a unit vector. */
static void choose_direction(gdi_noise *noise, uint64_t stream, bool unit) {
  gd_rng rng = gd_rng_make(stream, 0x6e6f697365);
  const double length = unit ? 1 / sqrt((double)noise->n) : 1;
  gd_rng_fill_uniform(&rng, noise->n, noise->signs);
  for (size_t k = 0; k < noise->n; k++) noise->signs[k] = noise->signs[k] < 0.5 ? -length : length;
}

static void keep_largest(const gdi_noise *noise, const double *change, size_t rows, const double *L, double *largest) {
  if (!L) *largest = fmax(*largest, gdi_vector_norm(noise->n, change));
  for (size_t k = 0; L && k < rows; k++)
    largest[k] = fmax(largest[k], fabs(gdi_vector_dot(noise->n, L + k * noise->n, change)));
}

/* The changes of `known`, the value at x, under a short and a long displacement.  Lengths differ from try to try,
 * because with one variable there are only two directions. */
static gd_status try_moves(gdi_noise *noise, const double *x, const double *known, const double *u, uint64_t number,
                           size_t rows, const double *L, double *largest) {
  const size_t n = noise->n;
  const double size = size_of(n, x);
  gd_status status = look(noise, x, (1 + (double)number) * SHORT_MOVE * size, u, noise->first);
  if (status >= 0) {
    gdi_vector_axpy(n, -1, known, noise->first);
    keep_largest(noise, noise->first, rows, L, largest);
    const double length = (1 - 0.17 * (double)number) * LONG_MOVE * size / sqrt((double)n);
    status = look(noise, x, length, u, noise->first);
    if (status >= 0) status = look(noise, x, -length, u, noise->second);
  }
  if (status < 0) return is_elsewhere(status) ? GD_OK : status;
  for (size_t k = 0; k < n; k++) noise->first[k] = (noise->first[k] - known[k]) + (noise->second[k] - known[k]);
  keep_largest(noise, noise->first, rows, L, largest);
  return GD_OK;
}

gd_status gdi_noise_of_gradient(gdi_noise *noise, const double *x, const double *v, size_t rows, const double *L,
                                double *largest) {
  for (size_t k = 0; k < rows; k++) largest[k] = 0;
  for (uint64_t k = 0; k < TRIES; k++) {
    choose_direction(noise, k, false);
    GD_TRY(try_moves(noise, x, v, NULL, k, rows, L, largest));
  }
  return GD_OK;
}

/* ---- of J ---- */

static gd_status error_of_differences(gdi_noise *noise, const double *x, const double *Ju, double t, double *error) {
  static const double multiples[] = {2, 3, 5};
  for (size_t k = 0; k < sizeof multiples / sizeof *multiples; k++) {
    const double length = multiples[k] * t;
    gd_status status = look(noise, x, length, NULL, noise->first);
    if (status >= 0) status = look(noise, x, -length, NULL, noise->second);
    if (is_elsewhere(status)) continue;
    if (status < 0) return status;
    for (size_t i = 0; i < noise->n; i++) noise->first[i] = (noise->first[i] - noise->second[i]) / (2 * length) - Ju[i];
    *error = fmax(*error, gdi_vector_norm(noise->n, noise->first));
  }
  return GD_OK;
}

static double difference_step(const gdi_noise *noise, const double *x) {
  return gdi_game_difference_step(noise->game) * size_of(noise->n, x);
}

/* The largest |E u| seen. */
static gd_status try_products(gdi_noise *noise, const double *x, bool differenced, double *u, double *Ju,
                              double *error) {
  for (uint64_t k = 0; k < TRIES; k++) {
    choose_direction(noise, k, true);
    for (size_t i = 0; i < noise->n; i++) u[i] = noise->signs[i];
    GD_TRY(gd_game_jvp(noise->game, x, u, Ju));
    if (differenced) {
      GD_TRY(error_of_differences(noise, x, Ju, difference_step(noise, x), error));
      continue;
    }
    choose_direction(noise, k + TRIES, false);
    GD_TRY(try_moves(noise, x, Ju, u, k, 1, NULL, error));
  }
  return GD_OK;
}

gd_status gdi_noise_of_jacobian(gdi_noise *noise, const double *x, double gradient, double norm, double *error) {
  const size_t n = noise->n;
  const double rounding = (double)n * DBL_EPSILON * norm, root = sqrt((double)n);
  const bool affine = gd_game_traits(noise->game) & GD_AFFINE;
  const bool differenced = gd_game_source(noise->game, GD_JVP) == GD_SOURCE_DIFFERENCED ||
                           gd_game_source(noise->game, GD_JACOBIAN) == GD_SOURCE_DIFFERENCED;
  *error = rounding;
  if (affine) {
    if (differenced) *error += root * gradient; /* over a step of 1 */
    return GD_OK;
  }
  double seen = differenced ? gradient / difference_step(noise, x) : 0;
  double *u = gdi_allocate(noise->env, 2 * n, sizeof *u);
  gd_status status = u ? GD_OK : GD_ERR_MEMORY;
  if (status >= 0) status = try_products(noise, x, differenced, u, u + n, &seen);
  gdi_release(noise->env, u);
  *error += root * seen;
  return status;
}
