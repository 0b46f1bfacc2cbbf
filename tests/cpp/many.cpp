// SPDX-License-Identifier: BSD-3-Clause
// many.cpp -- ensembles, threads, environments and samplers.
#include "harness.hpp"

#include <atomic>
#include <memory>
#include <mutex>

using gamedyn::const_view;
using gamedyn::ensemble;
using gamedyn::ensemble_options;
using gamedyn::environment;
using gamedyn::game;
using gamedyn::view;

// Member k starts at (k, 0); steps of h = 2/5 on the pulled rotation with a = 1/2 shrink every distance by 1/sqrt 1.25.
static ensemble_options eight() {
  ensemble_options how;
  how.members = 8;
  how.rules.max_steps = 2;
  how.rules.gradient_tolerance = 0;
  how.on_prepare = [](std::size_t member, gd_rng &, gamedyn::stepper &s, view x) {
    s.set(GD_STEP_SIZE, 0.4);
    x[0] = static_cast<double>(member);
  };
  return how;
}

static void run_eight(const environment &where) {
  game g(pulled_rotation(0.5), where);
  const ensemble runs(g, GD_SIMULTANEOUS, eight());
  ASSERT(runs.members() == 8 && runs.failed() == 0 && runs.stopped(GD_STOP_STEPS) == 8);
  for (std::size_t k = 0; k < 8; k++) {
    const_view x = runs.point(k);
    ASSERT_CLOSE(std::hypot(x[0], x[1]), static_cast<double>(k) / 1.25, 1e-14);
    ASSERT(runs.member(k).steps == 2 && runs.member(k).status == GD_OK && !runs.member(k).exception);
  }
  const auto distance = [](std::size_t, const_view x, const gd_run_result &) { return std::hypot(x[0], x[1]); };
  ASSERT_CLOSE(runs.quantiles(distance, std::vector<double>{1})[0], 5.6, 1e-14);
  const auto near = [&](std::size_t k, const_view x, const gd_run_result &r) { return distance(k, x, r) < 1; };
  ASSERT(runs.success(near).successes == 2 && runs.success(near).trials == 8);
}

TEST(runs_an_ensemble) { run_eight(environment()); }

TEST(runs_an_ensemble_on_threads) {
  environment where;
  where.threads(4);
  run_eight(where);
}

TEST(refuses_threads_for_a_game_that_is_not_thread_safe) {
  environment where;
  where.threads(2);
  gamedyn::own_game own = pulled_rotation(0.5);
  own.traits = GD_AFFINE;
  ASSERT_ERROR(ensemble(game(own, where), GD_SIMULTANEOUS, eight()), GD_ERR_UNSUPPORTED, "GD_THREAD_SAFE");
}

// Members 3 and 5 fail, each in its own way, on whatever thread.
static void fail_some(const environment &where) {
  gamedyn::own_game own = pulled_rotation(0.5);
  own.gradient = [](const_view x, view v) {
    if (x[0] == 3) throw marked("three", 3);
    v[0] = v[1] = 0;
  };
  game g(own, where);
  ensemble_options how = eight();
  how.on_prepare = [](std::size_t member, gd_rng &, gamedyn::stepper &s, view x) {
    x[0] = static_cast<double>(member);
    if (member == 5) s.set("warp", 1);
  };
  const ensemble runs(g, GD_SIMULTANEOUS, how);
  ASSERT(runs.failed() == 2 && runs.member(4).status == GD_OK);
  const gamedyn::member_result third = runs.member(3), fifth = runs.member(5);
  ASSERT(third.status == GD_ERR_CALLBACK && third.words.find("three") != std::string::npos);
  ASSERT_MARKED(std::rethrow_exception(third.exception), 3, "three");
  ASSERT(fifth.status == GD_ERR_NAME && fifth.words.find("member 5") != std::string::npos);
  ASSERT_ERROR(std::rethrow_exception(fifth.exception), GD_ERR_NAME, "warp");
  ASSERT_ERROR(runs.member(8), GD_ERR_ARGUMENT, "there is no member 8");
  ASSERT_ERROR(runs.point(8), GD_ERR_ARGUMENT, "there is no member 8");
}

TEST(keeps_what_members_threw) { fail_some(environment()); }

