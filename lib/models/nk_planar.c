/* SPDX-License-Identifier: BSD-3-Clause */
/* nk_planar.c -- the GAN of two variables in Nagarajan & Kolter 2017, section 4 and Figure 3.
 *
 * Discriminator D(y) = w y^2, generator G(z) = a z; data and z uniform on [-1, 1].  With f, g of gan_loss.h,
 *
 *     F(u) = integral of f(u z^2) over z in [0, 1],   G(u) likewise of g,   t = -w a^2,
 *
 *     w maximises F(w) + F(t),  a minimises G(t);    x = (w, a),  v = (F'(w) - a^2 F'(t), 2 w a G'(t)),
 *
 *     J = [[ F''(w) + a^4 F''(t),              -2 a F'(t) + 2 w a^3 F''(t) ],
 *          [ 2 a G'(t) - 2 w a^3 G''(t),       2 w G'(t) - 4 w^2 a^2 G''(t) ]].
 *
 * Equilibria are (0, 1) and (0, -1).  Straight curves have F = u / 3; others are integrated by Gauss-Legendre's rule
 * with 48 nodes, which is good to 2e-15 of its size while |u| is within the curve's reach.  Beyond it, up to z_0 with
 * |u| z_0^2 = reach that rule serves again, and from there on the curve is a line. */
#include "base/error.h"
#include "base/memory.h"
#include "models/gan_loss.h"
#include "models/quadrature.h"

#include <math.h>

enum { NODES = 48 };

typedef struct planar {
  gdi_env env;
  gdi_gan_loss loss;
  double nodes[NODES], weights[NODES]; /* on [0, 1] */
} planar;

/* F(w); F(t); G(t): each with two derivatives */
typedef struct integrals {
  double real[3], fake[3], cost[3];
} integrals;

/* From z_0 to 1 the curve is one of its ends. */
static void add_end(const gdi_curve *curve, double u, double z_0, double out[3]) {
  const double level = curve->ends[u > 0].level, slope = curve->ends[u > 0].slope;
  const double square = (1 - z_0 * z_0 * z_0) / 3; /* integral of z^2 */
  out[0] += level * (1 - z_0) + slope * square * u;
  out[1] += slope * square;
}

static void integrate(const planar *own, const gdi_curve *curve, double u, double out[3]) {
  out[0] = u / 3;
  out[1] = 1.0 / 3;
  out[2] = 0;
  if (curve->is_line) return;
  out[0] = out[1] = 0;
  const double z_0 = fabs(u) > curve->reach ? sqrt(curve->reach / fabs(u)) : 1;
  for (int k = 0; k < NODES; k++) {
    const double z = z_0 * own->nodes[k], square = z * z, weight = z_0 * own->weights[k];
    double at[3];
    curve->at(u * square, at);
    out[0] += weight * at[0];
    out[1] += weight * square * at[1];
    out[2] += weight * square * square * at[2];
  }
  if (z_0 < 1) add_end(curve, u, z_0, out);
}

static integrals at(const planar *own, const double *x) {
  const double w = x[0], t = -w * x[1] * x[1];
  integrals in;
  integrate(own, own->loss.f, w, in.real);
  integrate(own, own->loss.f, t, in.fake);
  integrate(own, own->loss.g, t, in.cost);
  return in;
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const double w = x[0], a = x[1];
  const integrals in = at(data, x);
  (void)draw;
  v[0] = in.real[1] - a * a * in.fake[1];
  v[1] = 2 * w * a * in.cost[1];
  return 0;
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  double v[2];
  const int code = gradient(data, draw, x, v);
  *v_i = v[player];
  return code;
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  const planar *own = data;
  const integrals in = at(own, x);
  (void)draw;
  u[0] = in.real[0] + in.fake[0];
  u[1] = gdi_gan_loss_is_zero_sum(&own->loss) ? -u[0] : -in.cost[0];
  return 0;
}

/* d/dx of F(w) + F(t), and of -G(t) or, in a zero-sum game, minus the former */
static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const planar *own = data;
  const double w = x[0], a = x[1];
  const integrals in = at(own, x);
  (void)draw;
  if (player == 0) {
    g[0] = in.real[1] - a * a * in.fake[1];
    g[1] = -2 * w * a * in.fake[1];
  } else {
    g[0] = a * a * in.cost[1] - (gdi_gan_loss_is_zero_sum(&own->loss) ? in.real[1] : 0);
    g[1] = 2 * w * a * in.cost[1];
  }
  return 0;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const double w = x[0], a = x[1], cube = a * a * a;
  const integrals in = at(data, x);
  (void)draw;
  J[0] = in.real[2] + cube * a * in.fake[2];
  J[1] = 2 * a * in.cost[1] - 2 * w * cube * in.cost[2];
  J[ldj] = -2 * a * in.fake[1] + 2 * w * cube * in.fake[2];
  J[ldj + 1] = 2 * w * in.cost[1] - 4 * w * w * a * a * in.cost[2];
  return 0;
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  double J[4];
  const int code = jacobian(data, draw, x, J, 2);
  for (size_t column = 0; column < k; column++) {
    const double *u = U + 2 * column;
    JU[2 * column] = J[0] * u[0] + J[2] * u[1];
    JU[2 * column + 1] = J[1] * u[0] + J[3] * u[1];
  }
  return code;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return jvp_many(data, draw, x, 1, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  double J[4];
  const int code = jacobian(data, draw, x, J, 2);
  Jtw[0] = J[0] * w[0] + J[1] * w[1];
  Jtw[1] = J[2] * w[0] + J[3] * w[1];
  return code;
}

static int gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  int code = 0;
  for (size_t lane = 0; lane < k && code == 0; lane++) {
    double v[2];
    code = gradient(data, draw, (const double[]){X[lane], X[lane + k]}, v);
    V[lane] = v[0];
    V[lane + k] = v[1];
  }
  return code;
}

static int solution(void *data, double *x) {
  (void)data;
  x[0] = 0;
  x[1] = 1;
  return 0;
}

static void destroy(void *data) { gdi_destroy(data, offsetof(planar, env)); }

static const gd_game_ops planar_ops = {
    .struct_size = sizeof(gd_game_ops),
    .name = "nk_planar",
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

gd_status gd_model_nk_planar(gd_game **game, gd_gan_loss loss, const gd_env *env) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  gdi_gan_loss found;
  GD_TRY(gdi_gan_loss_find(loss, &found));
  gd_status status;
  planar *own = gdi_create(env, sizeof *own, offsetof(planar, env), &status);
  if (!own) return status;
  own->loss = found;
  gdi_gauss_legendre(NODES, own->nodes, own->weights);
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &planar_ops,
                             .data = own,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){1, 1},
                             .traits = GD_THREAD_SAFE | (gdi_gan_loss_is_zero_sum(&found) ? GD_ZERO_SUM : 0),
                             .env = env};
  return gd_game_create(game, &spec); /* destroys `own` if it fails */
}
