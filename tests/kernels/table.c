/* SPDX-License-Identifier: BSD-3-Clause */
/* table.c -- one choice decides which kernels run everywhere, and it changes no bit of any result. */
#include "kernels/table.h"

#include "kernels/gemv_pair.h"
#include "kernels/normal.h"
#include "kernels/rows.h"
#include "kernels/special.h"
#include "kernels/vector.h"
#include "laws/every.h"

START_TEST(holds_the_best_kernels_of_this_machine) {
  ck_assert_int_eq(gdi_kernels.cpu, gdi_cpu_find());
  ck_assert_int_eq(gdi_kernels_choose(GDI_CPU_AVX512), gdi_cpu_find());
}
END_TEST

START_TEST(is_filled_as_a_whole) {
  ck_assert_int_eq(gdi_kernels_choose(GDI_CPU_PLAIN), GDI_CPU_PLAIN);
  ck_assert_int_eq(gdi_kernels.cpu, GDI_CPU_PLAIN);
  ck_assert_ptr_eq(gdi_kernels.normal, &gdi_normal_kernels_plain);
  ck_assert_ptr_eq(gdi_kernels.rows, &gdi_row_kernels_plain);
  ck_assert_ptr_eq(gdi_kernels.special, &gdi_special_kernels_plain);
  ck_assert_ptr_eq(gdi_kernels.sweep, &gdi_gemv_pair_kernels_plain);
  ck_assert_ptr_eq(gdi_kernels.vector, &gdi_vector_kernels_plain);
}
END_TEST

/* Each kernel rounds each result in an order of its own, whatever the width of its lanes. */
START_TEST(changes_no_bit_of_any_game) {
  every_game it = {0};
  for (EVERY_GAME(it)) {
    const size_t n = gd_game_size(it.game);
    double x[EVERY_N], v[2][EVERY_N], Jw[2][EVERY_N];
    for (size_t k = 0; k < n; k++) x[k] = 0.1 * (double)(k + 1);
    for (int kind = 0; kind < 2; kind++) {
      gdi_kernels_choose(kind ? GDI_CPU_AVX512 : GDI_CPU_PLAIN);
      assert_ok(gd_game_gradient(it.game, x, v[kind]));
      assert_ok(gd_game_jvp(it.game, x, v[kind], Jw[kind]));
    }
    ck_assert_mem_eq(v[0], v[1], n * sizeof **v);
    ck_assert_mem_eq(Jw[0], Jw[1], n * sizeof **Jw);
  }
}
END_TEST

TEST_SUITE("table", holds_the_best_kernels_of_this_machine, is_filled_as_a_whole, changes_no_bit_of_any_game)
