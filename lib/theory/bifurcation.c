/* SPDX-License-Identifier: BSD-3-Clause */
/* bifurcation.c -- where the spectral radius of one step's derivative passes 1 as a parameter grows, and by what eigenvalue.
 *
 * A grid of values finds changes of stability; bisection locates them.  An eigenvalue counts as outside the circle if
 * it is outside by more than its error, |E| times its condition number, |E| the error of the derivative.  So modes that
 * never move, whose eigenvalue is 1 to rounding, do not hide others, and slow crossings are found as accurately as
 * possible.  The eigenvalue is taken on the unstable side: on the stable side another one may be larger, and two that
 * meet on the circle have not separated yet.  The uncertainty of the crossing is twice the error divided by the slope
 * of the modulus. */
#include "base/error.h"
#include "theory/linearisation.h"
#include "theory/map_modes.h"
#include "theory/map_rates.h"

#include <gamedyn/bifurcation.h>
#include <math.h>
#include <string.h>

#define RESOLUTION 1e-12 /* of the interval, at which bisection ends */
#define NUDGE 1e-3       /* of the distance between places, over which the slope is taken */

typedef struct sweep {
  gd_stepper *stepper;
  const double *x;
  const char *param;
  size_t player, n_players;
  bool per_player;
  double resolution;
  double *values; /* [n_players], of the parameter, as they were */
  double *trial;  /* [n_players] */
} sweep;

/* One place. */
typedef struct place {
  double value, re, im; /* the eigenvalue farthest outside, its doubt considered */
  double excess, doubt; /* |eigenvalue| - 1, and how well it is known */
  bool stable;
} place;

/* ---- the parameter ---- */

static const gd_param *find_row(const gd_stepper *stepper, const char *name) {
  const gd_param *row = NULL;
  for (size_t k = 0; (row = gd_method_param(gd_stepper_method(stepper), k)) && strcmp(row->name, name) != 0;) k++;
  return row;
}

static gd_status set(const sweep *s, double value) {
  if (!s->per_player || s->player == GD_ALL_PLAYERS) return gd_stepper_set(s->stepper, s->param, value);
  memcpy(s->trial, s->values, s->n_players * sizeof *s->trial);
  s->trial[s->player] = value;
  return gd_stepper_set_players(s->stepper, s->param, s->trial);
}

static gd_status put_back(const sweep *s) {
  if (s->per_player) return gd_stepper_set_players(s->stepper, s->param, s->values);
  return gd_stepper_set(s->stepper, s->param, s->values[0]);
}

/* ---- evaluation ---- */

static gd_status look(const sweep *s, double value, place *at) {
  gdi_map_mode mode;
  *at = (place){.value = value, .re = NAN, .im = NAN, .excess = INFINITY};
  GD_TRY(set(s, value));
  const gd_status status = gdi_map_outermost(s->stepper, s->x, &mode);
  if (gdi_map_is_too_far(status)) return GD_OK;
  GD_TRY(status);
  *at = (place){value, mode.re, mode.im, mode.excess, mode.doubt, mode.excess <= mode.doubt};
  return GD_OK;
}

static gd_status bisect(const sweep *s, place *below, place *above) {
  while (above->value - below->value > s->resolution) {
    const double middle = below->value + (above->value - below->value) / 2;
    place at;
    if (middle <= below->value || middle >= above->value) break;
    GD_TRY(look(s, middle, &at));
    *(at.stable == below->stable ? below : above) = at;
  }
  return GD_OK;
}

/* At the crossing the modulus exceeds 1 by its error, and is known to this error.  The slope is taken over a distance
 * towards `inside` on which the modulus rises by at least the error. */
static gd_status find_uncertainty(const sweep *s, const place *unstable, double inside, double *uncertainty) {
  const double span = inside - unstable->value;
  double part = NUDGE, rise = 0;
  *uncertainty = s->resolution;
  if (isnan(unstable->re) || span == 0) return GD_OK;
  for (bool far = false; !far && !(rise > unstable->doubt); part = fmin(4 * part, 1)) {
    place other;
    GD_TRY(look(s, unstable->value + part * span, &other));
    rise = other.excess - unstable->excess;
    far = part == 1;
    *uncertainty = fabs(part * span) * (rise > 0 ? 2 * unstable->doubt / rise : 1);
  }
  *uncertainty = fmax(*uncertainty, s->resolution);
  return GD_OK;
}

/* `inside`: where it is unstable for sure. */
static gd_status describe(const sweep *s, const place *below, const place *above, double inside,
                          gd_bifurcation *bifurcation) {
  const place *unstable = below->stable ? above : below;
  *bifurcation = (gd_bifurcation){.value = unstable->value,
                                  .re = unstable->re,
                                  .im = unstable->im,
                                  .angle = atan2(unstable->im, unstable->re),
                                  .kind = GD_BIFURCATION_NEIMARK_SACKER,
                                  .loses = below->stable};
  if (isnan(unstable->re)) bifurcation->kind = GD_BIFURCATION_UNKNOWN;
  if (unstable->im == 0) bifurcation->kind = unstable->re > 0 ? GD_BIFURCATION_FOLD : GD_BIFURCATION_FLIP;
  return find_uncertainty(s, unstable, inside, &bifurcation->uncertainty);
}

