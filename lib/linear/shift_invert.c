/* SPDX-License-Identifier: BSD-3-Clause */
/* shift_invert.c -- eigenvalues closest to a real or complex target, as the largest ones of an inverse.
 *
 *     B = (A - a)^-1,   or, for a target a + i b,   B = ((A - a)^2 + b^2)^-1
 *
 * has the eigenvectors of A and eigenvalues 1 / (lambda - a), or 1 / ((lambda - a - i b) (lambda - a + i b)): real
 * arithmetic finds a complex target and its conjugate together (Parlett & Saad 1987 for the choice there is).  A
 * product with B is a system for GMRES, solved to the tolerance of the eigenvalues.  The vectors that Krylov-Schur
 * finds for B span a space with the orthonormal basis V.  The result are the Ritz values and vectors of A itself in
 * this space, V'A V y = lambda y, with residuals computed with A.  So the result does not depend on the accuracy of the
 * systems. */
#include "linear/shift_invert.h"

#include "dense/algebra.h"
#include "kernels/vector.h"
#include "linear/gmres.h"
#include "linear/operator.h"
#include "linear/order.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define INNER 0.01 /* tolerance of systems, relative to that of eigenvalues */
#define OUTER                                                                                                          \
  1e-2 /* of B's eigenvalues, likewise: residuals grow by |A - target| / |lambda - target| on the way to A */
#define DEPENDENT 1e-12 /* a vector with less than this off the others adds nothing */

typedef struct inverse {
  const gdi_env *env;
  gd_operator *op, *shifted, *inverted; /* A, what is inverted, B */
  gd_spectrum_options options;          /* options of Krylov-Schur on B */
  double a, b, tolerance;
  gdi_gmres gmres;
  double *room;               /* [n] */
  uint64_t products, allowed; /* products with A */
  double largest;             /* |A v| / |v| so far */
} inverse;

/* ---- operators ---- */

/* out = (A - a) u */
static gd_status shift(inverse *s, const double *u, double *out) {
  const size_t n = gd_operator_rows(s->op);
  GD_TRY(gd_operator_apply(s->op, u, out));
  s->products++;
  gdi_vector_axpy(n, -s->a, u, out);
  return GD_OK;
}

static gd_status apply_shifted(void *context, const double *u, double *out) {
  inverse *s = context;
  if (s->b == 0) return shift(s, u, out);
  GD_TRY(shift(s, u, s->room));
  GD_TRY(shift(s, s->room, out));
  gdi_vector_axpy(gd_operator_rows(s->op), s->b * s->b, u, out);
  return GD_OK;
}

/* When max_products is reached, Krylov-Schur is stopped with its current results. */
static gd_status apply_inverse(void *context, const double *u, double *out) {
  inverse *s = context;
  const size_t n = gd_operator_rows(s->op);
  const uint64_t left = s->allowed > s->products ? s->allowed - s->products : 0;
  const gdi_system system = {s->shifted, NULL, u, s->tolerance * gdi_vector_norm(n, u), s->b == 0 ? left : left / 2};
  gd_solve_result result;
  memset(out, 0, n * sizeof *out);
  const gd_status status = gdi_gmres_run(&s->gmres, &system, out, &result);
  if (s->products >= s->allowed || result.stop == GD_SOLVE_PRODUCTS_SPENT) s->options.max_products = 0;
  return status < 0 ? status : GD_OK;
}

static void keep(void *context) { (void)context; } /* the context is the caller's */

static const gdi_operator_table shifted_table = {apply_shifted, NULL, keep},
                                inverse_table = {apply_inverse, NULL, keep};

/* ---- create and destroy ---- */

static void destroy(inverse *s) {
  gd_operator_destroy(s->inverted);
  gd_operator_destroy(s->shifted);
  gdi_gmres_destroy(s->env, &s->gmres);
  gdi_release(s->env, s->room);
}

