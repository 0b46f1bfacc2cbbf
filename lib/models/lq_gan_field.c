/* SPDX-License-Identifier: BSD-3-Clause */
/* lq_gan_field.c -- the linear-quadratic GAN's gradient, utilities and products, as sums over points.
 *
 * With D(y) = y'Wy + w'y, the generator's image G = A z + b, r = (W + W') G + w the slope of D at G, and f, g of
 * gan_loss.h, the blocks are sums over points, weighted, of (matrix; vector):
 *
 *     v_discriminator:  f'(D(y)) (y y'; y) - f'(-D(G)) (G G'; G),      v_generator:  g'(-D(G)) (r z'; r).
 *
 * Along a direction (dW, dw, dA, db) let dG = dA z + db, dr = (dW + dW') G + dw + (W + W') dG and
 * dD = G'dW G + dw'G + r'dG; then J u is
 *
 *     f''(D(y)) dD(y) (y y'; y) + f''(-D) dD (G G'; G) - f'(-D) (dG G' + G dG'; dG),
 *     g'(-D) (dr z'; dr) - g''(-D) dD (r z'; r).
 *
 * For J'w, the derivative of <w, v>: with q = the form of w's first block at G, s its slope there, h the image of z
 * under the second block, e = f''(-D) q - g''(-D) r'h, it is
 *
 *     f''(D(y)) q(y) (y y'; y) + e (G G'; G) + g'(-D) (h G' + G h'; h),
 *     (p z'; p)  with  p = e r - f'(-D) s + g'(-D) (W + W') h. */
#include "models/lq_gan.h"

#include "kernels/vector.h"

#include <string.h>

typedef struct vector {
  double of[GDI_LQ_MOST_DIMENSION];
} vector;

/* One point: its images under both players. */
typedef struct place {
  const double *z, *y;
  double weight;
  vector image, slope;              /* G, r */
  double real[3], fake[3], cost[3]; /* f at D(y), f and g at -D(G) */
} place;

static size_t block_length(const gdi_lq_gan *own) { return gdi_lq_length(own->shape); }

static void look(const gdi_lq_gan *own, const double *x, size_t k, place *at) {
  const size_t d = own->shape.d;
  at->z = own->z + k * d;
  at->y = own->y + k * d;
  at->weight = own->weights[k];
  gdi_lq_image(own->shape, x + block_length(own), at->z, at->image.of);
  gdi_lq_slope(own->shape, x, at->image.of, at->slope.of);
  const double output = gdi_lq_value(own->shape, x, at->image.of);
  own->loss.f->at(gdi_lq_value(own->shape, x, at->y), at->real);
  own->loss.f->at(-output, at->fake);
  own->loss.g->at(-output, at->cost);
}

/* Weights of the three sums, before those of the points. */
typedef struct shares {
  double real, fake; /* factors of f' times features */
  double fake_cost;  /* factor of g' times features */
  double cost, play; /* factors of g' and f' times the generator's features */
} shares;

static void add_discriminator(const gdi_lq_gan *own, const place *at, const shares *of, double *out) {
  const double on_fake = of->fake * at->fake[1] + of->fake_cost * at->cost[1];
  gdi_lq_add_affine(own->shape, at->weight * of->real * at->real[1], at->y, at->y, out);
  gdi_lq_add_affine(own->shape, at->weight * on_fake, at->image.of, at->image.of, out);
}

static void add_generator(const gdi_lq_gan *own, const place *at, const shares *of, double *out) {
  const double slope = of->cost * at->cost[1] + of->play * at->fake[1];
  gdi_lq_add_affine(own->shape, at->weight * slope, at->slope.of, at->z, out);
}

/* Either output may be NULL. */
static void add_up(const gdi_lq_gan *own, const double *x, const shares *of, double *first, double *second) {
  if (first) memset(first, 0, block_length(own) * sizeof *first);
  if (second) memset(second, 0, block_length(own) * sizeof *second);
  for (size_t k = 0; k < own->count; k++) {
    place at;
    look(own, x, k, &at);
    if (first) add_discriminator(own, &at, of, first);
    if (second) add_generator(own, &at, of, second);
  }
}

static const shares field_shares = {.real = 1, .fake = -1, .cost = 1};

int gdi_lq_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  add_up(data, x, &field_shares, v, v + block_length(data));
  return 0;
}

int gdi_lq_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  (void)draw;
  add_up(data, x, &field_shares, player == 0 ? v_i : NULL, player == 1 ? v_i : NULL);
  return 0;
}

