// SPDX-License-Identifier: BSD-3-Clause
// games.cpp -- games from lambdas: what they compute, what their exceptions become, how handles behave.
#include "harness.hpp"

#include <array>
#include <memory>
#include <type_traits>
#include <utility>

using gamedyn::const_view;
using gamedyn::game;
using gamedyn::own_game;
using gamedyn::view;

static_assert(!std::is_copy_constructible<game>::value && !std::is_copy_assignable<game>::value, "handles are unique");
static_assert(std::is_nothrow_move_constructible<game>::value && std::is_nothrow_move_assignable<game>::value,
              "handles move");
static_assert(std::is_convertible<std::vector<double>, const_view>::value, "vectors are views");
static_assert(!std::is_convertible<const std::vector<double> &, view>::value, "constant vectors cannot be written");
static_assert(!std::is_convertible<std::vector<double>, view>::value, "what is written to a temporary would be lost");
static_assert(std::is_convertible<std::vector<double> &, view>::value, "vectors can be written");
static_assert(!std::is_convertible<std::vector<float>, const_view>::value, "floats are no doubles");

TEST(evaluates_a_game_from_lambdas) {
  game g(pulled_rotation(0.5));
  ASSERT(g.name() == "pulled rotation" && g.size() == 2 && g.players() == 2 && g.block_size(1) == 1);
  const double x[] = {1, 2};
  const std::vector<double> v = g.gradient(x); // (-0.5 - 2, 1 - 1)
  ASSERT(v[0] == -2.5 && v[1] == 0);
  ASSERT(g.player_gradient(0, x)[0] == -2.5);
  const std::vector<double> J = g.jacobian(x); // of an affine game: a difference with step 1, exact here
  ASSERT(J[0] == -0.5 && J[1] == 1 && J[2] == -1 && J[3] == -0.5);
  ASSERT(g.source(GD_JACOBIAN) == GD_SOURCE_DIFFERENCED && g.counts().gradients > 0);
  g.reset_counts();
  ASSERT(g.counts().gradients == 0);
}

TEST(takes_numbers_from_every_container) {
  game g(pulled_rotation(0));
  std::array<double, 2> array = {{1, 2}}, v;
  std::vector<double> vector = {1, 2};
  double plain[] = {1, 2};
  g.gradient(array, v);
  ASSERT(v[0] == -2 && v[1] == 1);
  ASSERT(g.gradient(vector) == g.gradient(plain));
  ASSERT(g.gradient(const_view(plain, 2)) == g.gradient(array));
#ifdef __cpp_lib_span
  std::span<double> span(vector);
  ASSERT(g.gradient(span) == g.gradient(std::span<const double>(plain)));
  own_game own({1, 1});
  own.gradient = [](std::span<const double> x, std::span<double> out) {
    out[0] = -x[1];
    out[1] = x[0];
  };
  ASSERT(game(own).gradient(span) == g.gradient(vector));
#endif
}

static void add_many(own_game &own) {
  own.jvp_many = [](const_view, std::size_t k, const_view U, view out) {
    for (std::size_t j = 0; j < k; j++) {
      out[2 * j] = U[2 * j + 1] - U[2 * j];
      out[2 * j + 1] = -U[2 * j];
    }
  };
  own.gradient_many = [](std::size_t k, const_view X, view V) {
    for (std::size_t c = 0; c < k; c++) {
      V[c] = X[c + k] - X[c];
      V[c + k] = -X[c];
    }
  };
}

