/* SPDX-License-Identifier: BSD-3-Clause */
/* summary.c -- summaries of all members. */
#include "base/error.h"
#include "ensemble/ensemble.h"

#include <math.h>

size_t gd_ensemble_stopped(const gd_ensemble *ensemble, gd_stop stop) {
  size_t count = 0;
  for (size_t k = 0; k < gd_ensemble_members(ensemble); k++)
    count += ensemble->members[k].status >= 0 && ensemble->members[k].result.stop == stop;
  return count;
}

size_t gd_ensemble_failed(const gd_ensemble *ensemble) {
  size_t count = 0;
  for (size_t k = 0; k < gd_ensemble_members(ensemble); k++) count += ensemble->members[k].status < 0;
  return count;
}

/* True if the member has a point. */
static bool can_be_observed(const gd_ensemble *ensemble, size_t member) {
  return ensemble->members[member].status >= 0 && !isnan(ensemble->members[member].result.x_norm);
}

/* values [members], the first *count of them. */
static gd_status observe(const gd_ensemble *ensemble, gd_observable_fn *observable, void *context, double *values,
                         size_t *count) {
  for (size_t k = 0; k < ensemble->count; k++) {
    if (!can_be_observed(ensemble, k)) continue;
    const double value = observable(context, k, gd_ensemble_point(ensemble, k), &ensemble->members[k].result);
    if (isnan(value)) return gdi_fail(GD_ERR_NONFINITE, "the observable of member %zu is nan", k);
    values[(*count)++] = value;
  }
  GDI_REQUIRE(*count > 0, "no member began and did not fail: there is nothing to observe");
  return GD_OK;
}

gd_status gd_ensemble_quantiles(const gd_ensemble *ensemble, gd_observable_fn *observable, void *context, size_t count,
                                const double *levels, double *quantiles) {
  GDI_REQUIRE(ensemble && observable, "gd_ensemble_quantiles: %s is NULL", ensemble ? "observable" : "ensemble");
  size_t observed = 0;
  double *values = gdi_allocate(&ensemble->env, ensemble->count, sizeof *values);
  if (!values) return GD_ERR_MEMORY;
  gd_status status = observe(ensemble, observable, context, values, &observed);
  if (status == GD_OK) status = gd_quantiles(observed, values, count, levels, quantiles);
  gdi_release(&ensemble->env, values);
  return status;
}

gd_status gd_ensemble_success(const gd_ensemble *ensemble, gd_success_fn *success, void *context, double confidence,
                              gd_proportion *proportion) {
  GDI_REQUIRE(ensemble && success, "gd_ensemble_success: %s is NULL", ensemble ? "success" : "ensemble");
  uint64_t successes = 0, trials = 0;
  for (size_t k = 0; k < ensemble->count; k++) {
    const gdi_member *member = &ensemble->members[k];
    if (!gdi_member_was_tried(member)) continue;
    trials++;
    if (member->status >= 0) successes += success(context, k, gd_ensemble_point(ensemble, k), &member->result);
  }
  return gd_proportion_interval(successes, trials, confidence, proportion);
}
