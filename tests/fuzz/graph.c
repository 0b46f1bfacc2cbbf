/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.c -- any bytes as an expression graph and a point: evaluated as a function and as a game.
 *
 * Functions agree with a plain evaluator node by node.  Where that finds an operation outside its domain, or a kink
 * that is differentiated, they refuse the point.  Gradients agree with differences, and <w, J u> with <J'w, u>.  What
 * is GD_OK is finite. */
#include "fuzz/fuzz.h"
#include "graph/plain.h"

#include <gamedyn/gamedyn.h>
#include <string.h>

enum { MOST_NODES = 20, MOST_ENTRIES = 48, MOST_VARIABLES = 64, PARAMETERS = 3 };

typedef struct maker {
  const uint8_t *bytes, *end;
  gd_graph *graph;
  gd_node nodes[MOST_NODES + PARAMETERS];
  size_t count;
  bool detached; /* what counts as given moves under differences */
} maker;

static unsigned next(maker *own) { return own->bytes < own->end ? *own->bytes++ : 0; }

/* ---- from bytes to expressions ---- */

static gd_node pick(maker *own) { return own->nodes[next(own) % own->count]; }

static gd_node unary(maker *own, gd_node a) {
  static gd_node (*const plain_ones[])(gd_node) = {
      gd_node_exp,        gd_node_log,      gd_node_tanh,     gd_node_sigmoid, gd_node_softplus,
      gd_node_relu,       gd_node_step,     gd_node_square,   gd_node_sqrt,    gd_node_negate,
      gd_node_reciprocal, gd_node_variable, gd_node_transpose};
  static const double numbers[] = {-2, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 1e-30, 1e30};
  enum { PLAIN = sizeof plain_ones / sizeof *plain_ones, NUMBERS = sizeof numbers / sizeof *numbers };
  const unsigned which = next(own) % (PLAIN + 5);
  if (which < PLAIN) return plain_ones[which](a);
  const double p = numbers[next(own) % NUMBERS];
  switch (which - PLAIN) {
  case 0:
    return gd_node_scale(a, p);
  case 1:
    return gd_node_shift(a, p);
  case 2:
    return gd_node_leaky_relu(a, p);
  case 3:
    return gd_node_power(a, p);
  default:
    own->detached = true;
    return gd_node_detach(a);
  }
}

static bool fits(size_t a, size_t b) { return a == b || a == 1 || b == 1; }

static gd_node binary(maker *own, gd_node a) {
  static gd_node (*const ones[])(gd_node, gd_node) = {gd_node_add, gd_node_subtract, gd_node_multiply, gd_node_divide};
  const gd_node b = pick(own);
  const bool fit = fits(gd_node_rows(a), gd_node_rows(b)) && fits(gd_node_columns(a), gd_node_columns(b));
  return ones[next(own) % 4](a, fit ? b : a);
}

static gd_node matrix(maker *own, gd_node a) {
  const size_t rows = gd_node_rows(a), columns = gd_node_columns(a);
  const size_t row = next(own) % rows, column = next(own) % columns;
  const gd_node b = pick(own);
  switch (next(own) % 4) {
  case 0:
    return gd_node_product(a, gd_node_columns(a) == gd_node_rows(b) ? b : gd_node_transpose(a));
  case 1:
    return gd_node_slice(a, row, column, rows - row, columns - column);
  case 2:
    return gd_node_stack(a, gd_node_columns(b) == columns ? b : a);
  default:
    return gd_node_beside(a, gd_node_rows(b) == rows ? b : a);
  }
}

static gd_node operation(maker *own) {
  const gd_node a = pick(own);
  switch (next(own) % 8) {
  case 0:
    return matrix(own, a);
  case 1:
    return gd_node_norm(a, (gd_axis)(next(own) % 3));
  case 2:
    return gd_node_mean(a, (gd_axis)(next(own) % 3));
  case 3:
  case 4:
    return binary(own, a);
  case 5: /* of a node that depends on parameters in a way of its own */
    return gd_node_gradient(gd_node_sum(a, GD_OVER_ALL), own->nodes[next(own) % PARAMETERS]);
  default:
    return unary(own, a);
  }
}

static void make_nodes(maker *own) {
  static const size_t sides[] = {1, 2, 3, 4};
  for (size_t k = 0; k < PARAMETERS; k++) {
    const size_t rows = sides[next(own) % 4], columns = sides[next(own) % 4];
    own->nodes[own->count++] = gd_graph_parameter(own->graph, NULL, k % 2, rows, columns);
  }
  for (size_t k = 0; k < MOST_NODES && own->bytes < own->end; k++) {
    const gd_node made = operation(own);
    const size_t entries = gd_node_rows(made) * gd_node_columns(made);
    if (made.index && entries <= MOST_ENTRIES) own->nodes[own->count++] = made;
  }
}

