/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of gd_game_check share: points, and what the check says of a game. */
#ifndef TEST_WRONG_GAMES_H
#define TEST_WRONG_GAMES_H

#include "support/games.h"
#include "support/suite.h"

static const double curved_x[5] = {0.3, -0.7, 0.9, 0.2, -0.4};
static const double general_x[4] = {0.3, -0.7, 0.9, 0.2};

/* Runs the check and gives its words ("" if it passed). */
static inline const char *words_of(const test_game *kind, const double *x, gd_game_check_report *report) {
  gd_game *game = create_test_game(kind, NULL);
  const gd_status status = gd_game_check(game, x, 7, report);
  ck_assert_msg(status == GD_OK || status == GD_ERR_CALLBACK, "%s: %s", gd_status_name(status), gd_last_error());
  gd_game_destroy(game);
  return status == GD_OK ? "" : gd_last_error();
}

static inline void expect_words(const test_game *kind, const double *x, const char *words) {
  const char *said = words_of(kind, x, NULL);
  ck_assert_msg(strstr(said, words) != NULL, "said \"%s\", expected \"%s\"", said, words);
}

static inline int negate(int code, size_t n, double *answer) {
  for (size_t k = 0; k < n; k++) answer[k] = -answer[k];
  return code;
}

static inline int minus_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return negate(curved_game().ops.jvp(data, draw, x, u, Ju), 5, Ju);
}

#endif
