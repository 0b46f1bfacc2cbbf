/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Neural networks on graphs: perceptrons, the utilities and penalties of GANs as nodes, and whole GANs.
 *
 * The weights of a network are parameters of a graph and belong to a player.  Samples are columns.  Players raise their
 * utilities: player 0 is the generator, player 1 the discriminator, whose output is large for real data.  Everything
 * consists of graph nodes, so gradients and Jacobian products are exact, also those of a game with penalties. */
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

/** The activation between two affine maps. */
typedef enum gd_activation {
  GD_ACTIVATION_RELU = 0,       /**< max(a, 0) */
  GD_ACTIVATION_LEAKY_RELU = 1, /**< a where a > 0, else slope a */
  GD_ACTIVATION_TANH = 2,
  GD_ACTIVATION_SIGMOID = 3,  /**< 1 / (1 + e^-a) */
  GD_ACTIVATION_SOFTPLUS = 4, /**< log(1 + e^a) */
  GD_ACTIVATION_NONE = 5      /**< a: the network is linear */
} gd_activation;

/** The initial distribution of a matrix of weights [out by in]; g is the gain. */
typedef enum gd_initialisation {
  GD_INITIAL_XAVIER_UNIFORM = 0, /**< uniform within g sqrt(6 / (in + out)) of 0 (Glorot & Bengio 2010) */
  GD_INITIAL_XAVIER_NORMAL = 1,  /**< normal of variance g^2 2 / (in + out) (the same) */
  GD_INITIAL_HE_NORMAL = 2,      /**< normal of variance g^2 2 / in (He, Zhang, Ren & Sun 2015) */
  GD_INITIAL_HE_UNIFORM = 3,     /**< uniform within g sqrt(6 / in) of 0 (the same) */
  /** g times orthonormal columns, or rows if there are fewer of these, all directions equally likely (Saxe, McClelland
   * & Ganguli 2014) */
  GD_INITIAL_ORTHOGONAL = 4
} gd_initialisation;

/** A multilayer perceptron: affine maps with an activation between them, none after the last. */
typedef struct gd_mlp {
  size_t struct_size;   /**< sizeof(gd_mlp) */
  const char *name;     /**< for messages; NULL: "network" */
  size_t player;        /**< the player who owns the weights */
  size_t layers;        /**< number of affine maps, 1 or more */
  const size_t *widths; /**< [layers + 1]: dimensions of the input, of the inner layers, of the output */
  gd_activation activation;
  double slope; /**< slope of the leaky ReLU for a < 0; 0: 0.2 */
  gd_initialisation initialisation;
  double gain;         /**< positive; 0: 1 */
  bool without_biases; /**< W x instead of W x + b */
  double input_scale;  /**< a factor on the input, as in D(x / 4); 0: 1 */
  uint64_t seed;       /**< seed of the weights; those of a layer also depend on the player and the layer's number */
} gd_mlp;

typedef struct gd_network gd_network;

/** Create a network's parameters, in the order weights, biases of the first layer, of the second, ..., and set their
 * initial values: weights as the struct says, biases 0.  After a failure the graph may have some of the parameters.
 * @return the graph's failure, GD_ERR_STRUCT, GD_ERR_ARGUMENT. */
GD_API gd_status gd_network_create(gd_network **network, gd_graph *graph, const gd_mlp *spec);
/** Destroy a network; NULL is a no-op.  The parameters stay in the graph. */
GD_API void gd_network_destroy(gd_network *network);

/** The network's output for an input, [outputs by samples].  It can be applied several times, with the same weights.
 * @param input a node of the same graph, [inputs by samples].
 * @return a node; no node if the shapes do not fit, and the graph then has the failure. */
GD_API gd_node gd_network_apply(const gd_network *network, gd_node input);
/** The gradient of the sum of the outputs with respect to the input, sample by sample, of the input's shape.  It is the
 * partial derivative with the weights held fixed: if gd_network_step() made weights that depend on the input, that
 * dependence is not part of it.  The result is a node that depends on the input and the weights, and derivatives of it
 * include both. */
GD_API gd_node gd_network_gradient(const gd_network *network, gd_node input);

/** The same network after one gradient step: its weights are W + step_size dU/dW.  These are expressions, not
 * parameters, and derivatives go through them.  Repeated, it gives the network after several steps, as in unrolled GANs
 * (Metz, Poole, Pfau & Sohl-Dickstein 2017).
 * @param moved set to the new network, to be destroyed by the caller.
 * @param utility U, [1 by 1], a function of this network's weights.
 * @param step_size finite; negative to descend.
 * @return the graph's failure, GD_ERR_ARGUMENT. */
