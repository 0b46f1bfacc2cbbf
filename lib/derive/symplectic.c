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
#include "derive/derived.h"
#include "kernels/vector.h"

#include <gamedyn/derive.h>

#define ALIGNMENT_OFFSET 0.1 /* the paper's epsilon: weak evidence does not turn the adjustment round */

typedef struct adjustment {
  double lambda;
  bool align;
} adjustment;

/* The two vectors of scratch. */
typedef struct workplace {
  size_t n;
  double *transposed, *skew; /* J'y, and J y - J'y */
} workplace;

static workplace work_on(const gd_derived *at) {
  const size_t n = gd_game_size(at->base);
  return (workplace){n, at->scratch, at->scratch + n};
}

static gd_status multiply(const gd_derived *at, const double *x, const double *y) {
  const workplace own = work_on(at);
  GD_TRY(gd_game_vjp(at->base, x, y, own.transposed));
  GD_TRY(gd_game_jvp(at->base, x, y, own.skew));
  gdi_vector_axpy(own.n, -1, own.transposed, own.skew);
  return GD_OK;
}

/* n, over all ranks if the game is partitioned; nobody needs J'y any more */
static gd_status count_variables(const gd_derived *at, double *count) {
  const workplace own = work_on(at);
  *count = (double)own.n;
  if (!(gd_game_traits(at->base) & GD_PARTITIONED)) return GD_OK;
  for (size_t k = 0; k < own.n; k++) own.transposed[k] = 1;
  return gd_game_dot(at->base, own.transposed, own.transposed, count);
}

/* c = lambda s / 2, from v and the two vectors for y = v */
static gd_status coefficient(const gd_derived *at, const double *v, double *c) {
  const adjustment *params = at->params;
  const workplace own = work_on(at);
  *c = params->lambda / 2;
  if (!params->align) return GD_OK;
  double with_field, with_skew, count;
  GD_TRY(gd_game_dot(at->base, v, own.transposed, &with_field));
  GD_TRY(gd_game_dot(at->base, own.skew, own.transposed, &with_skew));
  GD_TRY(count_variables(at, &count));
  if (with_field * with_skew / (2 * count) + ALIGNMENT_OFFSET < 0) *c = -*c;
  return GD_OK;
}

static gd_status gradient(const gd_derived *at, const double *x, double *v) {
  double c;
  GD_TRY(gd_game_gradient(at->base, x, v));
  GD_TRY(multiply(at, x, v));
  GD_TRY(coefficient(at, v, &c));
  gdi_vector_axpy(gd_game_size(at->base), c, work_on(at).skew, v);
  return GD_OK;
}

/* c at x, for a product; `v` holds the gradient on the way, if anybody asks for its sign. */
static gd_status coefficient_at(const gd_derived *at, const double *x, double *v, double *c) {
  if (((const adjustment *)at->params)->align) {
    GD_TRY(gd_game_gradient(at->base, x, v));
    GD_TRY(multiply(at, x, v));
  }
  return coefficient(at, v, c);
}

static gd_status jvp(const gd_derived *at, const double *x, const double *u, double *Ju) {
  double c;
  GD_TRY(coefficient_at(at, x, Ju, &c));
  GD_TRY(gd_game_jvp(at->base, x, u, Ju));
  GD_TRY(multiply(at, x, Ju));
  gdi_vector_axpy(gd_game_size(at->base), c, work_on(at).skew, Ju);
  return GD_OK;
}

static gd_status vjp(const gd_derived *at, const double *x, const double *w, double *Jtw) {
  const workplace own = work_on(at);
  double c;
  GD_TRY(coefficient_at(at, x, Jtw, &c));
  GD_TRY(multiply(at, x, w));
  gdi_vector_move(own.n, -c, w, own.skew, own.transposed);
  return gd_game_vjp(at->base, x, own.transposed, Jtw);
}

static gd_status plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  const adjustment *own = params;
  GD_TRY(gdi_derived_check_weight("lambda", own->lambda));
  plan->needs = 1u << GD_JVP | 1u << GD_VJP;
  plan->scratch = 2 * gd_game_size(base);
  plan->traits &= ~(uint32_t)(own->align ? GD_ZERO_SUM | GD_AFFINE : GD_ZERO_SUM);
  gdi_derived_offer_products(plan, base);
  return GD_OK;
}

static const adjustment example = {0.5, false};
const gd_derivation gdi_derivation_symplectic = {.struct_size = sizeof(gd_derivation),
                                                 .name = "symplectic",
                                                 .text = "v - lambda (J'v - J v) / 2: symplectic gradient adjustment",
                                                 .params_size = sizeof example,
                                                 .example = &example,
                                                 .corrects = true,
                                                 .plan = plan,
                                                 .gradient = gradient,
                                                 .jvp = jvp,
                                                 .vjp = vjp};

gd_status gd_derive_symplectic(gd_game **game, gd_game *base, double lambda, bool align) {
  return gd_derive(game, base, &gdi_derivation_symplectic, &(adjustment){lambda, align});
}
