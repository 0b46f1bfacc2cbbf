/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Methods of one's own, from lambdas.  The heavy ball of Polyak 1964, d' = beta d + v(x), x' = P(x + h d'):
 *
 *     gamedyn::own_method ball("heavy_ball");
 *     const auto beta = ball.real("momentum", 0.9, -1, 1, "beta, weight of the last move");
 *     const auto velocity = ball.memory("velocity"), next = ball.scratch();
 *     ball.step = [=](gamedyn::stepping &s, gamedyn::view x) {
 *       s.direction(x, next);
 *       for (std::size_t k = 0; k < x.size(); k++) s[next][k] += s[beta] * s[velocity][k];
 *       s.move(x, x, 1, s[next]);
 *       s.swap(velocity, next);
 *     };
 *     gamedyn::method heavy_ball(ball);
 *
 * The rules are those of docs/adding_a_method.md: vectors and parameters are named before, a step allocates nothing, and
 * when it throws, x and the memory are as they were. */
#ifndef GAMEDYN_CPP_METHOD_HPP
#define GAMEDYN_CPP_METHOD_HPP

#include <cfloat>
#include <complex>
#include <cstddef>
#include <gamedyn/cpp/callback.hpp>
#include <gamedyn/cpp/game.hpp>
#include <gamedyn/stepper.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

/** A parameter that own_method::real() named. */
struct parameter {
  std::size_t index; /**< in the order of naming */
};

/** A vector [n] that own_method::memory() or own_method::scratch() named. */
struct slot {
  std::size_t index; /**< in the order of naming */
};

class stepping;
class modes;

/** What a method is made from: see gd_method. */
struct own_method {
  /** @param its_name not that of a built-in method. */
  explicit own_method(std::string its_name) : name(std::move(its_name)) {}

  /** Name a real parameter: lower <= value <= upper, `initial` at first.
   * @param meaning one line, with the symbol of the paper. */
  parameter real(std::string its_name, double initial, double lower, double upper, std::string meaning) {
    reals.push_back(real_row{std::move(its_name), std::move(meaning), initial, lower, upper});
    return parameter{reals.size() - 1};
  }
  /** Name a vector that is kept between steps, zero at first and after a reset, and saved under its name. */
  slot memory(std::string its_name) {
    vectors.push_back(std::move(its_name));
    return slot{vectors.size() - 1};
  }
  /** Ask for a vector that may hold anything when a step begins. */
  slot scratch() { return memory(""); }

  std::string name, summary, source; /**< the name; one line; author, year, title, equation */
  std::uint32_t needs = 0;           /**< bits 1u << gd_quantity, beyond the gradient */
  std::uint32_t traits = 0;          /**< bits of GD_METHOD_LINEAR ... */
  /** (s, x): one step of x [n], in place; required. */
  std::function<void(stepping &, view)> step;
  /** (m, lambda): the largest modulus by which one step multiplies the mode of an eigenvalue lambda of J; for methods
   * that act mode by mode. */
  std::function<double(const modes &, std::complex<double>)> mode_modulus;

  /** A row of the table of parameters. */
  struct real_row {
    std::string name, meaning;
    double initial, lower, upper;
  };
  std::vector<real_row> reals;      /**< what real() named */
  std::vector<std::string> vectors; /**< what memory() and scratch() named; scratch has no name */
};

namespace detail {

/* The params struct of a method from lambdas, followed by its reals. */
struct method_params {
  const double *step_size; /* [n_players] */
  const own_method *own;   /* set by init */

  const double *reals() const noexcept { return reinterpret_cast<const double *>(this + 1); }
  double real(parameter which) const {
    require(which.index < own->reals.size(), "a parameter of another method");
    return reals()[which.index];
  }
};
static_assert(sizeof(method_params) % sizeof(double) == 0, "reals follow the struct");

/* A table from lambdas; gd_stepper_method() leads back to it. */
struct method_table : public gd_method {
  explicit method_table(own_method functions);
  method_table(const method_table &) = delete;
  method_table &operator=(const method_table &) = delete;
  own_method own;
  std::vector<gd_param> rows;
};

inline const method_table &table_of(const gd_stepper *stepper) noexcept {
  return *static_cast<const method_table *>(gd_stepper_method(stepper));
}

} // namespace detail

/** A step under way, for own_method::step.  Its functions throw what gradients and products throw. */
class stepping {
public:
  explicit stepping(gd_stepper *stepper) noexcept : stepper_(stepper) {} /**< made for the callback */
  /** The value of a parameter, scheduled for this step. */
  double operator[](parameter which) const { return params().real(which); }
  /** A vector [n]. */
  view operator[](slot which) const { return view(*place(which), size()); }
  /** h of a player. */
  double step_size(std::size_t player) const {
    detail::require(player < gd_game_players(gd_stepper_game(stepper_)), "step_size: there is no such player");
    return params().step_size[player];
  }
  std::size_t size() const noexcept { return gd_game_size(gd_stepper_game(stepper_)); } /**< n */
  std::uint64_t steps() const noexcept { return gd_stepper_steps(stepper_); }           /**< taken before this one */
  /** The game, for gradients and products; borrowed for the step. */
  class game game() const noexcept {
    return gamedyn::game(handle<gd_game>::borrow(gd_stepper_game(stepper_)));
  }
  gd_stepper *get() const noexcept { return stepper_; } /**< for the C interface */

