/* SPDX-License-Identifier: BSD-3-Clause */
/* map_rates.c -- rates and step sizes of any method, from the derivative of one step.
 *
 *     rate(h) = spectral radius of M(h),   M(h): derivative of one step of size h
 *
 * M is gd_stepper_map_at_rest(), or for alternating moves their product in closed form.
 *
 * Null directions of J are left out, for no step moves along them.
 *
 * One curve for step_search.c.  Its scale is the step size by which M(h) has moved about 1 away from its limit at 0,
 * found from a small h, where M(h) - M(h/2) is linear in h.  M(0) itself is not used: it differs from the limit for
 * methods that divide by h.  A step size at which no step can be taken is not stable. */
#include "theory/map_rates.h"
#include "base/error.h"
#include "base/memory.h"
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "theory/iteration.h"
#include "theory/map_null.h"
#include "theory/rate_problem.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum {
  OCTAVES = 24,
  LOOKS = 20000,
  JURY_LIMIT = 12,    /* variables of a derivative up to which Jury's conditions are formed */
  SAMPLED_LIMIT = 100 /* and up to which samples lie twice as close as beyond */
};

#define RESOLUTION 1e-4

#define LONGEST 1e150 /* where the map has not moved up to here, it never does */

typedef struct step_map {
  const gdi_rate_problem *problem;
  const gdi_env *env;
  size_t n_players, size; /* size of M, once known */
  double longest;         /* step size the method's table allows */
  double *before;         /* [n_players], step sizes as they were */
  double *step_sizes;     /* [n_players], of the look at hand */
  uint64_t *inner;        /* [n_players], moves in a turn */
  size_t *order;          /* [n_players], who moves when */
  double *matrix, *half;  /* M(h) and M(h/2) [size by size] */
  double *re, *im;        /* eigenvalues of M(h) [size] */
  double noise, error;    /* relative error of M(h); error of its eigenvalues */
} step_map;

/* ---- the stepper, changed and restored ---- */

static void release(step_map *m) {
  gdi_release(m->env, m->before);
  gdi_release(m->env, m->inner);
  gdi_release(m->env, m->order);
  gdi_release(m->env, m->matrix);
  gdi_release(m->env, m->half);
  gdi_release(m->env, m->re);
}

/* Players by increasing turn, equal turns by number. */
static gd_status read_turns(step_map *m) {
  gd_stepper *stepper = m->problem->stepper;
  for (size_t i = 0; i < m->n_players; i++) {
    double turn, other, moves;
    size_t place = 0;
    GD_TRY(gd_stepper_get(stepper, "turn", i, &turn));
    GD_TRY(gd_stepper_get(stepper, "inner_steps", i, &moves));
    for (size_t j = 0; j < m->n_players; j++) {
      GD_TRY(gd_stepper_get(stepper, "turn", j, &other));
      place += other < turn || (other == turn && j < i);
    }
    m->order[place] = i;
    m->inner[i] = (uint64_t)moves;
  }
  return GD_OK;
}

static gd_status borrow(step_map *m, const gdi_rate_problem *problem) {
  gd_stepper *stepper = problem->stepper;
  *m = (step_map){.problem = problem, .env = &problem->env, .n_players = problem->n_players};
  m->before = gdi_allocate(m->env, 2 * m->n_players, sizeof *m->before);
  m->inner = gdi_allocate(m->env, m->n_players, sizeof *m->inner);
  m->order = gdi_allocate(m->env, m->n_players, sizeof *m->order);
  if (!m->before || !m->inner || !m->order) return GD_ERR_MEMORY;
  m->step_sizes = m->before + m->n_players;
  m->longest = gdi_step_size_row(gd_stepper_method(stepper))->upper;
  for (size_t i = 0; i < m->n_players; i++) GD_TRY(gd_stepper_get(stepper, GD_STEP_SIZE, i, &m->before[i]));
  m->noise = problem->route == GD_RATE_BY_ALTERNATION || gdi_map_is_exact(stepper) ? 64 * DBL_EPSILON : 1e-10;
  return problem->route == GD_RATE_BY_ALTERNATION ? read_turns(m) : GD_OK;
}

