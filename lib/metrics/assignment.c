/* SPDX-License-Identifier: BSD-3-Clause */
/* assignment.c -- assigns a different row to each column, at the least total cost (Jonker & Volgenant 1987).
 *
 * v_i is the dual variable of row i.  The best row for column j is that with the least c_ij - v_i.  An assignment in
 * which every column has its best row is optimal: with u_j = min_i (c_ij - v_i), u_j + v_i <= c_ij for all i, j, with
 * equality for the assigned pairs.  The steps are
 *
 *     reduce    v_i = min_j c_ij; row i is assigned to a column with this cost, if that has no row yet
 *     transfer  for a column with a row: lower v of this row until its second best row is equally good
 *     compete   a column without a row takes its best row, lowers v of it in the same way, and displaces the
 *               column that had it; three rounds
 *     augment   for each column left: the shortest path in reduced costs c_ij - u_j - v_i to a free row
 *
 * The columns of the matrix are read from end to end (kernels/rows.h). */
#include "base/error.h"
#include "base/memory.h"
#include "kernels/rows.h"
#include "kernels/vector.h"

#include <gamedyn/sample.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define NOBODY SIZE_MAX
#define ROUNDS 3 /* of competition; further ones change prices by little */

typedef struct market {
  size_t n, ldc;
  const double *cost;
  double *v;                     /* prices [n] */
  size_t *row_of, *column_of;    /* [n]; NOBODY */
  size_t *waiting, n_waiting;    /* columns without a row */
  double *distance, *via, *open; /* [n], of a search: path lengths; the column before; v, -infinity once passed */
  size_t *passed;                /* rows in the order in which they were */
  double *length;                /* their distances */
} market;

static const double *column_at(const market *m, size_t j) { return m->cost + j * m->ldc; }

static void give(market *m, size_t j, size_t i) {
  m->row_of[j] = i;
  m->column_of[i] = j;
}

/* ---- a good start ---- */

static void reduce(market *m) {
  const size_t n = m->n;
  for (size_t k = 0; k < n; k++) {
    m->v[k] = INFINITY;
    m->open[k] = 0;
    m->row_of[k] = m->column_of[k] = NOBODY;
  }
  for (size_t j = 0; j < n; j++) gdi_row_relax(n, column_at(m, j), m->open, 0, (double)j, m->v, m->via);
  for (size_t i = n; i-- > 0;)
    if (m->row_of[(size_t)m->via[i]] == NOBODY) give(m, (size_t)m->via[i], i);
}

static void transfer(market *m) {
  m->n_waiting = 0;
  for (size_t j = 0; j < m->n; j++) {
    if (m->row_of[j] == NOBODY) {
      m->waiting[m->n_waiting++] = j;
      continue;
    }
    const gdi_least best = gdi_row_least(m->n, column_at(m, j), m->v);
    if (best.at == m->row_of[j] && isfinite(best.second)) m->v[best.at] -= best.second - best.first;
  }
}

/* Column j takes its best row, and v of this row is lowered until the second best is equally good.  Returns the column
 * without a row now: the one that had it, or j itself if all of its best rows are taken. */
static size_t bid(market *m, size_t j) {
  const gdi_least best = gdi_row_least(m->n, column_at(m, j), m->v);
  const double lower = m->v[best.at] - (best.second - best.first);
  const size_t outbid = m->column_of[best.at];
  const bool worth = lower < m->v[best.at] && isfinite(lower);
  if (!worth && outbid != NOBODY) return j;
  if (worth) m->v[best.at] = lower;
  give(m, j, best.at);
  if (outbid != NOBODY) m->row_of[outbid] = NOBODY;
  return outbid;
}

/* Each column without a row takes one turn. */
static void compete(market *m) {
  const size_t count = m->n_waiting;
  m->n_waiting = 0;
  for (size_t k = 0; k < count; k++) {
    const size_t left = bid(m, m->waiting[k]);
    if (left != NOBODY) m->waiting[m->n_waiting++] = left;
  }
}

/* ---- the rest ---- */

/* Compute lengths of shortest paths from column `start`, row by row, up to a free row; returns its index in
 * `passed`. */
