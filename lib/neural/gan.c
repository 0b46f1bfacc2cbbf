/* SPDX-License-Identifier: BSD-3-Clause */
/* gan.c -- a GAN of two perceptrons.  The inputs are data r and latent numbers z.  The generator maps z to f; the
 * discriminator is evaluated at r and f; the utilities of the family, minus the penalties, give the game.
 *
 * The discriminator is also part of a second graph, in which its input points are parameters, for pictures. */
#include "base/error.h"
#include "base/first_sizes.h"
#include "graph/graph.h"
#include "neural/neural.h"

#include <math.h>
#include <string.h>

enum { GENERATOR, DISCRIMINATOR, PLAYERS };
enum { DATA, LATENT, BETWEEN };

struct gd_neural_gan {
  gdi_env env;
  size_t dimension, batch;
  gd_graph *graph;
  gd_network *networks[PLAYERS];
  gd_game *game;
  gd_function *generate;
  gd_sampler data;   /* the graph's */
  gd_graph *picture; /* points [dimension by batch] of player 0, the discriminator's weights of player 1 */
  gd_network *judge;
  gd_function *judgement;
  double *judged; /* [gd_graph_size(picture)]: points and weights; and room for the judgement [batch] */
};

/* ---- options ---- */

/* The networks' structs, read. */
typedef struct blueprint {
  gd_neural_gan_spec spec;
  gd_mlp mlps[PLAYERS];
} blueprint;

static size_t outputs_of(const gd_mlp *mlp) { return mlp->widths[mlp->layers]; }

static gd_status check_sampler(const gd_sampler *sampler, const char *name, size_t rows) {
  GDI_REQUIRE(sampler, "%s is NULL, expected a sampler", name);
  GDI_REQUIRE(sampler->struct_size >= sizeof *sampler && sampler->fill,
              "%s is not a valid sampler: struct_size is %zu and fill %s", name, sampler->struct_size,
              sampler->fill ? "is set" : "is NULL");
  GDI_REQUIRE(sampler->rows == 0 || sampler->rows == rows,
              "%s has samples of %zu numbers, expected %zu, the input of the network", name, sampler->rows, rows);
  return GD_OK;
}

static gd_status check_weight(const char *name, double weight) {
  GDI_REQUIRE(isfinite(weight) && weight >= 0, "%s is %g, expected a finite number >= 0", name, weight);
  return GD_OK;
}

static gd_status check_networks(const blueprint *own) {
  const gd_mlp *generator = own->mlps + GENERATOR, *discriminator = own->mlps + DISCRIMINATOR;
  GDI_REQUIRE(outputs_of(discriminator) == 1, "the discriminator has %zu outputs, expected 1",
              outputs_of(discriminator));
  GDI_REQUIRE(outputs_of(generator) == discriminator->widths[0],
              "the generator makes samples of %zu numbers, expected %zu, the input of the discriminator",
              outputs_of(generator), discriminator->widths[0]);
  return GD_OK;
}

static gd_status read_plan(blueprint *own) {
  const gd_neural_gan_spec *spec = &own->spec;
  static const char *const names[PLAYERS] = {[GENERATOR] = "generator", [DISCRIMINATOR] = "discriminator"};
  const gd_mlp *callers[PLAYERS] = {[GENERATOR] = spec->generator, [DISCRIMINATOR] = spec->discriminator};
  for (size_t k = 0; k < PLAYERS; k++) {
    GD_TRY(gdi_mlp_read(own->mlps + k, callers[k], names[k]));
    own->mlps[k].player = k;
    if (!own->mlps[k].name) own->mlps[k].name = names[k];
  }
  GD_TRY(check_networks(own));
  GDI_REQUIRE(spec->batch > 0, "batch is 0, expected 1 or more");
  GD_TRY(check_sampler(spec->data, "data", own->mlps[DISCRIMINATOR].widths[0]));
  GD_TRY(check_sampler(spec->latent, "latent", own->mlps[GENERATOR].widths[0]));
  GD_TRY(check_weight("gradient_penalty", spec->gradient_penalty));
  GD_TRY(check_weight("r1", spec->r1));
  GD_TRY(check_weight("r2", spec->r2));
  GD_TRY(check_weight("consensus_penalty", spec->consensus_penalty));
  GD_TRY(check_weight("unrolled_step_size", spec->unrolled_step_size));
  return check_weight("generator_penalty", spec->generator_penalty);
}