/* Restore the step sizes; returns `status`, or the failure to restore them. */
static gd_status give_back(step_map *m, gd_status status) {
  const bool moved = m->step_sizes && m->problem->route == GD_RATE_BY_MAP;
  const gd_status back = moved ? gd_stepper_set_players(m->problem->stepper, GD_STEP_SIZE, m->before) : GD_OK;
  release(m);
  return status < 0 || back >= 0 ? status : back;
}

/* ---- one evaluation ---- */

bool gdi_map_is_exact(const gd_stepper *stepper) {
  gd_game *game = gd_stepper_game(stepper);
  return (gd_game_traits(game) & GD_AFFINE) && !gd_game_projects(game) &&
         (gd_stepper_method(stepper)->traits & GD_METHOD_LINEAR);
}

bool gdi_map_is_too_far(gd_status status) {
  return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE || status == GD_ERR_LAPACK;
}

/* The derivative of a step of size h, as an operator to be destroyed. */
static gd_status open_turns(step_map *m, double h, gd_operator **op) {
  gd_linearisation *at = m->problem->at;
  const size_t n = at->n;
  double *M = gdi_scratch_matrix(at, 1);
  if (!M) return GD_ERR_MEMORY;
  for (size_t i = 0; i < m->n_players; i++) m->step_sizes[i] = h * m->problem->ratios[i];
  GD_TRY(gdi_alternating_matrix(at, &(gd_alternation){m->step_sizes, m->inner, m->order}, M, n));
  return gd_operator_dense(op, n, n, M, n, &m->env->env);
}

static gd_status open_map(step_map *m, double h, gd_operator **op) {
  gd_stepper *stepper = m->problem->stepper;
  if (m->problem->route == GD_RATE_BY_ALTERNATION) return open_turns(m, h, op);
  for (size_t i = 0; i < m->n_players; i++) m->step_sizes[i] = h * m->problem->set[i];
  GD_TRY(gd_stepper_set_players(stepper, GD_STEP_SIZE, m->step_sizes));
  return gd_stepper_map_at_rest(op, stepper, m->problem->at->x);
}

static gd_status largest_eigenvalue(step_map *m, gd_operator *op, double *re, double *im) {
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options = m->problem->at->solver;
  options.which = GD_LARGEST_MODULUS, options.count = 1, options.residuals = options.vectors = false;
  gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  if (status >= 0) {
    *re = gd_spectrum_real(spectrum)[0];
    *im = fabs(gd_spectrum_imaginary(spectrum)[0]);
    const gd_status left = gdi_map_leave_null_directions(op, m->problem->at, m->noise, re, im);
    if (left != GD_OK) status = left;
  }
  gd_spectrum_destroy(spectrum);
  return status;
}

static gd_status spectral_radius(step_map *m, double h, double *radius) {
  double re, im;
  gd_operator *op = NULL;
  GD_TRY(open_map(m, h, &op));
  const gd_status status = largest_eigenvalue(m, op, &re, &im);
  gd_operator_destroy(op);
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
  GD_TRY(open_map(m, h, &op));
  m->size = gd_operator_columns(op);
  if (!*matrix) *matrix = gdi_allocate(m->env, gdi_times(m->size, m->size), sizeof **matrix);
  const gd_status status = *matrix ? gd_operator_assemble(op, *matrix, m->size) : GD_ERR_MEMORY;
  gd_operator_destroy(op);
  return status;
}

