/* SPDX-License-Identifier: BSD-3-Clause */
/* mean_spectrum.c -- the eigenvalues of a mean of Jacobians, and how far each of these moves them.
 *
 * V holds the eigenvectors of the mean, of a pair the real and the imaginary part in two columns.  With M = V^-1 J_k V a
 * real eigenvalue becomes M_ii to first order, and a pair the trace of its 2 by 2 block over 2, plus or minus i times
 * (M_ij - M_ji) / 2. */
#include "base/error.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "dense/algebra.h"
#include "game/limits.h"

#include <float.h>
#include <gamedyn/mean_spectrum.h>
#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <math.h>
#include <string.h>

typedef struct mean_problem {
  gdi_env env;
  gd_game *game; /* a handle of its own */
  const double *x;
  gd_draw first;
  uint64_t draws;
  size_t n;
  double *J, *mean, *V, *W; /* [n by n]: of one draw, over all, eigenvectors, products */
  int *pivots;              /* [n] */
  double *found;            /* [4 n]: re, im, sums of squares of their moves */
} mean_problem;

static gd_status jacobian_of(mean_problem *p, uint64_t k) {
  gd_draw draw = p->first;
  draw.index += k;
  if (gd_game_traits(p->game) & GD_STOCHASTIC) gd_game_set_draw(p->game, &draw);
  return gd_game_jacobian(p->game, p->x, p->J, p->n);
}

static gd_status find_mean(mean_problem *p) {
  for (uint64_t k = 0; k < p->draws; k++) {
    GD_TRY(jacobian_of(p, k));
    for (size_t j = 0; j < p->n * p->n; j++) p->mean[j] += (p->J[j] - p->mean[j]) / (double)(k + 1);
  }
  return GD_OK;
}

static gd_status copy_vectors(mean_problem *p, const gd_spectrum *spectrum) {
  const size_t n = p->n;
  for (size_t k = 0; k < n; k++) {
    const bool pair = p->found[n + k] != 0;
    GD_TRY(gd_spectrum_vector(spectrum, k, p->V + k * n, p->W));
    if (pair) memcpy(p->V + ++k * n, p->W, n * sizeof *p->W); /* the member with +im is first */
  }
  return GD_OK;
}

static gd_status find_eigenvalues(mean_problem *p, bool vectors) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.dense_limit = p->n, options.residuals = false, options.vectors = vectors;
  gd_status status = gd_operator_dense(&op, p->n, p->n, p->mean, p->n, &p->env.env);
  if (status == GD_OK) status = gd_spectrum_compute(&spectrum, op, &options);
  if (status == GD_OK) {
    memcpy(p->found, gd_spectrum_real(spectrum), p->n * sizeof *p->found);
    memcpy(p->found + p->n, gd_spectrum_imaginary(spectrum), p->n * sizeof *p->found);
    if (vectors) status = copy_vectors(p, spectrum);
  }
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return status;
}

/* Add the squares of the moves of one draw; W = M. */
static void add_moves(mean_problem *p) {
  const size_t n = p->n;
  const double *M = p->W;
  double *re = p->found, *im = re + n, *re_squares = im + n, *im_squares = re_squares + n;
  for (size_t i = 0; i < n; i++) {
    const size_t j = i + 1;
    if (im[i] == 0) {
      re_squares[i] += pow(M[i + i * n] - re[i], 2);
      continue;
    }
    re_squares[i] += pow((M[i + i * n] + M[j + j * n]) / 2 - re[i], 2);
    im_squares[i] += pow((M[i + j * n] - M[j + i * n]) / 2 - im[i], 2);
    re_squares[j] = re_squares[i], im_squares[j] = im_squares[i];
    i++;
  }
}

/* Factors of V; columns have length 1, and a pivot as small as rounding says that they are not independent. */
static gd_status factor_vectors(mean_problem *p, double *factors, bool *independent) {
  const size_t n = p->n;
  memcpy(factors, p->V, n * n * sizeof *factors);
  const gd_status status = gdi_lu_factor(n, factors, n, p->pivots);
  *independent = status == GD_OK;
  for (size_t i = 0; i < n && *independent; i++) *independent = fabs(factors[i + i * n]) > (double)n * DBL_EPSILON;
  return status == GD_ERR_LAPACK ? GD_OK : status;
}

