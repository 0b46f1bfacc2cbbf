/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Expression graphs: utilities written as expressions of matrices, from which a game follows with exact gradients and
 * Jacobian products.
 *
 * A graph owns its nodes.  A node is a matrix of doubles of fixed shape: a parameter, which belongs to a player, an
 * input that a sampler fills from the draw, a constant, or an operation on other nodes.  Samples are columns: a batch
 * is [numbers in a sample by samples], a layer is W x + b.  In sums, differences, products of entries and quotients an
 * operand with one row, one column or one entry is widened to the shape of the other.
 *
 * Shapes are checked as nodes are made.  The first failure is kept in the graph, and so expressions may be nested
 * without a check at each step: what is made from a failed node, or after a failure, is no node (index 0), and
 * gd_graph_status(), gd_game_from_graph() and gd_function_create() return the failure with its words, which name the
 * node.  Graphs are closed under differentiation: the gradient of a node is a node, to any order.
 *
 * Evaluations check where a graph is defined.  A game or function returns GD_ERR_DOMAIN at a point where an operation
 * is not defined, such as a logarithm of -1, or where a derivative is asked for that does not exist.  The words name
 * the node and the entry.  Norms, ramps and steps have a kink or a jump where they are 0: a norm's slope there is 0 by
 * convention, and one more derivative is refused.  A step has none.  Every derivative of a ramp is that of its negative
 * side there, by convention.
 *
 * A graph serves one thread at a time.  What is made from it keeps what it needs: graph, games and functions may be
 * destroyed in any order. */
#ifndef GAMEDYN_GRAPH_H
#define GAMEDYN_GRAPH_H

#include <gamedyn/data.h>
#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_graph gd_graph;

/** A node of a graph; index 0: no node.  Frozen. */
typedef struct gd_node {
  gd_graph *graph;
  uint64_t index;
} gd_node;

/** An empty graph.  @param env may be NULL; inherited by the games made from it. */
GD_API gd_status gd_graph_create(gd_graph **graph, const gd_env *env);
GD_API void gd_graph_destroy(gd_graph *graph); /**< NULL is a no-op */
/** GD_OK, or the first failure in making a node, with its words in gd_last_error(). */
GD_API gd_status gd_graph_status(const gd_graph *graph);

/** What evaluations compute in; points, directions and results are doubles all the same. */
typedef enum gd_precision {
  GD_PRECISION_DOUBLE = 0,
  GD_PRECISION_SINGLE = 1 /**< floats: half the memory, twice the speed, results to about 1e-6 of their terms */
} gd_precision;

/** Choose the precision of games and functions that are made from now on.  Those of floats agree with each other to
 * rounding, but not with finite differences, for which gd_game_check() would have them.  A result beyond the range of
 * floats, 3e38, is infinite.
 * @return GD_ERR_ARGUMENT if there is no such precision. */
GD_API gd_status gd_graph_set_precision(gd_graph *graph, gd_precision precision);

/* ---- leaves ---- */

/** A parameter of `player`, 0 or more.  The game's point has the parameters of player 0 in the order of their making,
 * then those of player 1, ..., each column by column.  @param name for messages; copied; may be NULL. */
GD_API gd_node gd_graph_parameter(gd_graph *graph, const char *name, size_t player, size_t rows, size_t columns);
/** Numbers that depend on the draw alone.  @param sampler copied, and its context owned by the graph from here on,
 * also after a failure. */
GD_API gd_node gd_graph_input(gd_graph *graph, const char *name, size_t rows, size_t columns,
                              const gd_sampler *sampler);
/** A constant.  @param values [rows by columns], finite; copied. */
GD_API gd_node gd_graph_constant(gd_graph *graph, size_t rows, size_t columns, const double *values);
/** The same number everywhere. */
GD_API gd_node gd_graph_fill(gd_graph *graph, double value, size_t rows, size_t columns);

/** Name a node, for messages; returns it. */
GD_API gd_node gd_node_name(gd_node node, const char *name);
GD_API size_t gd_node_rows(gd_node node);    /**< 0 for no node */
GD_API size_t gd_node_columns(gd_node node); /**< 0 for no node */