// u_0 = x_0 x_1 - x_0^2 / 2, u_1 = -x_0 x_1: every callback there is, all exact.
static own_game complete() {
  own_game own({1, 1});
  own.traits = GD_AFFINE;
  own.gradient = [](const_view x, view v) {
    v[0] = x[1] - x[0];
    v[1] = -x[0];
  };
  own.player_gradient = [](std::size_t i, const_view x, view v) { v[0] = i ? -x[0] : x[1] - x[0]; };
  own.utilities = [](const_view x, view u) {
    u[0] = x[0] * x[1] - x[0] * x[0] / 2;
    u[1] = -x[0] * x[1];
  };
  own.utility_gradient = [](std::size_t i, const_view x, view g) {
    g[0] = i ? -x[1] : x[1] - x[0];
    g[1] = i ? -x[0] : x[0];
  };
  own.jvp = [](const_view, const_view u, view out) {
    out[0] = u[1] - u[0];
    out[1] = -u[0];
  };
  own.vjp = [](const_view, const_view w, view out) {
    out[0] = -w[0] - w[1];
    out[1] = w[0];
  };
  own.jacobian = [](const_view, gamedyn::matrix_view J) {
    J(0, 0) = -1;
    J(0, 1) = 1;
    J(1, 0) = -1;
    J(1, 1) = 0;
  };
  own.gradient_vjp = [](const_view x, view v, view out) {
    v[0] = x[1] - x[0];
    v[1] = -x[0];
    out[0] = -v[0] - v[1];
    out[1] = v[0];
  };
  own.solution = [](view x) { x[0] = x[1] = 0; };
  add_many(own);
  return own;
}

TEST(passes_on_every_callback) {
  game g(complete());
  const std::vector<double> x = {0.5, -2};
  const gd_game_check_report report = g.check(x); // throws if callbacks disagree
  ASSERT(report.gradient_many_vs_gradient >= 0 && report.jvp_many_vs_jvp >= 0 && report.gradient_vjp_vs_both >= 0);
  ASSERT(report.player_gradient_vs_gradient >= 0 && report.utility_gradient_vs_utilities >= 0);
  ASSERT(report.solution_gradient == 0 && g.solution() == std::vector<double>({0, 0}));
  for (const gd_quantity what : {GD_PLAYER_GRADIENT, GD_UTILITIES, GD_UTILITY_GRADIENT, GD_JVP, GD_VJP, GD_JACOBIAN})
    ASSERT(g.source(what) == GD_SOURCE_NATIVE);
  ASSERT(g.utilities(x)[1] == 1 && g.jvp(x, x)[0] == -2.5 && g.vjp(x, x)[1] == 0.5);
}

TEST(shows_the_draw_to_callbacks_that_take_it) {
  own_game own({1});
  own.traits = GD_STOCHASTIC;
  own.gradient = [](const gd_draw *draw, const_view, view v) { v[0] = draw ? static_cast<double>(draw->index) : -1; };
  game g(own);
  const double x[] = {0};
  ASSERT(g.gradient(x)[0] == -1);
  gamedyn::options<gd_eval_options> how;
  how.batch_size = 1;
  g.configure(how);
  g.next_draw();
  ASSERT(g.gradient(x)[0] == 1);
  g.set_exact();
  ASSERT(g.gradient(x)[0] == -1);
}

// One of the callbacks of a complete game throws.
template <class F> static own_game broken(F breaks) {
  own_game own = complete();
  breaks(own);
  return own;
}

TEST(throws_what_each_callback_threw) {
  const std::vector<double> x = {1, 1};
  std::vector<double> out(4);
  const auto boom = [] { throw marked("boom", 7); };
  ASSERT_MARKED(game(broken([&](own_game &g) { g.gradient = [=](const_view, view) { boom(); }; })).gradient(x), 7,
                "boom");
  ASSERT_MARKED(game(broken([&](own_game &g) {
                  g.player_gradient = [=](std::size_t, const_view, view) { boom(); };
                })).player_gradient(1, x),
                7, "boom");
  ASSERT_MARKED(game(broken([&](own_game &g) { g.utilities = [=](const_view, view) { boom(); }; })).utilities(x), 7,
                "boom");
  ASSERT_MARKED(game(broken([&](own_game &g) {
                  g.utility_gradient = [=](std::size_t, const_view, view) { boom(); };
                })).utility_gradient(0, x),
                7, "boom");
  ASSERT_MARKED(game(broken([&](own_game &g) { g.jvp = [=](const_view, const_view, view) { boom(); }; })).jvp(x, x), 7,
                "boom");
  ASSERT_MARKED(game(broken([&](own_game &g) { g.vjp = [=](const_view, const_view, view) { boom(); }; })).vjp(x, x), 7,
                "boom");
  ASSERT_MARKED(
      game(broken([&](own_game &g) { g.jacobian = [=](const_view, gamedyn::matrix_view) { boom(); }; })).jacobian(x), 7,
      "boom");
  ASSERT_MARKED(game(broken([&](own_game &g) { g.solution = [=](view) { boom(); }; })).solution(), 7, "boom");
  ASSERT_MARKED(game(broken([&](own_game &g) { g.project = [=](view) { boom(); }; })).project(out = x), 7, "boom");
  game many(broken([&](own_game &g) {
    g.gradient_many = [=](std::size_t, const_view, view) { boom(); };
    g.jvp_many = [=](const_view, std::size_t, const_view, view) { boom(); };
    g.gradient_vjp = [=](const_view, view, view) { boom(); };
  }));
  ASSERT_MARKED(gamedyn::call(gd_game_gradient_many, many, 1, x.data(), out.data()), 7, "boom");
  ASSERT_MARKED(gamedyn::call(gd_game_jvp_many, many, x.data(), 1, x.data(), out.data()), 7, "boom");
  ASSERT_MARKED(gamedyn::call(gd_game_gradient_vjp, many, x.data(), out.data(), out.data() + 2), 7, "boom");
}

