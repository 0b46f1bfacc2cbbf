/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Neural networks on graphs: perceptrons, the utilities and penalties of GANs as nodes, and whole GANs.
 *
 * A network's weights are parameters of a graph, which belong to a player; samples are columns.  Utilities are raised:
 * player 0 is the generator, player 1 the discriminator, whose output is large for what is real.  Everything is made of
 * graph nodes, so that gradients and Jacobian products of a penalised game are exact, too. */
#ifndef GAMEDYN_NEURAL_H
#define GAMEDYN_NEURAL_H

#include <gamedyn/data.h>
#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/graph.h>
#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- networks ---- */

/** What becomes of the numbers between two affine maps. */
typedef enum gd_activation {
  GD_ACTIVATION_RELU = 0,       /**< max(a, 0) */
  GD_ACTIVATION_LEAKY_RELU = 1, /**< a where a > 0, else slope a */
  GD_ACTIVATION_TANH = 2,
  GD_ACTIVATION_SIGMOID = 3,  /**< 1 / (1 + e^-a) */
  GD_ACTIVATION_SOFTPLUS = 4, /**< log(1 + e^a) */
  GD_ACTIVATION_NONE = 5      /**< a: the network is linear */
} gd_activation;

/** How a matrix of weights [out by in] starts; g is the gain. */
typedef enum gd_initialisation {
  GD_INITIAL_XAVIER_UNIFORM = 0, /**< uniform within g sqrt(6 / (in + out)) of 0 (Glorot & Bengio 2010) */
  GD_INITIAL_XAVIER_NORMAL = 1,  /**< normal of variance g^2 2 / (in + out) (the same) */
  GD_INITIAL_HE_NORMAL = 2,      /**< normal of variance g^2 2 / in (He, Zhang, Ren & Sun 2015) */
  GD_INITIAL_HE_UNIFORM = 3,     /**< uniform within g sqrt(6 / in) of 0 (the same) */
  /** g times orthonormal columns, or rows where there are fewer, all directions equally likely (Saxe, McClelland &
   * Ganguli 2014) */
  GD_INITIAL_ORTHOGONAL = 4
} gd_initialisation;

/** A multilayer perceptron: affine maps with an activation between them, none after the last. */
typedef struct gd_mlp {
  size_t struct_size;   /**< sizeof(gd_mlp) */
  const char *name;     /**< for messages; NULL: "network" */
  size_t player;        /**< whose parameters the weights are */
  size_t layers;        /**< affine maps, 1 or more */
  const size_t *widths; /**< [layers + 1]: numbers in a sample of the input, of the inner layers, of the output */
  gd_activation activation;
  double slope; /**< of the leaky ReLU; 0: 0.2 */
  gd_initialisation initialisation;
  double gain;         /**< positive; 0: 1 */
  bool without_biases; /**< W x in place of W x + b */
  double input_scale;  /**< a factor on the input, as in D(x / 4); 0: 1 */
  uint64_t seed;       /**< of the weights; a layer's are also a function of the player and of its number */
} gd_mlp;

typedef struct gd_network gd_network;

/** Make a network's parameters, in the order weights, biases of the first layer, of the second, ..., and set their
 * initial values: weights as the struct says, biases 0.  After a failure the graph may have some of the parameters.
 * @return the graph's failure, GD_ERR_STRUCT, GD_ERR_ARGUMENT. */
GD_API gd_status gd_network_create(gd_network **network, gd_graph *graph, const gd_mlp *spec);
/** NULL is a no-op.  The parameters remain, in the graph. */
GD_API void gd_network_destroy(gd_network *network);

/** The network's output for an input, [outputs by samples]: as often as one likes, with the same weights.
 * @param input of the same graph, [inputs by samples].
 * @return a node; no node, and the failure in the graph, if the shapes do not fit. */
GD_API gd_node gd_network_apply(const gd_network *network, gd_node input);
/** The gradient, sample by sample, of the sum of the outputs at the input, of the input's shape.  What of it depends on
 * the input does so in derivatives, too; the weights are taken as they are, whatever a step made them owe to it. */
GD_API gd_node gd_network_gradient(const gd_network *network, gd_node input);

