/* SPDX-License-Identifier: BSD-3-Clause */
/* rate_spectrum.c -- the eigenvalues that a stability function acts on.
 *
 * With one step size for all players they are those of J.  With the step sizes h r_i a step of x' = x + h D v, D =
 * diag(r_i), acts on D J.  Consensus steps act on A = J - gamma J'J, the derivative of v - gamma J'v where v = 0, as
 * simultaneous steps act on J.  If J is a matrix, so is D A; otherwise D A is known by products, and the ends of its
 * spectrum are computed. */
#include "base/error.h"
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "linear/null_space.h"
#include "linear/operator.h"
#include "theory/rate_problem.h"

#include <math.h>
#include <string.h>

/* u -> D (J u - gamma J' J u) */
typedef struct field {
  const gdi_rate_problem *problem;
  double gamma;
  double *product; /* [n] */
} field;

static gd_status find_gamma(const gdi_rate_problem *problem, double *gamma) {
  *gamma = 0;
  return problem->route == GD_RATE_BY_FIELD ? gd_stepper_get(problem->stepper, "gamma", 0, gamma) : GD_OK;
}

static void scale_rows(const gdi_rate_problem *problem, double *column) {
  const gd_game *game = problem->at->game;
  for (size_t i = 0; i < problem->n_players; i++) {
    double *block = column + gd_game_block_start(game, i);
    for (size_t k = 0; k < gd_game_block_size(game, i); k++) block[k] *= problem->ratios[i];
  }
}

/* ---- matrices ---- */

/* A = D (J - gamma J'J) */
static gd_status form(const gdi_rate_problem *problem, double gamma, double *A) {
  const size_t n = problem->at->n;
  const double *J;
  GD_TRY(gd_linearisation_matrix(problem->at, &J));
  if (gamma != 0)
    gdi_matrix_product(
        &(gdi_product){.transpose_a = true, .rows = n, .columns = n, .inner = n, .A = J, .lda = n, .B = J, .ldb = n}, A,
        n);
  for (size_t k = 0; k < n * n; k++) A[k] = gamma != 0 ? J[k] - gamma * A[k] : J[k];
  for (size_t j = 0; j < n; j++) scale_rows(problem, A + j * n);
  return GD_OK;
}

static gd_status find_densely(const gdi_rate_problem *problem, double gamma, gd_spectrum **spectrum) {
  gd_linearisation *at = problem->at;
  double *A = gdi_scratch_matrix(at, 0);
  gd_operator *op = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.residuals = false, options.dense_limit = at->n;
  if (!A) return GD_ERR_MEMORY;
  GD_TRY(form(problem, gamma, A));
  GD_TRY(gd_operator_dense(&op, at->n, at->n, A, at->n, &at->env.env));
  gdi_operator_set_doubt(op, gdi_linearisation_doubt(at));
  const gd_status status = gd_spectrum_compute(spectrum, op, &options);
  gd_operator_destroy(op);
  return status;
}

/* ---- products ---- */

static gd_status apply(void *context, const double *u, double *out) {
  const field *f = context;
  GD_TRY(gd_operator_apply(f->problem->at->J, u, out));
  if (f->gamma != 0) {
    GD_TRY(gd_operator_apply_transpose(f->problem->at->J, out, f->product));
    gdi_vector_axpy(f->problem->at->n, -f->gamma, f->product, out);
  }
  scale_rows(f->problem, out);
  return GD_OK;
}

static void leave_alone(void *context) { (void)context; }

/* A bound on the norm of the field's J; 0 if it is not known. */
static double norm_of(const gdi_rate_problem *problem, double gamma) {
  double norm, largest = 0;
  for (size_t i = 0; i < problem->n_players; i++) largest = fmax(largest, problem->ratios[i]);
  if (gd_linearisation_norm(problem->at, &norm) < 0) return 0;
  return largest * (norm + gamma * norm * norm);
}

static gd_status find_by_products(const gdi_rate_problem *problem, double gamma, gd_spectrum **spectrum) {
  static const gdi_operator_table table = {apply, NULL, leave_alone};
  gd_linearisation *at = problem->at;
  field f = {problem, gamma, gdi_allocate(&at->env, at->n, sizeof *f.product)};
  gd_operator *op = NULL;
  gd_status status = f.product ? gdi_operator_create(&op, at->n, at->n, &table, &f, &at->env.env) : GD_ERR_MEMORY;
  if (status >= 0) status = gdi_find_ends(&at->env, op, &at->solver, norm_of(problem, gamma), spectrum);
  gd_operator_destroy(op);
  gdi_release(&at->env, f.product);
  return status;
}

/* J is antisymmetric, so normal: J - gamma J'J has the eigenvalues l - gamma |l|^2. */
static gd_status find_of_turning(const gdi_rate_problem *problem, double gamma, const gd_spectrum *own,
                                 gd_spectrum **spectrum) {
  const gdi_env *env = &problem->env;
  const size_t count = gd_spectrum_count(own);
  double *re = gdi_allocate(env, 2 * count, sizeof *re), *im = re + count;
  if (!re) return GD_ERR_MEMORY;
  for (size_t k = 0; k < count; k++) {
    im[k] = gd_spectrum_imaginary(own)[k] * problem->ratios[0];
    re[k] = -gamma * gd_spectrum_imaginary(own)[k] * im[k];
  }
  const gd_status status = gd_spectrum_from_values(spectrum, count, re, im, &env->env);
  if (status >= 0) gdi_spectrum_set_incomplete(*spectrum);
  gdi_release(env, re);
  return status;
}

/* ---- both ---- */

static gd_status find(const gdi_rate_problem *problem, double gamma, gd_spectrum **spectrum) {
  gd_linearisation *at = problem->at;
  const gd_spectrum *own = NULL;
  if (at->dense) return find_densely(problem, gamma, spectrum);
  const gd_status status = gd_linearisation_spectrum(at, &own); /* which finds out whether it is bilinear */
  if (status < 0) return status;
  if (!at->turning || !problem->equal) return find_by_products(problem, gamma, spectrum);
  GD_TRY(find_of_turning(problem, gamma, own, spectrum));
  return status;
}

gd_status gdi_rate_spectrum(const gdi_rate_problem *problem, const gd_spectrum **spectrum, gd_spectrum **owned) {
  double gamma;
  *owned = NULL;
  GD_TRY(find_gamma(problem, &gamma));
  if (problem->equal && problem->route == GD_RATE_BY_MODES) return gd_linearisation_spectrum(problem->at, spectrum);
  if (problem->at->given)
    return gdi_fail(GD_ERR_UNSUPPORTED,
                    "rates: only eigenvalues of J are known, expected equal step sizes of all players");
  const gd_status status = find(problem, gamma, owned);
  *spectrum = *owned;
  return status;
}

gd_status gdi_consensus_spectrum(gd_linearisation *at, double gamma, gd_spectrum **spectrum) {
  gdi_rate_problem problem = {.at = at, .route = GD_RATE_BY_FIELD, .equal = true};
  problem.n_players = gd_game_players(at->game);
  GD_TRY(gdi_env_copy(&problem.env, &at->env.env));
  problem.ratios = gdi_allocate(&problem.env, problem.n_players, sizeof *problem.ratios);
  for (size_t i = 0; problem.ratios && i < problem.n_players; i++) problem.ratios[i] = 1;
  const gd_status status = problem.ratios ? find(&problem, gamma, spectrum) : GD_ERR_MEMORY;
  gdi_release(&problem.env, problem.ratios);
  return status;
}
