/* SPDX-License-Identifier: BSD-3-Clause */
/* golub_kahan.c -- singular values of a large operator, by bidiagonalisation with thick restarts.
 *
 *     A P = Q B,   A'Q = P B' + beta p e',   P'P = Q'Q = I,  P'p = 0,  B [k by k] upper triangular,
 *     e the last unit vector
 *
 * Golub & Kahan 1965; restarts after Baglama & Reichel 2005, "Augmented implicitly restarted Lanczos bidiagonalization
 * methods".  Two products extend it by a vector on either side.  With B = U S W', the values s of S approximate
 * singular values: A P w = s Q u exactly and A'Q u - s P w = beta u_k p.  So |beta u_k| is the residual, without a
 * product.
 *
 * Largest: keep P W and Q U of the wanted.  Smallest: Ritz values mislead there, so the subspaces are those of the
 * harmonic values, the singular values of C = [B, beta e]: keep Q U for the smallest of C = U S V', and span the other
 * side by P B^-1 U and p - beta P B^-1 e, made orthonormal as Z R; then A of the first is Q U R^-1, triangular again.
 *
 * It starts from A' times a random vector, so P stays in the row space of A, which contains no vector with the singular
 * value 0.  So only nonzero values are found, whatever the nullity of A. */
#include "linear/golub_kahan.h"

#include "dense/small_svd.h"
#include "kernels/vector.h"
#include "linear/basis.h"
#include "linear/operator.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* B is inverted while its values are further apart than this part of the largest. */
#define SMALLEST_PART 1e-8

/* The bases are orthonormalised again after this number of restarts; the loss by rounding until then is small. */
#define RENEWAL 10

/* Tolerance for the orthonormality of the bases, beyond which results are not trusted. */
#define BELIEVABLE 1e-8

typedef struct golub_kahan {
  const gdi_env *env;
  gd_operator *op;
  const gd_spectrum_options *options;
  size_t rows, columns, count, m, size; /* values wanted; largest subspace; that of now, k above */
  bool smallest, exhausted;             /* which; the row space is spanned: all is exact */
  gdi_basis right, left;                /* P and p; Q and room for one more */
  double *B;                            /* [m by m] */
  double beta;
  gdi_small_svd svd;          /* decomposition of B or C */
  gdi_basis turn;             /* Z, [m + 1] columns of length m + 1 */
  double *select_u, *inverse; /* columns of U or W in order; R, then R^-1; [m by m] */
  gd_rng rng;
  double largest; /* |A u| or |A'w| so far, over all |u| = |w| = 1 seen: a size of A */
  uint64_t products;
  size_t restarts;
} golub_kahan;

/* ---- create and destroy ---- */

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static gd_status create(golub_kahan *k, gd_operator *op, const gd_spectrum_options *options) {
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op),
               count = least(options->count, least(rows, columns));
  const size_t usual = 2 * count + 1 > 20 ? 2 * count + 1 : 20;
  const size_t most = options->subspace ? options->subspace : usual, side = least(rows, columns);
  const size_t m = side < 2 * most ? side : most; /* all, where that is less than twice what was asked for */
  *k = (golub_kahan){.env = gdi_operator_env(op), .op = op, .options = options, .rows = rows, .columns = columns};
  k->count = count;
  k->m = m;
  k->smallest = options->which == GD_SMALLEST_REAL;
  k->rng = gd_rng_make(options->seed, 0);
  GD_TRY(gdi_basis_create(k->env, &k->right, columns, m + 1));
  GD_TRY(gdi_basis_create(k->env, &k->left, rows, m + 1));
  GD_TRY(gdi_basis_create(k->env, &k->turn, m + 1, m + 1));
  GD_TRY(gdi_small_svd_create(k->env, &k->svd, m));
  k->B = gdi_allocate(k->env, gdi_times(m, m), sizeof *k->B);
  k->select_u = gdi_allocate(k->env, gdi_times(m, m), sizeof *k->select_u);
  k->inverse = gdi_allocate(k->env, gdi_times(m, m + 1), sizeof *k->inverse);
  return k->B && k->select_u && k->inverse ? GD_OK : GD_ERR_MEMORY;
}

static void destroy(golub_kahan *k) {
  gdi_release(k->env, k->inverse);
  gdi_release(k->env, k->select_u);
  gdi_release(k->env, k->B);
  gdi_small_svd_destroy(k->env, &k->svd);
  gdi_basis_destroy(k->env, &k->turn);
  gdi_basis_destroy(k->env, &k->left);
  gdi_basis_destroy(k->env, &k->right);
}

/* ---- grow ---- */

