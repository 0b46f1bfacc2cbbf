/* SPDX-License-Identifier: BSD-3-Clause */
/* linearisation_ends.c -- the ends of the spectrum of a J that is known by its products.
 *
 * Krylov-Schur looks for the eigenvalues of largest modulus, real part and imaginary part and of smallest real part.
 * Each is kept once.
 *
 * An antisymmetric J has the eigenvalues +- i s for its singular values s, in a bilinear game [[0, -C], [C', 0]] those
 * of C.  Golub-Kahan finds those from both ends.
 *
 * Rounding may turn two zeros in a Jordan chain into eigenvalues as large as sqrt(eps) |J|.  Eigenvalues up to this
 * size are left out. */
#include "base/error.h"
#include "kernels/vector.h"
#include "linear/null_space.h"
#include "linear/operator.h"
#include "theory/linearisation.h"
#include "theory/point.h"

#include <gamedyn/rng.h>
#include <math.h>

enum { SUBSPACE = 60, MAX_PRODUCTS = 2000 };

#define SAME 1e-8     /* relative: residuals of what counts as found, and what counts as found before */
#define ZERO 1e-12    /* of the largest modulus */
#define CHAIN 1.5e-8  /* sqrt eps, of |J| */
#define NOTHING 1e-13 /* of |J u|: what |J u + J'u| is by rounding */

/* The eigenvalues found, conjugate pairs adjacent. */
typedef struct value_list {
  double *re, *im;
  size_t count;
} value_list;

static bool is_known(const value_list *list, double re, double im) {
  for (size_t k = 0; k < list->count; k++)
    if (hypot(list->re[k] - re, list->im[k] - im) <= SAME * hypot(re, im)) return true;
  return false;
}

static void add(value_list *list, double re, double im) {
  for (int member = 0; member < (im != 0 ? 2 : 1); member++) {
    list->re[list->count] = re;
    list->im[list->count++] = member ? -im : im;
  }
}

/* Where the ends are looked for, and what is found. */
typedef struct search {
  const gdi_env *env;
  gd_operator *op;
  const gd_spectrum_options *solver;
  double noise; /* eigenvalues up to this are zeros */
  value_list found;
  gd_status caveat;
} search;

/* The user's limits; defaults for the ends of spectra where the user has none. */
static gd_spectrum_options options_for(const search *s, gd_which which) {
  gd_spectrum_options options = *s->solver, defaults;
  gd_spectrum_options_init(&defaults);
  options.which = which;
  options.vectors = options.symmetric = false;
  options.residuals = true;
  if (options.subspace == 0) options.subspace = SUBSPACE;
  if (options.max_products == defaults.max_products) options.max_products = MAX_PRODUCTS;
  return options;
}

static gd_status open(search *s, size_t capacity) {
  s->found.re = gdi_allocate(s->env, 2 * capacity, sizeof *s->found.re);
  s->found.im = s->found.re + capacity;
  return s->found.re ? GD_OK : GD_ERR_MEMORY;
}

/* Create the spectrum of the eigenvalues found; returns its status. */
static gd_status close(search *s, gd_status status, gd_spectrum **spectrum) {
  const value_list *found = &s->found;
  if (status >= 0 && found->count == 0)
    status = gdi_fail(GD_ERR_HYPOTHESIS, "linearisation: products find no nonzero eigenvalue of J");
  if (status >= 0) status = gd_spectrum_from_values(spectrum, found->count, found->re, found->im, &s->env->env);
  if (status >= 0) gdi_spectrum_set_incomplete(*spectrum);
  gdi_release(s->env, s->found.re);
  return status < 0 ? status : s->caveat;
}

/* ---- any operator ---- */

/* Values of largest modulus are computed first, since the others need `radius`. */
static gd_status add_end(search *s, gd_which which, double *radius) {
  const gd_spectrum_options options = options_for(s, which);
  gd_spectrum *spectrum = NULL;
  const gd_status status = gd_spectrum_compute(&spectrum, s->op, &options);
  if (status < 0) return status;
  if (status > 0) s->caveat = status;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double re = gd_spectrum_real(spectrum)[k], im = gd_spectrum_imaginary(spectrum)[k], modulus = hypot(re, im);
    *radius = fmax(*radius, modulus);
    const bool is_zero = modulus <= fmax(s->noise, ZERO * *radius);
    const bool converged = gd_spectrum_residual(spectrum)[k] <= SAME * modulus && !is_zero;
    if (im >= 0 && converged && !is_known(&s->found, re, im)) add(&s->found, re, im);
  }
  gd_spectrum_destroy(spectrum);
  return GD_OK;
}