/** The same network one gradient step further: its weights are W + step_size dU/dW, expressions in place of parameters,
 * through which derivatives go.  Taken again and again it is what the network will be after as many steps, as unrolling
 * asks (Metz, Poole, Pfau & Sohl-Dickstein 2017).
 * @param moved destroyed by the caller.  @param utility U, [1 by 1], made of this network's weights.
 * @param step_size finite; negative to descend.
 * @return the graph's failure, GD_ERR_ARGUMENT. */
GD_API gd_status gd_network_step(gd_network **moved, const gd_network *network, gd_node utility, double step_size);

GD_API size_t gd_network_layers(const gd_network *network); /**< affine maps; 0 for NULL */
/** The weights of layer 0, 1, ..., [out by in]: a parameter, or what a step made of it; no node past the last. */
GD_API gd_node gd_network_weights(const gd_network *network, size_t layer);
/** Its biases, [out by 1]; no node if there are none. */
GD_API gd_node gd_network_biases(const gd_network *network, size_t layer);

/* ---- what generator and discriminator want ---- */

/** Utilities of GANs; docs/neural.md has the formulas.  Zero-sum unless noted. */
typedef enum gd_gan_family {
  GD_FAMILY_STANDARD = 0,       /**< Goodfellow et al. 2014, saturating */
  GD_FAMILY_NON_SATURATING = 1, /**< the same, general-sum */
  GD_FAMILY_JS = 2,             /**< standard, the generator's part alone; not zero-sum, with the same gradients */
  GD_FAMILY_KL = 3,             /**< standard, the generator raising D itself; general-sum */
  GD_FAMILY_WASSERSTEIN = 4,    /**< Arjovsky, Chintala & Bottou 2017 */
  GD_FAMILY_LEAST_SQUARES = 5,  /**< Mao et al. 2017, targets 0 and 1; general-sum */
  GD_FAMILY_HINGE = 6,          /**< Lim & Ye 2017; general-sum */
  /* Variational bounds of f-divergences, with the output activations of Nowozin, Cseke & Tomioka 2016. */
  GD_FAMILY_F_KL = 7,
  GD_FAMILY_F_REVERSE_KL = 8,
  GD_FAMILY_F_PEARSON = 9,
  GD_FAMILY_F_HELLINGER = 10, /**< squared */
  GD_FAMILY_F_JENSEN_SHANNON = 11,
  GD_FAMILY_F_GAN = 12, /**< the same as GD_FAMILY_STANDARD */
  GD_FAMILY_F_TOTAL_VARIATION = 13
} gd_gan_family;

/** utilities[0] of the generator and utilities[1] of the discriminator, [1 by 1], from the discriminator's outputs:
 * means over all entries.  In a zero-sum family utilities[0] is gd_node_negate(utilities[1]).
 * @param real_output,fake_output for data and for what was generated; nodes of one graph.
 * @return the graph's failure; GD_ERR_ARGUMENT if there is no such family. */
GD_API gd_status gd_gan_utilities(gd_node real_output, gd_node fake_output, gd_gan_family family, gd_node utilities[2]);

/* Penalties, [1 by 1], to be scaled and subtracted from a utility; no node if something is wrong, with the failure in
 * the graph.  In Jacobians the points where the first two are taken move with the generator, as they do in truth;
 * whoever wants them taken as given hands in gd_node_detach() of the points. */

/** The mean of (|dD/dx| - 1)^2 over the points u real + (1 - u) fake (Gulrajani et al. 2017), for the discriminator.
 * @param real,fake [inputs by samples].  @param uniform [1 by samples]: u, an input from gd_sampler_uniform(). */
GD_API gd_node gd_gan_gradient_penalty(const gd_network *discriminator, gd_node real, gd_node fake, gd_node uniform);
/** Half the mean of |dD/dx|^2 over the points, [inputs by samples], for the discriminator: R1 at data, R2 at what was
 * generated (Mescheder, Geiger & Nowozin 2018, Eqs. 9 and 10). */
GD_API gd_node gd_gan_zero_centred_penalty(const gd_network *discriminator, gd_node points);
/** The squared norm of a utility's gradient at the discriminator's weights, without a factor 1/2, for the generator
 * (Nagarajan & Kolter 2017, Eq. 4).  @param utility [1 by 1], the discriminator's. */
