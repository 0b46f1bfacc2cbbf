/* SPDX-License-Identifier: BSD-3-Clause */
/* training_plan.c -- what is measured when. */
#include "support/training.h"

size_t training_columns(const training_plan *plan) {
  size_t count = 1;
  for (const char *c = plan->columns; *c; c++) count += *c == ',';
  return count;
}

size_t training_rows(const training_plan *plan) { return (size_t)((plan->steps + plan->every - 1) / plan->every + 1); }

uint64_t training_step(const training_plan *plan, size_t row) {
  const uint64_t step = row * plan->every;
  return step < plan->steps ? step : plan->steps;
}
