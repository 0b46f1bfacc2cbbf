/* SPDX-License-Identifier: BSD-3-Clause */
/* second_search.c -- a second search, from another start in a larger subspace, must find the same eigenvalues.
 *
 * Krylov-Schur converges first to eigenvalues at the corners of the spectrum, and may stop before it finds one that is
 * hidden along an edge (outline.c).  If this is possible, the search is repeated from other starts, in 8 and 16 times
 * the subspace and for more eigenvalues, until two agree on the requested ones.  A large subspace needs fewer products
 * than a small one, since restarts lose information.  If it would take too much memory, twice the subspace is tried
 * first; agreement with it counts only if nothing can be hidden by then.  (For a game of 1442 variables two of three
 * searches in 48 vectors stopped at the same wrong eigenvalue, and every one in 96 went on.)  If two searches do not
 * agree, the one that found more is kept.  If max_products or the largest subspace is reached first, the answer is
 * about the eigenvalues found, and the status says so. */
#include "linear/second_search.h"

#include "base/error.h"
#include "linear/operator.h"
#include "linear/order.h"

#include <float.h>
#include <math.h>

#define BELIEVABLE 1e-8 /* bases that are orthonormal up to this */
#define AGREE 1e-6      /* keys that differ by less, relative to the largest modulus, are the same */

enum { MORE = 10, WHOLE = 1000, LARGE = 200000 };

/* Subspaces of further searches are 2 to these powers times the first one; agreement counts from SURE on.  The smallest
 * is for LARGE operators. */
static const size_t powers[] = {1, 3, 4};
enum { SEARCHES = sizeof powers / sizeof *powers, SURE = 3, LAST = 4 };

/* The first keys of an answer (real parts, moduli, ...) and their number. */
static size_t find_keys(const gdi_krylov_answer *answer, const gd_spectrum_options *options, gdi_unit *units) {
  return gdi_order_units(answer->eigen.n, answer->eigen.re, answer->eigen.im, options, units);
}

static double largest_modulus(const gdi_eigen *eigen) {
  double largest = 0;
  for (size_t k = 0; k < eigen->n; k++) largest = fmax(largest, hypot(eigen->re[k], eigen->im[k]));
  return largest;
}

/* The first `count` eigenvalues of both have the same keys. */
static bool do_agree(const gdi_krylov_answer *a, const gdi_krylov_answer *b, const gd_spectrum_options *options,
                     gdi_unit *units) {
  const double near = AGREE * fmax(largest_modulus(&a->eigen), largest_modulus(&b->eigen));
  gdi_unit *others = units + a->eigen.n;
  const size_t in_a = find_keys(a, options, units), in_b = find_keys(b, options, others);
  size_t members = 0;
  for (size_t u = 0; members < options->count && u < in_a; members += units[u++].members)
    if (u >= in_b || !(fabs(units[u].first_key - others[u].first_key) <= near)) return false;
  return true;
}

/* b comes before a. */
static bool is_further(const gdi_krylov_answer *a, const gdi_krylov_answer *b, const gd_spectrum_options *options,
                       gdi_unit *units) {
  gdi_unit *others = units + a->eigen.n;
  find_keys(a, options, units);
  find_keys(b, options, others);
  return others[0].first_key > units[0].first_key;
}

/* The first `count` eigenvalues of an answer that holds more: how many of them have converged. */
static void count_converged(gdi_krylov_answer *answer, const gd_spectrum_options *options, gdi_unit *units) {
  const gdi_eigen *eigen = &answer->eigen;
  const size_t n_units = find_keys(answer, options, units);
  size_t members = 0, converged = 0;
  for (size_t u = 0; u < n_units && members < options->count; members += units[u++].members) {
    const size_t at = units[u].start;
    const double goal = options->tolerance * hypot(eigen->re[at], eigen->im[at]);
    if (eigen->residual[at] <= goal + 80 * DBL_EPSILON * answer->largest) converged += units[u].members;
  }
  answer->converged = answer->defect <= BELIEVABLE ? converged : 0;
}

