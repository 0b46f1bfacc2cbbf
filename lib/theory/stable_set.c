/* SPDX-License-Identifier: BSD-3-Clause */
/* stable_set.c -- finds all windows of stability of a rate R(h) = max_k m_k(h) that are wider than a stated resolution.
 *
 * A modulus passes 1 where a test function of h vanishes: |p|^2 - 1 for a stability polynomial p, and for the
 * eigenvalues l_i of a matrix the determinants of Jury's conditions,
 *
 *     prod_i (1 - l_i),   prod_i (1 + l_i),   prod_(i<j) (1 - l_i l_j),
 *
 * which are polynomials of h where the matrix is, even where eigenvalues meet.  On a piece of the axis each test
 * function is interpolated in Chebyshev points (Trefethen 2013, "Approximation Theory and Approximation Practice",
 * chapters 3 and 4).  If the coefficients fall to rounding, the modulus is evaluated between the interpolant's roots
 * and at its extrema near 0; otherwise the piece is halved, down to the curve's resolution.  A change is located to
 * rounding on the modulus itself: an interpolant decides where to evaluate, never what is stable.
 *
 * As h goes to 0 every modulus tends to 1; the first sample that is not 1 to rounding shows from which side. */
#include "theory/stable_set.h"

#include <math.h>

enum {
  DEGREE = 16,                        /* degree of interpolants */
  FINE = 8 * DEGREE,                  /* points at which roots of an interpolant are looked for */
  PROBES_MAX = DEGREE + 1 + 3 * FINE, /* nodes and what interpolants ask for; never as many */
  HALVINGS_MAX = 60,
  FIRST_PER_OCTAVE = 8, /* samples for the first that is not 1 */
  EDGES_MAX = 2 * GDI_WINDOWS_MAX
};

#define HOPELESS 2.0   /* a modulus that is not expected below 1 between two places */
#define RESOLVED 1e-10 /* the last coefficients of an interpolant beside its size */
#define NEAR_ZERO 1e-2 /* extrema that are looked at, likewise */
#define BALANCE 1e-4   /* each half of a piece reaches this part of the size, so that no root hides beneath the other */

/* The curve at one step size. */
typedef struct place {
  double h, modulus;
} place;

typedef struct scan {
  const gdi_step_curves *curves;
  size_t index;
  double cosine[2 * DEGREE];         /* cosine of pi j / DEGREE */
  double band;                       /* a modulus this close to 1 is 1 */
  uint64_t looks;                    /* left for this curve */
  bool first_only;                   /* ask for one window from 0 alone */
  bool begun;                        /* a modulus was not 1 to rounding */
  double low, limit, reached;        /* ends of the window; the last step size passed */
  place last;                        /* the last place passed whose modulus is not 1 to rounding */
  place first_neutral, last_neutral; /* those passed since, whose modulus is */
  bool neutral;                      /* there are such places */
  double edges[EDGES_MAX];
  size_t n_edges; /* stable from edges[0] to edges[1], from edges[2] to ... */
  bool incomplete;
} scan;

static bool is_neutral(const scan *s, const place *at) { return fabs(at->modulus - 1) <= s->band; }

static bool is_stable(const place *at) { return at->modulus < 1; }

static gd_status look(scan *s, double h, gdi_step_look *found) {
  if (s->looks > 0) s->looks--;
  return gdi_step_look_at(s->curves, s->index, h, found);
}

/* ---- changes ---- */

static void add_edge(scan *s, double h) {
  if (s->n_edges == EDGES_MAX)
    s->incomplete = true;
  else
    s->edges[s->n_edges++] = fmin(h, s->limit);
}

static gd_status add_crossing(scan *s, double height, double low, double high) {
  double edge;
  GD_TRY(gdi_step_find_crossing(s->curves, s->index, height, low, high, &edge));
  add_edge(s, edge);
  return GD_OK;
}

/* The modulus rose to 1 from below and fell again: it is not stable where it is 1 to rounding. */
static gd_status add_touch(scan *s, const place *next) {
  GD_TRY(add_crossing(s, 1 - s->band, s->last.h, s->first_neutral.h));
  return add_crossing(s, 1 - s->band, s->last_neutral.h, next->h);
}

