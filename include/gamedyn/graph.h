/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Expression graphs: utilities written as expressions of matrices.  A graph gives a game with exact gradients and
 * Jacobian products.
 *
 * NODES.  A graph owns its nodes.  A node is a matrix of doubles of fixed shape.  It is a parameter, which belongs to a
 * player; an input, which a sampler fills from the draw; a constant; or an operation on other nodes.  Samples are
 * columns: a batch is [dimension of a sample by samples], a layer is W x + b.  In sums, differences, products of
 * entries and quotients an operand with one row, one column or one entry is widened (broadcast) to the shape of the
 * other.
 *
 * FAILURES.  Shapes are checked when a node is created.  The first failure is kept in the graph, so expressions can be
 * nested without a check at each step.  After a failure every new node is "no node" (index 0).  gd_graph_status(),
 * gd_game_from_graph() and gd_function_create() return the failure with its message, which names the node.
 *
 * DERIVATIVES.  Graphs are closed under differentiation: the gradient of a node is a node, to any order.
 *
 * DOMAINS are checked in evaluations.  A game or function returns GD_ERR_DOMAIN at a point where an operation is not
 * defined, such as the logarithm of -1, or where a derivative is needed that does not exist.  The message names the
 * node and the entry.  Norms and ramps have a kink at 0, steps a jump.  By convention the slope of a norm at 0 is 0;
 * its second derivative there is refused.  By convention every derivative of a ramp at 0 is that of its negative side.
 * A step has no derivative at 0.
 *
 * A graph may be used by one thread at a time.  Games and functions keep what they need of the graph: they and the
 * graph may be destroyed in any order. */
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

/** A node of a graph; index 0: no node.  Frozen: its members never change. */
typedef struct gd_node {
  gd_graph *graph;
  uint64_t index;
} gd_node;

/** Create an empty graph.  @param env may be NULL; the graph's games use it, too. */
GD_API gd_status gd_graph_create(gd_graph **graph, const gd_env *env);
GD_API void gd_graph_destroy(gd_graph *graph); /**< NULL is a no-op */
/** GD_OK, or the first failure in creating a node, with its message in gd_last_error(). */
GD_API gd_status gd_graph_status(const gd_graph *graph);

/** The numbers that evaluations compute with.  Points, directions and results are doubles in both cases. */
typedef enum gd_precision {
  GD_PRECISION_DOUBLE = 0,
  GD_PRECISION_SINGLE = 1 /**< floats: half the memory, twice the speed, results to about 1e-6 of their terms */
} gd_precision;

/** Choose the precision of games and functions that are created from now on.  Results in single precision agree with
 * each other to rounding, but not with finite differences, so gd_game_check() fails for such a game.  A result beyond
 * the range of floats, 3e38, is infinite.
 * @return GD_ERR_ARGUMENT if there is no such precision. */
GD_API gd_status gd_graph_set_precision(gd_graph *graph, gd_precision precision);

/* ---- leaves ---- */

/** A parameter of `player`, 0 or more.  The game's point x consists of the parameters of player 0 in the order of their
 * creation, then those of player 1, ..., each column by column.
 * @param name for messages; copied; may be NULL. */
GD_API gd_node gd_graph_parameter(gd_graph *graph, const char *name, size_t player, size_t rows, size_t columns);
/** An input: numbers that depend on the draw alone.
 * @param sampler copied.  The graph owns its context from here on, even after a failure. */
GD_API gd_node gd_graph_input(gd_graph *graph, const char *name, size_t rows, size_t columns,
                              const gd_sampler *sampler);
/** A constant.  @param values [rows by columns], finite; copied. */
GD_API gd_node gd_graph_constant(gd_graph *graph, size_t rows, size_t columns, const double *values);
/** A constant with the same number in every entry. */
GD_API gd_node gd_graph_fill(gd_graph *graph, double value, size_t rows, size_t columns);

/** Give a node a name for messages; returns the node. */
GD_API gd_node gd_node_name(gd_node node, const char *name);
GD_API size_t gd_node_rows(gd_node node);    /**< 0 for no node */
GD_API size_t gd_node_columns(gd_node node); /**< 0 for no node */

