/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Games of one's own, from lambdas.
 *
 *     gamedyn::own_game rotation({1, 1});                     // two players with a variable each
 *     rotation.traits = GD_ZERO_SUM | GD_AFFINE;
 *     rotation.gradient = [](gamedyn::const_view x, gamedyn::view v) {
 *       v[0] = -x[1];
 *       v[1] = x[0];
 *     };
 *     gamedyn::game game(rotation);
 *
 * Only the gradient is required; gd_quantity says what the library derives from what there is. */
#ifndef GAMEDYN_CPP_OWN_GAME_HPP
#define GAMEDYN_CPP_OWN_GAME_HPP

#include <gamedyn/cpp/callback.hpp>
#include <gamedyn/cpp/handle.hpp>
#include <gamedyn/cpp/view.hpp>
#include <gamedyn/game.h>
#include <string>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

/** What a game of one's own is made from: see gd_game_ops.  Each callback may take `const gd_draw *draw` first, NULL for
 * exact evaluation.  A game is given to several threads only if its traits say GD_THREAD_SAFE. */
struct own_game {
  /** @param sizes variables of each player. */
  explicit own_game(std::vector<std::size_t> sizes) : block_sizes(std::move(sizes)) {}

  std::vector<std::size_t> block_sizes; /**< [n_players] */
  std::string name = "game";            /**< for messages */
  std::uint32_t traits = 0;             /**< bits GD_ZERO_SUM ... GD_BOX: facts that the caller vouches for */

  drawn<const_view, view> gradient;                          /**< (x, v): v = v(x), all [n]; required */
  drawn<std::size_t, const_view, view> player_gradient;      /**< (player, x, v_i): v_i [block size] */
  drawn<const_view, view> utilities;                         /**< (x, u): u [n_players] */
  drawn<std::size_t, const_view, view> utility_gradient;     /**< (player, x, g): g = du_player/dx [n] */
  drawn<const_view, const_view, view> jvp;                   /**< (x, u, Ju): J(x) u */
  drawn<const_view, const_view, view> vjp;                   /**< (x, w, Jtw): J(x)' w */
  drawn<const_view, matrix_view> jacobian;                   /**< (x, J): J(i, j) = dv_i/dx_j */
  drawn<const_view, std::size_t, const_view, view> jvp_many; /**< (x, k, U, JU): U, JU [n by k], column after column */
  drawn<std::size_t, const_view, view> gradient_many; /**< (k, X, V): point c is X[c + k * variable], V likewise */
  drawn<const_view, view, view> gradient_vjp;         /**< (x, v, Jtv): v(x) and J(x)' v(x) */
  std::function<void(view)> project;                  /**< (x): x becomes the nearest point of the feasible set */
  std::function<void(view)> solution;                 /**< (x): x becomes a known stationary point */
};

namespace detail {

/* The `data` of a game from lambdas, and its callbacks. */
struct game_data {
  explicit game_data(own_game functions) : own(std::move(functions)) {
    for (const std::size_t size : own.block_sizes) n += size;
  }

  own_game own;
  std::size_t n = 0;

  static const game_data &of(void *data) noexcept { return *static_cast<const game_data *>(data); }
  const_view in(const double *x) const noexcept { return const_view(x, n); }
  view out(double *x) const noexcept { return view(x, n); }

  static void destroy(void *data) { delete static_cast<game_data *>(data); }

  static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
    const game_data &g = of(data);
    return guard([&] { g.own.gradient(draw, g.in(x), g.out(v)); });
  }
  static int player_gradient(void *data, const gd_draw *draw, std::size_t player, const double *x, double *v) {
    const game_data &g = of(data);
    return guard([&] { g.own.player_gradient(draw, player, g.in(x), view(v, g.own.block_sizes[player])); });
  }
  static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
    const game_data &g = of(data);
    return guard([&] { g.own.utilities(draw, g.in(x), view(u, g.own.block_sizes.size())); });
  }
  static int utility_gradient(void *data, const gd_draw *draw, std::size_t player, const double *x, double *out) {
    const game_data &g = of(data);
    return guard([&] { g.own.utility_gradient(draw, player, g.in(x), g.out(out)); });
  }
  static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
    const game_data &g = of(data);
    return guard([&] { g.own.jvp(draw, g.in(x), g.in(u), g.out(Ju)); });
  }
  static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
    const game_data &g = of(data);
    return guard([&] { g.own.vjp(draw, g.in(x), g.in(w), g.out(Jtw)); });
  }
  static int jvp_many(void *data, const gd_draw *draw, const double *x, std::size_t k, const double *U, double *JU) {
    const game_data &g = of(data);
    return guard([&] { g.own.jvp_many(draw, g.in(x), k, const_view(U, g.n * k), view(JU, g.n * k)); });
  }
  static int gradient_many(void *data, const gd_draw *draw, std::size_t k, const double *X, double *V) {
    const game_data &g = of(data);
    return guard([&] { g.own.gradient_many(draw, k, const_view(X, g.n * k), view(V, g.n * k)); });
  }
  static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, std::size_t ldj) {
    const game_data &g = of(data);
    return guard([&] { g.own.jacobian(draw, g.in(x), matrix_view(J, g.n, g.n, ldj)); });
  }
  static int gradient_vjp(void *data, const gd_draw *draw, const double *x, double *v, double *Jtv) {
    const game_data &g = of(data);
    return guard([&] { g.own.gradient_vjp(draw, g.in(x), g.out(v), g.out(Jtv)); });
  }
  static int project(void *data, double *x) {
    const game_data &g = of(data);
    return guard([&] { g.own.project(g.out(x)); });
  }
  static int solution(void *data, double *x) {
    const game_data &g = of(data);
    return guard([&] { g.own.solution(g.out(x)); });
  }

  /* What there is, as a table. */
  sized<gd_game_ops> ops() const {
    sized<gd_game_ops> table;
    table.name = own.name.c_str();
    table.destroy = destroy;
    if (own.gradient) table.gradient = gradient;
    if (own.player_gradient) table.player_gradient = player_gradient;
    if (own.utilities) table.utilities = utilities;
    if (own.utility_gradient) table.utility_gradient = utility_gradient;
    if (own.jvp) table.jvp = jvp;
    if (own.vjp) table.vjp = vjp;
    if (own.jvp_many) table.jvp_many = jvp_many;
    if (own.gradient_many) table.gradient_many = gradient_many;
    if (own.jacobian) table.jacobian = jacobian;
    if (own.project) table.project = project;
    if (own.solution) table.solution = solution;
    if (own.gradient_vjp) table.gradient_vjp = gradient_vjp;
    return table;
  }
};

/* The best response of a player, for gd_derive_best_response(). */
struct respond_data {
  std::function<void(const_view, view)> respond;
  std::size_t n, follower_size;

  static int call(void *context, const double *x, double *y) {
    const respond_data &r = *static_cast<const respond_data *>(context);
    return guard([&] { r.respond(const_view(x, r.n), view(y, r.follower_size)); });
  }
};

} // namespace detail

} // namespace GD_CPP_VISIBLE

#endif