/** Where a parameter starts unless the caller knows better: values [rows by columns], copied; default 0.
 * @return GD_ERR_ARGUMENT if the node is no parameter, GD_ERR_NONFINITE. */
GD_API gd_status gd_node_set_initial(gd_node parameter, const double *values);
/** The parameters' initial values as a point x [gd_graph_size(graph, SIZE_MAX)]. */
GD_API gd_status gd_graph_initial(const gd_graph *graph, double *x);
/** How many variables the player has so far, or all players (SIZE_MAX). */
GD_API size_t gd_graph_size(const gd_graph *graph, size_t player);
/** First index of a parameter in the point, as parameters are now; SIZE_MAX if the node is none. */
GD_API size_t gd_node_start(gd_node parameter);

/* ---- entry by entry ---- */

GD_API gd_node gd_node_add(gd_node a, gd_node b);           /**< a + b */
GD_API gd_node gd_node_subtract(gd_node a, gd_node b);      /**< a - b */
GD_API gd_node gd_node_multiply(gd_node a, gd_node b);      /**< of entries */
GD_API gd_node gd_node_divide(gd_node a, gd_node b);        /**< of entries */
GD_API gd_node gd_node_scale(gd_node a, double factor);     /**< factor a */
GD_API gd_node gd_node_shift(gd_node a, double term);       /**< a + term */
GD_API gd_node gd_node_negate(gd_node a);                   /**< -a */
GD_API gd_node gd_node_exp(gd_node a);                      /**< e^a */
GD_API gd_node gd_node_log(gd_node a);                      /**< natural; a > 0 */
GD_API gd_node gd_node_tanh(gd_node a);                     /**< hyperbolic tangent */
GD_API gd_node gd_node_sigmoid(gd_node a);                  /**< 1 / (1 + e^-a) */
GD_API gd_node gd_node_softplus(gd_node a);                 /**< log(1 + e^a), without overflow */
GD_API gd_node gd_node_relu(gd_node a);                     /**< max(a, 0); its slope is 0 where a <= 0 */
GD_API gd_node gd_node_leaky_relu(gd_node a, double slope); /**< a where a > 0, else slope a */
GD_API gd_node gd_node_step(gd_node a);                     /**< 1 where a > 0, else 0; its slope is 0, and none at 0 */
GD_API gd_node gd_node_square(gd_node a);                   /**< a a */
GD_API gd_node gd_node_sqrt(gd_node a);                     /**< a >= 0; no slope where a is 0 */
GD_API gd_node gd_node_power(gd_node a, double exponent);   /**< a^exponent; a >= 0 unless that is a whole number */
GD_API gd_node gd_node_reciprocal(gd_node a);               /**< 1 / a; a is not 0 */
/** a itself, taken as given: its derivative is 0. */
GD_API gd_node gd_node_detach(gd_node a);
/** a itself, as a node that derivatives may be taken at. */
GD_API gd_node gd_node_variable(gd_node a);
/** a widened to rows by columns, each of which is as it was, or was 1. */
GD_API gd_node gd_node_widen(gd_node a, size_t rows, size_t columns);

/* ---- sums ---- */

/** Which axis a sum runs over. */
typedef enum gd_axis {
  GD_OVER_ALL = 0,    /**< the result is 1 by 1 */
  GD_OVER_ROWS = 1,   /**< the result has one row: a number for each column, which is a sample */
  GD_OVER_COLUMNS = 2 /**< the result has one column */
} gd_axis;

/** Sums of entries. */
GD_API gd_node gd_node_sum(gd_node a, gd_axis axis);
/** Their means. */
GD_API gd_node gd_node_mean(gd_node a, gd_axis axis);
/** Euclidean norms.  Entries may have any size: squares that overflow or underflow do no harm.  The slope at 0 is 0 by
 * convention, and a second derivative there is refused.  Even powers of norms are made as sums of squares, which are
 * smooth at 0. */
