/* SPDX-License-Identifier: BSD-3-Clause */
/* known_kinds.c -- hundreds of points whose kind is known by mathematics: no verdict may be wrong. */
#include "theory/known_field.h"

#include <gamedyn/classify.h>
#include <stdio.h>

#include "support/at_point.h"
#include "support/suite.h"

/* ---- coordinates ---- */

/* T = U D V' with D from 1/2 to 2, or D = 1, which keeps gradients what they are. */
static void random_coordinates(known_field *f, gd_rng *rng, bool orthogonal) {
  const size_t n = f->n;
  double U[SIDE * SIDE], V[SIDE * SIDE], D[SIDE], inverted[SIDE];
  random_orthogonal(rng, n, U);
  random_orthogonal(rng, n, V);
  for (size_t k = 0; k < n; k++) D[k] = orthogonal ? 1 : log_uniform(rng, 0.5, 2), inverted[k] = 1 / D[k];
  compose(n, n, U, D, V, f->T);
  compose(n, n, V, inverted, U, f->inverse);
}

static void plain_coordinates(known_field *f) {
  for (size_t j = 0; j < f->n; j++)
    for (size_t i = 0; i < f->n; i++) f->T[i + j * f->n] = f->inverse[i + j * f->n] = i == j;
}

static size_t below(gd_rng *rng, size_t bound) { return (size_t)uniform(rng, 0, (double)bound) % bound; }

/* Blocks of random sizes.  The field of a lone player is a gradient, and is none in other coordinates. */
static void random_players(known_field *f, gd_rng *rng) {
  f->n_players = 0;
  if (f->form < FORM_POTENTIAL && f->n > 1) f->sizes[f->n_players++] = 1;
  for (size_t left = f->n - f->n_players; left > 0; left -= f->sizes[f->n_players++])
    f->sizes[f->n_players] = 1 + below(rng, left);
}

static double signed_size(gd_rng *rng) { return log_uniform(rng, 0.3, 3) * (below(rng, 2) ? 1 : -1); }

/* ---- families ---- */

/* On the centre manifold y1 = (c / l1) y0^2 + ..., so that y0' = (a [k = 3] + d c / l1) y0^3 + ... for k >= 3. */
static void make_power(known_field *f, gd_rng *rng) {
  f->power = 2 + (int)below(rng, 6);
  f->a = signed_size(rng), f->c = f->power <= 3 ? signed_size(rng) : 0, f->d = f->power <= 3 ? signed_size(rng) : 0;
  const double leading = f->power == 3 && f->n > 1 ? f->a + f->d * f->c / f->l[1] : f->a;
  if (fabs(leading) < 0.1) f->d = 0;
  const bool stable = f->power % 2 == 1 && (fabs(leading) < 0.1 ? f->a : leading) < 0;
  f->flow = stable ? FLOW_STABLE : FLOW_UNSTABLE;
}

static void make_manifold(known_field *f, gd_rng *rng) {
  f->m = 1 + below(rng, f->n);
  f->c = signed_size(rng);
  f->flow = FLOW_MANIFOLD;
  f->still = f->m;
}

/* Blocks on the diagonal of A: simple ones, Jordan blocks of 2 and 3, turning pairs and doubled ones. */
static void make_linear(known_field *f, gd_rng *rng) {
  static const double sides[] = {-1, 1, 0};
  const size_t which = below(rng, 8);
  const double re = sides[below(rng, 3)] * log_uniform(rng, 0.1, 2);
  double *A = f->A;
  for (size_t j = 0; j < f->n; j++) A[j + j * f->n] = -f->l[j];
  f->traits = below(rng, 2) ? GD_AFFINE : 0;
  f->flow = re < 0 ? FLOW_STABLE : re > 0 ? FLOW_UNSTABLE : FLOW_UNKNOWN;
  if (f->n < 4 || which < 2) { /* one simple eigenvalue */
    A[0] = re;
    if (re == 0) f->flow = FLOW_MANIFOLD, f->still = 1;
    return;
  }
  const size_t length = which < 4 ? 2 : which < 6 ? 3 : 4; /* the last: a pair, twice, in one chain */
  for (size_t j = 0; j < length; j++) A[j + j * f->n] = re;
  for (size_t j = 0; j + 1 < length && length < 4; j++) A[j + (j + 1) * f->n] = 1;
  if (length < 4) return; /* at 0 a chain drifts: unstable, but not isolated */
  A[1] = 1, A[f->n] = -1;
  A[3 + 2 * f->n] = 1, A[2 + 3 * f->n] = -1;
  if (which == 7) A[2 * f->n] = A[1 + 3 * f->n] = 1;
  if (re == 0) f->flow = which == 7 ? FLOW_UNSTABLE : f->traits ? FLOW_CENTRE : FLOW_UNKNOWN;
}

static void make_spiral(known_field *f, gd_rng *rng) {
  f->a = signed_size(rng);
  f->flow = f->a < 0 ? FLOW_STABLE : FLOW_UNSTABLE;
}

