// SPDX-License-Identifier: BSD-3-Clause
// program.cpp -- somebody else's C++ program: a game of its own, a rotation, solved by extragradient; and an exception
// that crosses the shared library.
#include <cmath>
#include <gamedyn/gamedyn.hpp>
#include <iostream>
#include <stdexcept>

static gamedyn::game rotation(double radius) {
  gamedyn::own_game own({1, 1});
  own.gradient = [radius](gamedyn::const_view x, gamedyn::view v) {
    if (std::hypot(x[0], x[1]) > radius) throw std::range_error("outside");
    v[0] = -x[1];
    v[1] = x[0];
  };
  return gamedyn::game(own);
}

static bool arrives() {
  gamedyn::stepper stepper(rotation(2), GD_EXTRAGRADIENT);
  stepper.set(GD_STEP_SIZE, std::sqrt(0.5));
  std::vector<double> x = {1, 1};
  for (int k = 0; k < 200; k++) stepper.step(x);
  // the rate of this step size is sqrt(3)/2, so 200 steps leave 3e-13 of the start
  return std::hypot(x[0], x[1]) < 1e-12;
}

static bool is_told() {
  gamedyn::stepper stepper(rotation(2), GD_SIMULTANEOUS);
  stepper.set(GD_STEP_SIZE, 1); // |x| grows by sqrt 2: 1, 1.4, 2, 2.8
  std::vector<double> x = {1, 0};
  try {
    gamedyn::run(stepper, x);
  } catch (const std::range_error &e) {
    return e.what() == std::string("outside") && stepper.steps() == 3;
  }
  return false;
}

int main() {
  try {
    return arrives() && is_told() ? 0 : 1;
  } catch (const std::exception &e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
