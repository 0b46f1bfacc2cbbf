/* SPDX-License-Identifier: BSD-3-Clause */
/* map_rates.c -- rates and step sizes of any method, from the derivative of one step.
 *
 *     rate(h) = spectral radius of M(h),   M(h): derivative of one step of size h, gd_stepper_map_at_rest()
 *
 * Null directions of J are left out, for no step moves along them.
 *
 * One curve for step_search.c.  Its scale is the step size by which M(h) has moved about 1 away from its limit at 0,
 * found from a small h, where M(h) - M(h/2) is linear in h.  M(0) itself is not asked for: methods that divide by h
 * have another one.  A step size at which no step can be taken is not stable. */
#include "theory/map_rates.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"
#include "theory/map_null.h"
#include "theory/step_search.h"

#include <float.h>
#include <gamedyn/rates.h>
#include <math.h>
#include <string.h>

enum { OCTAVES = 24, SAMPLES_PER_OCTAVE = 4 };

#define LONGEST 1e150 /* where the map has not moved up to here, it never does */

typedef struct step_map {
  gd_stepper *stepper;
  const double *x;
  gdi_env env;
  size_t n_players, size; /* of M, once known */
  double longest;         /* step size the method's table allows */
  double *step_sizes;     /* [n_players], of before */
  double *matrix, *half;  /* M(h) and M(h/2) [size by size] */
} step_map;

/* ---- the stepper, borrowed and given back ---- */

static void release(step_map *m) {
  gdi_release(&m->env, m->step_sizes);
  gdi_release(&m->env, m->matrix);
  gdi_release(&m->env, m->half);
}

static gd_status borrow(step_map *m, gd_stepper *stepper, const double *x) {
  *m = (step_map){.stepper = stepper, .x = x, .n_players = gd_game_players(gd_stepper_game(stepper))};
  GD_TRY(gdi_env_copy(&m->env, gd_game_env(gd_stepper_game(stepper))));
  m->step_sizes = gdi_allocate(&m->env, m->n_players, sizeof *m->step_sizes);
  if (!m->step_sizes) return GD_ERR_MEMORY;
  for (size_t i = 0; i < m->n_players; i++) GD_TRY(gd_stepper_get(stepper, GD_STEP_SIZE, i, &m->step_sizes[i]));
  const gd_param *row;
  for (size_t k = 0; (row = gd_method_param(gd_stepper_method(stepper), k)) != NULL; k++)
    if (strcmp(row->name, GD_STEP_SIZE) == 0) m->longest = row->upper;
  return GD_OK;
}

/* `status`, or why the step sizes could not be put back. */
static gd_status give_back(step_map *m, gd_status status) {
  const gd_status back = m->step_sizes ? gd_stepper_set_players(m->stepper, GD_STEP_SIZE, m->step_sizes) : GD_OK;
  release(m);
  return status < 0 ? status : back;
}

/* ---- one look ---- */

/* How well a modulus is known: M(h) is exact to rounding on affine games, and differenced on others. */
static double noise_of(const gd_stepper *stepper) {
  gd_game *game = gd_stepper_game(stepper);
  const bool exact = (gd_game_traits(game) & GD_AFFINE) && !gd_game_projects(game) &&
                     (gd_stepper_method(stepper)->traits & GD_METHOD_LINEAR);
  return exact ? 64 * DBL_EPSILON : 1e-10;
}

gd_status gdi_map_largest_eigenvalue(gd_stepper *stepper, const double *x, double *re, double *im) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_MODULUS, options.count = 1, options.residuals = false;
  GD_TRY(gd_stepper_map_at_rest(&op, stepper, x));
  gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  if (status >= 0) {
    *re = gd_spectrum_real(spectrum)[0];
    *im = fabs(gd_spectrum_imaginary(spectrum)[0]);
    status = gdi_map_leave_null_directions(op, gd_stepper_game(stepper), x, noise_of(stepper), re, im);
  }
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return status;
}

bool gdi_map_is_too_far(gd_status status) {
  return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE || status == GD_ERR_LAPACK;
}

static gd_status spectral_radius(step_map *m, double h, double *radius) {
  double re, im;
  GD_TRY(gd_stepper_set(m->stepper, GD_STEP_SIZE, h));
  const gd_status status = gdi_map_largest_eigenvalue(m->stepper, m->x, &re, &im);
  if (status >= 0) *radius = hypot(re, im);
  return status;
}

static gd_status curve(const void *context, size_t index, double h, double *modulus) {
  (void)index;
  step_map *m = (step_map *)context;
  *modulus = INFINITY;
  if (h > m->longest) return GD_OK;
  const gd_status status = spectral_radius(m, h, modulus);
  return gdi_map_is_too_far(status) ? GD_OK : status;
}

/* ---- the scale ---- */