/* Column j of the right basis becomes A' times column j of the left one, made orthogonal; the norm of what is left. */
static gd_status answer(golub_kahan *k, size_t from, size_t to, double *rest) {
  double norm;
  GD_TRY(gdi_finite_product(k->op, true, gdi_basis_vector(&k->left, from), gdi_basis_vector(&k->right, to), &norm));
  k->products++;
  k->largest = fmax(k->largest, norm);
  *rest = gdi_basis_orthogonalise(&k->right, to, DBL_EPSILON * k->largest, NULL);
  return GD_OK;
}

/* A new random p of the row space, after an invariant subspace was found; there may be none. */
static gd_status begin(golub_kahan *k, size_t j) {
  double rest;
  gdi_basis_draw(&k->left, j, &k->rng);
  GD_TRY(answer(k, j, j, &rest));
  k->exhausted = rest == 0;
  return GD_OK;
}

static gd_status append(golub_kahan *k) {
  const size_t j = k->size;
  double *column = k->B + j * k->m, norm;
  GD_TRY(gdi_finite_product(k->op, false, gdi_basis_vector(&k->right, j), gdi_basis_vector(&k->left, j), &norm));
  k->products++;
  k->largest = fmax(k->largest, norm);
  memset(column, 0, k->m * sizeof *column);
  column[j] = gdi_basis_orthogonalise(&k->left, j, DBL_EPSILON * k->largest, column);
  if (column[j] == 0) gdi_basis_draw(&k->left, j, &k->rng); /* p is in the kernel to rounding */
  k->size++;
  GD_TRY(answer(k, j, j + 1, &k->beta));
  return k->beta == 0 ? begin(k, j + 1) : GD_OK;
}

static gd_status grow(golub_kahan *k) {
  while (k->size < k->m && !k->exhausted && (k->products < k->options->max_products || k->size == 0)) GD_TRY(append(k));
  return GD_OK;
}

/* ---- evaluation ---- */

static gd_status look(golub_kahan *k) {
  for (size_t j = 0; j < k->size; j++) memcpy(k->svd.A + j * k->m, k->B + j * k->m, k->size * sizeof *k->B);
  return gdi_small_svd_factor(&k->svd, k->size, k->size);
}

/* How many values are not zero to rounding. */
static size_t nonzero(const golub_kahan *k) {
  const double side = (double)(k->rows > k->columns ? k->rows : k->columns);
  size_t count = 0;
  while (count < k->size && k->svd.values[count] > side * DBL_EPSILON * k->largest) count++;
  return count;
}

/* Where the i-th wanted of `count` values is. */
static size_t place(const golub_kahan *k, size_t count, size_t i) { return k->smallest ? count - 1 - i : i; }

static double goal_of(const golub_kahan *k, double value) {
  return fmax(k->options->tolerance * value, 16 * DBL_EPSILON * k->largest);
}

/* The wanted values are all there and within the tolerance. */
static bool is_done(const golub_kahan *k) {
  const size_t known = nonzero(k), wanted = least(k->count, known);
  if (wanted < k->count && !k->exhausted) return false;
  for (size_t i = 0; i < wanted; i++) {
    const size_t at = place(k, known, i);
    if (k->beta * fabs(k->svd.U[k->size - 1 + at * k->m]) > goal_of(k, k->svd.values[at])) return false;
  }
  return true;
}

/* ---- restart ---- */

/* P W, Q U and S of the first `kept` wanted ones; p follows them. */
static void cut(golub_kahan *k, size_t kept) {
  const size_t s = k->size, m = k->m, known = nonzero(k);
  memset(k->B, 0, m * m * sizeof *k->B);
  for (size_t i = 0; i < kept; i++) {
    const size_t at = place(k, known, i);
    k->B[i + i * m] = k->svd.values[at];
    memcpy(k->select_u + i * m, k->svd.U + at * m, s * sizeof *k->select_u);
    for (size_t j = 0; j < s; j++) k->inverse[j + i * m] = k->svd.Vt[at + j * m];
  }
  gdi_basis_rotate(&k->left, s, k->select_u, m, kept);
  gdi_basis_rotate(&k->right, s, k->inverse, m, kept);
  if (kept < s) memcpy(gdi_basis_vector(&k->right, kept), gdi_basis_vector(&k->right, s), k->columns * sizeof *k->B);
  k->size = kept;
}

/* y <- T^-1 y, T upper triangular, its leading dimension m. */
static void solve_upper(size_t m, size_t size, const double *T, double *y) {
  for (size_t j = size; j-- > 0;) {
    y[j] /= T[j + j * m];
    gdi_vector_axpy(j, -y[j], T + j * m, y);
  }
}

/* Z and R of the columns B^-1 U and (-beta B^-1 e, 1). */
static void find_turn(golub_kahan *k, size_t kept) {
  const size_t s = k->size, m = k->m;
  for (size_t i = 0; i <= kept; i++) {
    double *column = gdi_basis_vector(&k->turn, i), *parts = k->inverse + i * m;
    memset(column, 0, (m + 1) * sizeof *column);
    if (i < kept) memcpy(column, k->svd.U + (s - 1 - i) * m, s * sizeof *column);
    if (i < kept) memcpy(k->select_u + i * m, column, s * sizeof *column);
    if (i == kept) column[s - 1] = -k->beta;
    solve_upper(m, s, k->B, column);
    if (i == kept) column[s] = 1;
    const double norm = gdi_basis_orthogonalise(&k->turn, i, 0, parts);
    if (i < kept) parts[i] = norm;
  }
}

