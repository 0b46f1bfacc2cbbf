// SPDX-License-Identifier: BSD-3-Clause
// look.cpp -- operators, spectra, kinds of points, rates, analyses; and what callbacks throw on the way.
#include "harness.hpp"

using gamedyn::const_view;
using gamedyn::game;
using gamedyn::linearisation;
using gamedyn::stepper;
using gamedyn::view;

TEST(finds_the_spectrum_of_a_game) {
  gamedyn::spectrum spectrum;
  {
    game g(pulled_rotation(0.5));
    linearisation at(g, std::vector<double>{0, 0});
    ASSERT(at.size() == 2 && at.is_dense() && at.gradient_norm() == 0 && at.matrix()[1] == 1);
    ASSERT_CLOSE(at.norm().value, std::sqrt(1.25), 1e-14); // J'J = (1/4 + 1) I
    ASSERT_CLOSE(at.rotation().value, 1, 1e-14);
    spectrum = at.spectrum(); // keeps the linearisation alive, and that the game
  }
  ASSERT(spectrum.size() == 2 && spectrum.is_complete() && spectrum.caveat() == GD_OK);
  ASSERT_CLOSE(std::abs(spectrum[0] - std::complex<double>(-0.5, 1)), 0, 1e-14);
  ASSERT_CLOSE(std::abs(spectrum.values()[1] - std::complex<double>(-0.5, -1)), 0, 1e-14);
  ASSERT_CLOSE(spectrum.abscissa(), -0.5, 1e-14);
  ASSERT_CLOSE(spectrum.radius(), std::sqrt(1.25), 1e-14);
}

TEST(rates_methods_on_a_game) {
  game g(pulled_rotation(0.5));
  linearisation at(g, std::vector<double>{0, 0});
  stepper s(g, GD_SIMULTANEOUS);
  // a = 1/2: stable below 2 a / (1 + a^2) = 4/5, fastest at 2/5, with rate 1 / sqrt(1 + a^2)
  ASSERT_CLOSE(gamedyn::largest_stable_step(s, at).value, 0.8, 1e-12);
  const gamedyn::answer<gamedyn::step_rate> fastest = gamedyn::fastest_step(s, at);
  ASSERT(fastest.is_exact());
  ASSERT_CLOSE(fastest.value.step_size, 0.4, 1e-6);
  ASSERT_CLOSE(fastest.value.rate, 1 / std::sqrt(1.25), 1e-12);
  const std::vector<gd_step_interval> stable = gamedyn::stable_intervals(s, at).value;
  ASSERT(stable.size() == 1 && stable[0].lower == 0);
  ASSERT_CLOSE(stable[0].upper, 0.8, 1e-12);
}

TEST(classifies_points) {
  game g(pulled_rotation(0.5));
  linearisation at(g, std::vector<double>{0, 0});
  const gamedyn::classification kind = gamedyn::classify(at);
  ASSERT(kind.kind == GD_POINT_STABLE_NASH && kind.n_left == 2 && kind.status == GD_OK);
  ASSERT(kind.text().find(gd_point_kind_text(GD_POINT_STABLE_NASH)) != std::string::npos);
}

TEST(multiplies_by_operators_from_lambdas) {
  // A = [[0, 2], [1, 0]]: eigenvalues sqrt 2 and -sqrt 2
  gamedyn::linear_operator A(
      2,
      [](const_view u, view out) {
        out[0] = 2 * u[1];
        out[1] = u[0];
      },
      [](const_view w, view out) {
        out[0] = w[1];
        out[1] = 2 * w[0];
      });
  const double u[] = {1, 3};
  ASSERT(A.rows() == 2 && A.apply(u)[0] == 6 && A.apply_transpose(u)[0] == 3);
  ASSERT_CLOSE(gamedyn::spectrum(A).abscissa(), std::sqrt(2), 1e-14);
  gamedyn::linear_operator broken(2, [](const_view, view) { throw marked("no product", 21); });
  ASSERT_MARKED(broken.apply(u), 21, "no product");
  ASSERT_MARKED(gamedyn::spectrum(broken), 21, "no product");
  ASSERT_ERROR(broken.apply_transpose(u), GD_ERR_UNSUPPORTED, "");
  double x[] = {0, 0};
  ASSERT_MARKED(gamedyn::call(gd_gmres_solve, broken, u, x, nullptr, nullptr), 21, "no product");
  gamedyn::linear_operator half(
      2,
      [](const_view from, view to) {
        to[0] = from[0];
        to[1] = from[1];
      },
      [](const_view, view) { throw marked("no transpose", 22); });
  ASSERT_MARKED(half.apply_transpose(u), 22, "no transpose");
}

// A game whose callbacks throw once `armed`.
static gamedyn::own_game fuse(const bool &armed) {
  gamedyn::own_game own = pulled_rotation(0.5);
  own.traits = 0;
  own.gradient = [&armed](const_view x, view v) {
    if (armed) throw marked("armed", 23);
    v[0] = -0.5 * x[0] - x[1];
    v[1] = x[0] - 0.5 * x[1];
  };
  return own;
}

