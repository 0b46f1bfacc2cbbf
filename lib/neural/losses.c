/* SPDX-License-Identifier: BSD-3-Clause */
/* losses.c -- utilities of generator and discriminator, from the discriminator's outputs r (real) and f (fake).
 *
 *     u_D = E d(r) + E e(f),    u_G = E g(f), or -u_D in a zero-sum family.
 *
 * In the f-GAN families d = g_f and e = -f* o g_f, with the output activation g_f and the conjugate f* of Nowozin,
 * Cseke & Tomioka (2016), table 2: then sup_v p d(v) + q e(v) = q f(p/q). */
#include "base/error.h"
#include "graph/graph.h"
#include "neural/neural.h"

#include <math.h>

static const double log_2 = 0.69314718055994530942;

static gd_node same(gd_node v) { return v; }
static gd_node softplus(gd_node v) { return gd_node_softplus(v); }
static gd_node minus_softplus(gd_node v) { return gd_node_negate(softplus(v)); }
/* log sigmoid(v) */
static gd_node log_sigmoid(gd_node v) { return minus_softplus(gd_node_negate(v)); }

static gd_node away_from_zero(gd_node v) { return gd_node_scale(gd_node_square(v), -0.5); }
static gd_node away_from_one(gd_node v) { return away_from_zero(gd_node_shift(v, -1)); }

static gd_node below_one(gd_node v) { return gd_node_negate(gd_node_relu(gd_node_shift(gd_node_negate(v), 1))); }
static gd_node above_minus_one(gd_node v) { return gd_node_negate(gd_node_relu(gd_node_shift(v, 1))); }

/* 1 - e^v and the like */
static gd_node minus_exp(gd_node v) { return gd_node_negate(gd_node_exp(v)); }
static gd_node minus_exp_less_one(gd_node v) { return minus_exp(gd_node_shift(v, -1)); }
static gd_node minus_exp_of_minus(gd_node v) { return minus_exp(gd_node_negate(v)); }
static gd_node one_minus(gd_node v) { return gd_node_shift(gd_node_negate(v), 1); }
static gd_node one_minus_exp(gd_node v) { return gd_node_shift(minus_exp(v), 1); }
static gd_node one_minus_exp_of_minus(gd_node v) { return one_minus_exp(gd_node_negate(v)); }

static gd_node minus_pearson(gd_node v) {
  return gd_node_negate(gd_node_add(gd_node_scale(gd_node_square(v), 0.25), v));
}

static gd_node log_2_sigmoid(gd_node v) { return gd_node_shift(log_sigmoid(v), log_2); }
static gd_node log_2_minus_softplus(gd_node v) { return gd_node_shift(minus_softplus(v), log_2); }
static gd_node half_tanh(gd_node v) { return gd_node_scale(gd_node_tanh(v), 0.5); }
static gd_node minus_half_tanh(gd_node v) { return gd_node_negate(half_tanh(v)); }

typedef struct terms {
  gd_node (*real)(gd_node), (*fake)(gd_node);
  gd_node (*generator)(gd_node); /* NULL: zero-sum */
} terms;

static const terms families[] = {
    [GD_FAMILY_STANDARD] = {log_sigmoid, minus_softplus, NULL},
    [GD_FAMILY_NON_SATURATING] = {log_sigmoid, minus_softplus, log_sigmoid},
    [GD_FAMILY_JS] = {log_sigmoid, minus_softplus, softplus},
    [GD_FAMILY_KL] = {log_sigmoid, minus_softplus, same},
    [GD_FAMILY_WASSERSTEIN] = {same, gd_node_negate, NULL},
    [GD_FAMILY_LEAST_SQUARES] = {away_from_one, away_from_zero, away_from_one},
    [GD_FAMILY_HINGE] = {below_one, above_minus_one, same},
    [GD_FAMILY_F_KL] = {same, minus_exp_less_one, NULL},
    [GD_FAMILY_F_REVERSE_KL] = {minus_exp_of_minus, one_minus, NULL},
    [GD_FAMILY_F_PEARSON] = {same, minus_pearson, NULL},
    [GD_FAMILY_F_HELLINGER] = {one_minus_exp_of_minus, one_minus_exp, NULL},
    [GD_FAMILY_F_JENSEN_SHANNON] = {log_2_sigmoid, log_2_minus_softplus, NULL},
    [GD_FAMILY_F_GAN] = {log_sigmoid, minus_softplus, NULL},
    [GD_FAMILY_F_TOTAL_VARIATION] = {half_tanh, minus_half_tanh, NULL},
};

gd_status gd_gan_utilities(gd_node real_output, gd_node fake_output, gd_gan_family family, gd_node utilities[2]) {
  GDI_REQUIRE(utilities, "utilities is NULL, expected room for 2 nodes");
  GDI_REQUIRE(real_output.graph && fake_output.graph, "%s_output belongs to no graph",
              real_output.graph ? "fake" : "real");
  GDI_REQUIRE((unsigned)family < sizeof families / sizeof *families, "family is %d, expected a gd_gan_family",
              (int)family);
  GD_TRY(gd_graph_status(real_output.graph));
  GDI_REQUIRE(real_output.index && fake_output.index, "%s_output is no node", real_output.index ? "fake" : "real");
  const terms *of = families + family;
  const gd_node real = gd_node_mean(of->real(real_output), GD_OVER_ALL);
  const gd_node discriminator = gd_node_add(real, gd_node_mean(of->fake(fake_output), GD_OVER_ALL));
  const gd_node generator =
      of->generator ? gd_node_mean(of->generator(fake_output), GD_OVER_ALL) : gd_node_negate(discriminator);
  GD_TRY(gd_graph_status(real_output.graph));
  utilities[0] = generator, utilities[1] = discriminator;
  return GD_OK;
}