/* Stable where P has a strict local maximum, else unstable; so it is for the players if there is one of them. */
static void make_potential(known_field *f, gd_rng *rng) {
  f->potential = (potential)below(rng, POTENTIALS);
  for (size_t j = 0; j < potential_variables(f->potential); j++) f->l[j] = 0;
  f->traits = GD_POTENTIAL;
  f->flow = f->potential == PEAKS ? FLOW_STABLE : FLOW_UNSTABLE;
  if (f->n_players == 1) f->nash = f->potential == PEAKS ? GD_HOLDS_WEAKLY : GD_HOLDS_NOT;
}

static size_t player_of(const known_field *f, size_t variable) {
  size_t player = 0;
  for (size_t end = f->sizes[0]; end <= variable; end += f->sizes[++player]) continue;
  return player;
}

/* The others at 0, a player's utility is the sum of its pj. */
static void make_players(known_field *f, gd_rng *rng) {
  static const int powers[] = {-1, -1, -1, -3, -5, 0, 2, 3, 4, 1};
  f->nash = GD_HOLDS_STRICTLY;
  for (size_t j = 0; j < f->n; j++) {
    const int power = f->powers[j] = powers[below(rng, below(rng, 2) ? 6 : 10)];
    const bool gains = power > 0 || (power < 0 && power % 2 == 0);
    if (gains) f->nash = GD_HOLDS_NOT;
    if (!gains && power != -1 && f->nash == GD_HOLDS_STRICTLY) f->nash = GD_HOLDS_WEAKLY;
    for (size_t i = 0; i < f->n; i++) f->A[i + j * f->n] = player_of(f, i) == player_of(f, j) ? 0 : signed_size(rng);
  }
  f->flow = FLOW_UNKNOWN;
}

static void make_expanded(known_field *f, gd_rng *rng) {
  f->n = f->n_players = f->sizes[0] = 1;
  f->power = 2 + (int)below(rng, 4);
  f->a = signed_size(rng);
  f->x0[0] = f->c = uniform(rng, -3, 3);
  f->flow = f->a < 0 && f->power % 2 == 1 ? FLOW_STABLE : FLOW_UNSTABLE;
  f->nash = f->flow == FLOW_STABLE ? GD_HOLDS_WEAKLY : GD_HOLDS_NOT;
}

/* Number `seed` of all. */
static void make_field(known_field *f, uint64_t seed) {
  gd_rng rng = gd_rng_make(seed, 0x6b696e64);
  *f = (known_field){.form = (form)(seed % 7), .n = 1 + below(&rng, SIDE), .nash = GD_HOLDS_UNDECIDED};
  if (f->form == FORM_SPIRAL && f->n < 2) f->n = 2;
  if (f->form == FORM_POTENTIAL && f->n < 3) f->n = 3;
  f->s = log_uniform(&rng, 1e-10, 1e10);
  f->native = f->form <= FORM_SPIRAL && below(&rng, 2);
  for (size_t j = 0; j < f->n; j++) f->l[j] = log_uniform(&rng, 0.3, 3), f->x0[j] = uniform(&rng, -2, 2);
  if (below(&rng, 2)) memset(f->x0, 0, sizeof f->x0);
  random_players(f, &rng);
  static void (*const makers[])(known_field *, gd_rng *) = {make_power,     make_manifold, make_linear,  make_spiral,
                                                            make_potential, make_players,  make_expanded};
  makers[f->form](f, &rng);
  if (f->form == FORM_PLAYERS) {
    plain_coordinates(f);
  } else if (f->form != FORM_EXPANDED) {
    random_coordinates(f, &rng, f->form == FORM_POTENTIAL);
  }
}

/* ---- verdicts ---- */

typedef enum outcome { RIGHT, NOT_TOLD, WRONG, OUTCOMES } outcome;

static outcome of_flow(const known_field *f, const gd_classification *c) {
  const bool leaves = c->kind == GD_POINT_SADDLE || c->kind == GD_POINT_REPELLER || c->kind == GD_POINT_UNSTABLE;
  if (c->kind == GD_POINT_UNDECIDED) return NOT_TOLD;
  if (c->kind == GD_POINT_CENTRE && f->flow != FLOW_CENTRE)
    return f->form == FORM_SPIRAL && (c->undecided & GD_UNDECIDED_TURNING) ? NOT_TOLD
           : f->flow == FLOW_UNKNOWN && !(f->traits & GD_AFFINE)           ? NOT_TOLD
                                                                           : WRONG;
  switch (f->flow) {
  case FLOW_STABLE:
    return c->attracts ? RIGHT : WRONG;
  case FLOW_UNSTABLE:
    return leaves ? RIGHT : WRONG;
  case FLOW_MANIFOLD:
    return c->kind == GD_POINT_MANIFOLD && c->n_still == f->still ? RIGHT : WRONG;
  case FLOW_CENTRE:
    return c->kind == GD_POINT_CENTRE ? RIGHT : WRONG;
  default:
    return f->form == FORM_LINEAR ? WRONG : RIGHT; /* of a chain at 0 nothing can be told */
  }
}

