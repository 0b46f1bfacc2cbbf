/* SPDX-License-Identifier: BSD-3-Clause */
/* state_table.c -- any bytes as the table of a --state folder: finite numbers at the plan's steps, or a complaint. */
#include "fuzz/fuzz.h"

#include <math.h>
#include <string.h>

#include "support/state_table.h"

enum { COLUMNS = 2, ROWS = 4 }; /* steps 0, 2, 4 and 5 */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  const training_plan plan = {.settings = "fuzz", .columns = "one,two", .steps = 5, .every = 2};
  double rows[COLUMNS * ROWS] = {0};
  table_complaint complaint = {""};
  size_t found = SIZE_MAX;
  if (!state_table_read(&plan, fuzz_file(bytes, count), rows, &found, &complaint)) {
    FUZZ_CHECK(strlen(complaint.text) > 0);
    return 0;
  }
  FUZZ_CHECK(found <= ROWS);
  for (size_t k = 0; k < COLUMNS * found; k++) FUZZ_CHECK(isfinite(rows[k]));
  return 0;
}