/* The harmonic restart, for the smallest. */
static gd_status cut_harmonic(golub_kahan *k, size_t kept) {
  const size_t s = k->size, m = k->m;
  for (size_t j = 0; j < s; j++) memcpy(k->svd.A + j * m, k->B + j * m, s * sizeof *k->B);
  memset(k->svd.A + s * m, 0, s * sizeof *k->B);
  k->svd.A[s - 1 + s * m] = k->beta;
  GD_TRY(gdi_small_svd_factor(&k->svd, s, s + 1));
  find_turn(k, kept);
  gdi_basis_rotate(&k->left, s, k->select_u, m, kept);
  gdi_basis_rotate(&k->right, s + 1, k->turn.vectors, m + 1, kept + 1);
  memset(k->B, 0, m * m * sizeof *k->B);
  for (size_t i = 0; i < kept; i++) {
    k->B[i + i * m] = 1;
    solve_upper(m, i + 1, k->inverse, k->B + i * m);
  }
  k->size = kept;
  return GD_OK;
}

/* Restore the orthonormality that restarts lost. */
static void renew(golub_kahan *k) {
  gdi_basis_renew(&k->left, k->size);
  gdi_basis_renew(&k->right, k->size + 1);
}

static gd_status restart(golub_kahan *k) {
  const size_t most = k->m - 2, half = k->count + (k->m - k->count) / 2, kept = half < most ? half : most;
  const double last = k->svd.values[k->size - 1];
  if (k->smallest && last > SMALLEST_PART * k->svd.values[0]) return cut_harmonic(k, kept);
  cut(k, least(kept, nonzero(k)));
  return GD_OK;
}

static gd_status iterate(golub_kahan *k) {
  GD_TRY(begin(k, 0));
  for (;;) {
    GD_TRY(grow(k));
    if (k->size == 0) return GD_OK; /* A = 0 */
    GD_TRY(look(k));
    if (k->size == least(k->rows, k->columns)) k->exhausted = true;
    if (is_done(k) || k->exhausted || k->products >= k->options->max_products) break;
    GD_TRY(restart(k));
    if (++k->restarts % RENEWAL == 0) renew(k);
  }
  cut(k, least(k->count, nonzero(k)));
  return GD_OK;
}

/* ---- answer ---- */

/* |(A z - s y, A'y - s z)| / sqrt 2 of the i-th pair; the vectors after the last are room. */
static gd_status true_residual(golub_kahan *k, size_t i, double *residual) {
  const double value = k->B[i + i * k->m], *z = gdi_basis_vector(&k->right, i), *y = gdi_basis_vector(&k->left, i);
  double *Az = gdi_basis_vector(&k->left, k->size), *Aty = gdi_basis_vector(&k->right, k->size), norm;
  GD_TRY(gdi_finite_product(k->op, false, z, Az, &norm));
  GD_TRY(gdi_finite_product(k->op, true, y, Aty, &norm));
  gdi_vector_axpy(k->rows, -value, y, Az);
  gdi_vector_axpy(k->columns, -value, z, Aty);
  *residual = sqrt(0.5) * hypot(gdi_vector_norm(k->rows, Az), gdi_vector_norm(k->columns, Aty));
  return GD_OK;
}

/* The results go to own arrays first, since a product may fail. */
static gd_status conclude(golub_kahan *k, double *values, double *residuals) {
  double *found = k->select_u;
  const double defect = fmax(gdi_basis_defect(&k->left, k->size), gdi_basis_defect(&k->right, k->size));
  bool done = (k->exhausted || k->size == k->count) && defect <= BELIEVABLE;
  for (size_t i = 0; i < k->size; i++) {
    GD_TRY(true_residual(k, i, &found[i]));
    done = done && found[i] <= goal_of(k, k->B[i + i * k->m]) + 64 * DBL_EPSILON * k->largest;
  }
  for (size_t i = 0; i < k->count; i++) {
    values[i] = i < k->size ? k->B[i + i * k->m] : 0;
    if (residuals) residuals[i] = i < k->size ? found[i] : 0;
  }
  return done ? GD_OK : GD_NOT_CONVERGED;
}

gd_status gdi_golub_kahan(gd_operator *op, const gd_spectrum_options *options, double *values, double *residuals) {
  golub_kahan k;
  gd_status status = create(&k, op, options);
  if (status == GD_OK) status = iterate(&k);
  if (status == GD_OK) status = conclude(&k, values, residuals);
  destroy(&k);
  return status;
}
