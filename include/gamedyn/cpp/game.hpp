/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Game: what the players want, evaluated; from lambdas (own_game.hpp), or made by the C interface:
 * `gamedyn::game game = gamedyn::make(gd_model_bilinear, p, q, C.data(), p, nullptr);` */
#ifndef GAMEDYN_CPP_GAME_HPP
#define GAMEDYN_CPP_GAME_HPP

#include <gamedyn/cpp/environment.hpp>
#include <gamedyn/cpp/handle.hpp>
#include <gamedyn/cpp/own_game.hpp>
#include <gamedyn/cpp/view.hpp>
#include <gamedyn/derive.h>
#include <gamedyn/game.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

/** A game.  Lengths are checked; failures are gamedyn::error, and what a callback threw. */
class game : public handle<gd_game> {
public:
  game() = default;                                                /**< no game */
  game(handle<gd_game> made) noexcept : handle(std::move(made)) {} /**< made by gamedyn::make() */
  /** A game from lambdas: see own_game. */
  explicit game(own_game functions, const environment &where = environment()) {
    std::unique_ptr<detail::game_data> data(new detail::game_data(std::move(functions)));
    const sized<gd_game_ops> ops = data->ops();
    sized<gd_game_spec> spec;
    spec.ops = &ops;
    spec.data = data.get();
    spec.n_players = data->own.block_sizes.size();
    spec.block_sizes = data->own.block_sizes.data();
    spec.traits = data->own.traits;
    spec.env = where.get();
    own();
    keep(where.kept());
    data.release(); /* gd_game_create() owns it, also when it fails */
    settle(call(gd_game_create, slot(), spec));
  }

  std::string name() const { return gd_game_name(get()); }                /**< as it was given */
  std::size_t size() const noexcept { return gd_game_size(get()); }       /**< n, the number of variables */
  std::size_t players() const noexcept { return gd_game_players(get()); } /**< how many */
  std::uint32_t traits() const noexcept { return gd_game_traits(get()); } /**< bits GD_ZERO_SUM ... GD_BOX */
  /** Variables of a player; 0 if there is no such player. */
  std::size_t block_size(std::size_t player) const noexcept { return gd_game_block_size(get(), player); }
  /** The first variable of a player. */
  std::size_t block_start(std::size_t player) const noexcept { return gd_game_block_start(get(), player); }

  /** v(x) into v [n]; x [n]. */
  void gradient(const_view x, view v) {
    expect("x", x.size());
    expect("v", v.size());
    call(gd_game_gradient, get(), x.data(), v.data());
  }
  /** v(x) [n]. */
  std::vector<double> gradient(const_view x) {
    std::vector<double> v(size());
    gradient(x, v);
    return v;
  }
  /** A player's block of v(x). */
  std::vector<double> player_gradient(std::size_t player, const_view x) {
    expect("x", x.size());
    std::vector<double> v(block_size(player));
    call(gd_game_player_gradient, get(), player, x.data(), v.data());
    return v;
  }
  /** u_i(x) of every player. */
  std::vector<double> utilities(const_view x) {
    expect("x", x.size());
    std::vector<double> u(players());
    call(gd_game_utilities, get(), x.data(), u.data());
    return u;
  }
  /** du_player/dx [n]. */
  std::vector<double> utility_gradient(std::size_t player, const_view x) {
    expect("x", x.size());
    std::vector<double> g(size());
    call(gd_game_utility_gradient, get(), player, x.data(), g.data());
    return g;
  }
  /** J(x) u; x, u [n]. */
  std::vector<double> jvp(const_view x, const_view u) { return product(gd_game_jvp, x, u); }
  /** J(x)' w; x, w [n]. */
  std::vector<double> vjp(const_view x, const_view w) { return product(gd_game_vjp, x, w); }
  /** J(x) [n by n], column after column: J[i + j * n] = dv_i/dx_j. */
  std::vector<double> jacobian(const_view x) {
    expect("x", x.size());
    std::vector<double> J(size() * size());
    call(gd_game_jacobian, get(), x.data(), J.data(), size());
    return J;
  }
  /** x [n] becomes the nearest point of the feasible set. */
  void project(view x) {
    expect("x", x.size());
    call(gd_game_project, get(), x.data());
  }
  /** A known stationary point.  @throw gamedyn::error GD_ERR_UNSUPPORTED if the game states none. */
  std::vector<double> solution() {
    std::vector<double> x(size());
    call(gd_game_solution, get(), x.data());
    return x;
  }

  /** Another handle on the same game, for another thread: see gd_game_dup(). */
  game dup() const {
    game copy(make(gd_game_dup, static_cast<const gd_game *>(get())));
    copy.keep(kept());
    return copy;
  }
  /** How the handle evaluates: draws, differences, the largest dense matrix. */
  void configure(const options<gd_eval_options> &how) { call(gd_game_configure, get(), how); }
  void next_draw() noexcept { gd_game_next_draw(get()); }                         /**< the next minibatch */
  void set_draw(const gd_draw &draw) noexcept { gd_game_set_draw(get(), &draw); } /**< this minibatch */
  void set_exact() noexcept { gd_game_set_draw(get(), nullptr); }                 /**< no minibatches */
  /** Where a quantity comes from: the game's callback, others, or differences. */
  gd_source source(gd_quantity quantity) const noexcept { return gd_game_source(get(), quantity); }
  /** Calls that reached callbacks. */
  gd_counts counts() const noexcept {
    gd_counts counts = gd_counts();
    gd_game_counts(get(), &counts);
    return counts;
  }
  void reset_counts() noexcept { gd_game_reset_counts(get()); } /**< all to zero */
  /** Test the callbacks against each other at x [n] and near it.
   * @throw gamedyn::error GD_ERR_CALLBACK, saying what is wrong. */
  gd_game_check_report check(const_view x, std::uint64_t seed = 0) {
    expect("x", x.size());
    gd_game_check_report report = gd_game_check_report();
    call(gd_game_check, get(), x.data(), seed, &report);
    return report;
  }

private:
  void expect(const char *what, std::size_t given) const { detail::expect_size(what, given, size()); }
  std::vector<double> product(gd_status (*function)(gd_game *, const double *, const double *, double *), const_view x,
                              const_view u) {
    expect("x", x.size());
    expect("the direction", u.size());
    std::vector<double> out(size());
    call(function, get(), x.data(), u.data(), out.data());
    return out;
  }
};

/** The game that is left when the follower always answers best: see gd_derive_best_response().
 * @param respond called as respond(x, y), x [n of the base], y [variables of the follower] to fill; on several threads
 * if the base is GD_THREAD_SAFE. */
inline game best_response(const game &base, std::size_t follower, std::function<void(const_view, view)> respond) {
  detail::require(static_cast<bool>(respond), "best_response: the function is empty");
  const auto data = std::make_shared<detail::respond_data>(
      detail::respond_data{std::move(respond), base.size(), base.block_size(follower)});
  game made(make(gd_derive_best_response, base, follower, detail::respond_data::call, data.get()));
  made.keep(data);
  return made;
}

} // namespace GD_CPP_VISIBLE

#endif
