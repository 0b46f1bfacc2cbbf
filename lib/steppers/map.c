/* SPDX-License-Identifier: BSD-3-Clause */
/* map.c -- the derivative of one step in z = (x, memory, the scaling's moments).
 *
 *     M u = (F(z + t u) - F(z - t u)) / (2 t),   F: one step, on a held draw
 *
 * Linear methods on affine games: F is affine and any t is exact, so t is as large as z, for the least rounding.  A
 * scaling is not linear, but at rest it is replaced by its linear part.  Otherwise t is the cube root of machine
 * epsilon, relative to z, where truncation and rounding errors balance.
 *
 * The fixed point of F with the given x is found by steps: memory starts at zero, as after a reset, and is kept from
 * step to step, while x is reset each time.  x is a fixed point if one step moves it by at most TOLERANCE times the
 * change by one step of a displacement u of x's size in all variables.  This compares |F(z) - z| with |(M - I) u|, so
 * it depends neither on the units of the field nor on the step size.
 *
 * A projection has kinks, where it has no derivative.  So x must lie in the interior of the feasible set, and a step
 * from it must not reach the edge.  F is then differenced without the projection. */
#include "base/error.h"
#include "game/interior.h"
#include "game/limits.h"
#include "kernels/vector.h"
#include "linear/operator.h"
#include "steppers/memory.h"

#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

#define TOLERANCE 1e-6 /* how far x and the memory may move at rest, relative to what a displacement does */
#define BENT 1e-3      /* how far one-sided differences may lie apart beside what they tell, before it is asked why */
#define SETTLED 1e-12  /* the memory moves no more, likewise */
enum { SETTLING_STEPS = 1000 };

typedef struct step_map {
  gdi_env env;
  gd_stepper *stepper;
  const gdi_scaling_method *scaling; /* the stepper's, when the map was made */
  bool at_rest;                      /* the derivative at the fixed point */
  size_t size;                       /* size of z */
  double *point;                     /* z [size] */
  double *saved;                     /* the stepper's own z, while it is elsewhere [size]; x part unused */
  double *shifted, *forward;         /* z +- t u and what becomes of them [size] */
  double *displacement;              /* displacement of x [n] */
  double *x;                         /* [n] */
  gdi_scaling_player *players;       /* the scaling's own bookkeeping, saved likewise [n_players] */
  bool set_aside;                    /* the game's feasible set is, while stepping */
} step_map;

/* Moments that are part of z. */
static size_t moments_of(const step_map *map) { return map->at_rest ? map->scaling->n_means : map->scaling->n_moments; }

/* In z, x comes first, and is no memory. */
static void read_memory(const step_map *map, double *z) {
  gdi_stepper_memory_read(map->stepper, moments_of(map), z + map->stepper->n);
}

static void write_memory(const step_map *map, const double *z) {
  gdi_stepper_memory_write(map->stepper, moments_of(map), z + map->stepper->n);
}

/* z becomes F(z). */
static gd_status step_from(step_map *map, double *z) {
  gd_stepper *stepper = map->stepper;
  memcpy(map->x, z, stepper->n * sizeof *z);
  write_memory(map, z);
  GD_TRY(gd_stepper_step(stepper, map->x));
  memcpy(z, map->x, stepper->n * sizeof *z);
  read_memory(map, z);
  return GD_OK;
}

/* As step_from(), with the step counter `steps`; the stepper is restored afterwards. */
static gd_status step_and_return(step_map *map, uint64_t steps, double *z) {
  gd_stepper *stepper = map->stepper;
  const uint64_t steps_before = stepper->steps;
  const size_t bytes = stepper->n_players * sizeof *map->players;
  gd_draw draw;
  const bool drawn = gd_game_get_draw(stepper->game, &draw);
  memcpy(map->players, stepper->scaling.players, bytes);
  read_memory(map, map->saved);
  stepper->steps = steps;
  stepper->scaling.at_rest = map->at_rest;
  gdi_game_set_aside(stepper->game, map->set_aside);
  const gd_status status = step_from(map, z);
  gdi_game_set_aside(stepper->game, false);
  stepper->scaling.at_rest = false;
  memcpy(stepper->scaling.players, map->players, bytes);
  write_memory(map, map->saved);
  stepper->steps = steps_before;
  if (drawn) gd_game_set_draw(stepper->game, &draw);
  return status;
}

/* The current step counter, but at least 1. */
static uint64_t step_number(const gd_stepper *stepper) { return stepper->steps ? stepper->steps : 1; }

