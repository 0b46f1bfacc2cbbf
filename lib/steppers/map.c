/* SPDX-License-Identifier: BSD-3-Clause */
/* map.c -- the derivative of one step in z = (x, memory, the scaling's moments).
 *
 *     M u = (F(z + t u) - F(z - t u)) / (2 t),   F: one step, on a held draw
 *
 * Linear methods, unscaled and unprojected, on affine games: F is affine and any t is exact, so t is as large as z,
 * for the least rounding.  Else t is the cube root of machine epsilon, relative to z: truncation and rounding meet. */
#include "base/error.h"
#include "game/limits.h"
#include "linear/operator.h"
#include "steppers/stepper.h"

#include <math.h>
#include <string.h>

typedef struct step_map {
  gdi_env env;
  gd_stepper *stepper;
  const gdi_scaling_method *scaling; /* when the map was made */
  size_t size;                       /* of z */
  double *point;                     /* z [size] */
  double *saved;                     /* the stepper's own z, while it is elsewhere [size]; x part unused */
  double *shifted, *forward;         /* z +- t u and what becomes of them [size] */
  double *x;                         /* [n] */
  gdi_scaling_player *players;       /* the scaling's own bookkeeping, saved likewise [n_players] */
} step_map;

/* What to do with a piece of z and the memory it stands for. */
typedef void visit_fn(double *z, double *memory, size_t count);

static void copy_out(double *z, double *memory, size_t count) { memcpy(z, memory, count * sizeof *z); }

static void copy_in(double *z, double *memory, size_t count) { memcpy(memory, z, count * sizeof *z); }

static void visit_memory(const gd_stepper *stepper, double *z, visit_fn *visit) {
  const size_t n = stepper->n;
  z += n; /* x comes first, and is no memory */
  for (size_t k = 0; k < stepper->n_vectors; k++)
    if (stepper->vectors[k].name) {
      visit(z, stepper->vectors[k].data, n);
      z += n;
    }
  for (size_t k = 0; k < stepper->scaling.method->n_moments; k++, z += n)
    for (size_t i = 0; i < stepper->n_players; i++) {
      const size_t start = stepper->starts[i];
      visit(z + start, gdi_scaling_kept(&stepper->scaling, k, i) + start, stepper->starts[i + 1] - start);
    }
}

static size_t state_size(const gd_stepper *stepper) {
  size_t vectors = 1 + stepper->scaling.method->n_moments;
  for (size_t k = 0; k < stepper->n_vectors; k++) vectors += stepper->vectors[k].name != NULL;
  return vectors * stepper->n;
}

/* z becomes F(z). */
static gd_status step_from(step_map *map, double *z) {
  gd_stepper *stepper = map->stepper;
  memcpy(map->x, z, stepper->n * sizeof *z);
  visit_memory(stepper, z, copy_in);
  GD_TRY(gd_stepper_step(stepper, map->x));
  memcpy(z, map->x, stepper->n * sizeof *z);
  visit_memory(stepper, z, copy_out);
  return GD_OK;
}

/* As step_from, but the stepper ends as it began, and as of a step after the first. */
static gd_status step_and_return(step_map *map, double *z) {
  gd_stepper *stepper = map->stepper;
  const uint64_t steps = stepper->steps;
  const size_t bytes = stepper->n_players * sizeof *map->players;
  gd_draw draw;
  const bool drawn = gd_game_get_draw(stepper->game, &draw);
  memcpy(map->players, stepper->scaling.players, bytes);
  visit_memory(stepper, map->saved, copy_out);
  if (!stepper->steps) stepper->steps = 1;
  const gd_status status = step_from(map, z);
  memcpy(stepper->scaling.players, map->players, bytes);
  visit_memory(stepper, map->saved, copy_in);
  stepper->steps = steps;
  if (drawn) gd_game_set_draw(stepper->game, &draw);
  return status;
}