  /** The gradient at x, scaled, into a vector. */
  void direction(const_view x, slot out) const { call(gd_stepper_direction, stepper_, full(x), *place(out)); }
  /** Scale a direction in place, of all players or of one. */
  void scale(slot direction, std::size_t player = GD_ALL_PLAYERS) const {
    call(gd_stepper_scale, stepper_, player, *place(direction));
  }
  /** to = P(from + h_i factor direction). */
  void move(view to, const_view from, double factor, const_view direction) const {
    call(gd_stepper_move, stepper_, full(to), full(from), factor, full(direction));
  }
  /** to = P(from + h_i direction_times_h + plain). */
  void move_by(view to, const_view from, const_view direction_times_h, const_view plain) const {
    call(gd_stepper_move_by, stepper_, full(to), full(from), full(direction_times_h), full(plain));
  }
  /** Exchange two vectors, and which of them is memory; last of all, when nothing can fail any more. */
  void swap(slot first, slot second) const { gd_stepper_swap(stepper_, place(first), place(second)); }

private:
  const detail::method_params &params() const noexcept {
    return *static_cast<const detail::method_params *>(gd_stepper_params(stepper_));
  }
  double **place(slot which) const {
    detail::require(which.index < detail::table_of(stepper_).own.vectors.size(), "a vector of another method");
    return static_cast<double **>(gd_stepper_state(stepper_)) + which.index;
  }
  template <class View> auto full(View numbers) const -> decltype(numbers.data()) {
    detail::expect_size("a vector", numbers.size(), size());
    return numbers.data();
  }

  gd_stepper *stepper_;
};

/** The parameters that a mode is asked under, for own_method::mode_modulus. */
class modes {
public:
  explicit modes(const detail::method_params &params) noexcept : params_(params) {} /**< made for the callback */
  double step_size() const noexcept { return params_.step_size[0]; }                /**< h of every player */
  double operator[](parameter which) const { return params_.real(which); }          /**< the value of a parameter */

private:
  const detail::method_params &params_;
};

namespace detail {

/* Vectors that cannot be had are noticed by gd_stepper_create(). */
inline gd_status method_init(gd_stepper *stepper) {
  const method_table &table = table_of(stepper);
  double **slots = static_cast<double **>(gd_stepper_state(stepper));
  for (const std::string &name : table.own.vectors)
    *slots++ = name.empty() ? gd_stepper_scratch(stepper) : gd_stepper_memory(stepper, name.c_str());
  static_cast<method_params *>(const_cast<void *>(gd_stepper_params(stepper)))->own = &table.own;
  return GD_OK;
}

inline gd_status method_step(gd_stepper *stepper, gd_game *, double *x) {
  return guard([&] {
    class stepping step(stepper);
    table_of(stepper).own.step(step, view(x, step.size()));
  });
}

inline gd_status method_modulus(const void *params, double re, double im, double *modulus) {
  const method_params &known = *static_cast<const method_params *>(params);
  return guard([&] { *modulus = known.own->mode_modulus(modes(known), std::complex<double>(re, im)); });
}

inline gd_param row(const char *name, const char *meaning, gd_param_kind kind, std::size_t offset) {
  gd_param made = gd_param();
  made.name = name;
  made.summary = meaning;
  made.kind = kind;
  made.offset = offset;
  return made;
}

inline std::vector<gd_param> rows_of(const own_method &own) {
  std::vector<gd_param> rows;
  rows.push_back(row(GD_STEP_SIZE, "h, step size of each player", GD_KIND_REAL_PER_PLAYER, 0));
  rows.back().initial = 0.01;
  rows.back().upper = DBL_MAX;
  std::size_t offset = sizeof(method_params);
  for (const own_method::real_row &one : own.reals) {
    rows.push_back(row(one.name.c_str(), one.meaning.c_str(), GD_KIND_REAL, offset));
    rows.back().initial = one.initial;
    rows.back().lower = one.lower;
    rows.back().upper = one.upper;
    offset += sizeof(double);
  }
  return rows;
}

inline method_table::method_table(own_method functions) : gd_method(), own(std::move(functions)), rows(rows_of(own)) {
  if (!own.step) refuse("method \"" + own.name + "\": step is empty");
  struct_size = sizeof(gd_method);
  name = own.name.c_str();
  summary = own.summary.c_str();
  source = own.source.c_str();
  params = rows.data();
  n_params = rows.size();
  param_size = sizeof(gd_param);
  params_size = sizeof(method_params) + own.reals.size() * sizeof(double);
  state_size = own.vectors.size() * sizeof(double *);
  needs = own.needs;
  traits = own.traits;
  init = method_init;
  step = method_step;
  if (own.mode_modulus) mode_modulus = method_modulus;
}

} // namespace detail

/** A method: built in, by name, or from lambdas.  Copies are the same method; steppers keep it alive. */
class method : public detail::stand_in {
public:
  /** A built-in method, by name or abbreviation.  @throw gamedyn::error GD_ERR_NAME. */
  method(const char *name) : table_(gd_method_find(name)) {
    if (!table_) throw error(GD_ERR_NAME, "there is no method \"" + std::string(name) + "\"");
  }
  method(const std::string &name) : method(name.c_str()) {} /**< see above */
  /** A table that outlives everything made from it. */
  explicit method(const gd_method &table) noexcept : table_(&table) {}
  /** A method from lambdas. */
  explicit method(own_method functions) {
    const auto made = std::make_shared<const detail::method_table>(std::move(functions));
    table_ = made.get();
    kept_ = made;
  }
  const gd_method *get() const noexcept { return table_; } /**< for the C interface */
  detail::kept kept() const noexcept { return kept_; }     /**< what keeps it alive */

private:
  const gd_method *table_;
  detail::kept kept_;
};

} // namespace GD_CPP_VISIBLE

#endif
