/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan.c -- Gaussians on the line against a discriminator of intervals (Li, Madry, Peebles & Schmidt 2018).
 *
 * With F = p* - p, the target's density minus the generator's, w = 1 / K and z = e - mu_j for an end e of an interval,
 * s_e = -1 for a left and 1 for a right one,
 *
 *     L      = 1 + sum_e s_e (P*(e) - P(e))                   v = (-dL/dmu, dL/dl, dL/dr)
 *     L_e    = s_e F(e)
 *     L_mu_j = w sum_e s_e phi(z).
 *
 * The second derivatives, but for the target's share, come in pairs (e, j) with t = s_e w z phi(z):
 *
 *     L_ee = sum_j t - s_e sum_m w_m z_m phi(z_m),   L_mu_j,mu_j = sum_e t,   L_e,mu_j = -t,
 *
 * the last sum over the target's components: moving an end and a mean together changes nothing between them.  Hence
 * H u collects t (u_j - u_e) at j and the opposite at e.  J = D H with D = diag(-I, I), so J'w = H D w.  At an infinite
 * end phi(z) and z phi(z) are 0. */
#include "models/gmm_gan.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/sized.h"

#include <math.h>
#include <string.h>

#define MOST_VARIABLES (3 * GD_MIXTURE_MOST)

typedef struct gmm_gan {
  gdi_env env;
  gdi_gmm_gan gan; /* its target's arrays are `numbers` */
  double *numbers; /* [2 count of the target] means, weights */
} gmm_gan;

static const double paper_means[] = {-0.5, 0.5};
static const gd_mixture paper_target = {.struct_size = sizeof(gd_mixture), .count = 2, .means = paper_means};

void gd_gmm_gan_init_sized(gd_gmm_gan *gan, size_t size) {
  const gd_gmm_gan defaults = {.struct_size = sizeof defaults, .n_means = 2, .n_intervals = 2};
  gdi_sized_write(gan, size, &defaults, sizeof defaults);
}

gd_status gdi_gmm_gan_read(gdi_gmm_gan *own, const gd_gmm_gan *callers) {
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  GD_TRY(gdi_sized_read(&gan, sizeof gan, callers, sizeof gan, "gd_gmm_gan"));
  GDI_REQUIRE(gan.n_means >= 1 && gan.n_means <= GD_MIXTURE_MOST, "n_means is %zu, expected 1 to %d", gan.n_means,
              GD_MIXTURE_MOST);
  GDI_REQUIRE(gan.n_intervals >= 1 && gan.n_intervals <= GD_MIXTURE_MOST, "n_intervals is %zu, expected 1 to %d",
              gan.n_intervals, GD_MIXTURE_MOST);
  GDI_REQUIRE(gan.closing >= GD_CLOSING_FREEZE && gan.closing <= GD_CLOSING_SIGNED,
              "closing is %d, expected one of gd_closing", gan.closing);
  *own = (gdi_gmm_gan){.n_means = gan.n_means, .n_intervals = gan.n_intervals, .closing = (gd_closing)gan.closing};
  return gdi_mixture_read(&own->target, gan.target ? gan.target : &paper_target, "target");
}

/* ---- ends of intervals ---- */

/* Ends are numbered as they stand in x, behind the means: lefts, then rights. */
static size_t count_ends(const gdi_gmm_gan *gan) { return 2 * gan->n_intervals; }

static double sign_of(const gdi_gmm_gan *gan, size_t end) { return end < gan->n_intervals ? -1 : 1; }

/* Whether the interval of this end takes part. */
static bool is_open(const gdi_gmm_gan *gan, const double *x, size_t end) {
  const size_t i = gan->n_means + end % gan->n_intervals;
  return gan->closing != GD_CLOSING_FREEZE || x[i] < x[i + gan->n_intervals];
}

/* z phi(z), also at infinity */
static double slope(double z) { return isinf(z) ? 0 : z * gdi_normal_density(z); }

static double target_density(const gdi_gmm_gan *gan, double at) {
  double p = 0;
  for (size_t m = 0; m < gan->target.count; m++)
    p += gdi_mixture_weight(&gan->target, m) * gdi_normal_density(at - gan->target.means[m]);
  return p;
}