/* Mostly small numbers with few digits, sums of which are often 0. */
static void make_point(maker *own, size_t n, double *x) {
  static const double numbers[] = {0,    1,     -1,     0.5,    -0.5,   2,    -2,     3,
                                   0.25, -0.75, 1e-200, -1e200, 1e-308, 1e30, -1e-30, 700};
  for (size_t k = 0; k < n; k++) {
    const unsigned byte = next(own);
    x[k] = byte < 16 ? numbers[byte] : ((double)byte - 136) / 64;
  }
}

/* ---- against the plain evaluator ---- */

/* Whether an operation gives the same bits in whatever order it is computed. */
static bool is_exact(gdi_op op) {
  return op != GDI_EXP && op != GDI_TANH && op != GDI_SECH2 && op != GDI_SIGMOID && op != GDI_SOFTPLUS &&
         op != GDI_SUM_ROWS && op != GDI_SUM_COLUMNS && op != GDI_PRODUCT && op != GDI_NORM && op != GDI_LOG &&
         op != GDI_POWER && op != GDI_SQRT;
}

/* The operand near whose 0 an operation changes suddenly. */
static gdi_index sensitive_operand(const gdi_node *node) {
  switch (node->op) {
  case GDI_LOG:
  case GDI_SQRT:
  case GDI_NONNEGATIVE:
  case GDI_RECIPROCAL:
  case GDI_POWER:
  case GDI_STEP:
  case GDI_RAMP:
  case GDI_NORM:
  case GDI_ABSOLUTE:
  case GDI_CHECK:
    return node->a;
  case GDI_GATE:
  case GDI_RATIO:
    return node->b;
  default:
    return 0;
  }
}

/* What the plain evaluator says of some nodes. */
typedef struct verdict {
  bool defined, finite, doubtful; /* the latter: rounding could decide otherwise */
  double largest, nearest;        /* values of any node; the least operand of what changes suddenly at 0 */
} verdict;

static void look_at(const plain *own, gdi_index k, const bool *exact, verdict *v) {
  const gdi_node *node = gdi_node_at(own->graph, k);
  const gdi_index sensitive = sensitive_operand(node);
  for (size_t i = 0; i < node->rows * node->columns; i++) {
    if (!isfinite(own->value[k][i])) v->finite = false;
    v->largest = fmax(v->largest, fabs(own->value[k][i]));
  }
  if (!sensitive) return;
  const gdi_node *operand = gdi_node_at(own->graph, sensitive);
  for (size_t i = 0; i < operand->rows * operand->columns; i++) {
    const double size = fabs(own->value[sensitive][i]);
    v->nearest = fmin(v->nearest, size);
    if (!exact[sensitive] && !(size > 1e-6)) v->doubtful = true;
  }
}

static verdict judge(const plain *own, size_t count, const gd_node *nodes) {
  const size_t all = own->graph->nodes.count;
  verdict v = {.defined = plain_is_defined(own, count, nodes), .finite = true, .nearest = INFINITY};
  bool *needed = calloc(all, 1), *exact = calloc(all, 1);
  FUZZ_CHECK(needed && exact);
  exact[0] = true;
  for (size_t k = 0; k < count; k++) needed[nodes[k].index] = true;
  for (size_t k = all - 1; k > 0; k--)
    if (needed[k])
      needed[gdi_node_at(own->graph, (gdi_index)k)->a] = needed[gdi_node_at(own->graph, (gdi_index)k)->b] = true;
  for (gdi_index k = 1; k < all; k++) {
    const gdi_node *node = gdi_node_at(own->graph, k);
    exact[k] = is_exact(node->op) && exact[node->a] && exact[node->b];
    if (needed[k]) look_at(own, k, exact, &v);
  }
  free(needed);
  free(exact);
  return v;
}

/* Rounding of a few hundred operations on numbers below 1e3, none of which divides by less than 1e-6. */
static void compare(const plain *by_hand, gd_node node, const double *values, const verdict *v) {
  const double *expected = by_hand->value[node.index];
  for (size_t i = 0; i < gd_node_rows(node) * gd_node_columns(node); i++) {
    FUZZ_CHECK(isfinite(values[i]));
    if (v->finite && v->largest < 1e3 && v->nearest > 1e-3)
      FUZZ_CHECK(fabs(values[i] - expected[i]) <= 1e-9 * (1 + v->largest));
  }
}

static void check_function(const maker *own, size_t count, const gd_node *nodes, const double *x,
                           double *const *outputs) {
  gd_function *function = NULL;
  FUZZ_CHECK(gd_function_create(&function, own->graph, count, nodes) == GD_OK);
  const gd_status status = gd_function_evaluate(function, NULL, x, outputs);
  gd_function_destroy(function);
  plain by_hand = plain_evaluate(own->graph, x, NULL);
  const verdict v = judge(&by_hand, count, nodes);
  FUZZ_CHECK(status == GD_OK ||
             ((status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE) && strlen(gd_last_error()) > 0));
  if (!v.doubtful && v.finite) FUZZ_CHECK((status == GD_OK) == v.defined);
  for (size_t k = 0; status == GD_OK && k < count; k++) compare(&by_hand, nodes[k], outputs[k], &v);
  plain_release(&by_hand);
}

/* ---- differences ---- */

