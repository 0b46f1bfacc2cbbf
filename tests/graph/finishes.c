/* SPDX-License-Identifier: BSD-3-Clause */
/* finishes.c -- what happens to the entries of a product in its own instruction: what becomes part of one and what does
 * not, and chains of all kinds against a plain evaluator, in both precisions, on one thread and shared. */
#include "support/suite.h"

#include "graph/plain.h"
#include "graph/program.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <stdlib.h>

/* ---- what belongs to a product ---- */

typedef struct setting {
  gd_graph *graph;
  gd_node W, X, product, whole, column, row, number;
} setting;

static setting create_with(const gd_env *env, size_t rows, size_t columns, size_t inner) {
  setting own = {0};
  assert_ok(gd_graph_create(&own.graph, env));
  own.W = gd_graph_parameter(own.graph, "W", 0, rows, inner);
  own.X = gd_graph_parameter(own.graph, "X", 0, inner, columns);
  own.product = gd_node_product(own.W, own.X);
  own.whole = gd_graph_parameter(own.graph, "whole", 0, rows, columns);
  own.column = gd_graph_parameter(own.graph, "column", 0, rows, 1);
  own.row = gd_graph_parameter(own.graph, "row", 0, 1, columns);
  own.number = gd_graph_parameter(own.graph, "number", 1, 1, 1);
  return own;
}

static setting create(size_t rows, size_t columns, size_t inner) { return create_with(NULL, rows, columns, inner); }

/* Instructions for the nodes; *steps: of all together. */
static size_t instructions(const setting *own, size_t count, const gd_node *nodes, size_t *steps) {
  gdi_wanted wanted[4];
  gdi_program program = {0};
  size_t to = 0;
  for (size_t k = 0; k < count; k++) {
    wanted[k] = (gdi_wanted){(gdi_index)nodes[k].index, to};
    to += gd_node_rows(nodes[k]) * gd_node_columns(nodes[k]);
  }
  assert_ok(gdi_program_compile(&program, own->graph, count, wanted, NULL));
  const size_t made = program.instructions.count;
  *steps = program.steps.count;
  gdi_program_release(&program);
  return made;
}

static void expect(const setting *own, gd_node node, size_t expected, size_t expected_steps) {
  size_t steps = 0;
  const size_t made = instructions(own, 1, &node, &steps);
  ck_assert_msg(made == expected && steps == expected_steps,
                "node %d: %zu instructions with %zu steps, not %zu with %zu", (int)node.index, made, steps, expected,
                expected_steps);
}

START_TEST(what_follows_a_product_is_part_of_its_instruction) {
  const setting own = create(16, 5, 9);
  const gd_node p = own.product;
  expect(&own, gd_node_relu(gd_node_add(p, own.column)), 1, 2);
  expect(&own, gd_node_leaky_relu(gd_node_subtract(own.column, p), 0.1), 1, 2);
  expect(&own, gd_node_scale(gd_node_subtract(own.whole, p), 2), 1, 2);
  expect(&own, gd_node_multiply(gd_node_step(own.whole), gd_node_subtract(p, own.column)), 1, 2);
  expect(&own, gd_node_multiply(p, own.whole), 1, 1);
  gd_node long_chain = p;
  for (size_t k = 0; k < 8; k++) long_chain = gd_node_relu(gd_node_add(long_chain, own.column));
  expect(&own, long_chain, 2, 16); /* no more than six of them */
  gd_graph_destroy(own.graph);
}
END_TEST

START_TEST(the_later_of_two_products_is_finished_by_their_sum) {
  const setting own = create(16, 5, 9);
  const gd_node other = gd_node_product(gd_node_relu(own.W), own.X);
  expect(&own, gd_node_relu(gd_node_add(own.product, other)), 3, 3);
  expect(&own, gd_node_relu(gd_node_subtract(other, own.product)), 3, 3);
  gd_graph_destroy(own.graph);
}
END_TEST

START_TEST(other_things_are_instructions_of_their_own) {
  const setting own = create(16, 5, 9);
  const gd_node p = own.product, ramp = gd_node_relu(p);
  size_t steps = 0;
  expect(&own, gd_node_add(p, own.row), 2, 1);
  expect(&own, gd_node_add(p, own.number), 2, 1);
  expect(&own, gd_node_tanh(p), 2, 1);
  expect(&own, gd_node_multiply(p, p), 2, 1);                                /* read twice */
  expect(&own, gd_node_multiply(own.whole, gd_node_step(p)), 2, 1);          /* the mask */
  expect(&own, gd_node_add(p, gd_node_square(own.whole)), 2, 2);             /* which need not be in memory */
  ck_assert_uint_eq(instructions(&own, 2, (gd_node[]){p, ramp}, &steps), 2); /* wanted itself */
  gd_graph_destroy(own.graph);
  const size_t shapes[][3] = {{12, 5, 9}, {16, 1, 9}, {1, 5, 9}, {16, 5, 64}, {2, 40, 200}};
  for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
    const setting odd = create(shapes[k][0], shapes[k][1], shapes[k][2]);
    expect(&odd, gd_node_relu(odd.product), 2, 1);
    gd_graph_destroy(odd.graph);
  }
}
END_TEST

