/* SPDX-License-Identifier: BSD-3-Clause */
/* rate_modes.c -- rates of methods that act mode by mode, from a spectrum.
 *
 *     rate(h) = max over eigenvalues lambda of |R(h, lambda)|,   R: the method's stability function
 *
 * Null directions are left out, since nothing moves along them.  A zero eigenvalue that remains, as in a Jordan chain,
 * gives the rate 1.
 *
 * The method's own parameters are used, except for the step size: a copy of the params struct points to other step
 * sizes; the method's table gives the position of the member.  Consensus steps are simultaneous steps on another
 * field. */
#include "base/error.h"
#include "linear/null_space.h"
#include "steppers/stepper.h"
#include "theory/rate_problem.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { OCTAVES = 30, SAMPLES_PER_OCTAVE = 16, LOOKS = 1000000 };

#define RESOLUTION 1e-6

/* A stepper and a spectrum, as gdi_step_curves: one curve for each real eigenvalue or pair. */
typedef struct modes {
  const gdi_env *env;
  const gd_method *method;
  char *params;
  double *step_sizes; /* [n_players], what `params` points at */
  size_t n_players;
  double factor;           /* factor of the step size's schedule */
  double *re, *im, *scale; /* [count] */
  gdi_step_curves curves;
} modes;

static gd_status mode_modulus(const void *context, size_t index, double h, double *modulus) {
  const modes *m = context;
  for (size_t i = 0; i < m->n_players; i++) m->step_sizes[i] = h * m->factor;
  const uint64_t before = gdi_failures();
  const gd_status status = m->method->mode_modulus(m->params, m->re[index], m->im[index], modulus);
  if (status >= 0) return status;
  return gdi_callback_status(before, status, "the mode_modulus of method \"%s\"", m->method->name);
}

/* Copy one eigenvalue of each pair, and its scale of step sizes.  A zero eigenvalue has no scale of its own and gets
 * that of the largest one. */
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
  m->params = gdi_allocate(m->env, m->method->params_size, 1);
  m->step_sizes = gdi_allocate(m->env, m->n_players, sizeof *m->step_sizes);
  m->re = gdi_allocate(m->env, 3 * count, sizeof *m->re);
  if (!m->params || !m->step_sizes || !m->re) return GD_ERR_MEMORY;
  m->im = m->re + count;
  m->scale = m->im + count;
  return GD_OK;
}

static void release(modes *m) {
  gdi_release(m->env, m->params);
  gdi_release(m->env, m->step_sizes);
  gdi_release(m->env, m->re);
}

static void describe(modes *m, const gd_spectrum *spectrum) {
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
  for (size_t k = 0; k < m->curves.count; k++) m->scale[k] /= m->factor;
}

/* Equal ratios are a factor of the step size; unequal ones are already in the spectrum. */
static gd_status prepare(modes *m, const gdi_rate_problem *problem, const gd_spectrum *spectrum) {
  const bool own = problem->route == GD_RATE_BY_MODES;
  *m = (modes){.env = &problem->env, .n_players = problem->n_players, .factor = 1};
  m->method = own ? gd_stepper_method(problem->stepper) : &gdi_method_simultaneous;
  if (problem->equal && own) m->factor = problem->ratios[0];
  GD_TRY(allocate(m, gd_spectrum_count(spectrum)));
  if (own) memcpy(m->params, gd_stepper_params(problem->stepper), m->method->params_size);
  memcpy(m->params + gdi_step_size_row(m->method)->offset, &m->step_sizes, sizeof m->step_sizes);
  describe(m, spectrum);
  return GD_OK;
}

gd_status gdi_rate_by_modes(const gdi_rate_problem *problem, gdi_rate_search *search, void *answer) {
  const gd_spectrum *spectrum;
  gd_spectrum *owned;
  const gd_status caveat = gdi_rate_spectrum(problem, &spectrum, &owned);
  if (caveat < 0) return caveat;
  modes m;
  gd_status status = prepare(&m, problem, spectrum);
  if (status >= 0) status = search(&m.curves, answer);
  release(&m);
  gd_spectrum_destroy(owned);
  return status == GD_OK ? caveat : status;
}