static double largest_entry(size_t count, const double *values) {
  double largest = 0;
  for (size_t k = 0; k < count; k++) largest = fmax(largest, fabs(values[k]));
  return largest;
}

/* One step is an affine map of z. */
static bool is_affine(const step_map *map) {
  const gd_stepper *stepper = map->stepper;
  return gd_game_traits(stepper->game) & GD_AFFINE && stepper->method.traits & GD_METHOD_LINEAR &&
         (map->at_rest || !stepper->scaling.method->scale);
}

static double difference_length(const step_map *map, const double *u) {
  const double size = fmax(1, largest_entry(map->size, map->point)) / largest_entry(map->size, u);
  return is_affine(map) ? exp2(ceil(log2(size))) : cbrt(DBL_EPSILON) * size;
}

static void shift(const step_map *map, double t, const double *u, double *z) {
  for (size_t k = 0; k < map->size; k++) z[k] = map->point[k] + t * u[k];
}

/* The layout of z depends on the scaling, which must not have changed. */
static gd_status check_scaling(const step_map *map) {
  GDI_REQUIRE(map->stepper->scaling.method == map->scaling,
              "gd_stepper_map: the stepper's scaling is \"%s\" now and was \"%s\" when the map was made; make another",
              map->stepper->scaling.method->name, map->scaling->name);
  return GD_OK;
}

/* Moments after the means are sums of squares: a difference must not make them negative. */
static gd_status check_squares(const step_map *map, double t, const double *u) {
  const gdi_scaling_method *scaling = map->scaling;
  const size_t n = map->stepper->n, first = map->size - (moments_of(map) - scaling->n_means) * n;
  for (size_t k = first; k < map->size; k++)
    if (map->point[k] < fabs(t * u[k]))
      return gdi_fail(
          GD_ERR_HYPOTHESIS,
          "gd_stepper_map: %s has the mean square %g of variable %zu, which is too close to 0 for a finite difference;"
          " gd_stepper_map_at_rest() takes the derivative at an equilibrium",
          scaling->name, map->point[k], (k - first) % n);
  return GD_OK;
}

/* M u, as of step number `steps`. */
static gd_status differentiate(step_map *map, uint64_t steps, const double *u, double *out) {
  GD_TRY(check_scaling(map));
  if (largest_entry(map->size, u) == 0) {
    memset(out, 0, map->size * sizeof *out);
    return GD_OK;
  }
  const double t = difference_length(map, u);
  if (!map->at_rest) GD_TRY(check_squares(map, t, u));
  shift(map, t, u, map->forward);
  GD_TRY(step_and_return(map, steps, map->forward));
  shift(map, -t, u, map->shifted);
  GD_TRY(step_and_return(map, steps, map->shifted));
  for (size_t k = 0; k < map->size; k++) out[k] = (map->forward[k] - map->shifted[k]) / (2 * t);
  return GD_OK;
}

static gd_status apply(void *context, const double *u, double *out) {
  step_map *map = context;
  return differentiate(map, step_number(map->stepper), u, out);
}

/* The change of z by the next step when x is displaced.  For a stepper at rest or at its start this is the first
 * step. */
static gd_status lift(void *context, const double *d, double *out) {
  step_map *map = context;
  return differentiate(map, map->at_rest ? 0 : map->stepper->steps, d, out);
}

static void destroy(void *context) {
  step_map *map = context;
  gdi_release(&map->env, map->players);
  gdi_release(&map->env, map->displacement);
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
  map->displacement = gdi_allocate(&map->env, map->stepper->n, sizeof(double));
  map->players = gdi_allocate(&map->env, map->stepper->n_players, sizeof *map->players);
  const bool all =
      map->point && map->saved && map->shifted && map->forward && map->x && map->displacement && map->players;
  return all ? GD_OK : GD_ERR_MEMORY;
}

/* ---- the fixed point ---- */

/* A random direction of length sqrt(count). */
static void fill_direction(size_t count, double *u) {
  gd_rng rng = gd_rng_make(0, 0);
  gd_rng_fill_normal(&rng, count, u);
  const double factor = sqrt((double)count) / gdi_vector_norm(count, u);
  for (size_t k = 0; k < count; k++) u[k] *= factor;
}