static gd_spectrum_options outer_options(const gd_spectrum_options *options, size_t count) {
  gd_spectrum_options outer = *options;
  outer.which = GD_LARGEST_MODULUS;
  outer.count = count;
  outer.tolerance = fmax(OUTER * options->tolerance, 100 * DBL_EPSILON);
  if (outer.subspace < 2 * count + 1) outer.subspace = 0; /* the usual */
  outer.residuals = false;
  return outer;
}

static gd_status create(inverse *s, gd_operator *op, const gd_spectrum_options *options, size_t count) {
  const size_t n = gd_operator_rows(op), restart = options->restart < n ? options->restart : n;
  const gdi_env *env = gdi_operator_env(op);
  *s = (inverse){.env = env, .op = op, .options = outer_options(options, count), .allowed = options->max_products};
  s->a = options->target_re, s->b = options->target_im;
  s->tolerance = fmax(INNER * options->tolerance, 4 * DBL_EPSILON);
  s->room = gdi_allocate(env, n, sizeof *s->room);
  if (!s->room) return GD_ERR_MEMORY;
  GD_TRY(gdi_operator_create(&s->shifted, n, n, &shifted_table, s, &env->env));
  GD_TRY(gdi_operator_create(&s->inverted, n, n, &inverse_table, s, &env->env));
  return gdi_gmres_create(env, &s->gmres, n, restart, false);
}

/* ---- Ritz values of A ---- */

/* The space and the quantities computed from it, all with S = size columns. */
typedef struct ritz {
  gdi_basis *basis;
  size_t size, most;          /* vectors in it; room for */
  double *W, *H, *Y;          /* A V; V'A V, then room; its eigenvectors */
  double *re, *im, *residual; /* [most] */
  gdi_unit *units;            /* [most] */
} ritz;

static void close_ritz(const gdi_env *env, ritz *r) {
  gdi_release(env, r->units);
  gdi_release(env, r->re);
  gdi_release(env, r->H);
  gdi_release(env, r->W);
}

static gd_status open_ritz(const gdi_env *env, ritz *r, gdi_basis *basis, size_t most) {
  *r = (ritz){.basis = basis, .most = most};
  r->W = gdi_allocate(env, gdi_times(basis->n, most), sizeof *r->W);
  r->H = gdi_allocate(env, 2 * most * most, sizeof *r->H);
  r->re = gdi_allocate(env, 3 * most, sizeof *r->re);
  r->units = gdi_allocate(env, most, sizeof *r->units);
  if (!r->W || !r->H || !r->re || !r->units) return GD_ERR_MEMORY;
  r->Y = r->H + most * most;
  r->im = r->re + most;
  r->residual = r->im + most;
  return GD_OK;
}

/* Add vector number `size` unless it depends on those before it, and multiply it. */
static gd_status join(inverse *s, ritz *r) {
  double norm;
  if (gdi_basis_orthogonalise(r->basis, r->size, DEPENDENT, NULL) == 0) return GD_OK;
  GD_TRY(gdi_finite_product(s->op, false, gdi_basis_vector(r->basis, r->size), r->W + r->size * r->basis->n, &norm));
  s->products++;
  s->largest = fmax(s->largest, norm);
  r->size++;
  return GD_OK;
}

/* Build V from the first `count` vectors.  For a complex target also from their products: lambda and 2 a - lambda give
 * the same eigenvalue of B, which may have found a mixture of their vectors; the mixture and its product span both. */
static gd_status gather(inverse *s, ritz *r, size_t count) {
  const size_t n = r->basis->n;
  for (size_t k = 0; k < count; k++) {
    if (k > r->size) memcpy(gdi_basis_vector(r->basis, r->size), gdi_basis_vector(r->basis, k), n * sizeof *r->W);
    GD_TRY(join(s, r));
  }
  const size_t found = r->size;
  for (size_t k = 0; s->b != 0 && k < found && r->size < r->most; k++) {
    memcpy(gdi_basis_vector(r->basis, r->size), r->W + k * n, n * sizeof *r->W);
    GD_TRY(join(s, r));
  }
  return GD_OK;
}