/* The weights' and the bias's part of a layer's gradient, delta h' and delta 1, read delta once. */
START_TEST(sums_over_columns_come_with_a_product_that_reads_them) {
  const setting own = create(16, 5, 100);
  size_t steps = 0;
  const gd_node delta = own.W, sum = gd_node_sum(delta, GD_OVER_COLUMNS), down = gd_node_sum(delta, GD_OVER_ROWS);
  const gd_node with = gd_node_product(delta, own.X), across = gd_node_product(gd_node_transpose(delta), own.column),
                later = gd_node_product(delta, gd_node_relu(own.X));
  ck_assert_uint_eq(instructions(&own, 2, (gd_node[]){with, sum}, &steps), 1);
  ck_assert_uint_eq(instructions(&own, 2, (gd_node[]){sum, with}, &steps), 1);
  ck_assert_uint_eq(instructions(&own, 2, (gd_node[]){with, down}, &steps), 2);
  ck_assert_uint_eq(instructions(&own, 2, (gd_node[]){across, sum}, &steps), 2);
  ck_assert_uint_eq(instructions(&own, 2, (gd_node[]){later, sum}, &steps), 3); /* who waits for sum should not */
  gd_graph_destroy(own.graph);
  const setting few = create(16, 5, 63);
  const gd_node both[] = {few.product, gd_node_sum(few.W, GD_OVER_COLUMNS)};
  ck_assert_uint_eq(instructions(&few, 2, both, &steps), 2);
  gd_graph_destroy(few.graph);
  const setting tall = create(100, 5, 16);
  const gd_node down_and_across[] = {gd_node_product(gd_node_transpose(tall.W), tall.whole),
                                     gd_node_sum(tall.W, GD_OVER_COLUMNS)};
  ck_assert_uint_eq(instructions(&tall, 2, down_and_across, &steps), 2);
  gd_graph_destroy(tall.graph);
}
END_TEST

/* What does not depend on the direction is computed once, although what does would save an instruction each time. */
START_TEST(what_does_not_move_is_left_to_the_shared_part) {
  const setting own = create(16, 5, 100), brief = create(16, 5, 9);
  gdi_program program = {0};
  const gdi_index moving = gdi_graph_direction(brief.graph, 2), X = gdi_graph_direction(own.graph, 1);
  const gdi_wanted finished = {gdi_build_binary(brief.graph, GDI_MULTIPLY, (gdi_index)brief.product.index, moving), 0};
  assert_ok(gdi_program_compile(&program, brief.graph, 1, &finished, NULL));
  ck_assert(program.instructions.count == 2 && program.shared == 1);
  gdi_program_release(&program);
  const gd_node sum = gd_node_sum(own.W, GD_OVER_COLUMNS);
  const gdi_wanted summed[] = {{gdi_build_product(own.graph, (gdi_index)own.W.index, false, X, false), 0},
                               {(gdi_index)sum.index, 80}};
  assert_ok(gdi_program_compile(&program, own.graph, 2, summed, NULL));
  ck_assert(program.instructions.count == 2 && program.shared == 1);
  gdi_program_release(&program);
  gd_graph_destroy(own.graph);
  gd_graph_destroy(brief.graph);
}
END_TEST

/* ---- what comes out ---- */

static gd_node another_product(const setting *own) {
  const gd_node W = gd_graph_parameter(own->graph, NULL, 1, gd_node_columns(own->W), gd_node_rows(own->W));
  return gd_node_product(gd_node_transpose(W), own->X);
}

static gd_node link(const setting *own, gd_node e, size_t kind) {
  switch (kind) {
  case 0:
    return gd_node_relu(e);
  case 1:
    return gd_node_leaky_relu(e, 0.3);
  case 2:
    return gd_node_add(own->whole, e);
  case 3:
    return gd_node_subtract(e, own->whole);
  case 4:
    return gd_node_subtract(own->whole, e);
  case 5:
    return gd_node_multiply(e, own->whole);
  case 6:
    return gd_node_add(e, own->column);
  case 7:
    return gd_node_subtract(own->column, e);
  case 8:
    return gd_node_multiply(gd_node_step(own->whole), e);
  case 9:
    return gd_node_add(another_product(own), gd_node_scale(e, 0.5));
  default:
    return gd_node_add(gd_node_tanh(gd_node_multiply(e, own->row)), own->number);
  }
}

static int backwards(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  (void)context;
  for (size_t k = count; k-- > 0;) task(argument, k);
  return 0;
}

typedef struct chain {
  gd_graph *graph;
  gd_node nodes[4]; /* the last, its mean square's slopes in two factors and in a bias */
} chain;