gd_status gdi_find_ends(const gdi_env *env, gd_operator *op, const gd_spectrum_options *solver, double norm,
                        gd_spectrum **spectrum) {
  static const gd_which ends[] = {GD_LARGEST_MODULUS, GD_LARGEST_REAL, GD_SMALLEST_REAL, GD_LARGEST_IMAGINARY};
  search s = {.env = env, .op = op, .solver = solver, .noise = CHAIN * norm};
  double radius = 0;
  gd_status status = open(&s, 8 * (solver->count + 1));
  for (size_t k = 0; k < sizeof ends / sizeof *ends && status >= 0; k++) status = add_end(&s, ends[k], &radius);
  return close(&s, status, spectrum);
}

/* ---- antisymmetric J ---- */

/* Tests whether J u + J'u is 0 to rounding for random u: with probability 1 only if J + J' = 0. */
static gd_status try_directions(gd_linearisation *at, double *u, bool *all) {
  enum { TRIES = 3 };
  const size_t n = at->n;
  double *Ju = u + n, *Jtu = Ju + n;
  gd_rng rng = gd_rng_make(0, 0);
  *all = true;
  for (int k = 0; k < TRIES && *all; k++) {
    gd_rng_fill_normal(&rng, n, u);
    GD_TRY(gd_operator_apply(at->J, u, Ju));
    GD_TRY(gd_operator_apply_transpose(at->J, u, Jtu));
    const double size = gdi_vector_norm(n, Ju);
    gdi_vector_axpy(n, 1, Jtu, Ju);
    *all = gdi_vector_norm(n, Ju) <= fmax(gdi_linearisation_doubt(at), NOTHING) * size;
  }
  return GD_OK;
}

static gd_status is_antisymmetric(gd_linearisation *at, bool *answer) {
  *answer = false;
  if (gd_game_source(at->game, GD_VJP) == GD_SOURCE_NONE) return GD_OK;
  double *u = gdi_allocate(&at->env, 3 * at->n, sizeof *u);
  const gd_status status = u ? try_directions(at, u, answer) : GD_ERR_MEMORY;
  gdi_release(&at->env, u);
  return status;
}

/* Own blocks of a zero-sum game are symmetric, and vanish where J is antisymmetric. */
static gd_status open_singular(gd_linearisation *at, gd_operator **op) {
  const bool bilinear = gd_game_players(at->game) == 2 && (gd_game_traits(at->game) & GD_ZERO_SUM);
  return bilinear ? gd_operator_block(op, at->game, 0, 1, at->x) : gd_operator_jacobian(op, at->game, at->x);
}

static gd_status add_singular_end(search *s, gd_which which, double *room) {
  const gd_spectrum_options options = options_for(s, which);
  const size_t rows = gd_operator_rows(s->op), columns = gd_operator_columns(s->op);
  const size_t least = rows < columns ? rows : columns;
  const gd_status status = gd_singular_values(s->op, &options, room, NULL);
  if (status < 0) return status;
  if (status > 0) s->caveat = status;
  for (size_t k = 0; k < options.count && k < least && room[k] > 0; k++)
    if (!is_known(&s->found, 0, room[k])) add(&s->found, 0, room[k]);
  return GD_OK;
}

static gd_status find_turning_ends(const gdi_env *env, gd_operator *op, const gd_spectrum_options *solver,
                                   gd_spectrum **spectrum) {
  search s = {.env = env, .op = op, .solver = solver};
  const size_t capacity = 4 * solver->count;
  gd_status status = open(&s, capacity + solver->count); /* room for values at the end */
  if (status >= 0) status = add_singular_end(&s, GD_LARGEST_MODULUS, s.found.im + capacity);
  if (status >= 0) status = add_singular_end(&s, GD_SMALLEST_REAL, s.found.im + capacity);
  return close(&s, status, spectrum);
}

gd_status gdi_linearisation_find_ends(gd_linearisation *at) {
  gd_operator *op = NULL;
  double norm = 0;
  GD_TRY(is_antisymmetric(at, &at->turning));
  gd_status status = at->turning ? open_singular(at, &op) : GD_OK;
  const bool has_norm = !at->turning && gd_game_source(at->game, GD_VJP) != GD_SOURCE_NONE;
  if (has_norm) status = gd_linearisation_norm(at, &norm);
  if (status >= 0)
    status = at->turning ? find_turning_ends(&at->env, op, &at->solver, &at->values)
                         : gdi_find_ends(&at->env, at->J, &at->solver, norm, &at->values);
  gd_operator_destroy(op);
  if (status >= 0) at->ends_status = status;
  return status;
}