static gd_status solve_small(const inverse *s, ritz *r) {
  const size_t n = r->basis->n;
  const gdi_product product = {.transpose_a = true,
                               .rows = r->size,
                               .columns = r->size,
                               .inner = n,
                               .A = r->basis->vectors,
                               .lda = n,
                               .B = r->W,
                               .ldb = n};
  gdi_matrix_product(&product, r->H, r->size);
  return gdi_eigen_general(s->env, r->size, r->H, r->size, r->re, r->im, r->Y);
}

/* |A z - lambda z| of z = V y: (W - re V) y, with the other of a pair (W - re V) y + im V y_2. */
static void find_residuals(const inverse *s, const ritz *r) {
  const size_t n = r->basis->n, size = r->size;
  for (size_t k = 0; k < size; k++) {
    const double *y = r->Y + k * size, *other = r->im[k] > 0 ? y + size : y - size;
    gdi_matrix_vector(false, n, size, 1, r->W, n, y, s->room);
    gdi_matrix_vector_add(n, size, -r->re[k], r->basis->vectors, n, y, s->room);
    if (r->im[k] != 0) gdi_matrix_vector_add(n, size, r->im[k], r->basis->vectors, n, other, s->room);
    r->residual[k] = gdi_vector_norm(n, s->room);
    if (r->im[k] < 0) r->residual[k] = r->residual[k - 1] = hypot(r->residual[k], r->residual[k - 1]);
  }
}

static bool is_converged(const inverse *s, const ritz *r, size_t k, double tolerance) {
  return r->residual[k] <= fmax(tolerance * hypot(r->re[k], r->im[k]), 80 * DBL_EPSILON * s->largest);
}

/* Copy the units that have (not) converged into the answer, until it holds `wanted`; Y's columns go to H. */
static void take(const inverse *s, ritz *r, size_t n_units, bool converged, const gd_spectrum_options *options,
                 gdi_krylov_answer *answer) {
  gdi_eigen *eigen = &answer->eigen;
  for (size_t u = 0; u < n_units && eigen->n < options->count; u++) {
    if (is_converged(s, r, r->units[u].start, options->tolerance) != converged) continue;
    for (size_t member = 0; member < r->units[u].members; member++, eigen->n++) {
      const size_t from = r->units[u].start + member;
      eigen->re[eigen->n] = r->re[from];
      eigen->im[eigen->n] = r->im[from];
      eigen->residual[eigen->n] = r->residual[from];
      memcpy(r->H + eigen->n * r->size, r->Y + from * r->size, r->size * sizeof *r->H);
    }
  }
  if (converged) answer->converged = eigen->n;
}

/* The eigenvalues of A closest to the target, converged ones first: others in the space may only seem close. */
static gd_status extract(inverse *s, ritz *r, size_t count, const gd_spectrum_options *options,
                         gdi_krylov_answer *answer) {
  GD_TRY(gather(s, r, count));
  GD_TRY(solve_small(s, r));
  find_residuals(s, r);
  const size_t n_units = gdi_order_units(r->size, r->re, r->im, options, r->units);
  answer->eigen.n = 0;
  take(s, r, n_units, true, options, answer);
  take(s, r, n_units, false, options, answer);
  gdi_basis_rotate(&answer->basis, r->size, r->H, r->size, answer->eigen.n);
  return answer->converged < options->count ? GD_NOT_CONVERGED : GD_OK;
}

/* Memory for `most` eigenvalues, which replace those of B. */
static gd_status make_room(const gdi_env *env, size_t most, gdi_eigen *eigen) {
  double *numbers = gdi_allocate(env, 3 * most, sizeof *numbers);
  if (!numbers) return GD_ERR_MEMORY;
  gdi_release(env, eigen->re);
  eigen->re = numbers, eigen->im = numbers + most, eigen->residual = numbers + 2 * most;
  return GD_OK;
}