GD_API gd_status gd_network_step(gd_network **moved, const gd_network *network, gd_node utility, double step_size);

GD_API size_t gd_network_layers(const gd_network *network); /**< number of affine maps; 0 for NULL */
/** The weights of layer 0, 1, ..., [out by in]: a parameter, or the expression that gd_network_step() made; no node
 * past the last layer. */
GD_API gd_node gd_network_weights(const gd_network *network, size_t layer);
/** The biases of a layer, [out by 1]; no node if there are none. */
GD_API gd_node gd_network_biases(const gd_network *network, size_t layer);

/* ---- utilities of generator and discriminator ---- */

/** Utilities of GANs; docs/neural.md has the formulas.  The game is zero-sum unless noted. */
typedef enum gd_gan_family {
  GD_FAMILY_STANDARD = 0,       /**< Goodfellow et al. 2014, saturating */
  GD_FAMILY_NON_SATURATING = 1, /**< the same, general-sum */
  GD_FAMILY_JS = 2,            /**< standard; the generator's utility is its term alone; same gradients, not zero-sum */
  GD_FAMILY_KL = 3,            /**< standard, but the generator raises D itself; general-sum */
  GD_FAMILY_WASSERSTEIN = 4,   /**< Arjovsky, Chintala & Bottou 2017 */
  GD_FAMILY_LEAST_SQUARES = 5, /**< Mao et al. 2017, targets 0 and 1; general-sum */
  GD_FAMILY_HINGE = 6,         /**< Lim & Ye 2017; general-sum */
  /* Variational bounds of f-divergences, with the output activations of Nowozin, Cseke & Tomioka 2016. */
  GD_FAMILY_F_KL = 7,
  GD_FAMILY_F_REVERSE_KL = 8,
  GD_FAMILY_F_PEARSON = 9,
  GD_FAMILY_F_HELLINGER = 10, /**< squared Hellinger distance */
  GD_FAMILY_F_JENSEN_SHANNON = 11,
  GD_FAMILY_F_GAN = 12, /**< the same as GD_FAMILY_STANDARD */
  GD_FAMILY_F_TOTAL_VARIATION = 13
} gd_gan_family;

/** Create utilities[0] of the generator and utilities[1] of the discriminator, [1 by 1], from the discriminator's
 * outputs.  They are means over all entries.  In a zero-sum family utilities[0] is gd_node_negate(utilities[1]).
 * @param real_output,fake_output the outputs for data and for generated samples; nodes of one graph.
 * @return the graph's failure; GD_ERR_ARGUMENT if there is no such family. */
GD_API gd_status gd_gan_utilities(gd_node real_output, gd_node fake_output, gd_gan_family family, gd_node utilities[2]);

/* Penalties, [1 by 1], to be scaled and subtracted from a utility.  After a failure the result is no node, and the
 * graph has the failure.  In the Jacobian, the points at which gd_gan_gradient_penalty() and
 * gd_gan_zero_centred_penalty() are evaluated depend on the generator.  Pass gd_node_detach() of the points to hold
 * them fixed. */

/** The mean of (|dD/dx| - 1)^2 over the points u real + (1 - u) fake (Gulrajani et al. 2017), for the discriminator.
 * @param real,fake [inputs by samples].  @param uniform [1 by samples]: u, an input from gd_sampler_uniform(). */
GD_API gd_node gd_gan_gradient_penalty(const gd_network *discriminator, gd_node real, gd_node fake, gd_node uniform);
/** The zero-centred gradient penalty: half the mean of |dD/dx|^2 over the points, [inputs by samples], for the
 * discriminator.  At data it is R1, at generated samples R2 (Mescheder, Geiger & Nowozin 2018, Eqs. 9 and 10). */
GD_API gd_node gd_gan_zero_centred_penalty(const gd_network *discriminator, gd_node points);
/** The squared norm of the gradient of a utility with respect to the discriminator's weights, without a factor 1/2, for
 * the generator (Nagarajan & Kolter 2017, Eq. 4).
 * @param utility [1 by 1], the discriminator's. */
GD_API gd_node gd_gan_generator_penalty(const gd_network *discriminator, gd_node utility);

