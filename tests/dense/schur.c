/* SPDX-License-Identifier: BSD-3-Clause */
/* schur.c -- where a Schur form may be cut. */
#include "dense/schur.h"

#include "support/suite.h"

/* T = [[3, 0, 0], [0, 1, -2], [0, 2, 1]]: 3, and 1 +- 2i in a block in rows 1 and 2.  A cut after two rows would go
 * through the block, as it does when reordering could not move it; the next size that leaves it whole is 3. */
START_TEST(never_cuts_a_block_in_two) {
  gdi_env env;
  gdi_schur schur;
  assert_ok(gdi_env_copy(&env, NULL));
  assert_ok(gdi_schur_create(&env, &schur, 4)); /* room for more, so that columns are 4 apart */
  const double T[3][3] = {{3, 0, 0}, {0, 1, 2}, {0, -2, 1}};
  for (size_t j = 0; j < 3; j++)
    for (size_t i = 0; i < 3; i++) schur.T[i + 4 * j] = T[j][i];
  const size_t expected[] = {0, 1, 3, 3};
  for (size_t kept = 0; kept <= 3; kept++) ck_assert_uint_eq(gdi_schur_whole(&schur, 3, kept), expected[kept]);
  ck_assert_uint_eq(gdi_schur_whole(&schur, 2, 2), 2); /* of the first two rows alone */
  gdi_schur_destroy(&env, &schur);
}
END_TEST

TEST_SUITE("schur", never_cuts_a_block_in_two)