GD_API gd_node gd_gan_generator_penalty(const gd_network *discriminator, gd_node utility);

/* ---- GANs ---- */

/** A GAN of two perceptrons. */
typedef struct gd_neural_gan_spec {
  size_t struct_size;          /**< sizeof(gd_neural_gan_spec) */
  const char *name;            /**< of the game; NULL: "neural GAN" */
  const gd_mlp *generator;     /**< from latent numbers to samples; its `player` is not read */
  const gd_mlp *discriminator; /**< from samples to one number; its `player` is not read */
  size_t batch;                /**< samples of data, and of the generator's, in an evaluation; 1 or more */
  /* Copied, and their contexts owned by the GAN from here on, also after a failure other than GD_ERR_STRUCT. */
  const gd_sampler *data;   /**< of the discriminator's inputs */
  const gd_sampler *latent; /**< of the generator's inputs */
  gd_gan_family family;
  /* Weights of penalties, 0 or more. */
  double gradient_penalty;  /**< of gd_gan_gradient_penalty() */
  double r1, r2;            /**< of gd_gan_zero_centred_penalty() at data and at what was generated */
  double generator_penalty; /**< of gd_gan_generator_penalty(), with the discriminator's utility, penalties included */
  /** of gd_graph_consensus_penalty() of the utilities before any penalty, for both players: as Liang & Stokes 2019
   * train with a gradient penalty beside it */
  double consensus_penalty;
  /** The generator's utility is that against the discriminator after as many gradient steps of unrolled_step_size,
   * which the gradient goes through (Metz, Poole, Pfau & Sohl-Dickstein 2017), as with gd_derive_unrolled(); 0: as it
   * is. Networks, samples and so on are the same in all of them.  Not zero-sum. */
  size_t unrolled_steps;
  double unrolled_step_size; /**< of the discriminator while it is unrolled; 0 or more */
  gd_precision precision;    /**< of the game and of what the generator makes */
} gd_neural_gan_spec;

/** Graph, game, and what one wants to look at.  Owns all of it. */
typedef struct gd_neural_gan gd_neural_gan;

/** Data, latent numbers and the places between are independent under a draw, whatever streams the samplers have: each
 * is asked under a draw of its own, with the seed and stream of child 0, 1 and 2 (gd_rng_split) of the draw's
 * generator.
 * @param env may be NULL; inherited by the game.
 * @return GD_ERR_STRUCT, GD_ERR_ARGUMENT naming the member. */
GD_API gd_status gd_neural_gan_create(gd_neural_gan **gan, const gd_neural_gan_spec *spec, const gd_env *env);
GD_API void gd_neural_gan_destroy(gd_neural_gan *gan); /**< NULL is a no-op */

/** The game: player 0 is the generator, player 1 the discriminator.  Lives as long as the GAN; copies made by
 * gd_game_dup() may live longer.  NULL for NULL. */
GD_API gd_game *gd_neural_gan_game(const gd_neural_gan *gan);
GD_API size_t gd_neural_gan_dimension(const gd_neural_gan *gan); /**< numbers in a sample; 0 for NULL */
GD_API size_t gd_neural_gan_batch(const gd_neural_gan *gan);     /**< samples in an evaluation; 0 for NULL */

/** The networks' initial weights.  @param x [n] of the game. */
GD_API gd_status gd_neural_gan_initial(const gd_neural_gan *gan, double *x);

/* One thread at a time. */

/** What the generator makes of the draw's latent numbers.
 * @param draw NULL: the draw (0, 0, 0).  @param x [n].  @param samples [dimension by batch]. */
GD_API gd_status gd_neural_gan_generate(gd_neural_gan *gan, const gd_draw *draw, const double *x, double *samples);
/** The draw's data.  @param samples [dimension by batch].  @return GD_ERR_CALLBACK, GD_ERR_NONFINITE. */
GD_API gd_status gd_neural_gan_data(gd_neural_gan *gan, const gd_draw *draw, double *samples);
/** The discriminator's output at any number of points, evaluated by batches.
 * @param points [dimension by count].  @param out [count]. */
GD_API gd_status gd_neural_gan_discriminate(gd_neural_gan *gan, const double *x, size_t count, const double *points,
                                            double *out);

#ifdef __cplusplus
}
#endif
#endif
