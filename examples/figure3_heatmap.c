/* SPDX-License-Identifier: BSD-3-Clause */
/* figure3_heatmap.c -- from where the generator arrives at its target, under three dynamics.
 *
 * Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order Approximation in GAN Dynamics", Figure 3: means
 * of the generator on a grid over [-1, 1]^2, target (-1/2, 1/2), 120 random discriminators for each, 3000 steps of size
 * 0.3; the colour is the share of runs at whose end total variation is below the threshold, under first-order dynamics,
 * with five unrolled steps, and against the best discriminator.  The paper states neither the grid nor the law of the
 * intervals; here the four ends are drawn from [-W, W] or a normal law and sorted.  Optimal dynamics see no intervals:
 * one run stands for all draws.
 *
 * The paper's threshold, 0.1, must be meant for the integral of |target - generator|, twice total variation: a
 * generator collapsed to (0, 0) has total variation 0.058, and all dynamics are said to fail on the diagonal, where
 * they collapse.  Hence the default of 0.05.
 *
 * Claims tested, rates with intervals of 95 % confidence (Wilson 1927): on the diagonal, where the means are one and
 * stay so, every run fails; off it the optimal dynamics always succeed, and end within half the threshold; first-order
 * dynamics fail more than four times in five; unrolled ones succeed more than twice as often, and at most nine times in
 * ten. */
#include <float.h>
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/gmm_play.h"
#include "support/options.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/progress.h"
#include "support/table.h"
#include "support/threads.h"

enum { DYNAMICS = 3, LANES = 64 };
static const gmm_kind KINDS[DYNAMICS] = {GMM_FIRST_ORDER, GMM_UNROLLED, GMM_OPTIMAL};
static const char *const NAMES[DYNAMICS] = {"first_order", "unrolled", "optimal"};
static const char *const WORDS[DYNAMICS] = {"first order", "unrolled", "optimal"};
static const double TARGET[GMM_MEANS] = {-0.5, 0.5};
static const double CONFIDENCE = 0.95;
static const double MOSTLY_FAILS = 0.2, SUCCEEDS_MORE = 2.0, SOME_FAIL = 0.9, WELL_WITHIN = 0.5; /* the margins */

typedef struct settings {
  uint64_t grid, draws, steps, unrolled, seed, threads;
  double step, threshold, width;
  int collapse, law;
  const char *csv, *plot;
} settings;

/* One of the dynamics, at all points of the grid, those of mu2 in turn for each of mu1. */
typedef struct heat_map {
  uint64_t *successes;             /* [grid * grid], of `draws` */
  gd_proportion off, on;           /* the diagonal */
  double farthest_off, closest_on; /* total variation at the end */
} heat_map;

/* What the callbacks of an ensemble see. */
typedef struct members {
  const settings *set;
  gmm_kind kind;
  progress_line *progress;
} members;

static double mean_at(const settings *set, uint64_t k) { return -1.0 + 2.0 * (double)k / (double)(set->grid - 1); }

/* Runs at a point of the grid. */
static uint64_t runs_of(const settings *set, gmm_kind kind) { return kind == GMM_OPTIMAL ? 1 : set->draws; }

static gd_status prepare(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  const members *all = context;
  const uint64_t point = member / runs_of(all->set, all->kind);
  x[0] = mean_at(all->set, point / all->set->grid);
  x[1] = mean_at(all->set, point % all->set->grid);
  if (all->kind != GMM_OPTIMAL) gmm_draw_intervals(rng, (gmm_law)all->set->law, all->set->width, x);
  return gd_stepper_set(stepper, GD_STEP_SIZE, all->set->step);
}

static int show(void *context, size_t done) {
  progress_count(((members *)context)->progress, done);
  return 0;
}