int gdi_lq_utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const gdi_lq_gan *own = data;
  (void)draw;
  /* sum of f(D(y)) + f(-D(G)), and of -g(-D(G)), less the data's share if the game is zero-sum */
  const shares of[2] = {{.real = 1, .fake = -1, .play = -1},
                        {.real = gdi_gan_loss_is_zero_sum(&own->loss) ? -1 : 0, .fake_cost = 1, .cost = 1}};
  add_up(own, x, &of[player], g, g + block_length(own));
  return 0;
}

int gdi_lq_utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  const gdi_lq_gan *own = data;
  double payoff = 0, cost = 0;
  (void)draw;
  for (size_t k = 0; k < own->count; k++) {
    place at;
    look(own, x, k, &at);
    payoff += at.weight * (at.real[0] + at.fake[0]);
    cost += at.weight * at.cost[0];
  }
  u[0] = payoff;
  u[1] = gdi_gan_loss_is_zero_sum(&own->loss) ? -payoff : -cost;
  return 0;
}

/* J u += the terms of this point, as above */
static void add_jvp(const gdi_lq_gan *own, const double *x, const place *at, const double *u, double *Ju) {
  const gdi_lq_shape shape = own->shape;
  const size_t block = block_length(own);
  const double *G = at->image.of, *r = at->slope.of;
  vector dG, dr;
  gdi_lq_image(shape, u + block, at->z, dG.of);
  gdi_lq_slope(shape, u, G, dr.of);
  gdi_lq_add_curved(shape, x, dG.of, dr.of);
  const double dD = gdi_lq_value(shape, u, G) + gdi_vector_dot(shape.d, r, dG.of);
  gdi_lq_add_affine(shape, at->weight * at->real[2] * gdi_lq_value(shape, u, at->y), at->y, at->y, Ju);
  gdi_lq_add_affine(shape, at->weight * at->fake[2] * dD, G, G, Ju);
  gdi_lq_add_affine(shape, -at->weight * at->fake[1], dG.of, G, Ju);
  gdi_lq_add_outer(shape, -at->weight * at->fake[1], G, dG.of, Ju);
  gdi_lq_add_affine(shape, at->weight * at->cost[1], dr.of, at->z, Ju + block);
  gdi_lq_add_affine(shape, -at->weight * at->cost[2] * dD, r, at->z, Ju + block);
}

int gdi_lq_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  const gdi_lq_gan *own = data;
  const size_t n = 2 * block_length(own);
  (void)draw;
  memset(JU, 0, n * k * sizeof *JU);
  for (size_t point = 0; point < own->count; point++) {
    place at;
    look(own, x, point, &at);
    for (size_t column = 0; column < k; column++) add_jvp(own, x, &at, U + n * column, JU + n * column);
  }
  return 0;
}

int gdi_lq_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return gdi_lq_jvp_many(data, draw, x, 1, u, Ju);
}

/* J'w += the terms of this point, as above */
static void add_vjp(const gdi_lq_gan *own, const double *x, const place *at, const double *w, double *Jtw) {
  const gdi_lq_shape shape = own->shape;
  const size_t block = block_length(own);
  const double *G = at->image.of, *r = at->slope.of;
  vector h, s, p = {{0}};
  gdi_lq_image(shape, w + block, at->z, h.of);
  gdi_lq_slope(shape, w, G, s.of);
  const double e = at->fake[2] * gdi_lq_value(shape, w, G) - at->cost[2] * gdi_vector_dot(shape.d, r, h.of);
  gdi_lq_add_affine(shape, at->weight * at->real[2] * gdi_lq_value(shape, w, at->y), at->y, at->y, Jtw);
  gdi_lq_add_affine(shape, at->weight * e, G, G, Jtw);
  gdi_lq_add_affine(shape, at->weight * at->cost[1], h.of, G, Jtw);
  gdi_lq_add_outer(shape, at->weight * at->cost[1], G, h.of, Jtw);
  gdi_lq_add_curved(shape, x, h.of, p.of);
  for (size_t i = 0; i < shape.d; i++) p.of[i] = e * r[i] - at->fake[1] * s.of[i] + at->cost[1] * p.of[i];
  gdi_lq_add_affine(shape, at->weight, p.of, at->z, Jtw + block);
}

int gdi_lq_vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  const gdi_lq_gan *own = data;
  (void)draw;
  memset(Jtw, 0, 2 * block_length(own) * sizeof *Jtw);
  for (size_t k = 0; k < own->count; k++) {
    place at;
    look(own, x, k, &at);
    add_vjp(own, x, &at, w, Jtw);
  }
  return 0;
}