TEST(keeps_what_members_threw_on_threads) {
  environment where;
  where.threads(4);
  fail_some(where);
}

TEST(throws_for_want_of_memory) {
  gamedyn::own_game own({1});
  own.gradient = [](const_view, view) { throw std::bad_alloc(); };
  bool thrown = false;
  try {
    ensemble(game(own), GD_SIMULTANEOUS); // no ensemble goes on without memory
  } catch (const std::bad_alloc &) {
    thrown = true;
  }
  ASSERT(thrown);
}

TEST(throws_what_observers_and_progress_threw) {
  environment where;
  where.threads(4);
  game g(pulled_rotation(0.5), where);
  ensemble_options how = eight();
  how.rules.max_steps = 1000000000; // the others are stopped
  how.rules.observe([](const gamedyn::progress &now) {
    if (now.step == 3) throw marked("no more", 31);
  });
  ASSERT_MARKED(ensemble(g, GD_SIMULTANEOUS, how), 31, "no more");
  how = eight();
  how.on_progress = [](std::size_t done) -> bool {
    if (done == 2) throw marked("two are done", 32);
    return false;
  };
  ASSERT_MARKED(ensemble(g, GD_SIMULTANEOUS, how), 32, "two are done");
  how.on_progress = [](std::size_t done) { return done == 1; };
  const ensemble stopped(game(pulled_rotation(0.5)), GD_SIMULTANEOUS, how);
  ASSERT(stopped.member(0).steps == 2 && stopped.member(7).steps == 0);
}

TEST(throws_what_observables_threw) {
  const ensemble runs(game(pulled_rotation(0.5)), GD_SIMULTANEOUS, eight());
  const auto number = [](std::size_t, const_view, const gd_run_result &) -> double { throw marked("no number", 33); };
  const auto success = [](std::size_t, const_view, const gd_run_result &) -> bool { throw marked("no trial", 34); };
  ASSERT_MARKED(runs.quantiles(number, std::vector<double>{0.5}), 33, "no number");
  ASSERT_MARKED(runs.success(success), 34, "no trial");
}

TEST(starts_members_where_it_is_told) {
  ensemble_options how = eight();
  how.on_prepare = nullptr;
  how.rules.max_steps = 0;
  how.first = {3, 4};
  const ensemble runs(game(pulled_rotation(0.5)), GD_SIMULTANEOUS, how);
  ASSERT(runs.point(6).copy() == how.first);
  how.first = {1};
  ASSERT_ERROR(ensemble(game(pulled_rotation(0.5)), GD_SIMULTANEOUS, how), GD_ERR_ARGUMENT, "expected 2");
}

TEST(runs_members_in_lanes) {
  ensemble_options how = eight();
  how.lanes = 4;
  gamedyn::own_game own = pulled_rotation(0.5);
  own.gradient_many = [](std::size_t k, const_view X, view V) {
    for (std::size_t c = 0; c < k; c++) {
      V[c] = -0.5 * X[c] - X[c + k];
      V[c + k] = X[c] - 0.5 * X[c + k];
    }
  };
  game g(own);
  const ensemble in_lanes(g, GD_SIMULTANEOUS, how), alone(g, GD_SIMULTANEOUS, eight());
  for (std::size_t k = 0; k < 8; k++) ASSERT(in_lanes.point(k).copy() == alone.point(k).copy());
  own.gradient_many = [](std::size_t, const_view, view) { throw marked("no lanes", 35); };
  const ensemble rescued(game(own), GD_SIMULTANEOUS, how); // one by one, where a group fails
  for (std::size_t k = 0; k < 8; k++) ASSERT(rescued.point(k).copy() == alone.point(k).copy());
}

TEST(hears_messages) {
  std::vector<std::string> heard;
  environment where;
  where.logger(GD_LOG_INFO, [&](gd_log_level, const std::string &text) { heard.push_back(text); });
  game g(pulled_rotation(0.5), where);
  gamedyn::stepper s(g, GD_SIMULTANEOUS);
  std::vector<double> x = {1, 1};
  gamedyn::run(s, x);
  ASSERT(!heard.empty() && heard.back().find("simultaneous on \"pulled rotation\"") != std::string::npos);
  environment deaf;
  deaf.logger(GD_LOG_INFO, [](gd_log_level, const std::string &) { throw marked("not now", 36); });
  game h(pulled_rotation(0.5), deaf);
  gamedyn::stepper t(h, GD_SIMULTANEOUS);
  ASSERT_MARKED(gamedyn::run(t, x), 36, "not now");
}