/* M of every draw. */
static gd_status find_moves(mean_problem *p) {
  const size_t n = p->n;
  double *factors = p->mean; /* which is not needed any more */
  bool independent;
  GD_TRY(factor_vectors(p, factors, &independent));
  if (!independent) {
    for (size_t k = 2 * n; k < 4 * n; k++) p->found[k] = INFINITY;
    return GD_OK;
  }
  for (uint64_t k = 0; k < p->draws; k++) {
    GD_TRY(jacobian_of(p, k));
    gdi_matrix_product(&(gdi_product){.rows = n, .columns = n, .inner = n, .A = p->J, .B = p->V, .lda = n, .ldb = n},
                       p->W, n);
    gdi_lu_solve_many(n, factors, n, p->pivots, n, p->W);
    add_moves(p);
  }
  return GD_OK;
}

static gd_status open_problem(mean_problem *p, const gd_game *game) {
  const size_t square = gdi_times(p->n, p->n);
  GD_TRY(gd_game_dup(&p->game, game));
  p->J = gdi_allocate(&p->env, square, sizeof *p->J);
  p->mean = gdi_allocate(&p->env, square, sizeof *p->mean);
  p->V = gdi_allocate(&p->env, square, sizeof *p->V);
  p->W = gdi_allocate(&p->env, square, sizeof *p->W);
  p->pivots = gdi_allocate(&p->env, p->n, sizeof *p->pivots);
  p->found = gdi_allocate(&p->env, gdi_times(4, p->n), sizeof *p->found);
  return p->J && p->mean && p->V && p->W && p->pivots && p->found ? GD_OK : GD_ERR_MEMORY;
}

static void close_problem(mean_problem *p) {
  gdi_release(&p->env, p->found);
  gdi_release(&p->env, p->pivots);
  gdi_release(&p->env, p->W);
  gdi_release(&p->env, p->V);
  gdi_release(&p->env, p->mean);
  gdi_release(&p->env, p->J);
  gd_game_destroy(p->game);
}

static double error_of(const mean_problem *p, double squares) {
  const double K = (double)p->draws;
  return sqrt(squares / (K - 1) / K);
}

static gd_status check_arguments(const gd_game *game, const double *x, const gd_draw *first, uint64_t draws) {
  GDI_REQUIRE(game && x && first, "gd_mean_eigenvalues: %s is NULL", !game ? "game" : x ? "first" : "x");
  GDI_REQUIRE(draws >= 1, "gd_mean_eigenvalues: draws is 0, expected 1 or more");
  GD_TRY(gdi_game_check_whole(game, "gd_mean_eigenvalues"));
  if (gdi_game_may_be_dense(game)) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED, "gd_mean_eigenvalues: the game \"%s\" has %zu variables, more than dense_limit",
                  gd_game_name(game), gd_game_size(game));
}

gd_status gd_mean_eigenvalues(const gd_game *game, const double *x, const gd_draw *first, uint64_t draws, double *re,
                              double *im, double *re_error, double *im_error) {
  const bool errors = re_error != NULL;
  GD_TRY(check_arguments(game, x, first, draws));
  GDI_REQUIRE(re && im, "gd_mean_eigenvalues: %s is NULL", re ? "im" : "re");
  GDI_REQUIRE(errors == (im_error != NULL), "gd_mean_eigenvalues: %s is NULL, expected both errors or none",
              errors ? "im_error" : "re_error");
  GDI_REQUIRE(!errors || draws >= 2, "gd_mean_eigenvalues: draws is 1, expected 2 or more for standard errors");
  mean_problem p = {.x = x, .first = *first, .draws = draws, .n = gd_game_size(game)};
  GD_TRY(gdi_env_copy(&p.env, gd_game_env(game)));
  gd_status status = open_problem(&p, game);
  if (status == GD_OK) status = find_mean(&p);
  if (status == GD_OK) status = find_eigenvalues(&p, errors);
  if (status == GD_OK && errors) status = find_moves(&p);
  for (size_t k = 0; status == GD_OK && k < p.n; k++) {
    re[k] = p.found[k], im[k] = p.found[p.n + k];
    if (errors) re_error[k] = error_of(&p, p.found[2 * p.n + k]), im_error[k] = error_of(&p, p.found[3 * p.n + k]);
  }
  close_problem(&p);
  return status;
}