static double target_slope(const gdi_gmm_gan *gan, double at) {
  double sum = 0;
  for (size_t m = 0; m < gan->target.count; m++)
    sum += gdi_mixture_weight(&gan->target, m) * slope(at - gan->target.means[m]);
  return sum;
}

/* ---- first derivatives ---- */

/* v_mu -> v [K] */
static void generator_gradient(const gdi_gmm_gan *gan, const double *x, double *v) {
  const double w = 1 / (double)gan->n_means, *left = x + gan->n_means, *right = left + gan->n_intervals;
  memset(v, 0, gan->n_means * sizeof *v);
  for (size_t i = 0; i < gan->n_intervals; i++) {
    if (!is_open(gan, x, i)) continue;
    for (size_t j = 0; j < gan->n_means; j++)
      v[j] -= w * (gdi_normal_density(right[i] - x[j]) - gdi_normal_density(left[i] - x[j]));
  }
}

/* dL/d(l, r) -> v [2 N] */
static void discriminator_gradient(const gdi_gmm_gan *gan, const double *x, double *v) {
  const double w = 1 / (double)gan->n_means;
  for (size_t e = 0; e < count_ends(gan); e++) {
    const double at = x[gan->n_means + e];
    double p = 0;
    for (size_t j = 0; j < gan->n_means; j++) p += w * gdi_normal_density(at - x[j]);
    v[e] = is_open(gan, x, e) ? sign_of(gan, e) * (target_density(gan, at) - p) : 0;
  }
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  (void)draw;
  generator_gradient(gan, x, v);
  discriminator_gradient(gan, x, v + gan->n_means);
  return 0;
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  (void)draw;
  (player == 0 ? generator_gradient : discriminator_gradient)(&((gmm_gan *)data)->gan, x, v_i);
  return 0;
}

static int gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const size_t n = gan->n_means + count_ends(gan);
  double x[MOST_VARIABLES] = {0}, v[MOST_VARIABLES];
  for (size_t lane = 0; lane < k; lane++) {
    for (size_t i = 0; i < n; i++) x[i] = X[lane + k * i];
    gradient(data, draw, x, v);
    for (size_t i = 0; i < n; i++) V[lane + k * i] = v[i];
  }
  return 0;
}

static double interval_mass(const gdi_gmm_gan *gan, const double *x, double left, double right) {
  double mass = 0;
  for (size_t m = 0; m < gan->target.count; m++)
    mass += gdi_mixture_weight(&gan->target, m) *
            gdi_normal_mass(left - gan->target.means[m], right - gan->target.means[m]);
  for (size_t j = 0; j < gan->n_means; j++) mass -= gdi_normal_mass(left - x[j], right - x[j]) / (double)gan->n_means;
  return mass;
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const double *left = x + gan->n_means, *right = left + gan->n_intervals;
  (void)draw;
  double L = 1;
  for (size_t i = 0; i < gan->n_intervals; i++)
    if (is_open(gan, x, i)) L += interval_mass(gan, x, left[i], right[i]);
  u[0] = -L;
  u[1] = L;
  return 0;
}

/* du_0/dx = -dL/dx = (v_mu, -v_ends), du_1/dx the opposite */
static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  gradient(data, draw, x, g);
  const size_t first = player == 0 ? gan->n_means : 0;
  const size_t past = player == 0 ? gan->n_means + count_ends(gan) : gan->n_means;
  for (size_t i = first; i < past; i++) g[i] = -g[i];
  return 0;
}

/* ---- second derivatives ---- */

