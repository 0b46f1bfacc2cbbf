/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.c -- making a game of a graph, the GAN of two networks of `layers` layers of 4, and its first product; and
 * products at one point, one call each, beside one call for all of them. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 512, DEEPEST = 1024, TURNS = 9, DIRECTIONS = 8 };

static gd_neural_gan *create_gan(size_t layers, size_t width, size_t batch, const gd_env *env) {
  size_t G[DEEPEST + 2], D[DEEPEST + 2];
  for (size_t k = 0; k < layers + 2; k++) G[k] = D[k] = width;
  G[0] = D[0] = G[layers + 1] = 2, D[layers + 1] = 1;
  const gd_mlp generator = {.struct_size = sizeof generator, .layers = layers + 1, .widths = G, .seed = 1};
  const gd_mlp discriminator = {.struct_size = sizeof discriminator, .layers = layers + 1, .widths = D, .seed = 2};
  const gd_gaussian_ring ring = {.struct_size = sizeof ring, .count = 8, .radius = 1, .deviation = 0.03};
  gd_sampler data = {0}, noise = {0};
  gd_neural_gan *gan;
  must(gd_sampler_ring(&data, 0, &ring, NULL));
  must(gd_sampler_normal(&noise, 0, NULL));
  const gd_neural_gan_spec spec = {.struct_size = sizeof spec,
                                   .generator = &generator,
                                   .discriminator = &discriminator,
                                   .batch = batch,
                                   .data = &data,
                                   .latent = &noise};
  must(gd_neural_gan_create(&gan, &spec, env));
  return gan;
}

static void make_game(void *context) {
  const size_t *layers = context;
  gd_neural_gan *gan = create_gan(*layers, 4, 16, NULL);
  must(gd_game_prepare(gd_neural_gan_game(gan), 1u << GD_JVP));
  gd_neural_gan_destroy(gan);
}

static void make_games(void) {
  static size_t depths[] = {16, 64, 256, DEEPEST};
  const contender contenders[] = {{"16", make_game, depths},
                                  {"64", make_game, depths + 1},
                                  {"256", make_game, depths + 2},
                                  {"1024", make_game, depths + 3}};
  measure("graph.layers", ONCE, 3, contenders, 4);
}

static void measure_memory(size_t layers) {
  meter m;
  start_meter(&m);
  gd_neural_gan *gan = create_gan(layers, 4, 16, &m.env);
  must(gd_game_prepare(gd_neural_gan_game(gan), 1u << GD_JVP));
  printf("graph.layers.%zu_bytes\t%zu\n", layers, m.most);
  gd_neural_gan_destroy(gan);
}

typedef struct products {
  gd_game *game;
  double *x, *U, *JU;
} products;

static void one_by_one(void *context) {
  products *p = context;
  const size_t n = gd_game_size(p->game);
  for (size_t k = 0; k < DIRECTIONS; k++) must(gd_game_jvp(p->game, p->x, p->U + k * n, p->JU + k * n));
}

static void together(void *context) {
  products *p = context;
  must(gd_game_jvp_many(p->game, p->x, DIRECTIONS, p->U, p->JU));
}

static void compare_products(const char *prefix, size_t width) {
  gd_neural_gan *gan = create_gan(4, width, BATCH, NULL);
  gd_game *game = gd_neural_gan_game(gan);
  const size_t n = gd_game_size(game);
  products p = {game, make_numbers(n, 1), make_numbers(DIRECTIONS * n, 2), make_numbers(DIRECTIONS * n, 3)};
  must(gd_neural_gan_initial(gan, p.x));
  const contender contenders[] = {{"one_by_one", one_by_one, &p}, {"together", together, &p}};
  measure(prefix, SETTLED, TURNS, contenders, 2);
  free(p.x);
  free(p.U);
  free(p.JU);
  gd_neural_gan_destroy(gan);
}

int main(void) {
  make_games();
  measure_memory(64);
  compare_products("graph.products.16", 16);
  compare_products("graph.products.128", 128);
  return 0;
}
