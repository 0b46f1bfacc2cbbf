/* SPDX-License-Identifier: BSD-3-Clause */
/* point.c -- points from files, from the seed and from Newton's method. */
#include "support/point.h"

#include <gamedyn/rng.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/matrix_file.h"

enum { STREAM_START = 1 };

void point_read(const char *option, const char *path, size_t n, double *x) {
  gd_matrix *matrix = matrix_file_read(option, path);
  const size_t rows = gd_matrix_rows(matrix), columns = gd_matrix_columns(matrix);
  if (rows * columns != n || (rows != 1 && columns != 1)) {
    die("%s: %s is %zu by %zu; a vector of %zu numbers was expected", option, path, rows, columns, n);
  }
  memcpy(x, gd_matrix_values(matrix), n * sizeof *x);
  gd_matrix_destroy(matrix);
}

void point_around(const common_options *common, size_t n, const double *centre, double *x) {
  gd_rng rng = gd_rng_make(common->seed, STREAM_START);
  gd_rng_fill_normal(&rng, n, x);
  const double length = norm(n, x);
  for (size_t k = 0; k < n; k++) x[k] = centre[k] + common->radius / length * x[k];
}

/* Where Newton's method starts. */
static void choose_guess(const common_options *common, gd_game *game, double *x) {
  const size_t n = gd_game_size(game);
  if (common->at) {
    point_read("--at", common->at, n, x);
  } else if (common->start) {
    point_read("--start", common->start, n, x);
  } else {
    double *centre = new_numbers(n);
    const gd_status status = gd_game_solution(game, centre);
    if (status < 0) memset(centre, 0, n * sizeof *centre);
    point_around(common, n, centre, x);
    free(centre);
  }
}

/* Rounding may keep |v| from its goal at points that are as good as can be, whatever the size of the field. */
static bool is_found(const gd_newton_result *newton) {
  return newton->stop == GD_NEWTON_CONVERGED || newton->stop == GD_NEWTON_ROUNDING;
}

static gd_newton_result find(gd_game *game, double *x) {
  static const char *const reasons[] = {[GD_NEWTON_ITERATIONS] = "that is as many as are taken",
                                        [GD_NEWTON_PRODUCTS_SPENT] = "all products with J are spent",
                                        [GD_NEWTON_ROUNDING] = "the next is lost in the rounding of x",
                                        [GD_NEWTON_LINE_SEARCH] = "no part of the next makes |v| smaller",
                                        [GD_NEWTON_SMALL_FIELD] = "it is as small farther on: the utilities are too "
                                                                  "small to tell; scale them up"};
  gd_newton_result newton;
  must_for("--find", gd_newton_solve(game, x, NULL, &newton));
  if (!is_found(&newton)) {
    die("--find: no stationary point was found from this start: |v| is %.3g after %llu steps of Newton's method, and "
        "%s",
        newton.gradient_norm, (unsigned long long)newton.iterations, reasons[newton.stop]);
  }
  return newton;
}

point_origin point_choose(const common_options *common, gd_game *game, double *x) {
  point_origin origin = {.name = common->find ? "found" : common->at ? "given" : "solution"};
  if (common->find) {
    choose_guess(common, game, x);
    origin.newton = find(game, x);
  } else if (common->at) {
    point_read("--at", common->at, gd_game_size(game), x);
  } else {
    must(gd_game_solution(game, x));
  }
  return origin;
}