static chain create_chain(uint64_t seed, const size_t shape[3], const gd_env *env) {
  gd_rng rng = gd_rng_make(seed, 12);
  const setting own = create_with(env, shape[0], shape[1], shape[2]);
  gd_node e = gd_rng_below(&rng, 2) ? own.product : another_product(&own);
  for (size_t length = (size_t)gd_rng_below(&rng, 10); length-- > 0;) e = link(&own, e, (size_t)gd_rng_below(&rng, 11));
  e = gd_node_add(e, own.column);
  const gd_node size = gd_node_mean(gd_node_square(e), GD_OVER_ALL);
  return (chain){own.graph,
                 {e, gd_node_gradient(size, own.X), gd_node_gradient(size, own.W), gd_node_gradient(size, own.column)}};
}

static void compare(const plain *by_hand, gd_node node, const double *values, double tolerance) {
  const double *expected = by_hand->value[node.index];
  for (size_t k = 0; k < gd_node_rows(node) * gd_node_columns(node); k++)
    assert_close(values[k], expected[k], tolerance, tolerance);
}

/* Sums of at most 60 terms of order 1, up to nine of them and their squares: of the digits of either type four are lost
 * at most. */
static double inner_product(size_t n, const double *a, const double *b) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
  return sum;
}

/* w'(J u) is (J'w)'u: two programs, one of which takes directions forward, the other back. */
static void check_products(const chain *own, const double *x, const double *u, const double *w) {
  const gd_node size = gd_node_mean(gd_node_square(own->nodes[0]), GD_OVER_ALL);
  const gd_node utilities[] = {gd_node_sum(own->nodes[0], GD_OVER_ALL), size};
  gd_game *game = NULL;
  assert_ok(gd_game_from_graph(&game, own->graph, 2, utilities, "chain"));
  const size_t n = gd_game_size(game);
  double *Ju = calloc(2 * n, sizeof *Ju), *Jtw = Ju + n;
  assert_ok(gd_game_jvp(game, x, u, Ju));
  assert_ok(gd_game_vjp(game, x, w, Jtw));
  assert_close(inner_product(n, w, Ju), inner_product(n, Jtw, u), 1e-12, 1e-12);
  free(Ju);
  gd_game_destroy(game);
}

static void check_chain(uint64_t seed, const size_t shape[3], const gd_env *env, gd_precision precision) {
  const chain own = create_chain(seed, shape, env);
  const size_t n = gd_graph_size(own.graph, SIZE_MAX), count = seed % 4 ? 4 : 1; /* what is read once can be left out */
  double *x = calloc(3 * n, sizeof *x), *outputs[4];
  gd_function *function = NULL;
  gd_rng rng = gd_rng_make(seed, 13);
  gd_rng_fill_normal(&rng, 3 * n, x);
  for (size_t k = 0; k < 3 * n; k++) x[k] *= 0.5;
  for (size_t k = 0; k < count; k++)
    outputs[k] = calloc(gd_node_rows(own.nodes[k]) * gd_node_columns(own.nodes[k]), sizeof(double));
  assert_ok(gd_graph_set_precision(own.graph, precision));
  assert_ok(gd_function_create(&function, own.graph, count, own.nodes));
  for (size_t twice = 0; twice < 2; twice++) assert_ok(gd_function_evaluate(function, NULL, x, outputs));
  plain by_hand = plain_evaluate(own.graph, x, NULL);
  for (size_t k = 0; k < count; k++)
    compare(&by_hand, own.nodes[k], outputs[k],
            1e4 * (precision == GD_PRECISION_DOUBLE ? DBL_EPSILON : (double)FLT_EPSILON));
  plain_release(&by_hand);
  if (seed % 5 == 1 && precision == GD_PRECISION_DOUBLE) check_products(&own, x, x + n, x + 2 * n);
  free(x);
  for (size_t k = 0; k < count; k++) free(outputs[k]);
  gd_function_destroy(function);
  gd_graph_destroy(own.graph);
}

START_TEST(chains_agree_with_a_plain_evaluator) {
  const size_t shapes[][3] = {{8, 3, 2},  {16, 9, 1},  {32, 40, 7},  {24, 11, 60}, {64, 20, 50},
                              {17, 6, 5}, {16, 70, 3}, {35, 90, 12}, {32, 90, 12}};
  const gd_executor executor = {.struct_size = sizeof executor, .run_all = backwards};
  const gd_env shared = {.struct_size = sizeof shared, .executor = &executor};
  for (uint64_t seed = 0; seed < 300; seed++)
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
      check_chain(seed, shapes[k], seed % 2 ? &shared : NULL, seed % 3 ? GD_PRECISION_DOUBLE : GD_PRECISION_SINGLE);
}
END_TEST

TEST_SUITE("finishes", what_follows_a_product_is_part_of_its_instruction,
           the_later_of_two_products_is_finished_by_their_sum, sums_over_columns_come_with_a_product_that_reads_them,
           other_things_are_instructions_of_their_own, what_does_not_move_is_left_to_the_shared_part,
           chains_agree_with_a_plain_evaluator)
