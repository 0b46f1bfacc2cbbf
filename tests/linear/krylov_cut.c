/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov_cut.c -- a Krylov decomposition that is cut off remains one. */
#include "linear/krylov.h"

#include "support/suite.h"

#include <math.h>
#include <string.h>

enum { N = 60, SIZE = 3 };

/* A e_j for j < 3: the block of 1 +- 2i, then 3, and (1, 2, 3)/10 in row 3, so that V = (e_0, e_1, e_2), v = e_3. */
static const double S[SIZE][SIZE] = {{1, -2, 0}, {2, 1, 0}, {0, 0, 3}}, b[SIZE] = {0.1, 0.2, 0.3};

static int apply(void *context, const double *u, double *out) {
  (void)context;
  memset(out, 0, N * sizeof *out);
  for (size_t j = 0; j < SIZE; j++) {
    for (size_t i = 0; i < SIZE; i++) out[i] += S[j][i] * u[j];
    out[SIZE] += b[j] * u[j];
  }
  return 0;
}

static void fill(gdi_krylov *k) {
  const size_t rows = k->m + k->width;
  memset(k->basis.vectors, 0, N * (SIZE + 1) * sizeof *k->basis.vectors);
  memset(k->H, 0, rows * k->m * sizeof *k->H);
  memset(k->shift, 0, k->m * sizeof *k->shift);
  for (size_t j = 0; j <= SIZE; j++) gdi_basis_vector(&k->basis, j)[j] = 1;
  for (size_t j = 0; j < SIZE; j++) {
    memcpy(k->H + j * rows, S[j], sizeof S[j]);
    k->H[j * rows + SIZE] = b[j];
  }
  k->size = SIZE, k->largest = 3;
}

/* |A V - V S - v b'| of what was kept, largest entry. */
static double rest_of(const gdi_krylov *k) {
  const size_t rows = k->m + k->width;
  double worst = 0, product[N];
  for (size_t j = 0; j < k->size; j++) {
    apply(NULL, gdi_basis_vector(&k->basis, j), product);
    for (size_t l = 0; l <= k->size; l++)
      for (size_t i = 0; i < N; i++) product[i] -= k->H[l + j * rows] * gdi_basis_vector(&k->basis, l)[i];
    for (size_t i = 0; i < N; i++) worst = fmax(worst, fabs(product[i]));
  }
  return worst;
}

/* One eigenvalue is to be kept, and a block of two is in front, as where LAPACK could not move it out of the way: both
 * stay, and what is left is a decomposition.  Where the real one is kept, it is alone. */
START_TEST(keeps_blocks_whole) {
  gd_operator *op = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_REAL;
  assert_ok(gd_operator_create(&op, N, apply, NULL, NULL, NULL));
  for (size_t kept = 1; kept <= 2; kept++) {
    gdi_krylov k;
    assert_ok(gdi_krylov_create(&k, op, &options));
    fill(&k);
    assert_ok(gdi_krylov_look(&k));
    ck_assert_uint_eq(k.n_units, 2);
    for (size_t u = 0; u < 2 && kept == 2; u++)
      k.units[u] = (gdi_unit){.start = k.schur.im[0] != 0 ? u : 2 - u, .members = 1};
    gdi_krylov_cut(&k, 1);
    ck_assert_uint_eq(k.size, kept);
    ck_assert_double_le(rest_of(&k), 1e-14);
    gdi_krylov_destroy(&k);
  }
  gd_operator_destroy(op);
}
END_TEST

TEST_SUITE("krylov_cut", keeps_blocks_whole)
