/* SPDX-License-Identifier: BSD-3-Clause */
/* rates.c -- rates and step sizes of methods that act mode by mode, from a spectrum.
 *
 *     rate(h) = max over eigenvalues lambda of J of |R(h, lambda)|,   R: the method's stability function
 *
 * Null directions of J are left out, for nothing moves along them; a zero that is left, as of a chain, stays 1.
 *
 * The method's own parameters serve, but for the step size: its table says where in the params struct that is, and a
 * copy of the struct points at step sizes of ours. */
#include "base/error.h"
#include "base/memory.h"
#include "linear/null_space.h"
#include "theory/step_search.h"

#include <float.h>
#include <gamedyn/rates.h>
#include <math.h>
#include <string.h>

enum { OCTAVES = 30, SAMPLES_PER_OCTAVE = 16, LOOKS = 1000000 };

#define RESOLUTION 1e-6

/* What gdi_step_curves sees of a stepper and a spectrum; one curve for each real eigenvalue or pair. */
typedef struct modes {
  gdi_env env;
  const gd_method *method;
  char *params;
  double *step_sizes; /* [n_players], what `params` points at */
  size_t n_players;
  double *re, *im, *scale; /* [count] */
  gdi_step_curves curves;
} modes;

static gd_status mode_modulus(const void *context, size_t index, double h, double *modulus) {
  const modes *m = context;
  for (size_t i = 0; i < m->n_players; i++) m->step_sizes[i] = h;
  const uint64_t before = gdi_failures();
  const gd_status status = m->method->mode_modulus(m->params, m->re[index], m->im[index], modulus);
  if (status >= 0) return status;
  return gdi_callback_status(before, status, "the mode_modulus of method \"%s\"", m->method->name);
}

static const gd_param *step_size_row(const gd_method *method) {
  const gd_param *row;
  for (size_t k = 0; (row = gd_method_param(method, k)) != NULL; k++)
    if (strcmp(row->name, GD_STEP_SIZE) == 0 && row->kind == GD_REAL_PER_PLAYER) break;
  return row;
}

static gd_status check(const gd_stepper *stepper, const gd_spectrum *spectrum, const void *output) {
  GDI_REQUIRE(stepper && spectrum && output, "rates: %s is NULL",
              !stepper    ? "stepper"
              : !spectrum ? "jacobian_spectrum"
                          : "an output");
  const gd_method *method = gd_stepper_method(stepper);
  if (!method->mode_modulus || !step_size_row(method))
    return gdi_fail(GD_ERR_UNSUPPORTED, "rates: %s does not act mode by mode; gd_map_rate() and the like do it",
                    method->name);
  if (gd_game_projects(gd_stepper_game(stepper)))
    return gdi_fail(
        GD_ERR_UNSUPPORTED,
        "rates: the game \"%s\" has a feasible set, and a spectrum does not tell whether the point is on its "
        "edge; gd_map_rate() and the like look at the point",
        gd_game_name(gd_stepper_game(stepper)));
  if (strcmp(gd_stepper_scaling(stepper), GD_SCALING_NONE) != 0)
    return gdi_fail(GD_ERR_UNSUPPORTED, "rates: scaled by %s, %s does not act mode by mode; gd_map_rate() may do it",
                    gd_stepper_scaling(stepper), method->name);
  return GD_OK;
}

/* Take over one eigenvalue of each pair, and find out at which step sizes each does something.  A zero eigenvalue has
 * no scale of its own, and takes that of the largest. */
static void take_eigenvalues(modes *m, const gd_spectrum *all) {
  const gd_spectrum *spectrum = gd_spectrum_moving(all);
  const double *re = gd_spectrum_real(spectrum), *im = gd_spectrum_imaginary(spectrum);
  const double zero = gdi_spectrum_zero(all);
  double largest = 0;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    if (im[k] < 0) continue;
    const size_t to = m->curves.count++;
    const bool moves = hypot(re[k], im[k]) > zero; /* else its sign is that of rounding */
    m->re[to] = moves ? re[k] : 0;
    m->im[to] = moves ? im[k] : 0;
    largest = fmax(largest, hypot(re[k], im[k]));
  }
  for (size_t k = 0; k < m->curves.count; k++) {
    const double own = hypot(m->re[k], m->im[k]);
    m->scale[k] = largest == 0 ? 1 : 1 / (own > largest * 0x1p-200 ? own : largest);
  }
}

static gd_status allocate(modes *m, size_t count) {
  m->params = gdi_allocate(&m->env, m->method->params_size, 1);
  m->step_sizes = gdi_allocate(&m->env, m->n_players, sizeof *m->step_sizes);
  m->re = gdi_allocate(&m->env, 3 * count, sizeof *m->re);
  if (!m->params || !m->step_sizes || !m->re) return GD_ERR_MEMORY;
  m->im = m->re + count;
  m->scale = m->im + count;
  return GD_OK;
}

static void release(modes *m) {
  gdi_release(&m->env, m->params);
  gdi_release(&m->env, m->step_sizes);
  gdi_release(&m->env, m->re);
}

/* To be followed by release(), also on failure. */
static gd_status prepare(modes *m, const gd_stepper *stepper, const gd_spectrum *spectrum) {
  *m = (modes){.method = gd_stepper_method(stepper), .n_players = gd_game_players(gd_stepper_game(stepper))};
  GD_TRY(gdi_env_copy(&m->env, gd_game_env(gd_stepper_game(stepper))));
  GD_TRY(allocate(m, gd_spectrum_count(spectrum)));
  memcpy(m->params, gd_stepper_params(stepper), m->method->params_size);
  memcpy(m->params + step_size_row(m->method)->offset, &m->step_sizes, sizeof m->step_sizes);
  m->curves = (gdi_step_curves){.modulus = mode_modulus,
                                .context = m,
                                .scale = m->scale,
                                .noise = 4 * DBL_EPSILON,
                                .n_tests = 1,
                                .level = 1,
                                .resolution = RESOLUTION,
                                .looks = LOOKS,
                                .octaves = OCTAVES,
                                .samples_per_octave = SAMPLES_PER_OCTAVE};
  take_eigenvalues(m, spectrum);
  return GD_OK;
}

gd_status gd_rate(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double step_size, double *rate) {
  GD_TRY(check(stepper, jacobian_spectrum, rate));
  GDI_REQUIRE(step_size >= 0 && isfinite(step_size), "gd_rate: step_size is %g, expected a finite number >= 0",
              step_size);
  modes m;
  double found;
  gd_status status = prepare(&m, stepper, jacobian_spectrum);
  if (status >= 0) status = gdi_step_rate(&m.curves, step_size, &found, NULL);
  release(&m);
  if (status >= 0) *rate = found;
  return status;
}

gd_status gd_largest_stable_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double *step_size) {
  GD_TRY(check(stepper, jacobian_spectrum, step_size));
  modes m;
  double found;
  gd_status status = prepare(&m, stepper, jacobian_spectrum);
  if (status >= 0) status = gdi_step_largest_stable(&m.curves, &found);
  release(&m);
  if (status >= 0) *step_size = found;
  return status;
}

gd_status gd_fastest_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double *step_size,
                          double *rate) {
  GD_TRY(check(stepper, jacobian_spectrum, step_size && rate ? step_size : NULL));
  modes m;
  double found, found_rate;
  gd_status status = prepare(&m, stepper, jacobian_spectrum);
  if (status >= 0) status = gdi_step_fastest(&m.curves, &found, &found_rate);
  release(&m);
  if (status < 0) return status;
  *step_size = found;
  *rate = found_rate;
  return status;
}