static void release_samplers(const gd_neural_gan_spec *spec) {
  const gd_sampler *const samplers[] = {spec->data, spec->latent};
  for (size_t k = 0; k < 2; k++) {
    if (!samplers[k] || samplers[k]->struct_size < sizeof(gd_sampler)) continue;
    gd_sampler own = *samplers[k];
    gd_sampler_destroy(&own);
  }
}

/* ---- inputs ---- */

static gd_status add_inputs(gd_neural_gan *own, const blueprint *plan, gd_node inputs[2]) {
  const gd_neural_gan_spec *spec = &plan->spec;
  gd_sampler data = {0}, latent = {0};
  const gd_status first = gdi_sampler_for_role(&data, spec->data, DATA, &own->env.env);
  const gd_status second = gdi_sampler_for_role(&latent, spec->latent, LATENT, &own->env.env);
  if (first < 0 || second < 0) {
    gd_sampler_destroy(&data);
    gd_sampler_destroy(&latent);
    return first < 0 ? first : second;
  }
  inputs[DATA] = gd_graph_input(own->graph, "data", own->dimension, own->batch, &data);
  inputs[LATENT] = gd_graph_input(own->graph, "latent", plan->mlps[GENERATOR].widths[0], own->batch, &latent);
  own->data = data;
  return gd_graph_status(own->graph);
}

/* Create the points between data and generated samples for the gradient penalty; the graph keeps a failure. */
static gd_status add_places(gd_neural_gan *own, gd_node *places) {
  gd_sampler uniform = {0}, of_role = {0};
  GD_TRY(gd_sampler_uniform(&uniform, 0, &own->env.env));
  GD_TRY(gdi_sampler_for_role(&of_role, &uniform, BETWEEN, &own->env.env));
  *places = gd_graph_input(own->graph, "between", 1, own->batch, &of_role);
  return gd_graph_status(own->graph);
}

/* ---- the game ---- */

static gd_node less(gd_node utility, double weight, gd_node penalty) {
  return gd_node_subtract(utility, gd_node_scale(penalty, weight));
}

/* The inputs of the discriminator: real and generated samples, and points between them (if any). */
typedef struct matter {
  gd_node real, fake, places;
} matter;

/* The family's utilities against a discriminator, before and after its own penalties. */
static gd_status judge(const gd_neural_gan_spec *spec, const matter *of, const gd_network *discriminator,
                       gd_node plain[PLAYERS], gd_node u[PLAYERS]) {
  GD_TRY(gd_gan_utilities(gd_network_apply(discriminator, of->real), gd_network_apply(discriminator, of->fake),
                          spec->family, plain));
  gd_node own = plain[DISCRIMINATOR];
  if (spec->gradient_penalty > 0)
    own = less(own, spec->gradient_penalty, gd_gan_gradient_penalty(discriminator, of->real, of->fake, of->places));
  if (spec->r1 > 0) own = less(own, spec->r1, gd_gan_zero_centred_penalty(discriminator, of->real));
  if (spec->r2 > 0) own = less(own, spec->r2, gd_gan_zero_centred_penalty(discriminator, of->fake));
  u[GENERATOR] = plain[GENERATOR], u[DISCRIMINATOR] = own;
  return GD_OK;
}

