/* SPDX-License-Identifier: BSD-3-Clause */
/* dirac_gan.c -- the smallest GAN: a generator at one point theta, data at 0, a linear discriminator.
 *
 * The discriminator's output at y is -psi'y, large for "real"; with s = psi'theta and f, g of gan_loss.h,
 *
 *     psi maximises f(s) + f(0),  theta minimises g(s);    x = (theta, psi),  v = (-g'(s) psi, f'(s) theta).
 *
 * Mescheder, Geiger & Nowozin 2018, "Which Training Methods for GANs do actually Converge?", section 2, there in one
 * dimension.  With a = (-g'' psi, f'' theta) and b = (psi, theta)
 *
 *     J u = a b'u + (-g' u_psi, f' u_theta),    J'w = b a'w + (f' w_psi, -g' w_theta).
 *
 * At the equilibrium 0 the eigenvalues are +-i sqrt(f'(0) g'(0)).  Of a zero-sum game x'v = 0: trajectories of
 * dx/dt = v are circles, and steps along v leave them outwards. */
#include "base/error.h"
#include "base/memory.h"
#include "kernels/vector.h"
#include "models/gan_loss.h"

#include <string.h>

#define MOST_DIMENSION (SIZE_MAX / 4096)

typedef struct dirac_gan {
  gdi_env env;
  size_t d; /* dimension of theta and of psi */
  gdi_gan_loss loss;
} dirac_gan;

/* f and g with two derivatives, at s */
typedef struct curves {
  double f[3], g[3];
} curves;

static curves at(const dirac_gan *own, const double *x) {
  const double s = gdi_vector_dot(own->d, x, x + own->d);
  curves c;
  own->loss.f->at(s, c.f);
  own->loss.g->at(s, c.g);
  return c;
}

/* out = scale u; both [d] */
static void scaled(size_t d, double scale, const double *u, double *out) {
  for (size_t k = 0; k < d; k++) out[k] = scale * u[k];
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const dirac_gan *own = data;
  const curves c = at(own, x);
  (void)draw;
  scaled(own->d, -c.g[1], x + own->d, v);
  scaled(own->d, c.f[1], x, v + own->d);
  return 0;
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  const dirac_gan *own = data;
  const curves c = at(own, x);
  (void)draw;
  if (player == 0)
    scaled(own->d, -c.g[1], x + own->d, v_i);
  else
    scaled(own->d, c.f[1], x, v_i);
  return 0;
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  const dirac_gan *own = data;
  const curves c = at(own, x);
  double zero[3];
  (void)draw;
  own->loss.f->at(0, zero);
  u[1] = c.f[0] + zero[0];
  u[0] = gdi_gan_loss_is_zero_sum(&own->loss) ? -u[1] : -c.g[0];
  return 0;
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const dirac_gan *own = data;
  const curves c = at(own, x);
  const double slope = player == 0 ? -c.g[1] : c.f[1];
  (void)draw;
  scaled(own->d, slope, x + own->d, g);
  scaled(own->d, slope, x, g + own->d);
  return 0;
}

/* J u, the curves known */
static void multiply(const dirac_gan *own, const curves *c, const double *x, const double *u, double *Ju) {
  const size_t d = own->d;
  const double *theta = x, *psi = x + d;
  const double change = gdi_vector_dot(d, psi, u) + gdi_vector_dot(d, theta, u + d);
  for (size_t k = 0; k < d; k++) {
    Ju[k] = -c->g[2] * change * psi[k] - c->g[1] * u[d + k];
    Ju[d + k] = c->f[2] * change * theta[k] + c->f[1] * u[k];
  }
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  const dirac_gan *own = data;
  const curves c = at(own, x);
  (void)draw;
  for (size_t column = 0; column < k; column++) multiply(own, &c, x, U + column * 2 * own->d, JU + column * 2 * own->d);
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return jvp_many(data, draw, x, 1, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  const dirac_gan *own = data;
  const size_t d = own->d;
  const curves c = at(own, x);
  const double *theta = x, *psi = x + d;
  const double along = c.f[2] * gdi_vector_dot(d, theta, w + d) - c.g[2] * gdi_vector_dot(d, psi, w);
  (void)draw;
  for (size_t k = 0; k < d; k++) {
    Jtw[k] = along * psi[k] + c.f[1] * w[d + k];
    Jtw[d + k] = along * theta[k] - c.g[1] * w[k];
  }
  return 0;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const dirac_gan *own = data;
  const size_t d = own->d, n = 2 * d;
  const curves c = at(own, x);
  const double *theta = x, *psi = x + d;
  (void)draw;
  for (size_t j = 0; j < n; j++) {
    const double b = j < d ? psi[j] : theta[j - d];
    double *column = J + j * ldj;
    scaled(d, -c.g[2] * b, psi, column);
    scaled(d, c.f[2] * b, theta, column + d);
    if (j < d)
      column[d + j] += c.f[1];
    else
      column[j - d] -= c.g[1];
  }
  return 0;
}

static int gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const dirac_gan *own = data;
  const size_t d = own->d;
  (void)draw;
  for (size_t lane = 0; lane < k; lane++) {
    double s = 0, f[3], g[3];
    for (size_t i = 0; i < d; i++) s += X[lane + k * i] * X[lane + k * (d + i)];
    own->loss.f->at(s, f);
    own->loss.g->at(s, g);
    for (size_t i = 0; i < d; i++) {
      V[lane + k * i] = -g[1] * X[lane + k * (d + i)];
      V[lane + k * (d + i)] = f[1] * X[lane + k * i];
    }
  }
  return 0;
}

static int solution(void *data, double *x) {
  memset(x, 0, 2 * ((const dirac_gan *)data)->d * sizeof *x);
  return 0;
}

static void destroy(void *data) { gdi_destroy(data, offsetof(dirac_gan, env)); }

static const gd_game_ops dirac_ops = {
    .struct_size = sizeof(gd_game_ops),
    .name = "dirac_gan",
    .destroy = destroy,
    .gradient = gradient,
    .player_gradient = player_gradient,
    .utilities = utilities,
    .utility_gradient = utility_gradient,
    .jvp = jvp,
    .vjp = vjp,
    .jvp_many = jvp_many,
    .gradient_many = gradient_many,
    .jacobian = jacobian,
    .solution = solution,
};

/* f and g straight: v is linear in x. */
static uint32_t traits_of(const gdi_gan_loss *loss) {
  const bool linear = loss->f->is_line && loss->g->is_line;
  return GD_THREAD_SAFE | (linear ? GD_AFFINE : 0) | (gdi_gan_loss_is_zero_sum(loss) ? GD_ZERO_SUM : 0);
}

gd_status gd_model_dirac_gan(gd_game **game, size_t dimension, gd_gan_loss loss, const gd_env *env) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  GDI_REQUIRE(dimension > 0 && dimension <= MOST_DIMENSION, "dimension is %zu, expected 1 to %zu", dimension,
              MOST_DIMENSION);
  gdi_gan_loss found;
  GD_TRY(gdi_gan_loss_find(loss, &found));
  gd_status status;
  dirac_gan *own = gdi_create(env, sizeof *own, offsetof(dirac_gan, env), &status);
  if (!own) return status;
  own->d = dimension;
  own->loss = found;
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &dirac_ops,
                             .data = own,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){dimension, dimension},
                             .traits = traits_of(&found),
                             .env = env};
  return gd_game_create(game, &spec); /* destroys `own` if it fails */
}
