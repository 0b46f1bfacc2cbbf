/* SPDX-License-Identifier: BSD-3-Clause */
/* scale.c -- constants and classification of a bilinear game known by its products, of 1e3 to 1e6 variables: ten times
 * the variables should cost ten times as much. */
#include "measure.h"

#include "../support/rotated_game.h"

#include <gamedyn/gamedyn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double look(size_t n) {
  rotated_game data = {.side = n / 2};
  gd_game *game = NULL;
  gd_eval_options options;
  gd_linearisation *at = NULL;
  gd_game_constants constants;
  gd_classification kind;
  gd_counts counts;
  double *x = calloc(n, sizeof *x);
  gd_eval_options_init(&options);
  options.dense_limit = 100;
  must(create_rotated_game(&game, &data));
  must(gd_game_configure(game, &options));
  const double start = now();
  must(gd_linearise(&at, game, x, NULL));
  must(gd_game_constants_compute(at, 0, 0, 0, &constants));
  must(gd_classify(at, NULL, &kind));
  gd_linearisation_destroy(at);
  const double seconds = now() - start;
  gd_game_counts(game, &counts);
  printf("scale.%zu.products\t%" PRIu64 "\n", n, counts.jvps + counts.vjps);
  gd_game_destroy(game);
  free(x);
  return seconds;
}

int main(void) {
  double before = 0;
  for (size_t n = 1000; n <= 1000000; n *= 10) {
    const double seconds = look(n);
    printf("scale.%zu.library\t%.6g\nscale.%zu.tenfold\t%.6g\nscale.%zu.minutes\t600\n", n, seconds, n, 10 * before, n);
    before = seconds;
    fflush(stdout);
  }
  return EXIT_SUCCESS;
}
