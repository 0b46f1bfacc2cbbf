/* SPDX-License-Identifier: BSD-3-Clause */
/* symplectic.c -- the field of symplectic gradient adjustment.
 *
 * Balduzzi, Racaniere, Martens, Foerster, Tuyls & Graepel 2018, "The Mechanics of n-Player Differentiable Games",
 * section 3.  They descend xi + lambda A' xi with xi = -v, H = -J and A = (H - H')/2; in signs of motion
 *
 *     field = v - lambda s (J'v - J v) / 2,
 *
 * where s is 1 or, aligned, the sign of  <xi, H'xi> <A'xi, H'xi> / n + 1/10  (0 counting as positive),
 *
 *     <xi, H'xi> = -<v, J'v>,    <A'xi, H'xi> = <J'v - J v, J'v> / 2:
 *
 * the adjustment then pulls towards stable fixed points and away from unstable ones.  On affine games products
 * are exact wherever s does not jump; with c = lambda s / 2
 *
 *     jvp: y + c (J y - J'y) with y = J u,    vjp: J'(w - c (J w - J'w)).
 *
 * Elsewhere the game floor differences the field.  If J is symmetric the field is v itself. */
#include "base/error.h"
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>
#include <math.h>

#define ALIGNMENT_OFFSET 0.1 /* the paper's epsilon: weak evidence does not turn the adjustment round */

typedef struct adjustment {
  double lambda;
  bool align;
} adjustment;

/* The lane's two vectors [n]. */
typedef struct workplace {
  size_t n;
  double *transposed, *skew; /* J'y, and J y - J'y */
} workplace;

static workplace work_on(const gdi_handle *lane) {
  const size_t n = gd_game_size(lane->base);
  return (workplace){n, lane->scratch, lane->scratch + n};
}

static gd_status multiply(const gdi_handle *lane, const gdi_request *asked, const double *y) {
  const workplace at = work_on(lane);
  GD_TRY(gd_game_vjp(lane->base, asked->x, y, at.transposed));
  GD_TRY(gd_game_jvp(lane->base, asked->x, y, at.skew));
  gdi_vector_axpy(at.n, -1, at.transposed, at.skew);
  return GD_OK;
}

/* n, over all ranks if the game is partitioned; nobody needs J'y any more */
static gd_status count_variables(const gdi_handle *lane, double *count) {
  const workplace at = work_on(lane);
  *count = (double)at.n;
  if (!(gd_game_traits(lane->base) & GD_PARTITIONED)) return GD_OK;
  for (size_t k = 0; k < at.n; k++) at.transposed[k] = 1;
  return gd_game_dot(lane->base, at.transposed, at.transposed, count);
}

/* c = lambda s / 2, from v and the lane's vectors for y = v */
static gd_status coefficient(const gdi_handle *lane, const gdi_request *asked, const double *v, double *c) {
  const adjustment *own = asked->params;
  const workplace at = work_on(lane);
  *c = own->lambda / 2;
  if (!own->align) return GD_OK;
  double with_field, with_skew, count;
  GD_TRY(gd_game_dot(lane->base, v, at.transposed, &with_field));
  GD_TRY(gd_game_dot(lane->base, at.skew, at.transposed, &with_skew));
  GD_TRY(count_variables(lane, &count));
  if (with_field * with_skew / (2 * count) + ALIGNMENT_OFFSET < 0) *c = -*c;
  return GD_OK;
}

static gd_status field(const gdi_handle *lane, const gdi_request *asked) {
  double c;
  GD_TRY(gd_game_gradient(lane->base, asked->x, asked->answer));
  GD_TRY(multiply(lane, asked, asked->answer));
  GD_TRY(coefficient(lane, asked, asked->answer, &c));
  gdi_vector_axpy(gd_game_size(lane->base), c, work_on(lane).skew, asked->answer);
  return GD_OK;
}

/* c at x, for a product; the answer holds v on the way, if anybody asks for its sign. */
static gd_status coefficient_here(const gdi_handle *lane, const gdi_request *asked, double *c) {
  if (((const adjustment *)asked->params)->align) {
    GD_TRY(gd_game_gradient(lane->base, asked->x, asked->answer));
    GD_TRY(multiply(lane, asked, asked->answer));
  }
  return coefficient(lane, asked, asked->answer, c);
}

static gd_status affine_jvp(const gdi_handle *lane, const gdi_request *asked) {
  double c;
  GD_TRY(coefficient_here(lane, asked, &c));
  GD_TRY(gd_game_jvp(lane->base, asked->x, asked->direction, asked->answer));
  GD_TRY(multiply(lane, asked, asked->answer));
  gdi_vector_axpy(gd_game_size(lane->base), c, work_on(lane).skew, asked->answer);
  return GD_OK;
}

static gd_status affine_vjp(const gdi_handle *lane, const gdi_request *asked) {
  const workplace at = work_on(lane);
  double c;
  GD_TRY(coefficient_here(lane, asked, &c));
  GD_TRY(multiply(lane, asked, asked->direction));
  gdi_vector_move(at.n, -c, asked->direction, at.skew, at.transposed);
  return gd_game_vjp(lane->base, asked->x, at.transposed, asked->answer);
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return gdi_derived_handle(data, draw, field, (gdi_request){.x = x, .answer = v});
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return gdi_derived_handle(data, draw, affine_jvp, (gdi_request){.x = x, .direction = u, .answer = Ju});
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return gdi_derived_handle(data, draw, affine_vjp, (gdi_request){.x = x, .direction = w, .answer = Jtw});
}

gd_status gd_derive_symplectic(gd_game **game, gd_game *base, double lambda, bool align) {
  GDI_REQUIRE(game && base, "symplectic: %s is NULL", game ? "base" : "game");
  GDI_REQUIRE(isfinite(lambda) && lambda >= 0, "lambda is %g, expected a finite number, 0 or more", lambda);
  const adjustment own = {lambda, align};
  const bool affine = gdi_derived_is_affine(base);
  const gdi_derivation how = {.name = "symplectic",
                              .params = &own,
                              .params_size = sizeof own,
                              .ops = {.gradient = gradient, .jvp = affine ? jvp : NULL, .vjp = affine ? vjp : NULL},
                              .needs = {.quantities = 1u << GD_JVP | 1u << GD_VJP, .vectors = 2},
                              .traits =
                                  gd_game_traits(base) & ~(uint32_t)(align ? GD_ZERO_SUM | GD_AFFINE : GD_ZERO_SUM),
                              .corrects = true};
  return gdi_derive(game, base, &how);
}