/* Where the gradient is nothing at all, nothing moves any more. */
static gd_ensemble *run_members(members *all, gmm_play *play) {
  const settings *set = all->set;
  gd_run_options run;
  gd_run_options_init(&run);
  run.max_steps = set->steps;
  run.gradient_tolerance = DBL_MIN;
  run.check_every = 50;
  gd_ensemble_options options;
  gd_ensemble_options_init(&options);
  options.members = set->grid * set->grid * runs_of(set, all->kind);
  options.seed = set->seed;
  options.run = &run;
  options.prepare = prepare;
  options.progress = show;
  options.context = all;
  options.lanes = all->kind == GMM_FIRST_ORDER ? LANES : 1;
  gd_ensemble *ensemble = NULL;
  must_for("--step", gd_ensemble_run(&ensemble, gmm_game(play), gd_method_find(GD_SIMULTANEOUS), &options));
  return ensemble;
}

/* At the end; all there is if the run diverged. */
static double distance(const gmm_play *play, const gd_ensemble *ensemble, size_t member) {
  gd_run_result result;
  must_for("--step", gd_ensemble_result(ensemble, member, &result));
  return result.stop == GD_STOP_DIVERGED ? 1.0 : gmm_distance(play, gd_ensemble_point(ensemble, member));
}

static void take_down(heat_map *map, const settings *set, gmm_kind kind, const gmm_play *play,
                      const gd_ensemble *ensemble) {
  const uint64_t runs = runs_of(set, kind), each = set->draws / runs;
  uint64_t sums[2] = {0};
  map->closest_on = INFINITY;
  for (uint64_t point = 0; point < set->grid * set->grid; point++) {
    const bool is_on = point / set->grid == point % set->grid;
    for (uint64_t k = 0; k < runs; k++) {
      const double d = distance(play, ensemble, point * runs + k);
      if (d < set->threshold) map->successes[point] += each;
      if (is_on) {
        map->closest_on = fmin(map->closest_on, d);
      } else {
        map->farthest_off = fmax(map->farthest_off, d);
      }
    }
    sums[is_on] += map->successes[point];
  }
  must(gd_proportion_interval(sums[0], set->grid * (set->grid - 1) * set->draws, CONFIDENCE, &map->off));
  must(gd_proportion_interval(sums[1], set->grid * set->draws, CONFIDENCE, &map->on));
}

static heat_map map_of(size_t which, const settings *set, const gd_env *env) {
  const gmm_plan plan = {.kind = KINDS[which],
                         .target = {TARGET[0], TARGET[1]},
                         .generator_step = set->step,
                         .discriminator_step = set->step,
                         .unrolled = set->unrolled,
                         .collapse = set->collapse,
                         .env = env};
  heat_map map = {.successes = new_array(NULL, set->grid * set->grid, sizeof *map.successes)};
  memset(map.successes, 0, set->grid * set->grid * sizeof *map.successes);
  progress_line progress = progress_start(WORDS[which], set->grid * set->grid * runs_of(set, plan.kind));
  gmm_play *play = gmm_create(&plan);
  gd_ensemble *ensemble = run_members(&(members){set, plan.kind, &progress}, play);
  progress_clear(&progress);
  take_down(&map, set, plan.kind, play, ensemble);
  gd_ensemble_destroy(ensemble);
  gmm_destroy(play);
  return map;
}

/* ---- claims ---- */

/* A claim about a probability whose interval reaches over the margin is not decided: there are too few draws. */
typedef enum verdict { BROKEN, UNDECIDED, HOLDS } verdict;

static verdict judge(bool holds, bool broken) { return holds ? HOLDS : broken ? BROKEN : UNDECIDED; }

static verdict verdict_of(const heat_map *maps, size_t which, const settings *set) {
  const gd_proportion *own = &maps[which].off, *first = &maps[0].off;
  if (maps[which].on.successes > 0) return BROKEN;
  if (KINDS[which] == GMM_FIRST_ORDER) return judge(own->upper < MOSTLY_FAILS, own->lower >= MOSTLY_FAILS);
  if (KINDS[which] == GMM_UNROLLED)
    return judge(own->lower > SUCCEEDS_MORE * first->upper && own->upper < SOME_FAIL,
                 own->upper <= SUCCEEDS_MORE * first->lower || own->lower >= SOME_FAIL);
  const bool all = own->successes == own->trials && maps[which].farthest_off < WELL_WITHIN * set->threshold;
  return all ? HOLDS : BROKEN;
}