GD_API gd_node gd_node_norm(gd_node a, gd_axis axis);

/* ---- matrices ---- */

GD_API gd_node gd_node_product(gd_node a, gd_node b); /**< the matrix product */
GD_API gd_node gd_node_transpose(gd_node a);          /**< rows as columns */
/** The part of rows by columns that starts at (row, column). */
GD_API gd_node gd_node_slice(gd_node a, size_t row, size_t column, size_t rows, size_t columns);
GD_API gd_node gd_node_stack(gd_node a, gd_node b);  /**< a above b */
GD_API gd_node gd_node_beside(gd_node a, gd_node b); /**< a left of b */

/* ---- derivatives ---- */

/** The gradient of the sum of y's entries at x, of x's shape.  x counts as a variable of its own, and what y owes to it
 * is the derivative.  It is a leaf, or the result of gd_node_variable(), gd_node_detach() or another operation that
 * nothing is simplified through; else the words of the failure say so.  y must have been made of that very node. */
GD_API gd_node gd_node_gradient(gd_node y, gd_node x);
/** Half the squared norm of the field v that these utilities have at all parameters, [1 by 1].  Taken gamma times from
 * every utility it makes the field v - gamma J'v of consensus optimisation (Mescheder, Nowozin & Geiger 2017, section
 * 4), whose products are then exact, too; gd_derive_consensus() does as much for any game.
 * @param n_players 1 or more.  @param utilities [n_players], of one graph, each [1 by 1]. */
GD_API gd_node gd_graph_consensus_penalty(size_t n_players, const gd_node *utilities);
/** The derivative of y as x moves along `direction`, of x's shape: the Jacobian's product.  Of y's shape. */
GD_API gd_node gd_node_derivative(gd_node y, gd_node x, gd_node direction);

/* ---- games and functions ---- */

/** A game in which player k raises utilities[k], [1 by 1]; there are as many players, and each has a parameter.
 *
 * Gradients, player gradients, utilities, utility gradients and Jacobian products, also many at once and transposed,
 * are native and exact, each a program of its own in which equal terms are computed once, chains of operations on
 * entries are one pass, and memory is planned ahead: an evaluation allocates nothing, except the first on each further
 * thread.  The game may be evaluated on several threads, and with an executor in the graph's environment each
 * evaluation is shared among threads, with the same bits for any number of them.  If there are inputs it is stochastic:
 * equal draws give equal inputs; without a draw they are those of the draw (0, 0, 0).  The draw's batch size does not
 * change shapes, which are the graph's.  If utilities[1] is gd_node_negate(utilities[0]), or the other way round, the
 * game is zero-sum.
 * @param name of the game; copied; NULL: "graph".
 * @return the graph's failure; GD_ERR_ARGUMENT, naming the player or node. */
GD_API gd_status gd_game_from_graph(gd_game **game, gd_graph *graph, size_t n_players, const gd_node *utilities,
                                    const char *name);

/** Nodes as a function of a point and a draw: what a generator makes of its latent numbers, say. */
typedef struct gd_function gd_function;

/** @param nodes [count], 1 or more, of this graph.
 * @return the graph's failure. */
GD_API gd_status gd_function_create(gd_function **function, gd_graph *graph, size_t count, const gd_node *nodes);
GD_API void gd_function_destroy(gd_function *function); /**< NULL is a no-op */
/** Evaluate.  One thread at a time.
 * @param draw NULL: the draw (0, 0, 0).
 * @param x [gd_graph_size(graph, SIZE_MAX)], with as many parameters as the graph had when the function was made.
 * @param outputs [count], each [rows by columns] of its node.
 * @return GD_ERR_CALLBACK if a sampler fails; GD_ERR_DOMAIN if x is where a node is not defined; GD_ERR_NONFINITE if an
 * output is no finite number.  Outputs are untouched then. */
GD_API gd_status gd_function_evaluate(gd_function *function, const gd_draw *draw, const double *x,
                                      double *const *outputs);

#ifdef __cplusplus
}
#endif
#endif