/* Twice the distance of M(h) from M(h/2); infinite if M(h) does not exist. */
static gd_status distance_moved(step_map *m, double h, double *distance) {
  *distance = INFINITY;
  if (h > m->longest) return GD_OK;
  gd_status status = assemble_at(m, h, &m->matrix);
  if (status >= 0) status = assemble_at(m, h / 2, &m->half);
  if (status >= 0) *distance = 2 * gdi_vector_distance(m->size * m->size, m->matrix, m->half);
  return gdi_map_is_too_far(status) ? GD_OK : status;
}

/* Try step sizes until the map changes by about 1e-3, at most as many as cover the range of numbers.  If it changes by
 * less at every possible step size, the last one is used. */
static gd_status search_scale(step_map *m, double *scale) {
  double h = 1, moved, slow = 0; /* `slow`: a step size at which the map hardly moves */
  GD_TRY(distance_moved(m, h, &moved));
  for (int k = 0; k < 200 && h < LONGEST && !(moved > 1e-4 && moved < 1e-2); k++) {
    const bool still = moved < 64 * m->noise * (double)m->size;
    if (moved < 1e-2) slow = h;
    if (isinf(moved) && slow > 0 && h < 2 * slow) break;
    h = isinf(moved) ? fmax(1e-6 * h, sqrt(slow * h)) : still ? 1e3 * h : h * (1e-3 / moved);
    GD_TRY(distance_moved(m, h, &moved));
  }
  const bool found = moved > 1e-4 && moved < 1e-2;
  if (!found && slow == 0)
    return gdi_fail(GD_ERR_HYPOTHESIS,
                    "the derivative of one step of %s has no limit as the step size goes to 0: no step sizes to search",
                    gd_stepper_method(m->problem->stepper)->name);
  *scale = found ? h / moved : h < LONGEST ? slow : 1;
  return GD_OK;
}

/* If M is known by products, the scale is 1/|J|, at which most methods have changed M noticeably. */
static gd_status find_scale(step_map *m, double *scale) {
  double norm;
  if (m->problem->at->dense) return search_scale(m, scale);
  const gd_status status = gd_linearisation_norm(m->problem->at, &norm);
  if (status >= 0) *scale = norm > 0 ? 1 / norm : 1;
  m->size = SIZE_MAX; /* too many for matrices */
  return status < 0 ? status : GD_OK;
}

/* ---- Jury's conditions ---- */

/* Multiply a test by a real factor, or by a pair of conjugate factors: |factor|^2. */
static void multiply(gdi_step_test *test, double size, int sign, double error) {
  test->sign *= sign;
  test->log_size += log(size);
  test->doubt += error / fmax(size, error);
}

/* prod_k (1 - side l_k). */
static gdi_step_test look_at_point(const step_map *m, int side) {
  gdi_step_test test = {.sign = 1};
  for (size_t k = 0; k < m->size; k++) {
    const double re = 1 - side * m->re[k], size = hypot(re, m->im[k]);
    multiply(&test, size, m->im[k] == 0 && re < 0 ? -1 : 1, m->error);
  }
  return test;
}

/* prod_(i<j) (1 - l_i l_j); of a factor that is not real, the conjugate is another. */
static gdi_step_test look_at_pairs(const step_map *m) {
  gdi_step_test test = {.sign = 1};
  for (size_t i = 0; i < m->size; i++)
    for (size_t j = i + 1; j < m->size; j++) {
      const double re = 1 - (m->re[i] * m->re[j] - m->im[i] * m->im[j]);
      const double im = m->re[i] * m->im[j] + m->im[i] * m->re[j], size = hypot(re, im);
      const bool pair = m->im[i] > 0 && j == i + 1, real = m->im[i] == 0 && m->im[j] == 0;
      multiply(&test, size, (pair || real) && re < 0 ? -1 : 1,
               m->error * (hypot(m->re[i], m->im[i]) + hypot(m->re[j], m->im[j])));
    }
  return test;
}

static gd_status find_eigenvalues(step_map *m, double h) {
  GD_TRY(assemble_at(m, h, &m->matrix));
  m->error = m->noise * fmax(1, gdi_vector_norm(m->size * m->size, m->matrix));
  return gdi_eigen_general(m->env, m->size, m->matrix, m->size, m->re, m->im, NULL);
}

