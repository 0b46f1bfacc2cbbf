/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_points.c -- many points or many directions at once: eight of them as lanes in one read of each matrix.
 *
 * Groups of eight lanes are tasks of the environment's executor.  A last group of fewer, and vectors that are not
 * stored as lanes, are copied to lanes. */
#include "models/linear.h"

#include "game/forward_status.h"
#include "threads/tasks.h"

#include <string.h>

#define LANES 8

/* out (+)= J in for eight lanes, `distance` from one variable to the next. */
static void apply_to_lanes(const gdi_linear *l, const double *in, double *out, size_t distance) {
  for (size_t k = 0; k < l->n_terms; k++) {
    const gdi_linear_place *at = &l->terms[k].place;
    const gdi_gemv_pair_vectors v = {
        at->forward,  at->forward != 0 ? in + at->column * distance : NULL, out + at->row * distance,
        at->backward, at->backward != 0 ? in + at->row * distance : NULL,   out + at->column * distance};
    gdi_gemv_pair_run_points(l->terms[k].sweep, &v, distance);
  }
}

static void start_lanes(const gdi_linear *l, const double *b, double *out, size_t distance) {
  if (!b && distance == LANES)
    memset(out, 0, l->n * LANES * sizeof *out);
  else
    for (size_t i = 0; i < l->n; i++)
      for (size_t lane = 0; lane < LANES; lane++) out[lane + i * distance] = b ? b[i] : 0;
}

/* Vectors in memory: entry i of vector k at values[k * to_next + i * to_entry]. */
typedef struct vectors {
  const double *in;
  double *out;
  size_t to_next, to_entry;
} vectors;

typedef struct points_job {
  const gdi_linear *linear;
  const double *b;
  size_t count;
  vectors vectors;
} points_job;

/* `count` of the vectors through packed lanes; lanes beyond them stay zero. */
static gd_status apply_packed(const points_job *j, size_t first, size_t count) {
  const gdi_linear *l = j->linear;
  double *packed = gdi_allocate(&l->env, 2 * LANES * l->n, sizeof *packed);
  if (!packed) return GD_ERR_MEMORY;
  double *result = packed + LANES * l->n;
  const vectors *at = &j->vectors;
  for (size_t i = 0; i < l->n; i++)
    for (size_t lane = 0; lane < count; lane++)
      packed[lane + LANES * i] = at->in[(first + lane) * at->to_next + i * at->to_entry];
  start_lanes(l, j->b, result, LANES);
  apply_to_lanes(l, packed, result, LANES);
  for (size_t i = 0; i < l->n; i++)
    for (size_t lane = 0; lane < count; lane++)
      at->out[(first + lane) * at->to_next + i * at->to_entry] = result[lane + LANES * i];
  gdi_release(&l->env, packed);
  return GD_OK;
}

static gd_status run_group(void *argument, size_t group) {
  const points_job *j = argument;
  const size_t first = group * LANES, count = j->count - first < LANES ? j->count - first : LANES;
  if (count < LANES || j->vectors.to_next != 1) return apply_packed(j, first, count);
  start_lanes(j->linear, j->b, j->vectors.out + first, j->vectors.to_entry);
  apply_to_lanes(j->linear, j->vectors.in + first, j->vectors.out + first, j->vectors.to_entry);
  return GD_OK;
}

static int run_groups(points_job *j) {
  const size_t groups = (j->count + LANES - 1) / LANES;
  return gdi_forward_status(groups > 1 ? gdi_tasks_run(&j->linear->env, groups, run_group, j) : run_group(j, 0));
}

int gdi_linear_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  (void)draw;
  const gdi_linear *l = data;
  return run_groups(&(points_job){l, l->b, k, {X, V, 1, k}});
}

int gdi_linear_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  (void)draw, (void)x;
  const gdi_linear *l = data;
  return run_groups(&(points_job){l, NULL, k, {U, JU, l->n, 1}});
}