/* Replace the generator's utility by that against the unrolled discriminator. */
static gd_status look_ahead(const gd_neural_gan_spec *spec, const matter *of, const gd_network *discriminator,
                            const gd_node utilities[PLAYERS], gd_node *utility) {
  gd_node plain[PLAYERS], u[PLAYERS] = {utilities[GENERATOR], utilities[DISCRIMINATOR]};
  gd_network *now = NULL;
  gd_status status = GD_OK;
  for (size_t k = 0; k < spec->unrolled_steps && status == GD_OK; k++) {
    gd_network *next = NULL;
    status = gd_network_step(&next, now ? now : discriminator, u[DISCRIMINATOR], spec->unrolled_step_size);
    gd_network_destroy(now);
    now = next;
    if (status == GD_OK) status = judge(spec, of, now, plain, u);
  }
  gd_network_destroy(now);
  *utility = u[GENERATOR];
  return status;
}

static gd_status build_utilities(gd_neural_gan *own, const gd_neural_gan_spec *spec, const matter *of,
                                 gd_node u[PLAYERS]) {
  const gd_network *discriminator = own->networks[DISCRIMINATOR];
  gd_node plain[PLAYERS];
  GD_TRY(judge(spec, of, discriminator, plain, u));
  GD_TRY(look_ahead(spec, of, discriminator, u, &u[GENERATOR]));
  if (spec->generator_penalty > 0)
    u[GENERATOR] =
        less(u[GENERATOR], spec->generator_penalty, gd_gan_generator_penalty(discriminator, u[DISCRIMINATOR]));
  for (size_t k = 0; spec->consensus_penalty > 0 && k < PLAYERS; k++)
    u[k] = less(u[k], spec->consensus_penalty, gd_graph_consensus_penalty(PLAYERS, plain));
  return GD_OK;
}

static gd_status build_game(gd_neural_gan *own, const blueprint *plan) {
  const gd_neural_gan_spec *spec = &plan->spec;
  gd_node inputs[2], u[PLAYERS];
  GD_TRY(add_inputs(own, plan, inputs));
  GD_TRY(gd_graph_set_precision(own->graph, spec->precision));
  for (size_t k = 0; k < PLAYERS; k++) GD_TRY(gd_network_create(own->networks + k, own->graph, plan->mlps + k));
  const gd_node fake = gd_node_name(gd_network_apply(own->networks[GENERATOR], inputs[LATENT]), "generated");
  matter of = {.real = inputs[DATA], .fake = fake};
  if (spec->gradient_penalty > 0) GD_TRY(add_places(own, &of.places));
  GD_TRY(build_utilities(own, spec, &of, u));
  GD_TRY(gd_function_create(&own->generate, own->graph, 1, &fake));
  return gd_game_from_graph(&own->game, own->graph, PLAYERS, u, spec->name ? spec->name : "neural GAN");
}

static gd_status build_picture(gd_neural_gan *own, const blueprint *plan) {
  GD_TRY(gd_graph_create(&own->picture, &own->env.env));
  const gd_node points = gd_graph_parameter(own->picture, "points", GENERATOR, own->dimension, own->batch);
  GD_TRY(gd_network_create(&own->judge, own->picture, plan->mlps + DISCRIMINATOR));
  const gd_node output = gd_network_apply(own->judge, points);
  GD_TRY(gd_function_create(&own->judgement, own->picture, 1, &output));
  own->judged = gdi_allocate(&own->env, gd_graph_size(own->picture, SIZE_MAX) + own->batch, sizeof *own->judged);
  return own->judged ? GD_OK : GD_ERR_MEMORY;
}

/* ---- create and destroy ---- */

static gd_status create(gd_neural_gan **made, const blueprint *plan, const gd_env *env) {
  gd_status status;
  gd_neural_gan *own = gdi_create(env, sizeof *own, offsetof(gd_neural_gan, env), &status);
  if (own) status = gd_graph_create(&own->graph, env);
  *made = own;
  if (status < 0) {
    release_samplers(&plan->spec);
    return status;
  }
  own->dimension = plan->mlps[DISCRIMINATOR].widths[0];
  own->batch = plan->spec.batch;
  GD_TRY(build_game(own, plan));
  return build_picture(own, plan);
}