/* The error of the eigenvalues is that of the matrix, whatever the level. */
static void divide_eigenvalues(step_map *m, double level) {
  for (size_t k = 0; k < m->size; k++) m->re[k] /= level, m->im[k] /= level;
  m->error /= level;
}

static gd_status look_by_jury(const void *context, size_t index, double h, double level, gdi_step_look *look) {
  (void)index;
  step_map *m = (step_map *)context;
  *look = (gdi_step_look){.modulus = INFINITY};
  if (h > m->longest) return GD_OK;
  const gd_status status = find_eigenvalues(m, h);
  if (status < 0) return gdi_map_is_too_far(status) ? GD_OK : status;
  divide_eigenvalues(m, level);
  look->modulus = 0;
  for (size_t k = 0; k < m->size; k++) look->modulus = fmax(look->modulus, hypot(m->re[k], m->im[k]));
  look->tests[0] = look_at_point(m, 1);
  look->tests[1] = look_at_point(m, -1);
  look->tests[2] = look_at_pairs(m);
  return GD_OK;
}

static gd_status curve_by_jury(const void *context, size_t index, double h, double *modulus) {
  gdi_step_look look;
  const gd_status status = look_by_jury(context, index, h, 1, &look);
  *modulus = look.modulus;
  return status;
}

/* ---- the search ---- */

/* Jury's conditions cannot be used if the eigenvalue 1 of a null direction is left out: their first test is 0. */
static gd_status has_jury(step_map *m, double scale, bool *answer) {
  *answer = false;
  if (m->size > JURY_LIMIT) return GD_OK;
  const gd_status status = find_eigenvalues(m, scale / 1024);
  if (status < 0) return gdi_map_is_too_far(status) ? GD_OK : status;
  *answer = true;
  for (size_t k = 0; k < m->size; k++)
    if (hypot(m->re[k] - 1, m->im[k]) < 64 * m->noise) *answer = false;
  return GD_OK;
}

static gd_status describe(step_map *m, const double *scale, gdi_step_curves *curves) {
  bool small;
  const size_t room = m->size <= JURY_LIMIT ? m->size : 0;
  m->re = gdi_allocate(m->env, 2 * room, sizeof *m->re);
  if (!m->re) return GD_ERR_MEMORY;
  m->im = m->re + room;
  GD_TRY(has_jury(m, *scale, &small));
  *curves = (gdi_step_curves){.count = 1,
                              .modulus = small ? curve_by_jury : curve,
                              .look = small ? look_by_jury : NULL,
                              .n_tests = small ? 3 : 0,
                              .level = 1,
                              .context = m,
                              .scale = scale,
                              .noise = m->noise,
                              .resolution = RESOLUTION,
                              .looks = LOOKS,
                              .octaves = OCTAVES,
                              .samples_per_octave = m->size <= JURY_LIMIT      ? 16
                                                    : m->size <= SAMPLED_LIMIT ? 8
                                                                               : 4};
  return GD_OK;
}

gd_status gdi_rate_by_map(const gdi_rate_problem *problem, gdi_rate_search *search, void *answer) {
  step_map m;
  double scale;
  gdi_step_curves curves;
  gd_status status = borrow(&m, problem);
  if (status >= 0) status = find_scale(&m, &scale);
  if (status >= 0) status = describe(&m, &scale, &curves);
  if (status >= 0) status = search(&curves, answer);
  return give_back(&m, status);
}

gd_status gdi_rate_of_map(const gdi_rate_problem *problem, double step_size, double *rate) {
  step_map m;
  double found = 0;
  gd_status status = borrow(&m, problem);
  if (status >= 0) status = spectral_radius(&m, step_size, &found);
  status = give_back(&m, status);
  if (status >= 0) *rate = found;
  return status;
}