/* On to the next place, which lies above the last. */
static gd_status pass(scan *s, place next) {
  s->reached = next.h;
  if (is_neutral(s, &next)) {
    if (!s->neutral) s->first_neutral = next;
    s->last_neutral = next;
    s->neutral = true;
    return GD_OK;
  }
  gd_status status = GD_OK;
  if (!s->begun) {
    if (is_stable(&next)) add_edge(s, s->low);
  } else if (is_stable(&s->last) != is_stable(&next)) {
    status = add_crossing(s, 1, s->last.h, next.h);
  } else if (s->neutral && is_stable(&next)) {
    status = add_touch(s, &next);
  }
  s->begun = true;
  s->neutral = false;
  s->last = next;
  return status;
}

/* ---- interpolants ---- */

typedef struct piece {
  double low, high;
  gdi_step_look at[DEGREE + 1];
  double h[DEGREE + 1];
} piece;

typedef struct interpolant {
  double coefficients[DEGREE + 1]; /* c_0/2 + sum of c_k T_k */
  bool resolved;
} interpolant;

/* x in [-1, 1] as a step size. */
static double place_of(const piece *p, double x) { return p->low + (p->high - p->low) * (0.5 + 0.5 * x); }

static gd_status look_at_nodes(scan *s, piece *p) {
  for (int j = 0; j <= DEGREE; j++) {
    p->h[j] = j == 0 ? p->low : j == DEGREE ? p->high : place_of(p, -s->cosine[j]);
    GD_TRY(look(s, p->h[j], &p->at[j]));
  }
  return GD_OK;
}

/* Nodes at which no step can be taken. */
static int count_infinite(const piece *p) {
  int count = 0;
  for (int j = 0; j <= DEGREE; j++) count += isinf(p->at[j].modulus);
  return count;
}

/* True if all nodes are far above 1: the piece need not be resolved. */
static bool is_hopeless(const piece *p, double level) {
  double least = INFINITY;
  for (int j = 0; j <= DEGREE; j++) least = fmin(least, p->at[j].modulus);
  return least * level > HOPELESS;
}

/* Test function t at the nodes, divided by the largest; `doubt` its error. */
static void read_values(const piece *p, size_t t, double values[DEGREE + 1], double *doubt) {
  double largest = -INFINITY;
  for (int j = 0; j <= DEGREE; j++) largest = fmax(largest, p->at[j].tests[t].log_size);
  if (largest == -INFINITY) largest = 0; /* a plateau of zeros */
  *doubt = 0;
  for (int j = 0; j <= DEGREE; j++) {
    const gdi_step_test *test = &p->at[j].tests[t];
    values[j] = test->sign * exp(test->log_size - largest);
    *doubt = fmax(*doubt, fabs(values[j]) * test->doubt);
  }
}

static bool is_balanced(const double values[DEGREE + 1]) {
  double low = 0, high = 0;
  for (int j = 0; j <= DEGREE / 2; j++) {
    low = fmax(low, fabs(values[j]));
    high = fmax(high, fabs(values[DEGREE - j]));
  }
  return fmin(low, high) >= BALANCE || fmax(low, high) == 0;
}

/* By the discrete cosine transform. */
static interpolant interpolate(const scan *s, const piece *p, size_t t) {
  double values[DEGREE + 1], doubt;
  interpolant it;
  read_values(p, t, values, &doubt);
  for (int k = 0; k <= DEGREE; k++) {
    double sum = 0;
    for (int j = 0; j <= DEGREE; j++)
      sum += (j == 0 || j == DEGREE ? 0.5 : 1) * values[DEGREE - j] * s->cosine[j * k % (2 * DEGREE)];
    it.coefficients[k] = sum * 2 / DEGREE * (k == DEGREE ? 0.5 : 1);
  }
  double tail = 0;
  for (int k = DEGREE - 2; k <= DEGREE; k++) tail = fmax(tail, fabs(it.coefficients[k]));
  it.resolved = is_balanced(values) && tail <= fmax(RESOLVED, 8 * doubt);
  return it;
}

static bool stays_away(const interpolant *it) {
  double others = 0;
  for (int k = 1; k <= DEGREE; k++) others += fabs(it->coefficients[k]);
  return others + 2 * NEAR_ZERO < fabs(it->coefficients[0]) / 2;
}

/* At x in [-1, 1], by Clenshaw's recurrence. */
static double value_at(const interpolant *it, double x) {
  double one = 0, two = 0;
  for (int k = DEGREE; k > 0; k--) {
    const double next = it->coefficients[k] + 2 * x * one - two;
    two = one;
    one = next;
  }
  return it->coefficients[0] / 2 + x * one - two;
}