/* The effect on one step of a displacement of all of x by `size`: the change of the move of x, and of the memory. */
static gd_status measure_displacement(step_map *map, double size, double *of_x, double *of_memory) {
  const size_t n = map->stepper->n, rest = map->size - n;
  double *u = map->saved, *away = map->shifted, *home = map->forward;
  memset(u, 0, map->size * sizeof *u);
  fill_direction(n, u); /* the steps below overwrite them */
  const double t = difference_length(map, u);
  shift(map, t, u, away);
  for (size_t k = 0; k < n; k++) map->displacement[k] = away[k] - map->point[k];
  memcpy(home, map->point, map->size * sizeof *home);
  GD_TRY(step_and_return(map, step_number(map->stepper), home));
  GD_TRY(step_and_return(map, step_number(map->stepper), away));
  for (size_t k = 0; k < n; k++) map->displacement[k] = away[k] - home[k] - map->displacement[k];
  *of_x = gdi_vector_norm(n, map->displacement) * (size / t);
  *of_memory = gdi_vector_distance(rest, away + n, home + n) * (size / t);
  return GD_OK;
}

/* Take a step from z; x is reset, the memory is kept.  Returns how far both moved. */
static gd_status settle_once(step_map *map, uint64_t steps, double *of_x, double *of_memory) {
  const size_t n = map->stepper->n, rest = map->size - n;
  memcpy(map->forward, map->point, map->size * sizeof *map->forward);
  GD_TRY(step_and_return(map, steps, map->forward));
  *of_x = gdi_vector_distance(n, map->forward, map->point);
  *of_memory = gdi_vector_distance(rest, map->forward + n, map->point + n);
  memcpy(map->point + n, map->forward + n, rest * sizeof *map->point);
  return GD_OK;
}

/* The second difference of F along t u, and the first difference without that of z itself. */
static gd_status measure_bend(step_map *map, const double *home, double t, double *bend, double *moved) {
  double *u = map->saved, *ahead = map->forward, *behind = map->shifted;
  const uint64_t steps = step_number(map->stepper);
  memset(u, 0, map->size * sizeof *u);
  fill_direction(map->stepper->n, u); /* the steps below overwrite them */
  shift(map, t, u, ahead);
  shift(map, -t, u, behind);
  for (size_t k = 0; k < map->stepper->n; k++) map->displacement[k] = ahead[k] - behind[k];
  GD_TRY(step_and_return(map, steps, ahead));
  GD_TRY(step_and_return(map, steps, behind));
  *bend = *moved = 0;
  for (size_t k = 0; k < map->stepper->n; k++) {
    *bend = hypot(*bend, ahead[k] - 2 * home[k] + behind[k]);
    *moved = hypot(*moved, ahead[k] - behind[k] - map->displacement[k]);
  }
  return GD_OK;
}

/* A step that is differenced must have a derivative.  At a kink, as on the edge of a feasible set, the second
 * difference is of the order of t, like the first; elsewhere it is of the order of t^2.  This holds near x only.  A
 * step that maps the displacement t to more than max(1, |x|) multiplies it by more than 1e4: it is not stable, kink or
 * not. */
static gd_status check_smooth(step_map *map, const double *home, double rounding) {
  double bend, moved, closer, closer_moved;
  const double size = fmax(1, largest_entry(map->size, map->point)), t = cbrt(DBL_EPSILON) * size;
  GD_TRY(measure_bend(map, home, t, &bend, &moved));
  if (!(moved <= size)) return GD_OK;
  if (!(bend > BENT * moved && bend > 100 * rounding)) return GD_OK;
  GD_TRY(measure_bend(map, home, t / 8, &closer, &closer_moved));
  if (closer < bend / 22) return GD_OK;
  return gdi_fail(GD_ERR_HYPOTHESIS,
                  "one step of %s has no derivative at x: it has a kink there, as on the edge of a feasible set",
                  map->stepper->method.name);
}