/* ---- GANs ---- */

/** A GAN of two perceptrons. */
typedef struct gd_neural_gan_spec {
  size_t struct_size;          /**< sizeof(gd_neural_gan_spec) */
  const char *name;            /**< name of the game; NULL: "neural GAN" */
  const gd_mlp *generator;     /**< from latent numbers to samples; its `player` is ignored */
  const gd_mlp *discriminator; /**< from samples to one number; its `player` is ignored */
  size_t batch;                /**< number of samples of data, and of generated samples, in an evaluation; 1 or more */
  /* The samplers are copied.  The GAN owns their contexts from here on, also after a failure other than
   * GD_ERR_STRUCT. */
  const gd_sampler *data;   /**< data; samples have the dimension of the discriminator's input */
  const gd_sampler *latent; /**< latent numbers; samples have the dimension of the generator's input */
  gd_gan_family family;
  /* Weights of penalties, 0 or more. */
  double gradient_penalty;  /**< weight of gd_gan_gradient_penalty() */
  double r1, r2;            /**< weights of gd_gan_zero_centred_penalty() at data and at generated samples */
  double generator_penalty; /**< weight of gd_gan_generator_penalty(), of the discriminator's utility with penalties */
  /** weight of gd_graph_consensus_penalty() of the utilities without penalties, for both players; Liang & Stokes 2019
   * use it together with a gradient penalty */
  double consensus_penalty;
  /** Unrolled GAN (Metz, Poole, Pfau & Sohl-Dickstein 2017), as with gd_derive_unrolled(): the generator's utility is
   * evaluated against the discriminator after this number of gradient steps of unrolled_step_size, and its gradient
   * goes through these steps.  The samples are the same in all of them.  0: not unrolled.  Not zero-sum otherwise. */
  size_t unrolled_steps;
  double unrolled_step_size; /**< step size of the unrolled discriminator; 0 or more */
  gd_precision precision;    /**< precision of the game and of generated samples */
} gd_neural_gan_spec;

/** A GAN: the graph, the game, and functions to look at samples and outputs.  It owns all of them. */
typedef struct gd_neural_gan gd_neural_gan;

/** Create a GAN.
 *
 * Under one draw the data, the latent numbers and the points of the gradient penalty are independent, whatever streams
 * the samplers have: each gets a draw of its own, with the seed and stream of child 0, 1 and 2 (gd_rng_split()) of the
 * draw's generator.
 * @param env may be NULL; the game uses it, too.
 * @return GD_ERR_STRUCT; GD_ERR_ARGUMENT (the message names the member). */
GD_API gd_status gd_neural_gan_create(gd_neural_gan **gan, const gd_neural_gan_spec *spec, const gd_env *env);
GD_API void gd_neural_gan_destroy(gd_neural_gan *gan); /**< NULL is a no-op */

/** The game: player 0 is the generator, player 1 the discriminator.  It lives as long as the GAN; copies made by
 * gd_game_dup() may live longer.  NULL for NULL. */
GD_API gd_game *gd_neural_gan_game(const gd_neural_gan *gan);
GD_API size_t gd_neural_gan_dimension(const gd_neural_gan *gan); /**< dimension of a sample; 0 for NULL */
GD_API size_t gd_neural_gan_batch(const gd_neural_gan *gan);     /**< samples in an evaluation; 0 for NULL */

/** Get the networks' initial weights.  @param x [n] of the game. */
GD_API gd_status gd_neural_gan_initial(const gd_neural_gan *gan, double *x);

/* The functions below may be called by one thread at a time. */

/** The generator's samples for the draw's latent numbers.
 * @param draw NULL: the draw (0, 0, 0).  @param x [n].  @param samples [dimension by batch]. */
GD_API gd_status gd_neural_gan_generate(gd_neural_gan *gan, const gd_draw *draw, const double *x, double *samples);
/** The data of a draw.  @param samples [dimension by batch].  @return GD_ERR_CALLBACK, GD_ERR_NONFINITE. */
GD_API gd_status gd_neural_gan_data(gd_neural_gan *gan, const gd_draw *draw, double *samples);
/** The discriminator's output at any number of points, evaluated in batches.
 * @param points [dimension by count].  @param out [count]. */
GD_API gd_status gd_neural_gan_discriminate(gd_neural_gan *gan, const double *x, size_t count, const double *points,
                                            double *out);

#ifdef __cplusplus
}
#endif
#endif