/** Set a parameter's initial value: values [rows by columns], copied; default 0.
 * @return GD_ERR_ARGUMENT if the node is no parameter; GD_ERR_NONFINITE. */
GD_API gd_status gd_node_set_initial(gd_node parameter, const double *values);
/** Get the initial values of all parameters as a point x [gd_graph_size(graph, SIZE_MAX)]. */
GD_API gd_status gd_graph_initial(const gd_graph *graph, double *x);
/** The number of variables so far of a player, or of all players (SIZE_MAX). */
GD_API size_t gd_graph_size(const gd_graph *graph, size_t player);
/** The index of a parameter's first variable in the point, with the parameters that exist now; SIZE_MAX if the node is
 * no parameter. */
GD_API size_t gd_node_start(gd_node parameter);

/* ---- entry by entry ---- */

GD_API gd_node gd_node_add(gd_node a, gd_node b);           /**< a + b */
GD_API gd_node gd_node_subtract(gd_node a, gd_node b);      /**< a - b */
GD_API gd_node gd_node_multiply(gd_node a, gd_node b);      /**< products of entries */
GD_API gd_node gd_node_divide(gd_node a, gd_node b);        /**< quotients of entries */
GD_API gd_node gd_node_scale(gd_node a, double factor);     /**< factor a */
GD_API gd_node gd_node_shift(gd_node a, double term);       /**< a + term */
GD_API gd_node gd_node_negate(gd_node a);                   /**< -a */
GD_API gd_node gd_node_exp(gd_node a);                      /**< e^a */
GD_API gd_node gd_node_log(gd_node a);                      /**< natural logarithm; a > 0 */
GD_API gd_node gd_node_tanh(gd_node a);                     /**< hyperbolic tangent */
GD_API gd_node gd_node_sigmoid(gd_node a);                  /**< 1 / (1 + e^-a) */
GD_API gd_node gd_node_softplus(gd_node a);                 /**< log(1 + e^a), without overflow */
GD_API gd_node gd_node_relu(gd_node a);                     /**< max(a, 0); its slope is 0 where a <= 0 */
GD_API gd_node gd_node_leaky_relu(gd_node a, double slope); /**< a where a > 0, else slope a */
GD_API gd_node gd_node_step(gd_node a);                     /**< 1 where a > 0, else 0; slope 0, undefined at 0 */
GD_API gd_node gd_node_square(gd_node a);                   /**< a a */
GD_API gd_node gd_node_sqrt(gd_node a);                     /**< a >= 0; the slope is undefined where a is 0 */
GD_API gd_node gd_node_power(gd_node a, double exponent);   /**< a^exponent; a >= 0 unless exponent is whole */
GD_API gd_node gd_node_reciprocal(gd_node a);               /**< 1 / a; a is not 0 */
/** a itself, treated as a constant: its derivative is 0. */
GD_API gd_node gd_node_detach(gd_node a);
/** a itself, as a node with respect to which derivatives can be taken. */
GD_API gd_node gd_node_variable(gd_node a);
/** a widened (broadcast) to rows by columns.  Each of the two must be a's own number or replace a 1. */
GD_API gd_node gd_node_widen(gd_node a, size_t rows, size_t columns);

/* ---- sums ---- */

/** The axis of a sum. */
typedef enum gd_axis {
  GD_OVER_ALL = 0,    /**< the result is 1 by 1 */
  GD_OVER_ROWS = 1,   /**< the result has one row: a number for each column, which is a sample */
  GD_OVER_COLUMNS = 2 /**< the result has one column */
} gd_axis;

/** Sums of entries along an axis. */
GD_API gd_node gd_node_sum(gd_node a, gd_axis axis);
/** Means of entries along an axis. */
GD_API gd_node gd_node_mean(gd_node a, gd_axis axis);
/** Euclidean norms along an axis.  Entries may have any size: squares do not overflow or underflow.  The slope at 0 is
 * 0 by convention, and a second derivative there is refused.  Even powers of norms become sums of squares, which are
 * smooth at 0. */
GD_API gd_node gd_node_norm(gd_node a, gd_axis axis);