static gd_status walk(const sweep *s, double low, double high, size_t samples, gd_bifurcation *bifurcations,
                      size_t capacity, size_t *count) {
  place before, now;
  *count = 0;
  GD_TRY(look(s, low, &before));
  for (size_t k = 1; k <= samples; k++, before = now) {
    const double part = (double)k / (double)samples;
    GD_TRY(look(s, k == samples ? high : low + part * (high - low), &now));
    if (now.stable == before.stable) continue;
    place above = now;
    const double inside = before.stable ? now.value : before.value;
    GD_TRY(bisect(s, &before, &above));
    if (*count < capacity) GD_TRY(describe(s, &before, &above, inside, bifurcations + *count));
    ++*count;
  }
  return GD_OK;
}

/* ---- public functions ---- */

static gd_status check(const gd_stepper *stepper, const gd_linearisation *at, const char *param, double low,
                       double high, size_t samples, const gd_bifurcation *bifurcations, size_t capacity,
                       const size_t *count) {
  GDI_REQUIRE(stepper && at && param && count, "gd_bifurcations_compute: %s is NULL",
              !stepper ? "stepper"
              : !at    ? "linearisation"
              : !param ? "param"
                       : "count");
  GD_TRY(gdi_linearisation_check_interior(at, "gd_bifurcations_compute"));
  GDI_REQUIRE(gd_game_size(gd_stepper_game(stepper)) == at->n,
              "gd_bifurcations_compute: the stepper's game has %zu variables and the linearisation's %zu",
              gd_game_size(gd_stepper_game(stepper)), at->n);
  GDI_REQUIRE(bifurcations || capacity == 0, "gd_bifurcations_compute: bifurcations is NULL, expected room for %zu",
              capacity);
  GDI_REQUIRE(isfinite(low) && isfinite(high) && low < high,
              "gd_bifurcations_compute: the interval goes from %g to %g, expected low < high", low, high);
  GDI_REQUIRE(samples > 0, "gd_bifurcations_compute: samples is 0, expected at least 1");
  return GD_OK;
}

/* Find the parameter and save its values. */
static gd_status begin(sweep *s) {
  const gd_param *row = find_row(s->stepper, s->param);
  s->per_player = row && row->kind == GD_KIND_REAL_PER_PLAYER;
  GDI_REQUIRE(!row || row->kind == GD_KIND_REAL || s->per_player, "gd_bifurcations_compute: %s is not a real parameter",
              s->param);
  GDI_REQUIRE(!s->per_player || s->player == GD_ALL_PLAYERS || s->player < s->n_players,
              "gd_bifurcations_compute: player is %zu, expected less than the number of players, %zu", s->player,
              s->n_players);
  for (size_t i = 0; i < s->n_players; i++) GD_TRY(gd_stepper_get(s->stepper, s->param, i, &s->values[i]));
  return GD_OK;
}

/* Both ends are tried first, so that a value out of range is told before anything else. */
static gd_status run(sweep *s, double low, double high, size_t samples, gd_bifurcation *bifurcations, size_t capacity,
                     size_t *count) {
  GD_TRY(begin(s));
  gd_status status = set(s, high);
  if (status == GD_OK) status = set(s, low);
  if (status == GD_OK) status = walk(s, low, high, samples, bifurcations, capacity, count);
  const gd_status back = put_back(s);
  return status < 0 ? status : back;
}

gd_status gd_bifurcations_compute(gd_stepper *stepper, gd_linearisation *linearisation, const char *param,
                                  size_t player, double low, double high, size_t samples, gd_bifurcation *bifurcations,
                                  size_t capacity, size_t *count) {
  GD_TRY(check(stepper, linearisation, param, low, high, samples, bifurcations, capacity, count));
  gdi_env env;
  gd_game *game = gd_stepper_game(stepper);
  const size_t players = gd_game_players(game);
  GD_TRY(gdi_env_copy(&env, gd_game_env(game)));
  double *room = gdi_allocate(&env, 2 * players, sizeof *room);
  gd_bifurcation *found = gdi_allocate(&env, capacity + 1, sizeof *found);
  size_t found_count = 0;
  sweep s = {.stepper = stepper, .x = linearisation->x, .param = param, .player = player, .n_players = players};
  s.resolution = RESOLUTION * (high - low);
  s.values = room;
  s.trial = room ? room + players : NULL;
  const gd_status status = room && found ? run(&s, low, high, samples, found, capacity, &found_count) : GD_ERR_MEMORY;
  if (status >= 0) {
    *count = found_count;
    if (bifurcations)
      memcpy(bifurcations, found, (found_count < capacity ? found_count : capacity) * sizeof *bifurcations);
  }
  gdi_release(&env, found);
  gdi_release(&env, room);
  return status;
}