static gd_status find_rest(step_map *map) {
  const size_t n = map->stepper->n;
  const char *name = map->stepper->method.name;
  const double size = fmax(1, largest_entry(n, map->point));
  const double rounding = 1024 * DBL_EPSILON * sqrt((double)n) * size;
  double moved_x, moved_memory, makes_x, makes_memory, rounding_memory = 0;
  GD_TRY(settle_once(map, 0, &moved_x, &moved_memory));
  GD_TRY(measure_displacement(map, size, &makes_x, &makes_memory));
  for (int k = 0; k < SETTLING_STEPS; k++) {
    GD_TRY(settle_once(map, step_number(map->stepper), &moved_x, &moved_memory));
    rounding_memory = 16 * DBL_EPSILON * gdi_vector_norm(map->size - n, map->point + n);
    if (moved_memory <= SETTLED * makes_memory + rounding_memory) break;
  }
  if (!isfinite(moved_x) || !isfinite(moved_memory))
    return gdi_fail(GD_ERR_NONFINITE, "one step of %s from x overflows", name);
  if (!(moved_x <= TOLERANCE * makes_x + rounding))
    return gdi_fail(GD_ERR_HYPOTHESIS,
                    "x is not a fixed point: one step of %s moves it by %g, more than %g times %g, its change under a"
                    " displacement by %g",
                    name, moved_x, TOLERANCE, makes_x, size);
  if (!(moved_memory <= TOLERANCE * makes_memory + rounding_memory))
    return gdi_fail(GD_ERR_HYPOTHESIS, "the memory of %s does not settle at x: it moves by %g after %d steps", name,
                    moved_memory, SETTLING_STEPS);
  return is_affine(map) ? GD_OK : check_smooth(map, map->point, rounding);
}

/* ---- the feasible set ---- */

/* Compare a step from z with and without the feasible set; from here on the set is ignored. */
static gd_status leave_set(step_map *map) {
  const uint64_t steps = step_number(map->stepper);
  memcpy(map->forward, map->point, map->size * sizeof *map->point);
  GD_TRY(step_and_return(map, steps, map->forward));
  map->set_aside = true;
  memcpy(map->shifted, map->point, map->size * sizeof *map->point);
  GD_TRY(step_and_return(map, steps, map->shifted));
  const double most = 64 * DBL_EPSILON * fmax(1, largest_entry(map->size, map->shifted));
  for (size_t k = 0; k < map->size; k++)
    if (fabs(map->forward[k] - map->shifted[k]) > most)
      return gdi_fail(GD_ERR_HYPOTHESIS,
                      "gd_stepper_map: a step from x meets the edge of the feasible set of \"%s\", where it has no "
                      "derivative",
                      gd_game_name(map->stepper->game));
  return GD_OK;
}

/* ---- public functions ---- */

/* Set z to x and the memory.  At rest in the interior of a feasible set a step stays in the interior. */
static gd_status place(step_map *map, const double *x) {
  const bool projects = map->stepper->projected != NULL;
  memcpy(map->point, x, map->stepper->n * sizeof *x);
  if (projects) GD_TRY(gdi_game_check_interior(map->stepper->game, x, "gd_stepper_map"));
  if (map->at_rest) {
    map->set_aside = projects;
    return find_rest(map);
  }
  read_memory(map, map->point);
  return projects ? leave_set(map) : GD_OK;
}

static gd_status create(gd_operator **op, gd_stepper *stepper, const double *x, bool at_rest) {
  gd_status status;
  step_map *map = gdi_create(&stepper->env.env, sizeof *map, offsetof(step_map, env), &status);
  if (!map) return status;
  map->stepper = stepper;
  map->scaling = stepper->scaling.method;
  map->at_rest = at_rest;
  map->size = stepper->n * (1 + gdi_stepper_memory_vectors(stepper, moments_of(map)));
  gd_operator *made = NULL;
  status = allocate_vectors(map);
  if (status == GD_OK) status = place(map, x);
  if (status == GD_OK) status = gdi_operator_create(&made, map->size, map->size, &map_table, map, &stepper->env.env);
  if (status < 0) {
    destroy(map);
    return status;
  }
  gdi_operator_set_lift(made, stepper->n, lift);
  *op = made;
  return GD_OK;
}

gd_status gd_stepper_map(gd_operator **op, gd_stepper *stepper, const double *x) {
  GDI_REQUIRE(op && stepper && x, "gd_stepper_map: op, stepper or x is NULL");
  GD_TRY(gdi_game_check_whole(stepper->game, "gd_stepper_map"));
  GD_TRY(gdi_game_check_point(stepper->game, x, "gd_stepper_map"));
  return create(op, stepper, x, false);
}

gd_status gd_stepper_map_at_rest(gd_operator **op, gd_stepper *stepper, const double *x) {
  GDI_REQUIRE(op && stepper && x, "gd_stepper_map_at_rest: op, stepper or x is NULL");
  GD_TRY(gdi_game_check_whole(stepper->game, "gd_stepper_map_at_rest"));
  GD_TRY(gdi_game_check_point(stepper->game, x, "gd_stepper_map_at_rest"));
  return create(op, stepper, x, true);
}