static double value_at(const maker *own, gd_node total, const double *x, size_t k, double change) {
  double moved[MOST_VARIABLES];
  memcpy(moved, x, sizeof moved);
  moved[k] += change;
  plain by_hand = plain_evaluate(own->graph, moved, NULL);
  const double value = by_hand.value[total.index][0];
  plain_release(&by_hand);
  return value;
}

/* One entry of the gradient at a point where nothing is large or near a kink.  Central differences of step 1e-4 are off
 * by the third derivative times 2e-9, which may be large: the two halves of the step tell. */
static void check_difference(maker *own, gd_node total, gd_node slope, size_t start, const double *x) {
  const gd_node both[] = {total, slope};
  const size_t entry = next(own) % (gd_node_rows(slope) * gd_node_columns(slope));
  const double h = 1e-4;
  plain by_hand = plain_evaluate(own->graph, x, NULL);
  const verdict v = judge(&by_hand, 2, both);
  const double exact = by_hand.value[slope.index][entry];
  plain_release(&by_hand);
  if (own->detached || !v.defined || !v.finite || v.largest > 1e2 || v.nearest < 0.05) return;
  const size_t k = start + entry;
  const double whole = (value_at(own, total, x, k, h) - value_at(own, total, x, k, -h)) / (2 * h);
  const double half = (value_at(own, total, x, k, h / 2) - value_at(own, total, x, k, -h / 2)) / h;
  const double doubt = 10 * fabs(whole - half) + 1e-6 * (1 + v.largest);
  FUZZ_CHECK(fabs(exact - half) <= doubt);
}

/* ---- as a game ---- */

static bool are_finite(size_t n, const double *v) {
  for (size_t k = 0; k < n; k++)
    if (!isfinite(v[k])) return false;
  return true;
}

static double dot(size_t n, const double *a, const double *b, double *size) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += a[k] * b[k], *size += fabs(a[k] * b[k]);
  return sum;
}

static void check_products(gd_game *game, size_t n, const double *x, const double *u) {
  double Ju[MOST_VARIABLES], Jw[MOST_VARIABLES], J[MOST_VARIABLES * MOST_VARIABLES], w[MOST_VARIABLES], size = 1;
  for (size_t k = 0; k < n; k++) w[k] = k % 3 ? 1 : -0.5;
  const bool forward = gd_game_jvp(game, x, u, Ju) == GD_OK, backward = gd_game_vjp(game, x, w, Jw) == GD_OK;
  if (forward) FUZZ_CHECK(are_finite(n, Ju));
  if (backward) FUZZ_CHECK(are_finite(n, Jw));
  if (gd_game_jacobian(game, x, J, n) == GD_OK) FUZZ_CHECK(are_finite(n * n, J));
  if (!forward || !backward) return;
  const double one = dot(n, w, Ju, &size), other = dot(n, Jw, u, &size);
  if (size < 1e3) FUZZ_CHECK(fabs(one - other) <= 1e-3 * size);
}

static void check_game(maker *own, const gd_node *utilities, size_t n, const double *x) {
  gd_game *game = NULL;
  double v[MOST_VARIABLES], u[2];
  FUZZ_CHECK(gd_game_from_graph(&game, own->graph, 2, utilities, NULL) == GD_OK);
  if (gd_game_utilities(game, x, u) == GD_OK) FUZZ_CHECK(are_finite(2, u));
  if (gd_game_gradient(game, x, v) == GD_OK) FUZZ_CHECK(are_finite(n, v));
  make_point(own, n, v);
  check_products(game, n, x, v);
  gd_game_destroy(game);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  maker own = {.bytes = bytes, .end = bytes + (count < 256 ? count : 256)};
  double x[MOST_VARIABLES] = {0}, values[4][MOST_ENTRIES], *outputs[] = {values[0], values[1], values[2], values[3]};
  FUZZ_CHECK(gd_graph_create(&own.graph, fuzz_env()) == GD_OK);
  const bool single = next(&own) % 4 == 3;
  make_nodes(&own);
  if (gd_graph_status(own.graph) == GD_OK) {
    const size_t n = gd_graph_size(own.graph, SIZE_MAX);
    make_point(&own, n, x);
    const gd_node last = own.nodes[own.count - 1], total = gd_node_mean(gd_node_tanh(last), GD_OVER_ALL);
    const gd_node slope = gd_node_gradient(total, own.nodes[0]);
    const gd_node nodes[] = {last, total, slope, gd_node_gradient(gd_node_square(slope), own.nodes[1])};
    check_function(&own, 4, nodes, x, outputs);
    check_difference(&own, total, slope, gd_node_start(own.nodes[0]), x);
    const gd_node utilities[] = {total, gd_node_subtract(gd_node_mean(pick(&own), GD_OVER_ALL), total)};
    if (single) gd_graph_set_precision(own.graph, GD_PRECISION_SINGLE);
    check_game(&own, utilities, n, x);
  }
  gd_graph_destroy(own.graph);
  FUZZ_CHECK(fuzz_allocated() == 0);
  return 0;
}
