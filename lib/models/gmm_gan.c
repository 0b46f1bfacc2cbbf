/* SPDX-License-Identifier: BSD-3-Clause */
/* gmm_gan.c -- Gaussians on the line against a discriminator of intervals (Li, Madry, Peebles & Schmidt 2018).
 *
 * With P* and P the probabilities of the target and of the generator, s_e = -1 for a left end e of an interval and 1
 * for a right one,
 *
 *     L = 1 + sum_e s_e (P*(e) - P(e)),   v = (-dL/dmu, dL/dl, dL/dr),   J = D H,  D = diag(-I, I),
 *
 * H the second derivatives of L, so that J'w = H D w.  Derivatives are in gmm_gan_field.c. */
#include "models/gmm_gan.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "base/memory.h"

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
  GD_TRY(GDI_SIZED_READ(gd_gmm_gan, &gan, callers));
  GDI_REQUIRE(gan.n_means >= 1 && gan.n_means <= GD_MIXTURE_MOST, "n_means is %zu, expected 1 to %d", gan.n_means,
              GD_MIXTURE_MOST);
  GDI_REQUIRE(gan.n_intervals >= 1 && gan.n_intervals <= GD_MIXTURE_MOST, "n_intervals is %zu, expected 1 to %d",
              gan.n_intervals, GD_MIXTURE_MOST);
  GDI_REQUIRE(gan.collapse >= GD_COLLAPSE_FREEZE && gan.collapse <= GD_COLLAPSE_SIGNED,
              "collapse is %d, expected one of gd_collapse", gan.collapse);
  *own = (gdi_gmm_gan){.n_means = gan.n_means, .n_intervals = gan.n_intervals, .collapse = gan.collapse};
  return gdi_mixture_read(&own->target, gan.target ? gan.target : &paper_target, "target");
}

/* ---- the field ---- */

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  gdi_gmm_gan_gradient(&((gmm_gan *)data)->gan, x, v);
  return 0;
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  (void)draw;
  gdi_gmm_gan_player_gradient(&((gmm_gan *)data)->gan, player, x, v_i);
  return 0;
}

static int gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  (void)draw;
  gdi_gmm_gan_gradient_many(&((gmm_gan *)data)->gan, k, X, V);
  return 0;
}

/* ---- utilities ---- */

/* The contribution of an interval to L. */
static double gain_of(const gdi_gmm_gan *gan, const double *mu, gd_interval over) {
  double masses[GD_MIXTURE_MOST], gain = 0;
  gdi_normal_masses(over, gan->target.count, gan->target.means, masses);
  for (size_t m = 0; m < gan->target.count; m++) gain += gan->target.weights[m] * masses[m];
  gdi_normal_masses(over, gan->n_means, mu, masses);
  for (size_t j = 0; j < gan->n_means; j++) gain -= masses[j] / (double)gan->n_means;
  return gain;
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const double *left = x + gan->n_means, *right = left + gan->n_intervals;
  (void)draw;
  double L = 1;
  for (size_t i = 0; i < gan->n_intervals; i++)
    if (gdi_gmm_gan_is_open(gan, x, i)) L += gain_of(gan, x, (gd_interval){left[i], right[i]});
  u[0] = -L;
  u[1] = L;
  return 0;
}

/* du_0/dx = -dL/dx = (v_mu, -v_ends), du_1/dx the opposite */
static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  gradient(data, draw, x, g);
  const size_t first = player == 0 ? gan->n_means : 0;
  const size_t past = player == 0 ? gdi_gmm_gan_size(gan) : gan->n_means;
  for (size_t i = first; i < past; i++) g[i] = -g[i];
  return 0;
}

/* ---- products ---- */

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const size_t n = gdi_gmm_gan_size(gan);
  (void)draw;
  gdi_gmm_gan_curve(gan, x, k, U, JU);
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
  for (size_t i = 0; i < gdi_gmm_gan_size(gan); i++) turned[i] = i < gan->n_means ? -w[i] : w[i];
  gdi_gmm_gan_curve(gan, x, 1, turned, Jtw);
  return 0;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const gdi_gmm_gan *gan = &((gmm_gan *)data)->gan;
  const size_t n = gdi_gmm_gan_size(gan);
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
  for (size_t e = 0; e < 2 * gan->n_intervals; e++) x[count + e] = gan->target.means[e % gan->n_intervals % count];
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
  if (checked.collapse == GD_COLLAPSE_CLIP) ops.project = project;
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