/* Turn the answer for B into that for A; *reach becomes the least modulus of B's eigenvalues. */
static gd_status conclude(inverse *s, const gd_spectrum_options *options, double *reach, gdi_krylov_answer *answer) {
  gdi_eigen *eigen = &answer->eigen;
  const size_t count = eigen->n, room = answer->basis.capacity - 1, twice = 2 * count < room ? 2 * count : room;
  ritz r;
  *reach = INFINITY;
  for (size_t k = 0; k < count; k++) *reach = fmin(*reach, hypot(eigen->re[k], eigen->im[k]));
  const size_t most = s->b != 0 && twice > count ? twice : count;
  gd_status status = open_ritz(s->env, &r, &answer->basis, most);
  if (status == GD_OK) status = make_room(s->env, most, eigen);
  if (status == GD_OK) status = extract(s, &r, count, options, answer);
  close_ritz(s->env, &r);
  answer->products = s->products;
  return status;
}

/* ---- which are the closest ---- */

/* True if no eigenvalue that was not found can be closer than these: p = 1 / reach. */
static bool are_closest(const gdi_eigen *eigen, const gd_spectrum_options *options, double reach) {
  const double a = options->target_re, b = fabs(options->target_im), radius = sqrt(b * b + 1 / reach) - b;
  for (size_t k = 0; k < eigen->n; k++)
    if (hypot(eigen->re[k] - a, fabs(eigen->im[k]) - b) > radius) return false;
  return true;
}

/* `count` of B's, and the products spent so far, which are added to. */
static gd_status find(gd_operator *op, const gd_spectrum_options *options, size_t count, uint64_t *products,
                      double *reach, gdi_krylov_answer *answer) {
  inverse s;
  gdi_krylov_answer found = {0};
  gd_status status = create(&s, op, options, count);
  s.products = *products;
  if (status == GD_OK) status = gdi_krylov_schur(s.inverted, &s.options, &found);
  if (status >= 0) status = conclude(&s, options, reach, &found);
  *products = s.products;
  if (status >= 0)
    *answer = found;
  else
    gdi_krylov_answer_destroy(s.env, &found);
  destroy(&s);
  return status;
}

/* Keep the answer with more converged eigenvalues; the later one if they have the same number. */
static void keep_better(const gdi_env *env, gdi_krylov_answer *kept, gdi_krylov_answer *answer) {
  if (kept->converged > answer->converged) {
    const gdi_krylov_answer better = *kept;
    const uint64_t products = answer->products; /* products of all attempts */
    *kept = *answer;
    *answer = better;
    answer->products = products;
  }
  gdi_krylov_answer_destroy(env, kept);
  *kept = (gdi_krylov_answer){0};
}

gd_status gdi_shift_invert(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op), wanted = options->count < n ? options->count : n;
  const double b = options->target_im;
  gdi_krylov_answer kept = {0}; /* result of a smaller space, while a larger one is tried */
  uint64_t products = 0;
  double reach = INFINITY;
  for (size_t count = b != 0 ? 2 * wanted + 2 : wanted;; count *= 2) {
    const gd_status status = find(op, options, count < n ? count : n, &products, &reach, answer);
    const bool whole = b == 0 || count >= n; /* else a larger space may hold what has not converged */
    const bool proven = status == GD_OK && (whole || are_closest(&answer->eigen, options, reach));
    if (status == GD_NOT_CONVERGED) keep_better(env, &kept, answer);
    if (status < 0 || whole || proven || products >= options->max_products) {
      gdi_krylov_answer_destroy(env, &kept);
      return status == GD_OK && !proven ? GD_NOT_CONVERGED : status;
    }
    if (status == GD_OK) /* closer ones were missed */
      gdi_krylov_answer_destroy(env, answer);
    else
      kept = *answer;
    *answer = (gdi_krylov_answer){0};
  }
}