/* A verdict on players, whether they gain. */
static outcome of_players(const known_field *f, const gd_classification *c) {
  if (c->nash == GD_HOLDS_UNDECIDED || f->nash == GD_HOLDS_UNDECIDED) return NOT_TOLD;
  return c->nash == f->nash ? RIGHT : WRONG;
}

static const char *const form_names[] = {"power", "manifold", "linear", "spiral", "potential", "players", "expanded"};

static void complain(uint64_t seed, const known_field *f, const gd_classification *c) {
  char text[400];
  assert_ok(gd_classification_text(c, text, sizeof text));
  fprintf(stderr, "%llu %s, n %zu, power %d, flow %d, nash %d, native %d: %s (nash %d), |v| %g of %g, known to %g\n",
          (unsigned long long)seed, form_names[f->form], f->n, f->power, (int)f->flow, f->nash, f->native, text,
          c->nash, c->gradient_norm, c->gradient_scale, c->gradient_resolution);
}

/* ---- tests ---- */

typedef size_t table[7][OUTCOMES];

static void print_table(const char *title, table counts) {
  printf("%-10s  right  undecided  wrong\n", title);
  for (size_t k = 0; k < 7; k++)
    printf("%-10s  %5zu  %9zu  %5zu\n", form_names[k], counts[k][RIGHT], counts[k][NOT_TOLD], counts[k][WRONG]);
}

static size_t total(table counts, outcome which) {
  size_t sum = 0;
  for (size_t k = 0; k < 7; k++) sum += counts[k][which];
  return sum;
}

/* At distance `far` from the point in a random direction: not stationary is no mistake. */
static void look_at_fields(size_t count, double far, size_t *wrong, size_t *right) {
  table flows = {{0}}, players = {{0}};
  for (uint64_t seed = 0; seed < count; seed++) {
    known_field f;
    gd_classification c;
    double x[SIDE];
    make_field(&f, seed);
    gd_rng rng = gd_rng_make(seed, 7);
    for (size_t k = 0; k < f.n; k++) x[k] = f.x0[k] + far * uniform(&rng, -1, 1);
    gd_game *game = create_known(&f, SIDE);
    assert_ok(classify_at(game, x, NULL, &c));
    const bool rests = c.stationary || far == 0;
    const outcome flow = rests ? of_flow(&f, &c) : NOT_TOLD, gain = rests ? of_players(&f, &c) : NOT_TOLD;
    flows[f.form][flow]++;
    players[f.form][gain]++;
    if (flow == WRONG || gain == WRONG) complain(seed, &f, &c);
    gd_game_destroy(game);
  }
  printf("%g away:\n", far);
  print_table("flow", flows);
  print_table("players", players);
  *wrong = total(flows, WRONG) + total(players, WRONG);
  *right = total(flows, RIGHT);
}

START_TEST(says_nothing_wrong_of_five_hundred_points) {
  size_t wrong, right;
  const size_t count = test_instances(500, 20000);
  look_at_fields(count, 0, &wrong, &right);
  ck_assert_uint_eq(wrong, 0);
  ck_assert_uint_ge(2 * right, count); /* a seventh of all are spirals, which are not told */
}
END_TEST

/* Products alone tell fewer, and may not tell more wrongly.  Of potentials J is its own transpose. */
START_TEST(says_nothing_wrong_from_products_alone) {
  const double distances[] = {0, 1e-9, 1e-6};
  size_t looks = 0, told = 0;
  for (uint64_t seed = 0; seed < test_instances(500, 10000); seed++) {
    known_field f;
    make_field(&f, seed);
    if (f.n < 2 || (!f.native && f.form != FORM_POTENTIAL)) continue;
    for (size_t k = 0; k < 3; k++) {
      gd_classification c;
      double x[SIDE];
      gd_rng rng = gd_rng_make(seed, 8);
      for (size_t i = 0; i < f.n; i++) x[i] = f.x0[i] + distances[k] * uniform(&rng, -1, 1);
      gd_game *game = create_known(&f, 1);
      assert_ok(classify_at(game, x, NULL, &c));
      const bool rests = c.stationary || k == 0;
      const outcome flow = rests ? of_flow(&f, &c) : NOT_TOLD, gain = rests ? of_players(&f, &c) : NOT_TOLD;
      looks++, told += flow == RIGHT;
      if (flow == WRONG || gain == WRONG) complain(seed, &f, &c);
      ck_assert(flow != WRONG && gain != WRONG);
      gd_game_destroy(game);
    }
  }
  printf("from products alone: %zu of %zu told\n", told, looks);
  ck_assert_uint_gt(20 * told, looks);
}
END_TEST

START_TEST(says_nothing_wrong_of_points_nearby) {
  size_t wrong, right;
  const size_t count = test_instances(200, 5000);
  for (double far = 1e-12; far < 1e-2; far *= 10) {
    look_at_fields(count, far, &wrong, &right);
    ck_assert_uint_eq(wrong, 0);
  }
}
END_TEST

TEST_SUITE("known_kinds", says_nothing_wrong_of_five_hundred_points, says_nothing_wrong_of_points_nearby,
           says_nothing_wrong_from_products_alone)