TEST(throws_from_reports_what_the_game_threw) {
  bool armed = false;
  const std::vector<double> origin = {0, 0};
  game g(fuse(armed));
  linearisation at(g, origin), fresh(g, origin);
  gamedyn::classify(at);
  armed = true;
  ASSERT_MARKED(gamedyn::classify(fresh), 23, "armed");
  ASSERT_MARKED(fresh.spectrum(), 23, "armed");
  ASSERT_MARKED(fresh.norm(), 23, "armed");
  ASSERT_MARKED(linearisation(g, origin), 23, "armed");
  ASSERT_MARKED(gamedyn::analysis(fresh), 23, "armed");
  stepper s(g, GD_EXTRAGRADIENT);
  ASSERT_MARKED(gamedyn::map_at_rest(s, origin), 23, "armed");
  gd_newton_result result;
  double x[] = {1, 1};
  ASSERT_MARKED(gamedyn::call(gd_newton_solve, g, x, nullptr, &result), 23, "armed");
  armed = false;
  ASSERT(gamedyn::classify(fresh).kind == GD_POINT_STABLE_NASH); // nothing is left of it
}

// Beyond |x| = 1 the game throws what is no matter of its domain: rates at 0 are found, runs from further away are not.
TEST(throws_from_an_analysis_what_a_run_threw) {
  gamedyn::own_game own = pulled_rotation(0.5);
  own.gradient = [](const_view x, view v) {
    if (std::hypot(x[0], x[1]) > 3) throw marked("far away", 24);
    v[0] = -0.5 * x[0] - x[1];
    v[1] = x[0] - 0.5 * x[1];
  };
  game g(own);
  linearisation at(g, std::vector<double>{0, 0});
  gamedyn::analysis_options how;
  how.add(GD_SIMULTANEOUS).add("extragradient");
  ASSERT(gamedyn::analysis(at, how).size() == 2);
  how.radius = 4;
  ASSERT_MARKED(gamedyn::analysis(at, how), 24, "far away");
}

TEST(analyses_methods_of_the_users_own) {
  gamedyn::analysis analysis;
  {
    gamedyn::own_method own("plain");
    const auto gradient = own.scratch();
    own.traits = GD_METHOD_LINEAR;
    own.step = [=](gamedyn::stepping &s, view x) {
      s.direction(x, gradient);
      s.move(x, x, 1, s[gradient]);
    };
    own.mode_modulus = [](const gamedyn::modes &m, std::complex<double> lambda) {
      return std::abs(1.0 + m.step_size() * lambda);
    };
    gamedyn::analysis_options how;
    int observed = 0;
    how.add(gamedyn::method(own)).observe([&](const gamedyn::progress &) { observed++; });
    game g(pulled_rotation(0.5));
    analysis = gamedyn::analysis(linearisation(g, std::vector<double>{0, 0}), how);
    ASSERT(observed > 0);
  }
  ASSERT(analysis.size() == 1 && analysis.best() == 0);
  const gd_analysis_row row = analysis.rows()[0];
  ASSERT(std::string(row.method) == "plain" && row.verdict == GD_VERDICT_CONVERGES && row.route == GD_RATE_BY_MODES);
  ASSERT_CLOSE(row.largest_stable_step, 0.8, 1e-12);
  // from 1/2 to 1e-6 by factors 1 / sqrt 1.25: log(5e5) / log(sqrt 1.25) = 117.6; all directions shrink alike
  ASSERT(row.steps_measured == 118);
  ASSERT(analysis.facts().kind.kind == GD_POINT_STABLE_NASH);
  const std::string json = analysis.json();
  ASSERT(json.front() == '{' && json.find("\"plain\"") != std::string::npos);
  ASSERT_ERROR(analysis.row(1), GD_ERR_ARGUMENT, "");
}

TEST(throws_what_the_observer_of_an_analysis_threw) {
  game g(pulled_rotation(0.5));
  gamedyn::analysis_options how;
  how.add(GD_SIMULTANEOUS).observe([](const gamedyn::progress &) { throw marked("no view", 25); });
  ASSERT_MARKED(gamedyn::analysis(linearisation(g, std::vector<double>{0, 0}), how), 25, "no view");
}

TEST(passes_caveats_on) {
  gamedyn::own_game own({4, 4});
  own.traits = GD_AFFINE | GD_ZERO_SUM;
  own.gradient = [](const_view x, view v) { // the bilinear game of C = diag(1, 2, 3, 4)
    for (std::size_t k = 0; k < 4; k++) {
      v[k] = -static_cast<double>(k + 1) * x[4 + k];
      v[4 + k] = static_cast<double>(k + 1) * x[k];
    }
  };
  game g(own);
  gamedyn::options<gd_spectrum_options> few;
  few.which = GD_LARGEST_MODULUS;
  few.count = 2;
  few.dense_limit = 0;
  few.max_products = 1;
  gamedyn::linear_operator J = gamedyn::make(gd_operator_jacobian, g, std::vector<double>(8).data());
  ASSERT(gamedyn::spectrum(J, few).caveat() == GD_NOT_CONVERGED);
  few.max_products = 1000;
  gamedyn::spectrum found(J, few);
  ASSERT(found.caveat() == GD_OK);
  ASSERT_CLOSE(found.radius(), 4, 1e-9);
}