/* HU = H U, k columns n apart */
static void multiply(const gdi_gmm_gan *gan, const double *x, size_t k, const double *U, double *HU) {
  const size_t n = gan->n_means + count_ends(gan);
  memset(HU, 0, n * k * sizeof *HU);
  for (size_t e = gan->n_means; e < n; e++) {
    if (!is_open(gan, x, e - gan->n_means)) continue;
    const double s = sign_of(gan, e - gan->n_means), own = -s * target_slope(gan, x[e]);
    for (size_t c = 0; c < n * k; c += n) HU[e + c] += own * U[e + c];
    for (size_t j = 0; j < gan->n_means; j++) {
      const double t = s / (double)gan->n_means * slope(x[e] - x[j]);
      for (size_t c = 0; c < n * k; c += n) {
        const double apart = t * (U[j + c] - U[e + c]);
        HU[j + c] += apart;
        HU[e + c] -= apart;
      }
    }
  }
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const size_t n = gan->n_means + count_ends(gan);
  (void)draw;
  multiply(gan, x, k, U, JU);
  for (size_t c = 0; c < n * k; c += n)
    for (size_t j = 0; j < gan->n_means; j++) JU[j + c] = -JU[j + c];
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return jvp_many(data, draw, x, 1, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  double turned[MOST_VARIABLES];
  (void)draw;
  for (size_t i = 0; i < gan->n_means + count_ends(gan); i++) turned[i] = i < gan->n_means ? -w[i] : w[i];
  multiply(gan, x, 1, turned, Jtw);
  return 0;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const size_t n = gan->n_means + count_ends(gan);
  double unit[MOST_VARIABLES] = {0};
  for (size_t i = 0; i < n; i++) {
    unit[i] = 1;
    jvp(data, draw, x, unit, J + i * ldj);
    unit[i] = 0;
  }
  return 0;
}

/* ---- the feasible set, and a solution ---- */

/* The closest point with r >= l: both ends go to the middle. */
static int project(void *data, double *x) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  double *left = x + gan->n_means, *right = left + gan->n_intervals;
  for (size_t i = 0; i < gan->n_intervals; i++)
    if (right[i] < left[i]) left[i] = right[i] = left[i] / 2 + right[i] / 2;
  return 0;
}

static int solution(void *data, double *x) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const size_t count = gan->target.count;
  memcpy(x, gan->target.means, count * sizeof *x);
  for (size_t e = 0; e < count_ends(gan); e++) x[count + e] = gan->target.means[e % gan->n_intervals % count];
  return 0;
}

static void destroy(void *data) {
  gmm_gan *own = data;
  gdi_release(&own->env, own->numbers);
  gdi_destroy(own, offsetof(gmm_gan, env));
}

static const gd_game_ops gmm_gan_ops = {
    .struct_size = sizeof(gd_game_ops),
    .name = "gmm_gan",
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
};

static gd_status copy_target(gmm_gan *own) {
  gd_mixture *target = &own->gan.target;
  own->numbers = gdi_allocate(&own->env, 2 * target->count, sizeof *own->numbers);
  if (!own->numbers) return GD_ERR_MEMORY;
  for (size_t m = 0; m < target->count; m++) {
    own->numbers[m] = target->means[m];
    own->numbers[target->count + m] = gdi_mixture_weight(target, m);
  }
  target->means = own->numbers;
  target->weights = own->numbers + target->count;
  return GD_OK;
}

/* The generator can become the target. */
static bool is_attainable(const gdi_gmm_gan *gan) {
  size_t equal = 0;
  while (equal < gan->target.count && gan->target.weights[equal] == 1 / (double)gan->n_means) equal++;
  return gan->target.count == gan->n_means && equal == gan->n_means;
}

gd_status gd_model_gmm_gan(gd_game **game, const gd_gmm_gan *gan, const gd_env *env) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  gdi_gmm_gan checked;
  gd_status status;
  GD_TRY(gdi_gmm_gan_read(&checked, gan));
  gmm_gan *own = gdi_create(env, sizeof *own, offsetof(gmm_gan, env), &status);
  if (!own) return status;
  own->gan = checked;
  status = copy_target(own);
  if (status < 0) {
    destroy(own);
    return status;
  }
  gd_game_ops ops = gmm_gan_ops;
  if (is_attainable(&own->gan)) ops.solution = solution;
  if (checked.closing == GD_CLOSING_CLIP) ops.project = project;
  const size_t sizes[] = {checked.n_means, 2 * checked.n_intervals};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = own,
                             .n_players = 2,
                             .block_sizes = sizes,
                             .traits = GD_ZERO_SUM | GD_THREAD_SAFE,
                             .env = env};
  return gd_game_create(game, &spec); /* destroys `own` if it fails */
}
