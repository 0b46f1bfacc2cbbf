/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse.c -- v(x) = J x + b with a sparse J, known by its products.
 *
 * Utilities, where own blocks are symmetric:
 *
 *     u_i = x_i'J_ii x_i / 2 + x_i'(sum over j != i of J_ij x_j + b_i),
 *
 * and in a zero-sum game u_1 less x_2'J_22 x_2 / 2 + x_2'b_2, and u_2 = -u_1, with the same field. */
#include "base/error.h"
#include "base/sizes.h"
#include "kernels/vector.h"
#include "linear/compressed.h"

#include <gamedyn/sparse.h>
#include <math.h>
#include <string.h>

typedef struct sparse_model {
  gdi_env env;
  gdi_compressed J;
  double *b;      /* [n]; NULL: 0 */
  size_t *starts; /* [n_players + 1], first variable of each player */
  size_t n_players;
  bool zero_sum;
} sparse_model;

/* ---- callbacks ---- */

static void add_constant(const sparse_model *m, size_t from, size_t to, double *v) {
  for (size_t k = from; m->b && k < to; k++) v[k - from] += m->b[k];
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const sparse_model *m = data;
  (void)draw;
  gdi_compressed_multiply(&m->J, 0, m->J.rows, x, v);
  add_constant(m, 0, m->J.rows, v);
  return 0;
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  const sparse_model *m = data;
  const size_t from = m->starts[player], to = m->starts[player + 1];
  (void)draw;
  gdi_compressed_multiply(&m->J, from, to, x, v_i);
  add_constant(m, from, to, v_i);
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  const sparse_model *m = data;
  (void)draw, (void)x;
  gdi_compressed_multiply(&m->J, 0, m->J.rows, u, Ju);
  return 0;
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  const sparse_model *m = data;
  (void)draw, (void)x;
  gdi_compressed_multiply_transposed(&m->J, w, Jtw);
  return 0;
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  const sparse_model *m = data;
  const size_t n = m->J.rows;
  (void)draw, (void)x;
  for (size_t c = 0; c < k; c++) gdi_compressed_multiply(&m->J, 0, n, U + c * n, JU + c * n);
  return 0;
}

/* Points are lanes, side by side: row i of J times all of them. */
static void multiply_points(const sparse_model *m, size_t i, size_t k, const double *X, double *V) {
  for (size_t lane = 0; lane < k; lane++) V[lane] = m->b ? m->b[i] : 0;
  for (size_t e = m->J.first[i]; e < m->J.first[i + 1]; e++) {
    const double *from = X + k * m->J.column[e], value = m->J.value[e];
    for (size_t lane = 0; lane < k; lane++) V[lane] += value * from[lane];
  }
}

static int gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const sparse_model *m = data;
  (void)draw;
  for (size_t i = 0; i < m->J.rows; i++) multiply_points(m, i, k, X, V + i * k);
  return 0;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const sparse_model *m = data;
  (void)draw, (void)x;
  gdi_compressed_assemble(&m->J, J, ldj);
  return 0;
}

static int solution(void *data, double *x) {
  const sparse_model *m = data;
  memset(x, 0, m->J.rows * sizeof *x);
  return 0;
}

static void destroy(void *data) {
  sparse_model *m = data;
  gdi_compressed_destroy(&m->J, &m->env);
  gdi_release(&m->env, m->starts);
  gdi_release(&m->env, m->b);
  gdi_destroy(m, offsetof(sparse_model, env));
}

/* ---- utilities ---- */

/* The player's terms that others do not move, and those that they do. */
static void add_terms(const sparse_model *m, size_t player, const double *x, double *alone, double *together) {
  const size_t from = m->starts[player], to = m->starts[player + 1];
  *alone = *together = 0;
  for (size_t i = from; i < to; i++) {
    double own = m->b ? 2 * m->b[i] : 0, others = 0;
    for (size_t e = m->J.first[i]; e < m->J.first[i + 1]; e++) {
      const size_t j = m->J.column[e];
      *(j >= from && j < to ? &own : &others) += m->J.value[e] * x[j];
    }
    *alone += x[i] * own / 2;
    *together += x[i] * others;
  }
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  const sparse_model *m = data;
  double alone = 0, together;
  (void)draw;
  for (size_t i = m->n_players; i-- > 0;) {
    const double behind = alone; /* of player 1, when player 0 is reached */
    add_terms(m, i, x, &alone, &together);
    u[i] = alone + together - (m->zero_sum ? behind : 0);
  }
  if (m->zero_sum) u[1] = -u[0];
  return 0;
}

/* du_i/dx_j = J_ij'x_i for another player j, or in a zero-sum game -v_j. */
static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const sparse_model *m = data;
  const size_t from = m->starts[player], to = m->starts[player + 1], n = m->J.rows;
  if (m->zero_sum) {
    gradient(data, draw, x, g);
    for (size_t k = 0; k < n; k++)
      if (k < from || k >= to) g[k] = -g[k];
    return 0;
  }
  memset(g, 0, n * sizeof *g);
  for (size_t i = from; i < to; i++)
    for (size_t e = m->J.first[i]; e < m->J.first[i + 1]; e++) g[m->J.column[e]] += m->J.value[e] * x[i];
  return player_gradient(data, draw, player, x, g + from);
}