static gd_status say_doubt(void) {
  return gdi_fail(GD_NOT_CONVERGED, "gd_spectrum_compute: the answer is about the eigenvalues that were found; "
                                    "searches from several starts did not agree, so others may be missing");
}

/* True if all n vectors, after which nothing is open, are few, or at most twice as many as the last search would
 * keep. */
static bool is_within_reach(size_t n, const gd_spectrum_options *options) {
  return n <= WHOLE || n < 2 * (gdi_krylov_subspace(n, options) << LAST);
}

/* The first search.  It stops after as many products as all n vectors would take, and leaves some for the other
 * searches. */
static gd_status begin(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer) {
  const size_t n = gd_operator_rows(op);
  gd_spectrum_options own = *options;
  if (is_within_reach(n, options) && 3 * n < own.max_products)
    own.max_products = 2 * n;
  else if (n < LARGE && own.max_products >= 4)
    own.max_products /= 4;
  const gd_status status = gdi_krylov_schur(op, &own, answer);
  if (status == GD_NOT_CONVERGED && own.max_products < options->max_products) answer->hidden = true;
  return status;
}

/* One more search, whose products are added to those of the answer so far. */
static gd_status search(gd_operator *op, const gd_spectrum_options *options, size_t power, uint64_t *products,
                        gdi_krylov_answer *answer) {
  gd_spectrum_options own = *options;
  const size_t n = gd_operator_rows(op), usual = gdi_krylov_subspace(n, options);
  own.seed = options->seed + power;
  own.count = options->count + MORE < n ? options->count + MORE : n;
  own.subspace = is_within_reach(n, options) ? n : usual << power;
  own.max_products = options->max_products - *products;
  const gd_status status = gdi_krylov_schur(op, &own, answer);
  if (status >= 0) *products += answer->products;
  return status;
}

/* Compare `answer` with another search; *agreed is true if they agree, or if the other one is complete.  The better one
 * is kept. */
static gd_status compare(gd_operator *op, const gd_spectrum_options *options, size_t power, uint64_t *products,
                         gdi_krylov_answer *answer, bool *agreed) {
  const gdi_env *env = gdi_operator_env(op);
  gdi_krylov_answer other = {0};
  GD_TRY(search(op, options, power, products, &other));
  gdi_unit *units = gdi_allocate(env, answer->eigen.n + other.eigen.n, sizeof *units);
  if (units) {
    const bool sure = power >= SURE || !other.hidden;
    *agreed = other.whole || (sure && other.converged >= options->count && do_agree(answer, &other, options, units));
    if (other.whole || (!*agreed && is_further(answer, &other, options, units))) {
      count_converged(&other, options, units + answer->eigen.n);
      const gdi_krylov_answer former = *answer;
      *answer = other;
      other = former;
    }
  }
  gdi_release(env, units);
  gdi_krylov_answer_destroy(env, &other);
  return units ? GD_OK : GD_ERR_MEMORY;
}

gd_status gdi_second_search(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer) {
  gd_status status = begin(op, options, answer);
  uint64_t products = answer->products;
  bool agreed = status < 0 || answer->whole || !answer->hidden;
  const size_t n = gd_operator_rows(op);
  for (size_t k = n < LARGE; !agreed && status >= 0 && k < SEARCHES && products < options->max_products; k++)
    status = compare(op, options, powers[k], &products, answer, &agreed);
  if (status < 0) {
    gdi_krylov_answer_destroy(gdi_operator_env(op), answer);
    *answer = (gdi_krylov_answer){0};
    return status;
  }
  answer->products = products;
  if (!agreed) return say_doubt();
  return answer->converged < (options->count < n ? options->count : n) ? GD_NOT_CONVERGED : GD_OK;
}