static double largest_entry(size_t count, const double *values) {
  double largest = 0;
  for (size_t k = 0; k < count; k++) largest = fmax(largest, fabs(values[k]));
  return largest;
}

static double difference_length(const step_map *map, const double *u) {
  const gd_stepper *stepper = map->stepper;
  const bool affine = gd_game_traits(stepper->game) & GD_AFFINE && stepper->method.traits & GD_METHOD_LINEAR &&
                      !stepper->scaling.method->scale && !stepper->projected;
  const double size = fmax(1, largest_entry(map->size, map->point)) / largest_entry(map->size, u);
  return affine ? exp2(ceil(log2(size))) : cbrt(DBL_EPSILON) * size;
}

static void shift(const step_map *map, double t, const double *u, double *z) {
  for (size_t k = 0; k < map->size; k++) z[k] = map->point[k] + t * u[k];
}

/* z was laid out for the moments of one scaling. */
static gd_status check_scaling(const step_map *map) {
  GDI_REQUIRE(map->stepper->scaling.method == map->scaling,
              "gd_stepper_map: the stepper's scaling is \"%s\" now and was \"%s\" when the map was made; make another",
              map->stepper->scaling.method->name, map->scaling->name);
  return GD_OK;
}

static gd_status apply(void *context, const double *u, double *out) {
  step_map *map = context;
  GD_TRY(check_scaling(map));
  if (largest_entry(map->size, u) == 0) {
    memset(out, 0, map->size * sizeof *out);
    return GD_OK;
  }
  const double t = difference_length(map, u);
  shift(map, t, u, map->forward);
  GD_TRY(step_and_return(map, map->forward));
  shift(map, -t, u, map->shifted);
  GD_TRY(step_and_return(map, map->shifted));
  for (size_t k = 0; k < map->size; k++) out[k] = (map->forward[k] - map->shifted[k]) / (2 * t);
  return GD_OK;
}

static void destroy(void *context) {
  step_map *map = context;
  gdi_release(&map->env, map->players);
  gdi_release(&map->env, map->x);
  gdi_release(&map->env, map->forward);
  gdi_release(&map->env, map->shifted);
  gdi_release(&map->env, map->saved);
  gdi_release(&map->env, map->point);
  gdi_destroy(map, offsetof(step_map, env));
}

static const gdi_operator_table map_table = {apply, NULL, destroy};

static gd_status allocate_vectors(step_map *map) {
  map->point = gdi_allocate(&map->env, map->size, sizeof(double));
  map->saved = gdi_allocate(&map->env, map->size, sizeof(double));
  map->shifted = gdi_allocate(&map->env, map->size, sizeof(double));
  map->forward = gdi_allocate(&map->env, map->size, sizeof(double));
  map->x = gdi_allocate(&map->env, map->stepper->n, sizeof(double));
  map->players = gdi_allocate(&map->env, map->stepper->n_players, sizeof *map->players);
  const bool all = map->point && map->saved && map->shifted && map->forward && map->x && map->players;
  return all ? GD_OK : GD_ERR_MEMORY;
}

gd_status gd_stepper_map(gd_operator **op, gd_stepper *stepper, const double *x) {
  GDI_REQUIRE(op && stepper && x, "gd_stepper_map: op, stepper or x is NULL");
  GD_TRY(gdi_game_check_whole(stepper->game, "gd_stepper_map"));
  gd_status status;
  step_map *map = gdi_create(&stepper->env.env, sizeof *map, offsetof(step_map, env), &status);
  if (!map) return status;
  map->stepper = stepper;
  map->scaling = stepper->scaling.method;
  map->size = state_size(stepper);
  gd_operator *made = NULL;
  status = allocate_vectors(map);
  if (status == GD_OK) status = gdi_operator_create(&made, map->size, map->size, &map_table, map, &stepper->env.env);
  if (status < 0) {
    destroy(map);
    return status;
  }
  memcpy(map->point, x, stepper->n * sizeof *x);
  visit_memory(stepper, map->point, copy_out);
  *op = made;
  return GD_OK;
}