static gd_status assemble_at(step_map *m, double h, double **matrix) {
  gd_operator *op = NULL;
  GD_TRY(gd_stepper_set(m->stepper, GD_STEP_SIZE, h));
  GD_TRY(gd_stepper_map_at_rest(&op, m->stepper, m->x));
  m->size = gd_operator_columns(op);
  if (!*matrix) *matrix = gdi_allocate(&m->env, gdi_times(m->size, m->size), sizeof **matrix);
  const gd_status status = *matrix ? gd_operator_assemble(op, *matrix, m->size) : GD_ERR_MEMORY;
  gd_operator_destroy(op);
  return status;
}

/* Twice how far M(h) is from M(h/2); infinite where there is no M(h). */
static gd_status distance_moved(step_map *m, double h, double *distance) {
  *distance = INFINITY;
  if (h > m->longest) return GD_OK;
  gd_status status = assemble_at(m, h, &m->matrix);
  if (status >= 0) status = assemble_at(m, h / 2, &m->half);
  if (status >= 0) *distance = 2 * gdi_vector_distance(m->size * m->size, m->matrix, m->half);
  return gdi_map_is_too_far(status) ? GD_OK : status;
}

/* Try step sizes until the map moves by about 1e-3; at most as often as it takes to cross the range of numbers.  Where
 * it moves by less wherever there is a step, the last one serves. */
static gd_status find_scale(step_map *m, double *scale) {
  double h = 1, moved, slow = 0; /* `slow`: a step size at which the map hardly moves */
  GD_TRY(distance_moved(m, h, &moved));
  for (int k = 0; k < 200 && h < LONGEST && !(moved > 1e-4 && moved < 1e-2); k++) {
    const bool still = moved < 64 * noise_of(m->stepper) * (double)m->size;
    if (moved < 1e-2) slow = h;
    if (isinf(moved) && slow > 0 && h < 2 * slow) break;
    h = isinf(moved) ? fmax(1e-6 * h, sqrt(slow * h)) : still ? 1e3 * h : h * (1e-3 / moved);
    GD_TRY(distance_moved(m, h, &moved));
  }
  const bool found = moved > 1e-4 && moved < 1e-2;
  if (!found && slow == 0)
    return gdi_fail(GD_ERR_HYPOTHESIS,
                    "the derivative of one step of %s has no limit as the step size goes to 0: no step sizes to search",
                    gd_stepper_method(m->stepper)->name);
  *scale = found ? h / moved : h < LONGEST ? slow : 1;
  return GD_OK;
}

typedef gd_status search(const gdi_step_curves *curves, double *h, double *rate);

static gd_status largest_stable(const gdi_step_curves *curves, double *h, double *rate) {
  (void)rate;
  return gdi_step_largest_stable(curves, h);
}

static gd_status find(gd_stepper *stepper, const double *x, search *search_for, double *h, double *rate) {
  step_map m;
  double scale;
  gd_status status = borrow(&m, stepper, x);
  if (status >= 0) status = find_scale(&m, &scale);
  if (status >= 0) {
    const gdi_step_curves curves = {.count = 1,
                                    .modulus = curve,
                                    .context = &m,
                                    .scale = &scale,
                                    .noise = noise_of(stepper),
                                    .octaves = OCTAVES,
                                    .samples_per_octave = SAMPLES_PER_OCTAVE};
    status = search_for(&curves, h, rate);
  }
  return give_back(&m, status);
}

/* ---- the doors ---- */

gd_status gd_map_rate(gd_stepper *stepper, const double *x, double step_size, double *rate) {
  GDI_REQUIRE(stepper && x && rate, "gd_map_rate: %s is NULL", !stepper ? "stepper" : x ? "rate" : "x");
  step_map m;
  double found = 0;
  gd_status status = borrow(&m, stepper, x);
  if (status >= 0) status = spectral_radius(&m, step_size, &found);
  status = give_back(&m, status);
  if (status >= 0) *rate = found;
  return status;
}

gd_status gd_map_largest_stable_step(gd_stepper *stepper, const double *x, double *step_size) {
  GDI_REQUIRE(stepper && x && step_size, "gd_map_largest_stable_step: %s is NULL",
              !stepper ? "stepper"
              : x      ? "step_size"
                       : "x");
  double found = 0;
  GD_TRY(find(stepper, x, largest_stable, &found, NULL));
  *step_size = found;
  return GD_OK;
}

gd_status gd_map_fastest_step(gd_stepper *stepper, const double *x, double *step_size, double *rate) {
  GDI_REQUIRE(stepper && x && step_size && rate, "gd_map_fastest_step: %s is NULL",
              !stepper ? "stepper"
              : x      ? "an output"
                       : "x");
  double found = 0, found_rate = 1;
  GD_TRY(find(stepper, x, gdi_step_fastest, &found, &found_rate));
  *step_size = found;
  *rate = found_rate;
  return GD_OK;
}
