// SPDX-License-Identifier: BSD-3-Clause
// runs.cpp -- methods from lambdas, steppers, runs, observers and traces.
#include "harness.hpp"

#include <cstdlib>
#include <limits>
#include <memory>

using gamedyn::const_view;
using gamedyn::game;
using gamedyn::own_method;
using gamedyn::run_options;
using gamedyn::stepper;
using gamedyn::view;

static thread_local std::size_t allocations; // by C++

void *operator new(std::size_t size) {
  allocations++;
  void *memory = std::malloc(size ? size : 1);
  if (!memory) throw std::bad_alloc();
  return memory;
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

// Polyak's heavy ball: d' = beta d + v(x), x' = x + h d'.  On a mode lambda, with z = h lambda, the two factors l solve
// l^2 - (1 + beta + z) l + beta = 0.
static own_method heavy_ball() {
  own_method own("heavy_ball");
  own.summary = "gradient plus a part of the last move";
  own.source = "Polyak 1964";
  own.traits = GD_METHOD_LINEAR | GD_METHOD_LANEWISE;
  const auto beta = own.real("momentum", 0.25, -1, 1, "beta, weight of the last move");
  const auto velocity = own.memory("velocity"), next = own.scratch();
  own.step = [=](gamedyn::stepping &s, view x) {
    s.direction(x, next);
    for (std::size_t k = 0; k < x.size(); k++) s[next][k] += s[beta] * s[velocity][k];
    s.move(x, x, 1, s[next]);
    s.swap(velocity, next);
  };
  own.mode_modulus = [=](const gamedyn::modes &m, std::complex<double> lambda) {
    const std::complex<double> b = 1.0 + m[beta] + m.step_size() * lambda, root = std::sqrt(b * b - 4 * m[beta]);
    return std::max(std::abs(b + root), std::abs(b - root)) / 2;
  };
  return own;
}

// One player who descends x^2 / 2: J = -1.
static game slope() {
  gamedyn::own_game own({1});
  own.traits = GD_AFFINE;
  own.gradient = [](const_view x, view v) { v[0] = -x[0]; };
  return game(std::move(own));
}

TEST(rates_a_method_from_lambdas) {
  game g = slope();
  stepper s(g, gamedyn::method(heavy_ball()));
  const double origin[] = {0};
  gamedyn::linearisation at(g, origin);
  // h = 1/2, beta = 1/4: l^2 - 3/4 l + 1/4 = 0 has complex roots, of modulus sqrt(1/4)
  ASSERT_CLOSE(gamedyn::rate(s, at, 0.5).value, 0.5, 1e-14);
  s.set(GD_STEP_SIZE, 0.5);
  ASSERT_CLOSE(gamedyn::spectrum(gamedyn::map_at_rest(s, origin)).radius(), 0.5, 1e-12);
  // stable for 0 < h < 2 (1 + beta)
  ASSERT_CLOSE(gamedyn::largest_stable_step(s, at).value, 2.5, 1e-10);
  s.set("momentum", 0);
  ASSERT_CLOSE(gamedyn::rate(s, at, 0.25).value, 0.75, 1e-14);
}

TEST(steps_by_a_method_from_lambdas) {
  game g = slope();
  stepper s(g, gamedyn::method(heavy_ball()));
  s.set(GD_STEP_SIZE, 0.5);
  double x[] = {1};
  s.step(x); // d = -1, x = 1/2
  ASSERT(x[0] == 0.5);
  s.step(x); // d = -1/4 - 1/2, x = 1/2 - 3/8
  ASSERT(x[0] == 0.125 && s.steps() == 2);
  const std::string saved = s.save();
  s.step(x); // d = -3/16 - 1/8 = -5/16, x = 1/8 - 5/32
  ASSERT(x[0] == -0.03125);
  x[0] = 0.125;
  s.restart();
  ASSERT(s.load(saved) == GD_OK && s.steps() == 2);
  s.step(x);
  ASSERT(x[0] == -0.03125); // the memory came back
  ASSERT(s.value("momentum") == 0.25 && s.game().size() == 1);
}

TEST(allocates_nothing_in_a_step) {
  game g = slope();
  stepper s(g, gamedyn::method(heavy_ball()));
  double x[] = {1};
  s.step(x);
  const std::size_t before = allocations;
  for (int k = 0; k < 10; k++) s.step(x);
  ASSERT(allocations == before);
}

// Terms without h: x' = x + h v(x) + (x - x) and the game's own products.
TEST(moves_by_terms_of_its_own) {
  own_method own("by_hand");
  const auto gradient = own.scratch(), plain = own.scratch();
  own.needs = 1u << GD_JVP;
  own.step = [=](gamedyn::stepping &s, view x) {
    s.game().gradient(x, s[gradient]);
    s.scale(gradient);
    const std::vector<double> product = s.game().jvp(x, x); // J x
    for (std::size_t k = 0; k < x.size(); k++) s[plain][k] = product[k] * s.step_size(0);
    s.move_by(x, x, s[gradient], s[plain]);
  };
  game g = slope();
  stepper s(g, gamedyn::method(own));
  s.set(GD_STEP_SIZE, 0.25);
  double x[] = {1};
  s.step(x); // 1 - 1/4 - 1/4
  ASSERT(x[0] == 0.5);
}

TEST(finds_methods_of_an_environment) {
  gamedyn::stepper s;
  {
    gamedyn::environment where;
    own_method second = heavy_ball();
    second.name = "other_ball";
    where.add(gamedyn::method(heavy_ball())).add(gamedyn::method(second));
    gamedyn::own_game own({1});
    own.traits = GD_AFFINE;
    own.gradient = [](const_view x, view v) { v[0] = -x[0]; };
    game g(own, where);
    s = gamedyn::make(gd_stepper_create_named, g, "heavy_ball");
    gamedyn::analysis_options how;
    how.measure = false;
    const gamedyn::analysis all(gamedyn::linearisation(g, std::vector<double>{0}), how);
    ASSERT(std::string(all.row(all.size() - 2).method) == "heavy_ball");
    ASSERT(std::string(all.row(all.size() - 1).method) == "other_ball");
  }
  double x[] = {1};
  s.set(GD_STEP_SIZE, 0.5).step(x);
  ASSERT(x[0] == 0.5);
}

TEST(keeps_game_and_method_alive) {
  stepper s;
  {
    game g = slope();
    gamedyn::method m(heavy_ball());
    s = stepper(g, m);
  }
  double x[] = {1};
  s.set(GD_STEP_SIZE, 0.5).step(x);
  ASSERT(x[0] == 0.5);
  game last = s.game();
  s.reset();
  ASSERT(last.gradient(std::vector<double>{2})[0] == -2);
}

TEST(throws_what_a_step_threw) {
  own_method own("broken");
  const auto memory = own.memory("memory");
  own.step = [=](gamedyn::stepping &s, view x) {
    if (s.steps() == 2) throw marked("third step", 11);
    s.direction(x, memory);
    s.move(x, x, 1, s[memory]);
  };
  own.mode_modulus = [](const gamedyn::modes &, std::complex<double>) -> double { throw marked("no modulus", 12); };
  game g = slope();
  stepper s(g, gamedyn::method(own));
  s.set(GD_STEP_SIZE, 0.5);
  double x[] = {1};
  ASSERT_MARKED(gamedyn::run(s, x), 11, "third step");
  ASSERT(x[0] == 0.25 && s.steps() == 2); // the last point reached
  gamedyn::linearisation at(g, std::vector<double>{0});
  ASSERT_MARKED(gamedyn::rate(s, at, 0.5), 12, "no modulus");
}

TEST(throws_from_a_run_what_the_game_threw) {
  gamedyn::own_game own({1});
  int calls = 0;
  own.gradient = [&calls](const_view x, view v) {
    if (++calls == 5) throw marked("fifth call", 13);
    v[0] = -x[0];
  };
  game g(own);
  stepper s(g, "simultaneous");
  double x[] = {1};
  ASSERT_MARKED(gamedyn::run(s, x), 13, "fifth call");
  ASSERT(x[0] > 0 && x[0] < 1);
  ASSERT(gamedyn::run(s, x).stop == GD_STOP_GRADIENT); // and goes on
}

// Where x is outside of the domain a run fails with the status that says so.
TEST(throws_domain_errors_as_they_were) {
  gamedyn::own_game own({1});
  own.gradient = [](const_view x, view v) {
    if (x[0] <= 0) throw std::domain_error("x is 0 or less");
    v[0] = -1;
  };
  game g(own);
  stepper s(g, "simultaneous");
  s.set(GD_STEP_SIZE, 0.5);
  double x[] = {1};
  bool seen = false;
  try {
    gamedyn::run(s, x);
  } catch (const std::domain_error &e) {
    seen = std::string(e.what()) == "x is 0 or less";
  }
  ASSERT(seen && x[0] == 0);
}

TEST(observes_a_run) {
  game g = slope();
  stepper s(g, "simultaneous");
  s.set(GD_STEP_SIZE, 0.5);
  std::vector<double> seen;
  run_options how;
  how.max_steps = 3;
  how.gradient_tolerance = 0;
  how.observe([&](const gamedyn::progress &now) { seen.push_back(now.x[0]); });
  gamedyn::trace trace(g, GD_TRACE_POINT | GD_TRACE_DISTANCE, std::vector<double>{1});
  how.observe(trace);
  double x[] = {1};
  const gamedyn::run_result result = gamedyn::run(s, x, how);
  ASSERT(result.stop == GD_STOP_STEPS && result.steps == 3 && result.text() == gd_stop_text(GD_STOP_STEPS));
  ASSERT(seen == std::vector<double>({1, 0.5, 0.25, 0.125}) && trace.column(GD_TRACE_POINT).copy() == seen);
  ASSERT(trace.column(GD_TRACE_DISTANCE)[3] == 0.875 && trace.steps().back() == 3);
  ASSERT(trace.column(GD_TRACE_UTILITIES).empty() && trace.status() == GD_OK);
}

TEST(stops_where_an_observer_says_so) {
  game g = slope();
  stepper s(g, "simultaneous");
  run_options how;
  how.observe([](const gamedyn::progress &now) { return now.step == 4; });
  const run_options copy = how; // observers are shared
  double x[] = {1};
  const gamedyn::run_result result = gamedyn::run(s, x, copy);
  ASSERT(result.stop == GD_STOP_OBSERVER && result.steps == 4);
}

TEST(throws_what_an_observer_threw) {
  game g = slope();
  stepper s(g, "simultaneous");
  run_options how;
  how.observe([](const gamedyn::progress &now) {
    if (now.step == 2) throw marked("seen enough", 14);
  });
  double x[] = {1};
  ASSERT_MARKED(gamedyn::run(s, x, how), 14, "seen enough");
  ASSERT(s.steps() == 2);
}

TEST(schedules_parameters) {
  game g = slope();
  stepper s(g, "simultaneous");
  s.set(GD_STEP_SIZE, 0.5).schedule(GD_STEP_SIZE, [](std::uint64_t step) { return step ? 0.5 : 1; });
  double x[] = {1};
  s.step(x);
  s.step(x); // 1/2, then a quarter of it less
  ASSERT(x[0] == 0.375);
  s.schedule(GD_STEP_SIZE, [](std::uint64_t step) -> double {
    if (step == 3) throw marked("no third step", 15);
    return 1;
  });
  s.step(x);
  ASSERT(x[0] == 0.1875);
  ASSERT_MARKED(s.step(x), 15, "no third step");
  ASSERT(x[0] == 0.1875 && s.steps() == 3);
  s.unschedule(GD_STEP_SIZE).step(x);
  ASSERT(x[0] == 0.09375);
}

TEST(keeps_the_last_schedule_alone) {
  const auto witness = std::make_shared<int>(0);
  {
    game g = slope();
    stepper s(g, "simultaneous");
    for (int k = 0; k < 3; k++) s.schedule(GD_STEP_SIZE, [witness](std::uint64_t) { return 1.0; });
    ASSERT(witness.use_count() == 2);
    stepper moved = std::move(s);
    double x[] = {1};
    moved.step(x);
    ASSERT_ERROR(stepper(gamedyn::handle<gd_stepper>::borrow(moved.get()))
                     .schedule(GD_STEP_SIZE, [](std::uint64_t) { return 1.0; }),
                 GD_ERR_ARGUMENT, "keeps nothing alive");
  }
  ASSERT(witness.use_count() == 1);
}

TEST(sets_parameters_and_scalings) {
  game g(pulled_rotation(0.5));
  stepper s(g, "simultaneous");
  s.set(GD_STEP_SIZE, std::vector<double>{0.25, 0.5});
  ASSERT(s.value(GD_STEP_SIZE, 0) == 0.25 && s.value(GD_STEP_SIZE, 1) == 0.5);
  s.scaling(GD_SCALING_ADAM);
  ASSERT(s.scaling() == "adam");
}

TEST(says_what_is_wrong_with_a_stepper) {
  game g = slope();
  stepper s(g, "optimistic");
  double two[] = {1, 2};
  ASSERT_ERROR(s.set("warp", 1), GD_ERR_NAME, "step_size");
  ASSERT_ERROR(s.set(GD_STEP_SIZE, -1), GD_ERR_ARGUMENT, "0 or more");
  ASSERT_ERROR(s.set(GD_STEP_SIZE, two), GD_ERR_ARGUMENT, "step_size has 2 numbers, expected 1");
  ASSERT_ERROR(s.step(two), GD_ERR_ARGUMENT, "x has 2 numbers, expected 1");
  ASSERT_ERROR(gamedyn::run(s, two), GD_ERR_ARGUMENT, "x has 2 numbers, expected 1");
  ASSERT_ERROR(stepper(g, "sideways"), GD_ERR_NAME, "sideways");
  ASSERT_ERROR(gamedyn::method(own_method("idle")), GD_ERR_ARGUMENT, "method \"idle\": step is empty");
  ASSERT_ERROR(s.load("nonsense"), GD_ERR_IO, "");
  double x[] = {std::numeric_limits<double>::quiet_NaN()};
  ASSERT_ERROR(gamedyn::run(s, x), GD_ERR_NONFINITE, "expected a finite start");
}