/* The worst verdict. */
static verdict print_maps(const heat_map *maps, const settings *set) {
  static const char *const words[] = {"BROKEN", "not decided", "holds"};
  verdict worst = HOLDS;
  text_table *table = table_create("dynamics|off the diagonal|from|to|on it|farthest off|closest on|");
  for (size_t which = 0; which < DYNAMICS; which++) {
    const heat_map *map = &maps[which];
    table_cell(table, "%s", WORDS[which]);
    table_cell(table, "%.4f", map->off.rate);
    table_cell(table, "%.4f", map->off.lower);
    table_cell(table, "%.4f", map->off.upper);
    table_cell(table, "%.4f", map->on.rate);
    table_cell(table, "%.4f", map->farthest_off);
    table_cell(table, "%.4f", map->closest_on);
    const verdict own = verdict_of(maps, which, set);
    table_cell(table, "%s", words[own]);
    if (own < worst) worst = own;
  }
  printf("Figure 3 of Li, Madry, Peebles & Schmidt: total variation below %g after %llu steps of %g,\n"
         "%llu draws at each of %llu by %llu points.\n\n",
         set->threshold, (unsigned long long)set->steps, set->step, (unsigned long long)set->draws,
         (unsigned long long)set->grid, (unsigned long long)set->grid);
  table_print(table, stdout);
  return worst;
}

static void write_csv(const char *path, const heat_map *maps, const settings *set) {
  FILE *file = open_output("--csv", path);
  fputs("mu1,mu2,dynamics,successes,trials\n", file);
  for (size_t which = 0; which < DYNAMICS; which++) {
    for (uint64_t point = 0; point < set->grid * set->grid; point++) {
      fprintf(file, "%.17g,%.17g,%s,%llu,%llu\n", mean_at(set, point / set->grid), mean_at(set, point % set->grid),
              NAMES[which], (unsigned long long)maps[which].successes[point], (unsigned long long)set->draws);
    }
  }
  close_output("--csv", path, file);
}

/* ---- the picture ---- */

static void draw_panel(FILE *script, size_t which, const heat_map *map, const settings *set) {
  fprintf(script, "$map%zu << EOD\n", which);
  for (uint64_t point = 0; point < set->grid * set->grid; point++) {
    fprintf(script, "%.6g %.6g %.6g\n", mean_at(set, point / set->grid), mean_at(set, point % set->grid),
            (double)map->successes[point] / (double)set->draws);
  }
  fprintf(script, "EOD\n");
  char title[64];
  snprintf(title, sizeof title, "%s", WORDS[which]);
  if (KINDS[which] == GMM_UNROLLED)
    snprintf(title, sizeof title, "unrolled, %llu steps", (unsigned long long)set->unrolled);
  plot_place_panel(script, DYNAMICS, 1, which);
  const double edge = 1.0 + 1.0 / (double)(set->grid - 1);
  fprintf(script,
          "set xrange [-%g:%g]\nset yrange [-%g:%g]\nset title '%s' font ',13'\n"
          "plot $map%zu using 1:2:3 with image, $target using 1:2 with points pointtype 6 pointsize 1.6 linewidth 2 "
          "linecolor rgb '#d55e00'\nunset colorbox\nunset label\nunset object\n",
          edge, edge, edge, edge, title, which);
}

