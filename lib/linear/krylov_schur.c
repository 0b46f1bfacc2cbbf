/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov_schur.c -- eigenvalues of a large operator from a subspace that is restarted thick.
 *
 *     A V = V S + v b',   V'V = I,  V'v = 0,  S [k by k]
 *
 * Stewart 2001, "A Krylov-Schur algorithm for large eigenproblems".  One product extends the decomposition by one
 * vector (Arnoldi); when it has m, the real Schur form S = Q T Q' is ordered with the wanted eigenvalues first, and
 * V Q, T, Q'b cut off after p columns are a decomposition again, from which it grows anew.  In real arithmetic a
 * complex pair is a 2 by 2 block of T; the cut never goes through one.  For (theta, y) with S y = theta y, |y| = 1, the
 * residual is A V y - theta V y = v (b'y), so |b'y| is an estimate that costs nothing; entries of b at the level of
 * rounding are set to 0, which locks the invariant subspace before them.  For a symmetric operator S is symmetric, T
 * diagonal, and the method is thick-restart Lanczos (Wu & Simon 2000) with full orthogonalisation.
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

#include "base/dense.h"
#include "base/schur.h"
#include "base/vector.h"
#include "linear/operator.h"
#include "linear/order.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Harmonic extraction is given up for a cycle when |g| exceeds this: tau is a Ritz value itself. */
#define LARGEST_SHIFT 1e8

/* Restarts without a newly converged eigenvalue after which less is kept now and then. */
#define PATIENCE 100

typedef struct krylov {
  const gdi_env *env;
  gd_operator *op;
  const gd_spectrum_options *options;
  size_t count, m, size; /* eigenvalues wanted; largest subspace; that of now, k above */
  size_t width;          /* of a block */
  gdi_basis basis;       /* V and v: `size` + width vectors */
  double *H;             /* S with b' below it, [m + width by m] */
  gdi_schur schur;       /* of S or S + g b' */
  double *spike;         /* Q'b [m by width] */
  double *shift;         /* g, or zeros; [m] */
  double shifted;        /* |v - V g| */
  double *estimate;      /* [m], of the residuals */
  gdi_unit *units;       /* [m], in the wanted order */
  size_t n_units;
  int *pivots; /* [m] */
  gd_rng rng;
  double largest; /* |A v| so far, over all |v| = 1 seen: a size of A */
  uint64_t products;
  size_t converged, idle; /* at the last restart; restarts since that grew */
} krylov;

/* ---- life ---- */

static gd_status create(krylov *k, gd_operator *op, const gd_spectrum_options *options) {
  const size_t n = gd_operator_rows(op), count = options->count < n ? options->count : n;
  const size_t usual = 2 * count + 1 > 20 ? 2 * count + 1 : 20, asked = options->subspace ? options->subspace : usual;
  const size_t most = asked < n ? asked : n, width = most + options->block <= n ? options->block : 1;
  const size_t m = most >= count + 2 + width ? most : count + 2 + width < n ? count + 2 + width : n;
  *k = (krylov){.env = gdi_operator_env(op), .op = op, .options = options, .count = count, .m = m, .shifted = 1};
  k->width = m + width <= n ? width : 1;
  k->rng = gd_rng_make(options->seed, 0);
  GD_TRY(gdi_basis_create(k->env, &k->basis, n, m + k->width));
  GD_TRY(gdi_schur_create(k->env, &k->schur, m));
  k->H = gdi_allocate(k->env, gdi_times(m + k->width, m), sizeof *k->H);
  k->spike = gdi_allocate(k->env, gdi_times(m, k->width), sizeof *k->spike);
  k->shift = gdi_allocate(k->env, m, sizeof *k->shift);
  k->estimate = gdi_allocate(k->env, m, sizeof *k->estimate);
  k->units = gdi_allocate(k->env, m, sizeof *k->units);
  k->pivots = gdi_allocate(k->env, m, sizeof *k->pivots);
  return k->H && k->spike && k->shift && k->estimate && k->units && k->pivots ? GD_OK : GD_ERR_MEMORY;
}

static void destroy(krylov *k) {
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

/* Vector `to`, a product, becomes orthonormal to those before it, with column `from` of S and b'.  A rest lost in
 * rounding means that V spans an invariant subspace: go on from a random vector. */
static gd_status take_in(krylov *k, size_t from, size_t to) {
  double *column = k->H + from * (k->m + k->width), norm;
  GD_TRY(gdi_check_product(k->basis.n, gdi_basis_vector(&k->basis, to), &norm));
  k->largest = fmax(k->largest, norm);
  column[to] = gdi_basis_orthogonalise(&k->basis, to, DBL_EPSILON * k->largest, column);
  if (column[to] == 0) gdi_basis_draw(&k->basis, to, &k->rng);
  return GD_OK;
}

/* One block more. */
static gd_status append(krylov *k) {
  const size_t start = k->size, w = k->width;
  GD_TRY(gdi_operator_apply_many(k->op, w, gdi_basis_vector(&k->basis, start), gdi_basis_vector(&k->basis, start + w)));
  k->products += w;
  for (size_t i = 0; i < w; i++) GD_TRY(take_in(k, start + i, start + w + i));
  k->size += w;
  return GD_OK;
}

/* A few vectors more, or what max_products leaves of them. */
static gd_status grow(krylov *k) {
  const size_t few = k->m > 20 ? k->m / 5 : 4, more = k->size < k->count ? k->count : k->size + few;
  while (k->size < more && k->size + k->width <= k->m && (k->products < k->options->max_products || k->size == 0))
    GD_TRY(append(k));
  return GD_OK;
}

/* ---- look ---- */

/* b_j, of the block's vector l */
static double spike_entry(const krylov *k, size_t j, size_t l) { return k->H[k->size + l + j * (k->m + k->width)]; }

/* g of harmonic extraction, or zeros. */
static void find_shift(krylov *k) {
  const size_t s = k->size, ld = k->schur.capacity;
  double *room = k->schur.X;
  for (size_t j = 0; j < s; j++) {
    memcpy(room + j * ld, k->H + j * (k->m + k->width), s * sizeof *room);
    room[j + j * ld] -= k->options->target_re;
    k->shift[j] = spike_entry(k, j, 0);
  }
  const bool solved = gdi_lu_factor(s, room, ld, k->pivots) == GD_OK;
  if (solved) gdi_lu_solve(true, s, room, ld, k->pivots, k->shift);
  k->shifted = solved ? hypot(1, gdi_vector_norm(s, k->shift)) : INFINITY;
  if (k->shifted <= LARGEST_SHIFT) return;
  memset(k->shift, 0, s * sizeof *k->shift);
  k->shifted = 1;
}

/* Schur form of S + g b', which is S when g is zero. */
static gd_status factor(krylov *k, bool symmetric) {
  const size_t s = k->size, ld = k->schur.capacity;
  for (size_t j = 0; j < s; j++) {
    double *column = k->schur.T + j * ld;
    memcpy(column, k->H + j * (k->m + k->width), s * sizeof *column);
    gdi_vector_axpy(s, spike_entry(k, j, 0), k->shift, column);
  }
  return gdi_schur_factor(&k->schur, s, symmetric);
}

/* Q'b, of the first `kept` columns of Q; exactly 0 where it is lost in rounding. */
static void find_spike(krylov *k, size_t kept) {
  for (size_t l = 0; l < k->width; l++)
    for (size_t i = 0; i < kept; i++) {
      double sum = 0;
      for (size_t j = 0; j < k->size; j++) sum += k->schur.Q[j + i * k->schur.capacity] * spike_entry(k, j, l);
      k->spike[i + l * k->m] = fabs(sum) > DBL_EPSILON * k->largest ? sum : 0;
    }
}

/* |b'x| of a vector of T, or of the real and imaginary part of one. */
static double spike_norm(const krylov *k, size_t count, const double *x, bool pair) {
  double norm = 0;
  for (size_t l = 0; l < k->width; l++) {
    norm = hypot(norm, gdi_vector_dot(count, k->spike + l * k->m, x));
    if (pair) norm = hypot(norm, gdi_vector_dot(count, k->spike + l * k->m, x + k->schur.capacity));
  }
  return norm;
}

/* Residuals of the first `count` eigenvectors of T, as the decomposition has them. */
static void estimate_residuals(krylov *k, size_t count) {
  gdi_schur_vectors(&k->schur, count);
  for (size_t i = 0; i < count; i++) {
    const bool pair = k->schur.im[i] != 0 && i + 1 < count;
    k->estimate[i] = k->shifted * spike_norm(k, count, k->schur.X + i * k->schur.capacity, pair);
    if (pair) k->estimate[i + 1] = k->estimate[i];
    i += pair;
  }
}

static double goal_of(const krylov *k, size_t i) {
  return fmax(k->options->tolerance * hypot(k->schur.re[i], k->schur.im[i]), 16 * DBL_EPSILON * k->largest);
}

static gd_status look(krylov *k) {
  const bool harmonic = k->options->which == GD_CLOSEST;
  if (harmonic) find_shift(k);
  GD_TRY(factor(k, k->options->symmetric && !harmonic));
  find_spike(k, k->size);
  estimate_residuals(k, k->size);
  k->n_units = gdi_order_units(k->size, k->schur.re, k->schur.im, k->options, k->units);
  return GD_OK;
}

/* Members of the first units, as many units as it takes to reach `goal`. */
static size_t members_of(const krylov *k, size_t goal) {
  size_t members = 0;
  for (size_t u = 0; u < k->n_units && members < goal; u++) members += k->units[u].members;
  return members;
}

/* Of the first `goal` eigenvalues, how many have converged. */
static size_t converged_of(const krylov *k, size_t goal) {
  size_t members = 0, converged = 0;
  for (size_t u = 0; u < k->n_units && members < goal; u++) {
    members += k->units[u].members;
    if (k->estimate[k->units[u].start] <= goal_of(k, k->units[u].start)) converged += k->units[u].members;
  }
  return converged;
}

/* ---- restart ---- */

/* v becomes v - V (I - Q Q') g, for the kept columns of Q; `along` [kept] becomes Q'g. */
static void unshift(krylov *k, size_t kept, double *along) {
  const size_t s = k->size, ld = k->schur.capacity;
  gdi_matrix_vector(true, s, kept, 1, k->schur.Q, ld, k->shift, along);
  gdi_matrix_vector_add(s, kept, -1, k->schur.Q, ld, along, k->shift);
  gdi_matrix_vector_add(k->basis.n, s, -1, k->basis.vectors, k->basis.n, k->shift, gdi_basis_vector(&k->basis, s));
}

/* S and b' of what is kept: T - along b', and b scaled by the norm of the new v. */
static void rewrite(krylov *k, size_t kept, const double *along, double norm) {
  const size_t rows = k->m + k->width;
  memset(k->H, 0, rows * k->m * sizeof *k->H);
  for (size_t j = 0; j < kept; j++) {
    double *column = k->H + j * rows;
    memcpy(column, k->schur.T + j * k->schur.capacity, kept * sizeof *column);
    gdi_vector_axpy(kept, -k->spike[j], along, column);
    for (size_t l = 0; l < k->width; l++) column[kept + l] = norm * k->spike[j + l * k->m];
  }
}

/* Cut the decomposition off after the first units in order, `goal` eigenvalues or one more. */
static void cut(krylov *k, size_t goal) {
  const size_t s = k->size, ld = k->schur.capacity;
  size_t kept = 0;
  memset(k->schur.selected, 0, k->m * sizeof *k->schur.selected);
  for (size_t u = 0; u < k->n_units && kept < goal; u++)
    for (size_t member = 0; member < k->units[u].members; member++, kept++)
      k->schur.selected[k->units[u].start + member] = 1;
  gdi_schur_reorder(&k->schur, s);
  if (kept < s && k->schur.T[kept + (kept - 1) * ld] != 0) kept++; /* a block that could not be moved */
  find_spike(k, kept);
  double *along = k->estimate, norm = 1;
  memset(along, 0, kept * sizeof *along);
  if (k->shifted > 1) unshift(k, kept, along);
  gdi_basis_rotate(&k->basis, s, k->schur.Q, ld, kept);
  if (kept < s)
    memmove(gdi_basis_vector(&k->basis, kept), gdi_basis_vector(&k->basis, s), k->width * k->basis.n * sizeof *along);
  if (k->shifted > 1) norm = gdi_basis_orthogonalise(&k->basis, kept, 0, NULL);
  rewrite(k, kept, along, norm);
  memset(k->shift, 0, k->m * sizeof *k->shift);
  k->shifted = 1;
  k->size = kept;
}

/* How many to keep: what has converged, and between 2/5 and 7/10 of the rest, cut at the widest gap in the wanted
 * order, because what is thrown away comes back the more slowly the further it is from what is kept.  Keeping much
 * keeps what was learnt, keeping little filters harder: when nothing converges for long, every third restart keeps half
 * at most. */
static size_t size_to_keep(const krylov *k, size_t converged) {
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

static gd_status iterate(krylov *k) {
  for (size_t i = 0; i < k->width; i++) gdi_basis_draw(&k->basis, i, &k->rng);
  for (;;) {
    GD_TRY(grow(k));
    GD_TRY(look(k));
    const size_t converged = converged_of(k, k->count);
    if (converged == members_of(k, k->count) || k->products >= k->options->max_products) break;
    if (k->size + k->width <= k->m) continue;
    if (k->size == k->basis.n) break;
    k->idle = converged > k->converged ? 0 : k->idle + 1;
    k->converged = converged;
    cut(k, size_to_keep(k, converged));
  }
  cut(k, k->count);
  return GD_OK;
}

/* ---- answer ---- */

/* |A z - lambda z| of the vectors in the basis; the vector after them is room for the product. */
static gd_status true_residuals(krylov *k) {
  const size_t n = k->basis.n, s = k->size;
  double *w = gdi_basis_vector(&k->basis, s), ignored;
  for (size_t i = 0; i < s; i++) {
    const double re = k->schur.re[i], im = k->schur.im[i];
    const double *z = gdi_basis_vector(&k->basis, i), *other = im > 0 ? z + n : z - n;
    /* A (x + iy) - lambda (x + iy) = (A x - re x + im y) + i (A y - re y - im x): im changes sign with the member */
    GD_TRY(gdi_finite_product(k->op, false, z, w, &ignored));
    k->products++;
    gdi_vector_axpy(n, -re, z, w);
    if (im != 0) gdi_vector_axpy(n, im, other, w);
    k->estimate[i] = gdi_vector_norm(n, w);
    if (im < 0) k->estimate[i] = k->estimate[i - 1] = hypot(k->estimate[i], k->estimate[i - 1]);
  }
  return GD_OK;
}

/* Turn the decomposition into eigenvectors Z = V Q X and their residuals. */
static gd_status conclude(krylov *k) {
  const size_t s = k->size, ld = k->schur.capacity;
  GD_TRY(factor(k, k->options->symmetric));
  find_spike(k, s);
  estimate_residuals(k, s);
  const gdi_product vectors = {
      .rows = s, .columns = s, .inner = s, .A = k->schur.Q, .lda = ld, .B = k->schur.X, .ldb = ld};
  gdi_matrix_product(&vectors, k->schur.T, ld);
  gdi_basis_rotate(&k->basis, s, k->schur.T, ld, s);
  return k->options->residuals ? true_residuals(k) : GD_OK;
}

static gd_status hand_over(krylov *k, gdi_krylov_answer *answer) {
  const size_t s = k->size;
  double *numbers = gdi_allocate(k->env, 3 * s, sizeof *numbers);
  if (!numbers) return GD_ERR_MEMORY;
  *answer = (gdi_krylov_answer){.basis = k->basis, .products = k->products};
  answer->eigen = (gdi_eigen){s, numbers, numbers + s, numbers + 2 * s, k->basis.vectors};
  k->basis = (gdi_basis){0};
  memcpy(answer->eigen.re, k->schur.re, s * sizeof *numbers);
  memcpy(answer->eigen.im, k->schur.im, s * sizeof *numbers);
  memcpy(answer->eigen.residual, k->estimate, s * sizeof *numbers);
  /* the estimates reached the goal; the products that check them are rounded themselves */
  for (size_t i = 0; i < s; i++) answer->converged += k->estimate[i] <= goal_of(k, i) + 64 * DBL_EPSILON * k->largest;
  return answer->converged < k->count ? GD_NOT_CONVERGED : GD_OK;
}

gd_status gdi_krylov_schur(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer) {
  krylov k;
  gd_status status = create(&k, op, options);
  if (status == GD_OK) status = iterate(&k);
  if (status == GD_OK) status = conclude(&k);
  if (status == GD_OK) status = hand_over(&k, answer);
  destroy(&k);
  return status;
}

void gdi_krylov_answer_destroy(const gdi_env *env, gdi_krylov_answer *answer) {
  gdi_release(env, answer->eigen.re);
  gdi_basis_destroy(env, &answer->basis);
}