TEST(gives_the_c_interface_a_status_and_words) {
  own_game own({1});
  own.gradient = [](const_view x, view v) {
    if (x[0] < 0) throw std::domain_error("the logarithm of a negative number");
    if (x[0] == 0) throw std::bad_alloc();
    if (x[0] == 1) throw std::runtime_error("all is lost");
    if (x[0] == 2) throw 42;
    if (x[0] == 3) throw gamedyn::error(GD_ERR_FORMAT, "line 3 is damaged");
    if (x[0] == 4) throw std::runtime_error("");
    v[0] = 0;
  };
  game g(own);
  const auto status_at = [&](double x) {
    double v;
    const gd_status status = gd_game_gradient(g.get(), &x, &v);
    try {
      gamedyn::check(GD_OK); // what was thrown comes out of the next check
      ASSERT(status == GD_ERR_DOMAIN || status >= 0);
    } catch (...) {
    }
    return status;
  };
  const auto words = [] { return std::string(gd_last_error()); };
  ASSERT(status_at(-1) == GD_ERR_DOMAIN && words() == "the logarithm of a negative number");
  ASSERT(status_at(0) == GD_ERR_MEMORY);
  ASSERT(status_at(1) == GD_ERR_CALLBACK && words() == "all is lost");
  ASSERT(status_at(2) == GD_ERR_CALLBACK && words() == "an exception that is no std::exception");
  ASSERT(status_at(3) == GD_ERR_FORMAT && words() == "line 3 is damaged");
  ASSERT(status_at(4) == GD_ERR_CALLBACK && words() == "an exception without words");
  ASSERT(status_at(5) == GD_OK);
}

TEST(checks_calls_of_the_c_interface) {
  ASSERT_ERROR(gamedyn::check(gd_fail(GD_ERR_IO, "the disk is full")), GD_ERR_IO, "the disk is full");
  ASSERT(gamedyn::check(GD_NOT_CONVERGED) == GD_NOT_CONVERGED);
  game g(broken([](own_game &own) { own.gradient = [](const_view, view) { throw marked("boom", 1); }; }));
  const double x[] = {1, 1};
  double v[2];
  ASSERT_MARKED(gamedyn::check(gd_game_gradient(g.get(), x, v)), 1, "boom");
  ASSERT(gamedyn::check(GD_OK) == GD_OK); // it comes out once
}

TEST(throws_numbers_of_any_type) {
  own_game own({1});
  own.gradient = [](const_view, view) { throw 42; };
  game g(own);
  const double x[] = {0};
  bool seen = false;
  try {
    g.gradient(x);
  } catch (int number) {
    seen = number == 42;
  }
  ASSERT(seen);
}

TEST(carries_exceptions_through_nested_calls) {
  game inner(broken([](own_game &own) { own.gradient = [](const_view, view) { throw marked("deep", 3); }; }));
  own_game outer({1, 1});
  bool caught = false;
  outer.gradient = [&](const_view x, view v) {
    try {
      inner.gradient(x, v);
    } catch (const marked &) {
      caught = true;
      if (x[0] > 0) throw;
      v[0] = v[1] = 0; // got the better of it
    }
  };
  game g(outer);
  const double right[] = {1, 0}, left[] = {-1, 0};
  ASSERT_MARKED(g.gradient(right), 3, "deep");
  ASSERT(caught);
  caught = false;
  ASSERT(g.gradient(left)[0] == 0 && caught); // nothing is left of it
  ASSERT_MARKED(g.gradient(right), 3, "deep");
}