TEST(keeps_environments_alive) {
  gamedyn::stepper s;
  {
    environment where;
    where.threads(2);
    game g(pulled_rotation(0.5), where);
    s = gamedyn::stepper(gamedyn::make(gd_derive_consensus, g, 0.5), GD_EXTRAGRADIENT);
  }
  std::vector<double> x = {1, 1};
  s.set(GD_STEP_SIZE, 0.25);
  ASSERT(gamedyn::run(s, x).stop == GD_STOP_GRADIENT);
}

TEST(samples_from_lambdas_and_from_the_library) {
  gamedyn::sampler steps(
      [](const gd_draw *draw, std::size_t, std::size_t columns, view out) {
        if (draw) throw marked("no draws", 37);
        for (std::size_t j = 0; j < columns; j++) out[j] = static_cast<double>(j);
      },
      1);
  ASSERT(steps.fill(nullptr, 1, 3) == std::vector<double>({0, 1, 2}));
  const gd_draw draw = {0, 0, 1, 1};
  ASSERT_MARKED(steps.fill(&draw, 1, 1), 37, "no draws");
  gamedyn::sized<gd_gaussian_ring> ring;
  ring.count = 4;
  ring.radius = 2;
  gamedyn::sampler on_ring(gd_sampler_ring, 1, ring, nullptr); // deviation 0: the modes themselves
  const std::vector<double> z = on_ring.fill(&draw, 2, 1);
  ASSERT_CLOSE(std::hypot(z[0], z[1]), 2, 1e-15);
  gamedyn::sampler moved = std::move(steps);
  steps = std::move(on_ring);
  ASSERT(moved.fill(nullptr, 1, 1)[0] == 0);
}

// u = -(w - mean of the input)^2 / 2, of a graph: the input throws.
TEST(makes_games_from_graphs) {
  gamedyn::handle<gd_graph> graph = gamedyn::make(gd_graph_create, nullptr);
  const auto bad = std::make_shared<std::atomic<bool>>(false);
  const gd_node w = gd_graph_parameter(graph.get(), "w", 0, 1, 1);
  const gd_node data =
      gamedyn::input(graph, "data", 1, 2, gamedyn::sampler([bad](const gd_draw *, std::size_t, std::size_t, view out) {
                       if (*bad) throw marked("no data", 38);
                       out[0] = 1;
                       out[1] = 5;
                     }));
  const gd_node away = gd_node_subtract(w, gd_node_mean(data, GD_OVER_ALL));
  const gd_node utility = gd_node_scale(gd_node_square(away), -0.5);
  game g = gamedyn::make(gd_game_from_graph, graph, 1, &utility, "graph");
  graph.reset();
  const double x[] = {1};
  ASSERT(g.gradient(x)[0] == 2); // mean 3
  *bad = true;
  g.set_draw(gd_draw{0, 0, 1, 1}); // of the same draw the input is known
  ASSERT_MARKED(g.gradient(x), 38, "no data");
}

TEST(owns_every_kind_of_object) {
  const double numbers[] = {1, 2, 3, 4};
  gamedyn::handle<gd_matrix> matrix = gamedyn::make(gd_matrix_create, 2, 2, numbers, nullptr);
  ASSERT(gd_matrix_values(matrix.get())[3] == 4);
  gamedyn::sampler columns(gd_sampler_matrix, 1, matrix, nullptr);
  matrix.reset(); // the sampler keeps it
  ASSERT(columns.fill(nullptr, 2, 1)[0] >= 1);
  gd_matrix *raw = nullptr;
  gamedyn::check(gd_matrix_create(&raw, 1, 1, numbers, nullptr));
  gamedyn::handle<gd_matrix> adopted(raw);
  ASSERT(adopted.get() == raw);
  ASSERT_ERROR(gamedyn::make(gd_sparse_read, "/nowhere/at/all.mtx", nullptr), GD_ERR_IO, "/nowhere/at/all.mtx");
  ASSERT(!gamedyn::handle<gd_neural_gan>() && !gamedyn::handle<gd_network>() && !gamedyn::handle<gd_function>());
}