gd_status gd_neural_gan_create(gd_neural_gan **gan, const gd_neural_gan_spec *spec, const gd_env *env) {
  blueprint plan = {0};
  gd_neural_gan *own = NULL;
  GD_TRY(GDI_SIZED_READ(gd_neural_gan_spec, &plan.spec, spec));
  gd_status status = gan ? read_plan(&plan) : gdi_fail(GD_ERR_ARGUMENT, "gan is NULL, expected where to put the GAN");
  if (status < 0) {
    release_samplers(&plan.spec);
    return status;
  }
  status = create(&own, &plan, env);
  if (status == GD_OK)
    *gan = own;
  else
    gd_neural_gan_destroy(own);
  return status;
}

void gd_neural_gan_destroy(gd_neural_gan *gan) {
  if (!gan) return;
  gdi_release(&gan->env, gan->judged);
  gd_function_destroy(gan->judgement);
  gd_network_destroy(gan->judge);
  gd_graph_destroy(gan->picture);
  gd_function_destroy(gan->generate);
  gd_game_destroy(gan->game);
  for (size_t k = 0; k < PLAYERS; k++) gd_network_destroy(gan->networks[k]);
  gd_graph_destroy(gan->graph);
  gdi_destroy(gan, offsetof(gd_neural_gan, env));
}

gd_game *gd_neural_gan_game(const gd_neural_gan *gan) { return gan ? gan->game : NULL; }
size_t gd_neural_gan_dimension(const gd_neural_gan *gan) { return gan ? gan->dimension : 0; }
size_t gd_neural_gan_batch(const gd_neural_gan *gan) { return gan ? gan->batch : 0; }

gd_status gd_neural_gan_initial(const gd_neural_gan *gan, double *x) {
  GDI_REQUIRE(gan, "gan is NULL, expected a GAN");
  return gd_graph_initial(gan->graph, x);
}

/* ---- samples and outputs ---- */

gd_status gd_neural_gan_generate(gd_neural_gan *gan, const gd_draw *draw, const double *x, double *samples) {
  GDI_REQUIRE(gan && x && samples, "%s is NULL", !gan ? "gan" : !x ? "x" : "samples");
  return gd_function_evaluate(gan->generate, draw, x, &samples);
}

gd_status gd_neural_gan_data(gd_neural_gan *gan, const gd_draw *draw, double *samples) {
  GDI_REQUIRE(gan && samples, "%s is NULL", gan ? "samples" : "gan");
  return gd_sampler_fill(&gan->data, draw, gan->dimension, gan->batch, samples);
}

gd_status gd_neural_gan_discriminate(gd_neural_gan *gan, const double *x, size_t count, const double *points,
                                     double *out) {
  GDI_REQUIRE(gan && x, "%s is NULL", gan ? "x" : "gan");
  GDI_REQUIRE((points && out) || count == 0, "%s is NULL", points ? "out" : "points");
  double *weights = gan->judged + gan->dimension * gan->batch;
  const size_t size = gd_graph_size(gan->picture, DISCRIMINATOR);
  double *result = weights + size;
  memcpy(weights, x + gd_graph_size(gan->graph, GENERATOR), size * sizeof *weights);
  for (size_t done = 0; done < count; done += gan->batch) {
    const size_t now = count - done < gan->batch ? count - done : gan->batch, d = gan->dimension;
    memcpy(gan->judged, points + done * d, now * d * sizeof *points);
    for (size_t k = now; k < gan->batch; k++) memcpy(gan->judged + k * d, points + done * d, d * sizeof *points);
    GD_TRY(gd_function_evaluate(gan->judgement, NULL, gan->judged, &result));
    memcpy(out + done, result, now * sizeof *out);
  }
  return GD_OK;
}