/* ---- where to look ---- */

typedef struct probes {
  double x[PROBES_MAX]; /* in [-1, 1] */
  size_t count;
} probes;

static void insert(probes *list, double x) {
  if (list->count == PROBES_MAX) return;
  size_t k = list->count++;
  for (; k > 0 && list->x[k - 1] > x; k--) list->x[k] = list->x[k - 1];
  list->x[k] = x;
}

/* The vertex of the parabola through three values at distance d, the middle one extreme. */
static double vertex(double x, double d, double before, double here, double after) {
  const double bend = before - 2 * here + after;
  return bend == 0 ? x : x + 0.5 * d * (before - after) / bend;
}

/* Roots of an interpolant, and its extrema near 0. */
static void find_roots(const interpolant *it, probes *roots, probes *extrema) {
  const double d = 2.0 / FINE;
  double before = 0, here = value_at(it, -1);
  for (int k = 0; k < FINE; k++) {
    const double x = -1 + d * k, after = value_at(it, x + d);
    if ((here < 0) != (after < 0)) insert(roots, x + d * here / (here - after));
    const bool extreme = k > 0 && fabs(here) <= fabs(before) && fabs(here) <= fabs(after);
    if (extreme && fabs(here) < NEAR_ZERO) insert(extrema, vertex(x, d, before, here, after));
    before = here;
    here = after;
  }
}

/* The points at which interpolants need the modulus: their extrema near 0, and one point between any two roots. */
static void choose_probes(const interpolant *it, size_t n_tests, probes *chosen) {
  probes roots = {.count = 0};
  for (size_t t = 0; t < n_tests; t++)
    if (!stays_away(&it[t])) find_roots(&it[t], &roots, chosen);
  for (size_t k = 0; k <= roots.count && roots.count > 0; k++) {
    const double low = k == 0 ? -1 : roots.x[k - 1], high = k == roots.count ? 1 : roots.x[k];
    insert(chosen, low + (high - low) / 2);
  }
}

/* Pass the nodes and what was chosen between them. */
static gd_status pass_piece(scan *s, const piece *p, const probes *chosen) {
  size_t next = 0;
  for (int j = 0; j <= DEGREE; j++) {
    for (; next < chosen->count; next++) {
      const double h = place_of(p, chosen->x[next]);
      gdi_step_look found;
      if (!(h < p->h[j])) break;
      if (j == 0 || !(h > p->h[j - 1])) continue;
      GD_TRY(look(s, h, &found));
      GD_TRY(pass(s, (place){h, found.modulus}));
    }
    if (j > 0) GD_TRY(pass(s, (place){p->h[j], p->at[j].modulus}));
  }
  return GD_OK;
}

/* ---- the axis ---- */

static bool is_narrow(const gdi_step_curves *curves, const piece *p) {
  return p->high - p->low <= curves->resolution * p->high;
}

/* True if the test functions are resolved on a piece; then also finds their points to evaluate. */
static bool resolve(const scan *s, const piece *p, probes *chosen) {
  interpolant it[GDI_STEP_TESTS_MAX];
  const size_t n_tests = s->curves->n_tests;
  if (count_infinite(p) > 0) return false;
  for (size_t t = 0; t < n_tests; t++) {
    it[t] = interpolate(s, p, t);
    if (!it[t].resolved) return false;
  }
  choose_probes(it, n_tests, chosen);
  return true;
}

/* True if the search is finished. */
static bool is_done(const scan *s) { return s->first_only && s->n_edges != 1; }

/* From the last place to `end`: pieces are halved, the lower half first, until they are resolved or narrow. */
static gd_status scan_pieces(scan *s, double end) {
  double ends[HALVINGS_MAX + 1] = {end};
  for (int depth = 0; depth >= 0 && !is_done(s);) {
    piece p = {.low = s->reached, .high = ends[depth]};
    probes chosen = {.count = 0};
    GD_TRY(look_at_nodes(s, &p));
    const bool narrow = is_narrow(s->curves, &p) || depth == HALVINGS_MAX || is_hopeless(&p, s->curves->level);
    if (!resolve(s, &p, &chosen) && !narrow) {
      if (s->looks > 0) {
        ends[depth + 1] = p.low + (p.high - p.low) / 2;
        depth++;
        continue;
      }
      s->incomplete = true;
    }
    GD_TRY(pass_piece(s, &p, &chosen));
    depth--;
  }
  return GD_OK;
}