TEST(carries_exceptions_through_derived_games_and_copies) {
  game base(broken([](own_game &own) {
    own.gradient = [](const_view x, view v) {
      if (x[0] > 1) throw marked("too far", 4);
      v[0] = v[1] = 0;
    };
    own.gradient_many = {};
    own.gradient_vjp = {};
  }));
  const std::vector<double> x = {2, 0};
  game consensus = gamedyn::make(gd_derive_consensus, base, 0.5);
  ASSERT_MARKED(consensus.gradient(x), 4, "too far");
  game copies = gamedyn::make(gd_derive_copies, base, 3);
  const double X[] = {0, 0, 2, 0, 0, 0}; // variable 0 of the three copies, then variable 1
  ASSERT_MARKED(copies.gradient(X), 4, "too far");
  game twice = gamedyn::make(gd_derive_consensus, consensus, 0.5);
  base.reset();
  consensus.reset();
  ASSERT_MARKED(twice.gradient(x), 4, "too far"); // it keeps alive what it was made from
}

TEST(derives_the_game_against_a_best_response) {
  // u = -(x - y)^2 / 2 - y^2 / 2 for the follower: y = x / 2.  The leader's gradient is that of x y at y = x / 2.
  own_game own({1, 1});
  own.gradient = [](const_view x, view v) {
    v[0] = x[1];
    v[1] = x[0] - 2 * x[1];
  };
  game base(own);
  game led = gamedyn::best_response(base, 1, [](const_view x, view y) {
    if (x[0] < 0) throw marked("no answer", 5);
    y[0] = x[0] / 2;
  });
  base.reset();
  const double x[] = {3}, negative[] = {-1};
  ASSERT(led.size() == 1 && led.gradient(x)[0] == 1.5);
  ASSERT_MARKED(led.gradient(negative), 5, "no answer");
}

TEST(says_what_is_wrong) {
  game g(pulled_rotation(0));
  const double three[] = {1, 2, 3};
  ASSERT_ERROR(g.gradient(three), GD_ERR_ARGUMENT, "x has 3 numbers, expected 2");
  ASSERT_ERROR(game(own_game({1, 1})), GD_ERR_ARGUMENT, "gradient is NULL");
  ASSERT_ERROR(game(own_game({1, 0})), GD_ERR_ARGUMENT, "");
  ASSERT_ERROR(g.solution(), GD_ERR_UNSUPPORTED, "");
  ASSERT_ERROR(gamedyn::best_response(g, 0, {}), GD_ERR_ARGUMENT, "the function is empty");
  ASSERT_ERROR(const_view(three).at(3), GD_ERR_ARGUMENT, "index 3 in 3 numbers");
  ASSERT_ERROR(game().gradient(const_view()), GD_ERR_ARGUMENT, "NULL");
}

TEST(destroys_lambdas_with_the_last_handle) {
  const auto witness = std::make_shared<int>(0);
  own_game own({1});
  own.gradient = [witness](const_view, view v) { v[0] = 0; };
  {
    game first(own);
    own.gradient = {};
    ASSERT(witness.use_count() == 2);
    game copy = first.dup(), moved = std::move(first);
    ASSERT(!first && moved);
    moved = game();
    ASSERT(witness.use_count() == 2 && copy.gradient(std::vector<double>{1})[0] == 0);
    game &same = copy;
    copy = std::move(same); // to itself
    ASSERT(copy && witness.use_count() == 2);
  }
  ASSERT(witness.use_count() == 1);
  own.gradient = [witness](const_view, view v) { v[0] = 0; };
  own.block_sizes = {0};
  ASSERT_ERROR(game(std::move(own)), GD_ERR_ARGUMENT, "block_sizes[0] is 0"); // also if there is no game
  ASSERT(witness.use_count() == 1);
}
