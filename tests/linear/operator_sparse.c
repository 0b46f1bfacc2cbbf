/* SPDX-License-Identifier: BSD-3-Clause */
/* operator_sparse.c -- a sparse matrix multiplies as the dense one does. */
#include <gamedyn/sparse.h>

#include "support/suite.h"

/* [[0, 2, 0], [1, 0, -3]] */
static gd_operator *make_operator(void) {
  const gd_entry entries[] = {{1, 2, -3}, {0, 1, 2}, {1, 0, 1}};
  gd_sparse *sparse = NULL;
  gd_operator *op = NULL;
  assert_ok(gd_sparse_create(&sparse, 2, 3, 3, entries, NULL));
  assert_ok(gd_operator_sparse(&op, sparse, NULL));
  gd_sparse_destroy(sparse); /* copied */
  return op;
}

START_TEST(multiplies_both_ways) {
  gd_operator *op = make_operator();
  const double u[] = {5, 7, 11}, w[] = {2, 3}, expected[] = {0, 1, 2, 0, 0, -3};
  double Au[2], Atw[3], A[6];
  ck_assert_uint_eq(gd_operator_rows(op), 2);
  ck_assert_uint_eq(gd_operator_columns(op), 3);
  assert_ok(gd_operator_apply(op, u, Au));
  ck_assert(Au[0] == 14 && Au[1] == 5 - 33);
  assert_ok(gd_operator_apply_transpose(op, w, Atw));
  ck_assert(Atw[0] == 3 && Atw[1] == 4 && Atw[2] == -9);
  assert_ok(gd_operator_assemble(op, A, 2));
  for (size_t k = 0; k < 6; k++) ck_assert(A[k] == expected[k]);
  gd_operator_destroy(op);
}
END_TEST

START_TEST(needs_a_row_and_a_column) {
  gd_sparse *sparse = NULL;
  gd_operator *op = NULL;
  assert_ok(gd_sparse_create(&sparse, 2, 0, 0, NULL, NULL));
  ck_assert_int_eq(gd_operator_sparse(&op, sparse, NULL), GD_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "2 by 0"));
  ck_assert_int_eq(gd_operator_sparse(&op, NULL, NULL), GD_ERR_ARGUMENT);
  gd_sparse_destroy(sparse);
  assert_ok(gd_sparse_create(&sparse, 1, (size_t)1 << 32, 0, NULL, NULL)); /* columns are counted in 32 bits */
  ck_assert_int_eq(gd_operator_sparse(&op, sparse, NULL), GD_ERR_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "4294967296 columns, expected 4294967295 at most"));
  ck_assert_ptr_null(op);
  gd_sparse_destroy(sparse);
}
END_TEST

TEST_SUITE("operator_sparse", multiplies_both_ways, needs_a_row_and_a_column)