/* A curve without test functions: samples. */
static gd_status scan_samples(scan *s, double end) {
  const double ratio = exp2(1.0 / s->curves->samples_per_octave);
  while (s->reached < end && !is_done(s)) {
    const double h = fmin(s->reached * ratio, end);
    gdi_step_look found;
    GD_TRY(look(s, h, &found));
    GD_TRY(pass(s, (place){h, found.modulus}));
  }
  return GD_OK;
}

/* From the last place on, octave by octave. */
static gd_status scan_to(scan *s, double end) {
  if (s->curves->n_tests == 0) return scan_samples(s, end);
  while (s->reached < end && !is_done(s)) GD_TRY(scan_pieces(s, fmin(2 * s->reached, end)));
  return GD_OK;
}

/* From `low` on, in steps that begin with `ratio`, to the first place at which the modulus is not 1 to rounding, or to
 * `end`. */
static gd_status pass_neutral(scan *s, double low, double ratio, double end) {
  const double widest = exp2(1.0 / FIRST_PER_OCTAVE);
  bool neutral = true;
  for (double h = low; h <= end && neutral; h *= ratio, ratio = fmin(ratio * ratio, widest)) {
    gdi_step_look found;
    GD_TRY(look(s, h, &found));
    const place at = {h, found.modulus};
    neutral = is_neutral(s, &at);
    GD_TRY(pass(s, at));
  }
  return GD_OK;
}

/* The edges of one curve within a window.  If the window ends where the modulus is 1, the next value that is not 1
 * shows from which side. */
static gd_status scan_window(scan *s, gdi_window window) {
  const double reach = exp2(s->curves->octaves), scale = s->curves->scale[s->index];
  const double last = scale * reach, slight = 1 + 1e-9;
  const double start = window.low == 0 ? scale / reach : window.low;
  s->low = window.low;
  s->limit = window.high;
  s->begun = s->neutral = false;
  s->n_edges = 0;
  GD_TRY(pass_neutral(s, start, window.low == 0 ? 2 : slight, fmax(last, 2 * start)));
  if (s->begun && s->reached < window.high) GD_TRY(scan_to(s, fmin(window.high, last)));
  if (s->begun && s->neutral && !is_done(s)) GD_TRY(pass_neutral(s, s->reached * slight, slight, 2 * s->reached));
  if (s->n_edges % 2 && s->neutral) GD_TRY(add_crossing(s, 1 - s->band, s->last.h, s->first_neutral.h));
  if (s->n_edges % 2) add_edge(s, window.high);
  return GD_OK;
}

/* ---- all curves ---- */

static void add_window(gdi_stable_set *set, double low, double high, bool *incomplete) {
  if (!(high > low)) return;
  if (set->count == GDI_WINDOWS_MAX) {
    *incomplete = true;
    return;
  }
  set->windows[set->count++] = (gdi_window){low, high};
}

static gd_status restrict_to(const gdi_step_curves *curves, size_t index, bool first_only, gdi_stable_set *set,
                             bool *incomplete) {
  const gdi_stable_set before = *set;
  scan s = {.curves = curves,
            .index = index,
            .first_only = first_only,
            .band = gdi_step_neutral_band(curves),
            .looks = curves->looks};
  for (int j = 0; j < 2 * DEGREE; j++) s.cosine[j] = cos(M_PI * j / DEGREE);
  set->count = 0;
  for (size_t k = 0; k < before.count; k++) {
    GD_TRY(scan_window(&s, before.windows[k]));
    for (size_t e = 0; e + 1 < s.n_edges; e += 2) add_window(set, s.edges[e], s.edges[e + 1], incomplete);
  }
  if (first_only && set->count > 1) set->count = 1;
  if (first_only && set->count == 1 && set->windows[0].low > 0) set->count = 0;
  *incomplete = *incomplete || s.incomplete;
  return GD_OK;
}

gd_status gdi_stable_set_find(const gdi_step_curves *curves, bool first_only, gdi_stable_set *set) {
  bool incomplete = false;
  for (size_t k = 0; k < curves->count && set->count > 0; k++)
    GD_TRY(restrict_to(curves, k, first_only, set, &incomplete));
  return incomplete ? GD_NOT_CONVERGED : GD_OK;
}
