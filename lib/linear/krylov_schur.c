/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov_schur.c -- eigenvalues of a large operator, from a Krylov subspace with thick restarts.
 *
 *     A V = V S + v b',   V'V = I,  V'v = 0,  S [k by k]
 *
 * Stewart 2001, "A Krylov-Schur algorithm for large eigenproblems".  One product extends the decomposition by one
 * vector (Arnoldi); when it has m, the real Schur form S = Q T Q' is ordered with the wanted eigenvalues first, and V
 * Q, T, Q'b cut off after p columns are a decomposition again, from which it grows anew.  In real arithmetic a complex
 * pair is a 2 by 2 block of T; the cut never goes through one.  For (theta, y) with S y = theta y, |y| = 1, the
 * residual is A V y - theta V y = v (b'y), so |b'y| is an estimate of the residual without a product.  Entries of b at
 * the level of rounding are set to 0, which locks the invariant subspace before them.  For a symmetric operator S is
 * symmetric, T diagonal, and the method is thick-restart Lanczos (Wu & Simon 2000) with full orthogonalisation.
 *
 * With a block of w vectors v, b is [k by w] and one call multiplies w vectors; b stands for all of its columns below.
 *
 * Eigenvalues closest to a real target tau are inside the spectrum, where Ritz values mislead.  They come from the
 * harmonic ones (Morgan & Zeng 1998; Stewart 2001, section 5):  with (S - tau I)' g = b,
 *
 *     A V = V (S + g b') + (v - V g) b'
 *
 * has the harmonic Ritz values as eigenvalues of S + g b', is cut in the same way, and is brought back to the first
 * form by splitting v - V g along what is kept. */
#include "linear/krylov_schur.h"

#include "dense/algebra.h"
#include "kernels/vector.h"
#include "linear/krylov.h"
#include "linear/operator.h"
#include "linear/outline.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* After this number of restarts without a newly converged eigenvalue, fewer vectors are kept now and then. */
#define PATIENCE 100

/* Vectors, unless told otherwise or twice the count is more. */
#define USUAL 24

/* The basis is orthonormalised again after this number of restarts; the loss by rounding until then is small. */
#define RENEWAL 10

/* Tolerance for the orthonormality of the basis, and for the norm 1 of eigenvectors, beyond which results are not
 * trusted. */
#define BELIEVABLE 1e-8

/* ---- create and destroy ---- */

size_t gdi_krylov_subspace(size_t n, const gd_spectrum_options *options) {
  const size_t count = options->count < n ? options->count : n, twice = 2 * count + 1;
  const size_t usual = twice > USUAL ? twice : USUAL, asked = options->subspace ? options->subspace : usual;
  const size_t least = count + 2 + options->block, m = asked > least ? asked : least;
  return n < 2 * m ? n : m;
}

gd_status gdi_krylov_create(gdi_krylov *k, gd_operator *op, const gd_spectrum_options *options) {
  const size_t n = gd_operator_rows(op), count = options->count < n ? options->count : n;
  const size_t m = gdi_krylov_subspace(n, options);
  *k = (gdi_krylov){.env = gdi_operator_env(op), .op = op, .options = options, .count = count, .m = m, .shifted = 1};
  k->width = m < n ? options->block : 1;
  k->rng = gd_rng_make(options->seed, 0);
  GD_TRY(gdi_basis_create(k->env, &k->basis, n, m + k->width));
  GD_TRY(gdi_schur_create(k->env, &k->schur, m));
  k->H = gdi_allocate(k->env, gdi_times(m + k->width, m), sizeof *k->H);
  k->spike = gdi_allocate(k->env, gdi_times(m, k->width), sizeof *k->spike);
  k->shift = gdi_allocate(k->env, m, sizeof *k->shift);
  k->estimate = gdi_allocate(k->env, m, sizeof *k->estimate);
  k->units = gdi_allocate(k->env, m, sizeof *k->units);
  k->pivots = gdi_allocate(k->env, m, sizeof *k->pivots);
  k->doubtful = gdi_allocate(k->env, m, sizeof *k->doubtful);
  const bool all = k->H && k->spike && k->shift && k->estimate && k->units && k->pivots && k->doubtful;
  return all ? GD_OK : GD_ERR_MEMORY;
}

void gdi_krylov_destroy(gdi_krylov *k) {
  gdi_release(k->env, k->doubtful);
  gdi_release(k->env, k->pivots);
  gdi_release(k->env, k->units);
  gdi_release(k->env, k->estimate);
  gdi_release(k->env, k->shift);
  gdi_release(k->env, k->spike);
  gdi_release(k->env, k->H);
  gdi_schur_destroy(k->env, &k->schur);
  gdi_basis_destroy(k->env, &k->basis);
}

/* ---- grow ---- */

/* Orthonormalise vector `to`, a product, against those before it; sets column `from` of S and b'.  If the remainder is
 * lost in rounding, V spans an invariant subspace: continue with a random vector. */
static gd_status take_in(gdi_krylov *k, size_t from, size_t to) {
  double *column = k->H + from * (k->m + k->width), norm;
  GD_TRY(gdi_check_product(k->basis.n, gdi_basis_vector(&k->basis, to), &norm));
  k->largest = fmax(k->largest, norm);
  column[to] = gdi_basis_orthogonalise(&k->basis, to, DBL_EPSILON * k->largest, column);
  if (column[to] == 0) gdi_basis_draw(&k->basis, to, &k->rng);
  return GD_OK;
}

/* One block more. */
static gd_status append(gdi_krylov *k) {
  const size_t start = k->size, w = k->width;
  GD_TRY(gdi_operator_apply_many(k->op, w, gdi_basis_vector(&k->basis, start), gdi_basis_vector(&k->basis, start + w)));
  k->products += w;
  for (size_t i = 0; i < w; i++) GD_TRY(take_in(k, start + i, start + w + i));
  k->size += w;
  return GD_OK;
}

/* Extend the decomposition by a few vectors: up to the whole space, or as many as max_products allows. */
static gd_status grow(gdi_krylov *k) {
  const size_t few = k->m == k->basis.n ? k->m : k->m > 20 ? k->m / 5 : 4;
  const size_t more = k->size + few < k->count ? k->count : k->size + few;
  while (k->size < more && k->size + k->width <= k->m && (k->products < k->options->max_products || k->size == 0))
    GD_TRY(append(k));
  return GD_OK;
}

/* ---- progress ---- */

/* The number of eigenvalues in the first units, with as many units as are needed to reach `goal`. */
static size_t members_of(const gdi_krylov *k, size_t goal) {
  size_t members = 0;
  for (size_t u = 0; u < k->n_units && members < goal; u++) members += k->units[u].members;
  return members;
}

/* Of the first `goal` eigenvalues, how many have converged. */
static size_t converged_of(const gdi_krylov *k, size_t goal) {
  size_t members = 0, converged = 0;
  for (size_t u = 0; u < k->n_units && members < goal; u++) {
    members += k->units[u].members;
    if (k->estimate[k->units[u].start] <= gdi_krylov_goal(k, k->units[u].start)) converged += k->units[u].members;
  }
  return converged;
}

/* ---- restart ---- */

/* v becomes v - V (I - Q Q') g, for the kept columns of Q; `along` [kept] becomes Q'g. */
static void unshift(gdi_krylov *k, size_t kept, double *along) {
  const size_t s = k->size, ld = k->schur.capacity;
  gdi_matrix_vector(true, s, kept, 1, k->schur.Q, ld, k->shift, along);
  gdi_matrix_vector_add(s, kept, -1, k->schur.Q, ld, along, k->shift);
  gdi_matrix_vector_add(k->basis.n, s, -1, k->basis.vectors, k->basis.n, k->shift, gdi_basis_vector(&k->basis, s));
}

/* Compute S and b' of the part that is kept: T - along b', and b scaled by the norm of the new v. */
static void rewrite(gdi_krylov *k, size_t kept, const double *along, double norm) {
  const size_t rows = k->m + k->width;
  memset(k->H, 0, rows * k->m * sizeof *k->H);
  for (size_t j = 0; j < kept; j++) {
    double *column = k->H + j * rows;
    memcpy(column, k->schur.T + j * k->schur.capacity, kept * sizeof *column);
    gdi_vector_axpy(kept, -k->spike[j], along, column);
    for (size_t l = 0; l < k->width; l++) column[kept + l] = norm * k->spike[j + l * k->m];
  }
}

void gdi_krylov_cut(gdi_krylov *k, size_t goal) {
  const size_t s = k->size, ld = k->schur.capacity;
  size_t kept = 0;
  memset(k->schur.selected, 0, k->m * sizeof *k->schur.selected);
  for (size_t u = 0; u < k->n_units && kept < goal; u++)
    for (size_t member = 0; member < k->units[u].members; member++, kept++)
      k->schur.selected[k->units[u].start + member] = 1;
  gdi_schur_reorder(&k->schur, s);
  kept = gdi_schur_whole(&k->schur, s, kept);
  gdi_krylov_find_spike(k, kept);
  double *along = k->estimate, norm = 1;
  memset(along, 0, kept * sizeof *along);
  if (k->shifted > 1) unshift(k, kept, along);
  gdi_basis_rotate(&k->basis, s, k->schur.Q, ld, kept);
  if (kept < s)
    memmove(gdi_basis_vector(&k->basis, kept), gdi_basis_vector(&k->basis, s), k->width * k->basis.n * sizeof *along);
  if (k->shifted > 1) {
    norm = gdi_basis_orthogonalise(&k->basis, kept, 0, k->shift);
    gdi_vector_axpy(kept, -1, k->shift, along); /* the part of v along V */
  }
  rewrite(k, kept, along, norm);
  memset(k->shift, 0, k->m * sizeof *k->shift);
  k->shifted = 1;
  k->size = kept;
  if (++k->restarts % RENEWAL == 0) gdi_basis_renew(&k->basis, kept + k->width);
}

/* The number of vectors to keep: the converged ones, and between 2/5 and 7/10 of the others, cut at the widest gap in
 * the wanted order, because discarded directions come back the more slowly the farther they are from those kept.
 * Keeping many preserves information, keeping few filters more strongly: if nothing converges for long, every third
 * restart keeps at most half. */
static size_t size_to_keep(const gdi_krylov *k, size_t converged) {
  const size_t rest = k->m - converged, room = k->m - 2 - k->width, least = converged + 2 * rest / 5;
  const size_t fewest = least < k->count ? k->count : least < room ? least : room;
  const size_t part = k->idle < PATIENCE || k->idle % 3 != 0 ? 7 * rest / 10 : rest / 2;
  const size_t most = converged + part < room ? converged + part : room;
  size_t members = 0, best = fewest;
  double widest = -1;
  for (size_t u = 0; u + 1 < k->n_units && members < most; u++) {
    members += k->units[u].members;
    const double gap = k->units[u].first_key - k->units[u + 1].first_key;
    if (members < fewest || members > most || gap <= widest) continue;
    widest = gap;
    best = members;
  }
  return best;
}

static bool may_hide(const gdi_krylov *k) {
  const gdi_outline outline = {.size = k->size,
                               .re = k->schur.re,
                               .im = k->schur.im,
                               .residual = k->estimate,
                               .n = k->basis.n,
                               .radius = k->largest,
                               .degree = k->products / k->width};
  return gdi_outline_may_hide(&outline, k->options, &k->units[0]);
}

static gd_status iterate(gdi_krylov *k) {
  for (size_t i = 0; i < k->width; i++) gdi_basis_draw(&k->basis, i, &k->rng);
  for (;;) {
    GD_TRY(grow(k));
    GD_TRY(gdi_krylov_look(k));
    const size_t converged = converged_of(k, k->count);
    if (converged == members_of(k, k->count) || k->products >= k->options->max_products) break;
    if (k->size + k->width <= k->m) continue;
    if (k->size == k->basis.n) break;
    k->idle = converged > k->converged ? 0 : k->idle + 1;
    k->converged = converged;
    gdi_krylov_cut(k, size_to_keep(k, converged));
  }
  k->whole = k->size == k->basis.n;
  k->hidden = !k->whole && may_hide(k);
  gdi_krylov_cut(k, k->count);
  return GD_OK;
}

/* ---- answer ---- */

/* |A z - lambda z| of the vectors in the basis; the vector after them is scratch for the product. */
static gd_status true_residuals(gdi_krylov *k) {
  const size_t n = k->basis.n, s = k->size;
  double *w = gdi_basis_vector(&k->basis, s), norm = 0, partner = 0;
  for (size_t i = 0; i < s; i++) {
    const double re = k->schur.re[i], im = k->schur.im[i];
    const double *z = gdi_basis_vector(&k->basis, i), *other = im > 0 ? z + n : z - n;
    /* A (x + iy) - lambda (x + iy) = (A x - re x + im y) + i (A y - re y - im x): im changes sign with the member */
    GD_TRY(gdi_finite_product(k->op, false, z, w, &norm));
    k->products++;
    k->largest = fmax(k->largest, im < 0 ? hypot(norm, partner) : norm);
    partner = norm;
    gdi_vector_axpy(n, -re, z, w);
    if (im != 0) gdi_vector_axpy(n, im, other, w);
    k->estimate[i] = gdi_vector_norm(n, w);
    if (im < 0) k->estimate[i] = k->estimate[i - 1] = hypot(k->estimate[i], k->estimate[i - 1]);
  }
  return GD_OK;
}

/* Scale vectors to norm 1; those that did not have norm 1 are marked as doubtful. */
static void normalise(gdi_krylov *k) {
  const size_t n = k->basis.n;
  for (size_t i = 0; i < k->size; i++) {
    const bool pair = k->schur.im[i] != 0 && i + 1 < k->size;
    double *z = gdi_basis_vector(&k->basis, i);
    const double norm = gdi_vector_norm(pair ? 2 * n : n, z);
    for (size_t j = 0; j < (pair ? 2 * n : n); j++) z[j] /= norm;
    k->doubtful[i] = !(fabs(norm - 1) <= BELIEVABLE && k->defect <= BELIEVABLE);
    if (pair) k->doubtful[i + 1] = k->doubtful[i];
    i += pair;
  }
}

/* Turn the decomposition into eigenvectors Z = V Q X and their residuals. */
static gd_status conclude(gdi_krylov *k) {
  const size_t s = k->size, ld = k->schur.capacity;
  GD_TRY(gdi_krylov_factor(k, k->options->symmetric));
  gdi_krylov_find_spike(k, s);
  gdi_krylov_estimate(k, s);
  const gdi_product vectors = {
      .rows = s, .columns = s, .inner = s, .A = k->schur.Q, .lda = ld, .B = k->schur.X, .ldb = ld};
  gdi_matrix_product(&vectors, k->schur.T, ld);
  k->defect = gdi_basis_defect(&k->basis, s);
  gdi_basis_rotate(&k->basis, s, k->schur.T, ld, s);
  normalise(k);
  return k->options->residuals ? true_residuals(k) : GD_OK;
}

/* The estimates reached the goal; the products that check them have rounding errors, too.  An eigenvalue that is larger
 * than every product seen, that of its own vector included, is not accepted. */
static bool has_converged(const gdi_krylov *k, size_t i) {
  const bool possible =
      !k->options->residuals || hypot(k->schur.re[i], k->schur.im[i]) <= (1 + BELIEVABLE) * k->largest;
  return possible && !k->doubtful[i] && k->estimate[i] <= gdi_krylov_goal(k, i) + 64 * DBL_EPSILON * k->largest;
}

static gd_status hand_over(gdi_krylov *k, gdi_krylov_answer *answer) {
  const size_t s = k->size;
  double *numbers = gdi_allocate(k->env, 3 * s, sizeof *numbers);
  if (!numbers) return GD_ERR_MEMORY;
  *answer = (gdi_krylov_answer){.basis = k->basis, .products = k->products, .defect = k->defect};
  answer->largest = k->largest, answer->whole = k->whole, answer->hidden = k->hidden;
  answer->eigen = (gdi_eigen){s, numbers, numbers + s, numbers + 2 * s, k->basis.vectors};
  k->basis = (gdi_basis){0};
  memcpy(answer->eigen.re, k->schur.re, s * sizeof *numbers);
  memcpy(answer->eigen.im, k->schur.im, s * sizeof *numbers);
  memcpy(answer->eigen.residual, k->estimate, s * sizeof *numbers);
  for (size_t i = 0; i < s; i++) answer->converged += has_converged(k, i);
  return answer->converged < k->count ? GD_NOT_CONVERGED : GD_OK;
}

gd_status gdi_krylov_schur(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer) {
  gdi_krylov k;
  gd_status status = gdi_krylov_create(&k, op, options);
  if (status == GD_OK) status = iterate(&k);
  if (status == GD_OK) status = conclude(&k);
  if (status == GD_OK) status = hand_over(&k, answer);
  gdi_krylov_destroy(&k);
  return status;
}

void gdi_krylov_answer_destroy(const gdi_env *env, gdi_krylov_answer *answer) {
  gdi_release(env, answer->eigen.re);
  gdi_basis_destroy(env, &answer->basis);
}