static size_t search(market *m, size_t start) {
  const size_t n = m->n;
  double shift = 0;
  for (size_t k = 0; k < n; k++) m->distance[k] = INFINITY;
  memcpy(m->open, m->v, n * sizeof *m->open);
  for (size_t count = 0, j = start;; count++) {
    const size_t i = gdi_row_relax(n, column_at(m, j), m->open, shift, (double)j, m->distance, m->via);
    m->passed[count] = i;
    m->length[count] = m->distance[i];
    if (m->column_of[i] == NOBODY) return count;
    m->open[i] = -INFINITY; /* its distance is final: nothing is less than infinity */
    m->distance[i] = INFINITY;
    j = m->column_of[i];
    shift = m->length[count] - (column_at(m, j)[i] - m->v[i]);
  }
}

static void augment(market *m, size_t start) {
  const size_t last = search(m, start);
  for (size_t k = 0; k < last; k++) m->v[m->passed[k]] += m->length[k] - m->length[last];
  for (size_t i = m->passed[last], j = NOBODY; j != start;) {
    j = (size_t)m->via[i];
    const size_t before = m->row_of[j];
    give(m, j, i);
    i = before;
  }
}

/* ---- the answer ---- */

static gd_status settle(const market *m, double *u, gd_assignment *result) {
  *result = (gd_assignment){0};
  for (size_t j = 0; j < m->n; j++) {
    u[j] = gdi_row_least(m->n, column_at(m, j), m->v).first;
    result->cost += column_at(m, j)[m->row_of[j]];
    result->bound += u[j];
  }
  for (size_t i = 0; i < m->n; i++) result->bound += m->v[i];
  if (!isfinite(result->cost) || !isfinite(result->bound))
    return gdi_fail(GD_ERR_NONFINITE, "gd_assignment_solve: the sum of the costs overflows");
  return GD_OK;
}

static gd_status solve(market *m, double *u, gd_assignment *result) {
  reduce(m);
  transfer(m);
  for (int round = 0; round < ROUNDS; round++) compete(m);
  for (size_t k = 0; k < m->n_waiting; k++) augment(m, m->waiting[k]);
  return settle(m, u, result);
}

static gd_status check(size_t n, const double *cost, size_t ldc) {
  GDI_REQUIRE(n > 0 && n < NOBODY / sizeof(double) / 8, "gd_assignment_solve: n is %zu, expected 1 or more", n);
  GDI_REQUIRE(cost, "gd_assignment_solve: cost is NULL, expected a matrix of %zu by %zu", n, n);
  GDI_REQUIRE(ldc >= n, "gd_assignment_solve: ldc is %zu, expected at least n = %zu", ldc, n);
  for (size_t j = 0; j < n; j++) {
    const size_t i = gdi_vector_first_nonfinite(n, cost + j * ldc);
    if (i < n)
      return gdi_fail(GD_ERR_NONFINITE, "gd_assignment_solve: cost[%zu, %zu] is %g, expected a finite number", i, j,
                      cost[i + j * ldc]);
  }
  return GD_OK;
}

gd_status gd_assignment_solve(size_t n, const double *cost, size_t ldc, size_t *row_of, double *row_dual,
                              double *column_dual, gd_assignment *assignment, const gd_env *env) {
  GDI_REQUIRE(row_of, "gd_assignment_solve: row_of is NULL, expected room for the answer");
  GD_TRY(check(n, cost, ldc));
  gdi_env own;
  gd_assignment found;
  GD_TRY(gdi_env_copy(&own, env));
  double *reals = gdi_allocate(&own, 6 * n, sizeof *reals);
  size_t *places = gdi_allocate(&own, 4 * n, sizeof *places);
  market m = {.n = n, .ldc = ldc, .cost = cost};
  gd_status status = reals && places ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    m.v = reals, m.distance = reals + n, m.via = reals + 2 * n, m.open = reals + 3 * n, m.length = reals + 4 * n;
    m.row_of = places, m.column_of = places + n, m.waiting = places + 2 * n, m.passed = places + 3 * n;
    status = solve(&m, reals + 5 * n, &found);
  }
  if (status == GD_OK) {
    memcpy(row_of, m.row_of, n * sizeof *row_of);
    if (row_dual) memcpy(row_dual, m.v, n * sizeof *row_dual);
    if (column_dual) memcpy(column_dual, reals + 5 * n, n * sizeof *column_dual);
    if (assignment) *assignment = found;
  }
  gdi_release(&own, places);
  gdi_release(&own, reals);
  return status;
}
