/* SPDX-License-Identifier: BSD-3-Clause */
/* path.c -- the angle between a field and a line (Berard et al. 2020). */
#include "base/error.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "game/limits.h"
#include "kernels/vector.h"

#include <gamedyn/path.h>
#include <math.h>
#include <string.h>

typedef struct path {
  gdi_env env;
  gd_game *game; /* a handle of its own */
  const double *from, *to;
  size_t n;
  double *direction; /* [n], of length 1 */
  double *point;     /* [n] */
  double *field;     /* [n] */
  double *answers;   /* [2 count]: cosines, then norms; the caller's stay as they are if a later position fails */
} path;

/* a /= |a|; |a|.  Products of unit vectors neither overflow nor underflow. */
static gd_status normalise(gd_game *game, size_t n, double *a, double *length) {
  GD_TRY(gd_game_norm(game, a, length));
  if (*length > 0)
    for (size_t k = 0; k < n; k++) a[k] /= *length;
  return GD_OK;
}

static gd_status find_direction(path *it) {
  double length;
  for (size_t k = 0; k < it->n; k++) it->direction[k] = it->to[k] - it->from[k];
  GD_TRY(normalise(it->game, it->n, it->direction, &length));
  GDI_REQUIRE(length > 0, "gd_path_angle: from and to are the same point, expected two");
  return GD_OK;
}

static gd_status find_angle(path *it, double position, double *cosine, double *norm) {
  for (size_t k = 0; k < it->n; k++) it->point[k] = (1 - position) * it->from[k] + position * it->to[k];
  const size_t bad = gdi_vector_first_nonfinite(it->n, it->point);
  if (bad < it->n)
    return gdi_fail(GD_ERR_NONFINITE, "gd_path_angle: at position %g, x[%zu] is %g, expected a finite number", position,
                    bad, it->point[bad]);
  GD_TRY(gd_game_gradient(it->game, it->point, it->field));
  GD_TRY(normalise(it->game, it->n, it->field, norm));
  GD_TRY(gd_game_dot(it->game, it->direction, it->field, cosine));
  *cosine = *norm > 0 ? fmax(-1, fmin(1, *cosine)) : NAN;
  return GD_OK;
}

static gd_status prepare(path *it, const gd_game *game, size_t count) {
  GD_TRY(gd_game_dup(&it->game, game));
  gd_game_set_draw(it->game, NULL);
  it->direction = gdi_allocate(&it->env, it->n, sizeof *it->direction);
  it->point = gdi_allocate(&it->env, it->n, sizeof *it->point);
  it->field = gdi_allocate(&it->env, it->n, sizeof *it->field);
  it->answers = gdi_allocate(&it->env, gdi_times(2, count), sizeof *it->answers);
  return it->direction && it->point && it->field && it->answers ? find_direction(it) : GD_ERR_MEMORY;
}

static void release(path *it) {
  gdi_release(&it->env, it->direction);
  gdi_release(&it->env, it->point);
  gdi_release(&it->env, it->field);
  gdi_release(&it->env, it->answers);
  gd_game_destroy(it->game);
}

static gd_status check(const gd_game *game, const double *from, const double *to, size_t count, const double *positions,
                       const double *cosines) {
  GDI_REQUIRE(game, "gd_path_angle: game is NULL");
  GDI_REQUIRE(from && to, "gd_path_angle: from or to is NULL");
  GDI_REQUIRE(positions, "gd_path_angle: positions is NULL");
  GDI_REQUIRE(cosines, "gd_path_angle: cosines is NULL");
  GDI_REQUIRE(count > 0, "gd_path_angle: count is 0, expected at least 1");
  for (size_t k = 0; k < count; k++)
    GDI_REQUIRE(isfinite(positions[k]), "gd_path_angle: positions[%zu] is %g, expected a finite number", k,
                positions[k]);
  const size_t n = gd_game_size(game), bad_from = gdi_vector_first_nonfinite(n, from),
               bad_to = gdi_vector_first_nonfinite(n, to);
  GDI_REQUIRE(bad_from == n, "gd_path_angle: from[%zu] is %g, expected a finite number", bad_from, from[bad_from]);
  GDI_REQUIRE(bad_to == n, "gd_path_angle: to[%zu] is %g, expected a finite number", bad_to, to[bad_to]);
  return GD_OK;
}

gd_status gd_path_angle(const gd_game *game, const double *from, const double *to, size_t count,
                        const double *positions, double *cosines, double *norms) {
  GD_TRY(check(game, from, to, count, positions, cosines));
  GD_TRY(gdi_game_check_whole(game, "gd_path_angle"));
  path it = {.from = from, .to = to, .n = gd_game_size(game)};
  GD_TRY(gdi_env_copy(&it.env, gd_game_env(game)));
  gd_status status = prepare(&it, game, count);
  for (size_t k = 0; status == GD_OK && k < count; k++)
    status = find_angle(&it, positions[k], &it.answers[k], &it.answers[count + k]);
  if (status == GD_OK) {
    memcpy(cosines, it.answers, count * sizeof *cosines);
    if (norms) memcpy(norms, it.answers + count, count * sizeof *norms);
  }
  release(&it);
  return status;
}