/* ---- matrices ---- */

GD_API gd_node gd_node_product(gd_node a, gd_node b); /**< the matrix product */
GD_API gd_node gd_node_transpose(gd_node a);          /**< the transposed matrix */
/** The submatrix of rows by columns that starts at (row, column). */
GD_API gd_node gd_node_slice(gd_node a, size_t row, size_t column, size_t rows, size_t columns);
GD_API gd_node gd_node_stack(gd_node a, gd_node b);  /**< a above b */
GD_API gd_node gd_node_beside(gd_node a, gd_node b); /**< a left of b */

/* ---- derivatives ---- */

/** The gradient at x of the sum of y's entries, of the shape of x.  x is an independent variable: all of y's dependence
 * on it counts, and what x itself is made of does not.  So y must be made of this very node x.  x must be a leaf, or
 * the result of gd_node_variable(), gd_node_detach() or another operation that no simplification removes; otherwise the
 * failure says so. */
GD_API gd_node gd_node_gradient(gd_node y, gd_node x);
/** |v|^2 / 2, [1 by 1], where v is the field of these utilities at all parameters.  Subtract gamma times it from every
 * utility for consensus optimisation (Mescheder, Nowozin & Geiger 2017, section 4): the field becomes v - gamma J'v.
 * Its Jacobian products are then exact, too.  gd_derive_consensus() gives the same field for any game.
 * @param n_players 1 or more.  @param utilities [n_players], of one graph, each [1 by 1]. */
GD_API gd_node gd_graph_consensus_penalty(size_t n_players, const gd_node *utilities);
/** The derivative of y when x moves along `direction` (the Jacobian-vector product).  `direction` has the shape of x,
 * the result that of y. */
GD_API gd_node gd_node_derivative(gd_node y, gd_node x, gd_node direction);

/* ---- games and functions ---- */

/** Create a game in which player k raises utilities[k], [1 by 1].  Each player has at least one parameter, and there
 * are no other players.
 *
 * Gradients, player gradients, utilities, utility gradients, and products with J and J', also many at once, are native
 * and exact.  Each one is a program of its own: equal terms are computed once, chains of operations on entries are one
 * pass, and memory is planned in advance.  An evaluation allocates nothing, except the first one on each further
 * thread.
 *
 * The game may be evaluated on several threads.  With an executor in the graph's environment each evaluation runs on
 * several threads, with the same bits for any number of them.
 *
 * A game with inputs is stochastic: equal draws give equal inputs.  Without a draw they are those of the draw (0, 0,
 * 0).  The draw's batch size does not change shapes; those are the graph's.
 * If one of two utilities is gd_node_negate() of the other, the game is zero-sum.
 * @param name name of the game; copied; NULL: "graph".
 * @return the graph's failure; GD_ERR_ARGUMENT (the message names the player or node). */
GD_API gd_status gd_game_from_graph(gd_game **game, gd_graph *graph, size_t n_players, const gd_node *utilities,
                                    const char *name);

/** Nodes as a function of a point and a draw, for example the samples of a generator. */
typedef struct gd_function gd_function;

/** Create a function.
 * @param nodes [count], 1 or more, of this graph.
 * @return the graph's failure. */
GD_API gd_status gd_function_create(gd_function **function, gd_graph *graph, size_t count, const gd_node *nodes);
GD_API void gd_function_destroy(gd_function *function); /**< NULL is a no-op */
/** Evaluate a function.  Use it from one thread at a time.
 * @param draw NULL: the draw (0, 0, 0).
 * @param x [gd_graph_size(graph, SIZE_MAX)], with the parameters the graph had when the function was created.
 * @param outputs [count], each [rows by columns] of its node.
 * @return GD_ERR_CALLBACK if a sampler fails; GD_ERR_DOMAIN if a node is not defined at x; GD_ERR_NONFINITE if an
 * output is not finite.  After an error the outputs are unchanged. */
GD_API gd_status gd_function_evaluate(gd_function *function, const gd_draw *draw, const double *x,
                                      double *const *outputs);

#ifdef __cplusplus
}
#endif
#endif
