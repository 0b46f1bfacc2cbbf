/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_play.c -- the model, what is derived from it for each of the dynamics, and runs kept in full. */
#include "support/gmm_play.h"

#include <gamedyn/derive.h>
#include <gamedyn/run.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/progress.h"

enum { GENERATOR, DISCRIMINATOR };

struct gmm_play {
  gmm_plan plan;
  gd_mixture target;
  gd_gmm_gan gan;
  gd_game *model, *game; /* the paper's L; what is stepped on */
};

gmm_play *gmm_create(const gmm_plan *plan) {
  gmm_play *play = new_array(NULL, 1, sizeof *play);
  *play = (struct gmm_play){.plan = *plan};
  play->target = (gd_mixture){.struct_size = sizeof play->target, .count = GMM_MEANS, .means = play->plan.target};
  gd_gmm_gan_init(&play->gan);
  play->gan.target = &play->target;
  play->gan.collapse = plan->collapse;
  must(gd_model_gmm_gan(&play->model, &play->gan, plan->env));
  if (plan->kind == GMM_OPTIMAL) {
    must(gd_derive_best_response(&play->game, play->model, DISCRIMINATOR, gd_gmm_gan_respond, &play->gan));
  } else if (plan->kind == GMM_UNROLLED) {
    must(gd_derive_unrolled(&play->game, play->model, GENERATOR, DISCRIMINATOR, (size_t)plan->unrolled,
                            plan->discriminator_step));
  } else {
    must(gd_game_dup(&play->game, play->model));
  }
  return play;
}

void gmm_destroy(gmm_play *play) {
  gd_game_destroy(play->game);
  gd_game_destroy(play->model);
  free(play);
}

gd_game *gmm_game(gmm_play *play) { return play->game; }

double gmm_distance(const gmm_play *play, const double *x) {
  double distance = NAN;
  must(gd_gmm_gan_distance(&play->gan, x, &distance, NULL));
  return distance;
}

double gmm_steepness(const gmm_play *play, const double *x) {
  double gradient[GMM_MEANS];
  must(gd_gmm_gan_distance(&play->gan, x, NULL, gradient));
  return hypot(gradient[0], gradient[1]);
}

double gmm_gain(gmm_play *play, const double *x) {
  double u[2];
  must(gd_game_utilities(play->model, x, u));
  return u[DISCRIMINATOR] - 1.0;
}

void gmm_answer(gmm_play *play, double *x) {
  if (gd_gmm_gan_respond(&play->gan, x, x + GMM_LEFT) != 0) die("no discriminator answers (%g, %g)", x[0], x[1]);
}

bool gmm_is_open(const double *x, size_t interval) { return x[GMM_LEFT + interval] < x[GMM_RIGHT + interval]; }

bool gmm_both_closed(const double *x) { return !gmm_is_open(x, 0) && !gmm_is_open(x, 1); }

static int increasing(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void gmm_draw_intervals(gd_rng *rng, gmm_law law, double width, double *x) {
  double ends[2 * GMM_INTERVALS];
  if (law == GMM_NORMAL) {
    gd_rng_fill_normal(rng, 2 * GMM_INTERVALS, ends);
  } else {
    gd_rng_fill_uniform(rng, 2 * GMM_INTERVALS, ends);
    for (size_t e = 0; e < 2 * GMM_INTERVALS; e++) ends[e] = 2.0 * ends[e] - 1.0;
  }
  qsort(ends, 2 * GMM_INTERVALS, sizeof *ends, increasing);
  for (size_t i = 0; i < GMM_INTERVALS; i++) {
    x[GMM_LEFT + i] = width * ends[2 * i];
    x[GMM_RIGHT + i] = width * ends[2 * i + 1];
  }
}

/* ---- runs ---- */

/* Returns how many of the trace's rows are of use: all, but for a last one beyond all bounds. */
static size_t run_traced(gmm_play *play, const char *what, const double *start, uint64_t steps, gd_trace **traced) {
  const double step_sizes[] = {play->plan.generator_step, play->plan.discriminator_step};
  gd_stepper *stepper = NULL;
  gd_trace *trace = NULL;
  must(gd_stepper_create_named(&stepper, play->game, GD_SIMULTANEOUS));
  must_for("--step", gd_stepper_set_players(stepper, GD_STEP_SIZE, step_sizes));
  must(gd_trace_create(&trace, play->game, GD_TRACE_POINT, NULL));
  progress_line progress = progress_start(what, steps);
  const gd_observer observers[] = {gd_trace_observer(trace), progress_observer(&progress)};
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = steps;
  options.gradient_tolerance = 0.0;
  options.observers = observers;
  options.n_observers = 2;
  double x[GMM_SIZE];
  memcpy(x, start, gd_game_size(play->game) * sizeof *x);
  gd_run_result result;
  must_for("--step", gd_run(stepper, x, &options, &result));
  progress_clear(&progress);
  must(gd_trace_status(trace));
  gd_stepper_destroy(stepper);
  *traced = trace;
  return gd_trace_rows(trace) - (result.stop == GD_STOP_DIVERGED);
}

gmm_path gmm_follow(gmm_play *play, const char *what, const double *start, uint64_t steps) {
  gd_trace *trace = NULL;
  const size_t rows = run_traced(play, what, start, steps, &trace), width = gd_game_size(play->game);
  gmm_path path = {.steps = rows - 1, .x = new_matrix(rows, GMM_SIZE), .distances = new_numbers(rows)};
  for (size_t row = 0; row < rows; row++) {
    double *x = path.x + row * GMM_SIZE;
    memcpy(x, gd_trace_column(trace, GD_TRACE_POINT) + row * width, width * sizeof *x);
    if (play->plan.kind == GMM_OPTIMAL) gmm_answer(play, x);
    path.distances[row] = gmm_distance(play, x);
  }
  gd_trace_destroy(trace);
  return path;
}

void gmm_path_destroy(gmm_path *path) {
  free(path->x);
  free(path->distances);
}

const double *gmm_path_at(const gmm_path *path, uint64_t step) { return path->x + step * GMM_SIZE; }

const double *gmm_path_end(const gmm_path *path) { return gmm_path_at(path, path->steps); }

double gmm_path_collapse(const gmm_path *path, size_t interval) {
  uint64_t step = path->steps;
  if (gmm_is_open(gmm_path_end(path), interval)) return NAN;
  while (step > 0 && !gmm_is_open(gmm_path_at(path, step), interval)) step--;
  return (double)step;
}

void gmm_path_write(const gmm_path *path, FILE *file, const char *prefix) {
  for (uint64_t step = 0; step <= path->steps; step++) {
    const double *x = gmm_path_at(path, step);
    fprintf(file, "%s,%llu,%.17g,%.17g", prefix, (unsigned long long)step, x[0], x[1]);
    for (size_t i = 0; i < GMM_INTERVALS; i++) fprintf(file, ",%.17g,%.17g", x[GMM_LEFT + i], x[GMM_RIGHT + i]);
    fprintf(file, ",%.17g\n", path->distances[step]);
  }
}