/* ---- what J is like ---- */

/* By bisection: there may be as many players as variables. */
static size_t player_of(const sparse_model *m, size_t variable) {
  size_t low = 0, high = m->n_players;
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    if (m->starts[middle] <= variable)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* J_ji = J_ij for variables of one player, -J_ij for variables of two. */
static bool is_opposed(const sparse_model *m, const gd_sparse *J) {
  bool holds = true;
  for (size_t k = 0; holds && k < gd_sparse_count(J); k++) {
    const gd_entry *entry = gd_sparse_entries(J) + k;
    const bool own = player_of(m, entry->row) == player_of(m, entry->column);
    holds = gd_sparse_get(J, entry->column, entry->row) == (own ? entry->value : -entry->value);
  }
  return holds;
}

static bool own_blocks_are_symmetric(const sparse_model *m, const gd_sparse *J) {
  bool holds = true;
  for (size_t k = 0; holds && k < gd_sparse_count(J); k++) {
    const gd_entry *entry = gd_sparse_entries(J) + k;
    holds = player_of(m, entry->row) != player_of(m, entry->column) ||
            gd_sparse_get(J, entry->column, entry->row) == entry->value;
  }
  return holds;
}

static gd_status check_traits(const sparse_model *m, const gd_sparse *J, uint32_t traits) {
  GDI_REQUIRE((traits & ~(uint32_t)(GD_ZERO_SUM | GD_POTENTIAL)) == 0,
              "gd_model_sparse: traits is %u, expected GD_ZERO_SUM, GD_POTENTIAL or 0", traits);
  GDI_REQUIRE(!(traits & GD_POTENTIAL) || gd_sparse_is_symmetric(J),
              "gd_model_sparse: traits has GD_POTENTIAL, but J is not symmetric");
  if (!(traits & GD_ZERO_SUM)) return GD_OK;
  GDI_REQUIRE(m->n_players == 2, "gd_model_sparse: traits has GD_ZERO_SUM, but there are %zu players, expected 2",
              m->n_players);
  GDI_REQUIRE(is_opposed(m, J),
              "gd_model_sparse: traits has GD_ZERO_SUM, but own blocks are not symmetric, or J_21 is not -J_12'");
  return GD_OK;
}

/* ---- making it ---- */

static gd_status check_arguments(gd_game **game, size_t n_players, const size_t *block_sizes, const gd_sparse *J) {
  size_t n = 0;
  GDI_REQUIRE(game && block_sizes && J, "gd_model_sparse: %s is NULL",
              !game         ? "game"
              : block_sizes ? "J"
                            : "block_sizes");
  GDI_REQUIRE(n_players > 0, "gd_model_sparse: n_players is 0, expected 1 or more");
  for (size_t i = 0; i < n_players; i++) {
    GDI_REQUIRE(block_sizes[i] > 0, "gd_model_sparse: block_sizes[%zu] is 0, expected 1 or more", i);
    n = gdi_plus(n, block_sizes[i]);
  }
  GDI_REQUIRE(gd_sparse_rows(J) == n && gd_sparse_columns(J) == n,
              "gd_model_sparse: J is %zu by %zu, but the players have %zu variables", gd_sparse_rows(J),
              gd_sparse_columns(J), n);
  return GD_OK;
}

static gd_status copy_constant(sparse_model *m, const double *b) {
  const size_t n = m->J.rows, bad = b ? gdi_vector_first_nonfinite(n, b) : n;
  if (!b) return GD_OK;
  if (bad < n)
    return gdi_fail(GD_ERR_NONFINITE, "gd_model_sparse: b[%zu] is %g, expected a finite number", bad, b[bad]);
  size_t zeros = 0;
  while (zeros < n && b[zeros] == 0) zeros++;
  if (zeros == n) return GD_OK;
  m->b = gdi_allocate(&m->env, n, sizeof *b);
  if (!m->b) return GD_ERR_MEMORY;
  memcpy(m->b, b, n * sizeof *b);
  return GD_OK;
}

static gd_status fill(sparse_model *m, const gd_game_spec *spec, const gd_sparse *J, const double *b, uint32_t traits) {
  m->starts = gdi_allocate(&m->env, spec->n_players + 1, sizeof *m->starts);
  if (!m->starts) return GD_ERR_MEMORY;
  for (size_t i = 0; i < spec->n_players; i++) m->starts[i + 1] = m->starts[i] + spec->block_sizes[i];
  m->n_players = spec->n_players;
  GD_TRY(check_traits(m, J, traits));
  m->zero_sum = traits & GD_ZERO_SUM;
  GD_TRY(gdi_compressed_create(&m->J, &m->env, J));
  return copy_constant(m, b);
}

gd_status gd_model_sparse(gd_game **game, size_t n_players, const size_t *block_sizes, const gd_sparse *J,
                          const double *b, uint32_t traits, const gd_env *env) {
  gd_status status;
  GD_TRY(check_arguments(game, n_players, block_sizes, J));
  sparse_model *m = gdi_create(env, sizeof *m, offsetof(sparse_model, env), &status);
  if (!m) return status;
  gd_game_spec spec = {.struct_size = sizeof spec,
                       .data = m,
                       .n_players = n_players,
                       .block_sizes = block_sizes,
                       .traits = traits | GD_AFFINE | GD_THREAD_SAFE,
                       .env = env};
  status = fill(m, &spec, J, b, traits);
  if (status < 0) {
    destroy(m);
    return status;
  }
  const bool has_utilities = m->zero_sum || own_blocks_are_symmetric(m, J);
  const gd_game_ops ops = {.struct_size = sizeof ops,
                           .name = "sparse",
                           .destroy = destroy,
                           .gradient = gradient,
                           .player_gradient = player_gradient,
                           .utilities = has_utilities ? utilities : NULL,
                           .utility_gradient = has_utilities ? utility_gradient : NULL,
                           .jvp = jvp,
                           .vjp = vjp,
                           .jvp_many = jvp_many,
                           .gradient_many = gradient_many,
                           .jacobian = jacobian,
                           .solution = m->b ? NULL : solution};
  spec.ops = &ops;
  return gd_game_create(game, &spec); /* destroys m if it fails */
}

/* ---- min theta, max omega ---- */

/* Entries of J = [[-A, -C], [C', -B]]. */
typedef struct assembly {
  size_t count;
  gd_entry *entries;
} assembly;

static void place(assembly *J, const gd_sparse *block, size_t row, size_t column, double sign) {
  const gd_entry *entries = gd_sparse_entries(block);
  for (size_t k = 0; k < gd_sparse_count(block); k++)
    J->entries[J->count++] = (gd_entry){row + entries[k].row, column + entries[k].column, sign * entries[k].value};
}

static void place_transposed(assembly *J, const gd_sparse *block, size_t row) {
  const gd_entry *entries = gd_sparse_entries(block);
  for (size_t k = 0; k < gd_sparse_count(block); k++)
    J->entries[J->count++] = (gd_entry){row + entries[k].column, entries[k].row, entries[k].value};
}

static gd_status check_own(const char *name, const gd_sparse *block, size_t size) {
  GDI_REQUIRE(!block || (gd_sparse_rows(block) == size && gd_sparse_columns(block) == size),
              "gd_model_sparse_quadratic: %s is %zu by %zu, expected %zu by %zu", name, gd_sparse_rows(block),
              gd_sparse_columns(block), size, size);
  GDI_REQUIRE(gd_sparse_is_symmetric(block), "gd_model_sparse_quadratic: %s is not symmetric", name);
  return GD_OK;
}

static gd_status create_quadratic(gd_game **game, const gd_sparse *A, const gd_sparse *B, const gd_sparse *C,
                                  const size_t sizes[2], const gdi_env *own) {
  const size_t p = sizes[0], n = gdi_plus(p, sizes[1]);
  const size_t count = gdi_plus(gdi_plus(gd_sparse_count(A), gd_sparse_count(B)), gdi_times(2, gd_sparse_count(C)));
  assembly J = {.entries = gdi_allocate(own, count, sizeof *J.entries)};
  gd_sparse *whole = NULL;
  if (!J.entries) return GD_ERR_MEMORY;
  place(&J, A, 0, 0, -1);
  place(&J, C, 0, p, -1);
  place_transposed(&J, C, p);
  place(&J, B, p, p, -1);
  gd_status status = gd_sparse_create(&whole, n, n, J.count, J.entries, &own->env);
  if (status == GD_OK) status = gd_model_sparse(game, 2, sizes, whole, NULL, GD_ZERO_SUM, &own->env);
  gd_sparse_destroy(whole);
  gdi_release(own, J.entries);
  return status;
}

gd_status gd_model_sparse_quadratic(gd_game **game, const gd_sparse *A, const gd_sparse *B, const gd_sparse *C,
                                    const gd_env *env) {
  gdi_env own;
  GDI_REQUIRE(game, "gd_model_sparse_quadratic: game is NULL");
  GDI_REQUIRE(C || (A && B), "gd_model_sparse_quadratic: C is NULL, expected A and B then");
  const size_t sizes[] = {C ? gd_sparse_rows(C) : gd_sparse_rows(A), C ? gd_sparse_columns(C) : gd_sparse_rows(B)};
  GDI_REQUIRE(sizes[0] > 0 && sizes[1] > 0, "gd_model_sparse_quadratic: p is %zu and q is %zu, expected 1 or more",
              sizes[0], sizes[1]);
  GD_TRY(check_own("A", A, sizes[0]));
  GD_TRY(check_own("B", B, sizes[1]));
  GD_TRY(gdi_env_copy(&own, env));
  return create_quadratic(game, A, B, C, sizes, &own);
}