/* From white over blue to black: as dark as successful, in print and for the colour-blind too. */
static void draw(const settings *set, const heat_map *maps) {
  gnuplot *picture = plot_open(set->plot, 1640, 640);
  FILE *script = plot_script(picture);
  fprintf(
      script,
      "set multiplot title 'Li, Madry, Peebles and Schmidt, Figure 3: from where the generator arrives' font ',15'\n"
      "unset key\nunset grid\nset xlabel 'mu_1' offset 0,0.8\nset ylabel 'mu_2' offset 1.5,0\n"
      "set xtics 0.5 out nomirror offset 0,0.3\nset ytics 0.5 out nomirror offset 0.3,0\nset cbrange [0:1]\n"
      "set palette defined (0 '#f7fbff', 0.25 '#9ecae1', 0.5 '#4292c6', 0.75 '#08519c', 1 '#08224c')\n"
      "set colorbox horizontal user origin screen 0.38,0.05 size screen 0.24,0.022\nset cbtics 0.25 offset 0,0.5\n"
      "set label 1 'share of runs that succeed' at screen 0.37,0.06 right\n"
      "set label 2 'the target' at screen 0.66,0.06 left\n"
      "set object 1 circle at screen 0.65,0.06 size screen 0.0035 front fillstyle empty border rgb '#d55e00' linewidth "
      "2\n"
      "$target << EOD\n%g %g\n%g %g\nEOD\n",
      TARGET[0], TARGET[1], TARGET[1], TARGET[0]);
  for (size_t which = 0; which < DYNAMICS; which++) draw_panel(script, which, &maps[which], set);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

static settings read_settings(int argc, char **argv) {
  settings set = {.grid = 41,
                  .draws = 120,
                  .steps = 3000,
                  .unrolled = 5,
                  .seed = 1,
                  .step = 0.3,
                  .threshold = 0.05,
                  .width = 2.0,
                  .collapse = GD_COLLAPSE_FREEZE};
  const option_row rows[] = {
      {"grid", "N", "points along each side of the square", OPTION_COUNT, &set.grid, 2, 1000},
      {"draws", "N", "random discriminators at each point", OPTION_COUNT, &set.draws, 1, 100000},
      {"steps", "N", "steps of each run", OPTION_COUNT, &set.steps, 1, 1000000},
      {"step", "H", "step size of both players", OPTION_POSITIVE, &set.step, 0, 0},
      {"unrolled", "K", "steps that the generator foresees", OPTION_COUNT, &set.unrolled, 1, 1000},
      {"threshold", "D", "total variation below which a run succeeds", OPTION_POSITIVE, &set.threshold, 0, 0},
      {"collapse", "freeze|clip|signed", "what becomes of an interval whose ends meet", OPTION_CHOICE, &set.collapse, 0,
       0},
      {"interval-law", "uniform|normal", "of the ends of intervals, which are then sorted", OPTION_CHOICE, &set.law, 0,
       0},
      {"width", "W", "uniform on [-W, W], or normal with deviation W", OPTION_POSITIVE, &set.width, 0, 0},
      {"seed", "N", "seed of everything random", OPTION_COUNT, &set.seed, 0, UINT64_MAX},
      {"threads", "N", "threads; 0: as many as there are processors", OPTION_COUNT, &set.threads, 0, 1024},
      {"csv", "FILE", "write mu1,mu2,dynamics,successes,trials", OPTION_OUTPUT, &set.csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set.plot, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Figure 3 of Li, Madry, Peebles & Schmidt 2018: from where the generator of the GMM-GAN arrives at its\n"
          "target, under first-order, unrolled and optimal dynamics.",
      .details =
          "freeze: closed for ever, as in the paper; clip: ends stop where they meet, and may part again;\n"
          "signed: with its ends crossed an interval counts negatively.  The claims are the paper's, for freeze.\n"
          "from and to bound the rate off the diagonal with 95 % confidence (Wilson 1927).",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);
  return set;
}

int main(int argc, char **argv) {
  const settings set = read_settings(argc, argv);
  worker_threads threads;
  heat_map maps[DYNAMICS];
  threads_start(&threads, set.threads);
  for (size_t which = 0; which < DYNAMICS; which++) maps[which] = map_of(which, &set, &threads.env);
  threads_stop(&threads);
  static const char *const words[] = {"A claim is BROKEN.", "A claim is not decided by so few draws.",
                                      "Every claim holds."};
  const verdict worst = print_maps(maps, &set);
  printf("\n%s\n", words[worst]);
  if (set.csv) write_csv(set.csv, maps, &set);
  if (set.plot) draw(&set, maps);
  for (size_t which = 0; which < DYNAMICS; which++) free(maps[which].successes);
  return worst == BROKEN ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
