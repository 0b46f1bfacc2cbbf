// SPDX-License-Identifier: BSD-3-Clause
// program.cpp -- somebody else's C++ program: a game of its own, a rotation, solved by extragradient.
#include <cmath>
#include <cstdio>
#include <gamedyn/gamedyn.h>
#include <memory>
#include <vector>

static int rotate(void *, const gd_draw *, const double *x, double *v) {
  v[0] = -x[1];
  v[1] = x[0];
  return 0;
}

struct destroyer {
  void operator()(gd_game *game) const { gd_game_destroy(game); }
  void operator()(gd_stepper *stepper) const { gd_stepper_destroy(stepper); }
};

int main() {
  gd_game_ops ops = gd_game_ops();
  ops.struct_size = sizeof ops;
  ops.gradient = rotate;
  const size_t blocks[] = {1, 1};
  gd_game_spec spec = gd_game_spec();
  spec.struct_size = sizeof spec;
  spec.ops = &ops;
  spec.n_players = 2;
  spec.block_sizes = blocks;

  gd_game *game_made = nullptr;
  gd_stepper *stepper_made = nullptr;
  if (gd_game_create(&game_made, &spec) != GD_OK) return 1;
  std::unique_ptr<gd_game, destroyer> game(game_made);
  if (gd_stepper_create_named(&stepper_made, game.get(), GD_EXTRAGRADIENT) != GD_OK) return 1;
  std::unique_ptr<gd_stepper, destroyer> stepper(stepper_made);
  if (gd_stepper_set(stepper.get(), GD_STEP_SIZE, std::sqrt(0.5)) != GD_OK) return 1;

  std::vector<double> x = {1.0, 1.0};
  for (int k = 0; k < 200; k++)
    if (gd_stepper_step(stepper.get(), x.data()) != GD_OK) return 1;
  // the rate of this step size is sqrt(3)/2, so 200 steps leave 3e-13 of the start
  return std::hypot(x[0], x[1]) < 1e-12 ? 0 : 1;
}
