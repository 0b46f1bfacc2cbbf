/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Steppers, runs, observers and traces.
 *
 *     gamedyn::stepper stepper(game, GD_EXTRAGRADIENT);
 *     stepper.set(GD_STEP_SIZE, 0.5);
 *     std::vector<double> x = {1, 1};
 *     gamedyn::run_result result = gamedyn::run(stepper, x); */
#ifndef GAMEDYN_CPP_RUN_HPP
#define GAMEDYN_CPP_RUN_HPP

#include <cmath>
#include <cstring>
#include <functional>
#include <gamedyn/cpp/game.hpp>
#include <gamedyn/cpp/method.hpp>
#include <gamedyn/run.h>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

namespace detail {

/* A schedule; where it throws, the step fails, and the exception comes out of the call. */
inline double call_schedule(void *context, std::uint64_t step) {
  const auto &factor = *static_cast<const std::function<double(std::uint64_t)> *>(context);
  return guard_or(std::nan(""), [&] { return factor(step); });
}

inline int append(void *context, const void *bytes, std::size_t count) {
  return guard_or(1, [&] {
    static_cast<std::string *>(context)->append(static_cast<const char *>(bytes), count);
    return 0;
  });
}

/* What gd_stepper_load() has yet to read. */
struct unread {
  const char *bytes;
  std::size_t count;

  static int read(void *context, void *to, std::size_t count) {
    unread &rest = *static_cast<unread *>(context);
    if (count > rest.count) return 1;
    std::memcpy(to, rest.bytes, count);
    rest.bytes += count;
    rest.count -= count;
    return 0;
  }
};

} // namespace detail

/** A method at work on a game, both of which it keeps alive. */
class stepper : public handle<gd_stepper> {
public:
  stepper() = default;                                                   /**< no stepper */
  stepper(handle<gd_stepper> made) noexcept : handle(std::move(made)) {} /**< made by gamedyn::make() */
  /** Put a method to work: see gd_stepper_create(). */
  stepper(const game &on, const method &by) : handle(make(gd_stepper_create, on, by)) {}

  /** Set a parameter, for every player. */
  stepper &set(const std::string &param, double value) {
    call(gd_stepper_set, get(), param.c_str(), value);
    return *this;
  }
  /** Set a per-player parameter; values [players]. */
  stepper &set(const std::string &param, const_view values) {
    detail::expect_size(param.c_str(), values.size(), gd_game_players(gd_stepper_game(get())));
    call(gd_stepper_set_players, get(), param.c_str(), values.data());
    return *this;
  }
  /** The value that was set. */
  double value(const std::string &param, std::size_t player = 0) const {
    double found = 0;
    call(gd_stepper_get, static_cast<const gd_stepper *>(get()), param.c_str(), player, &found);
    return found;
  }
  /** Choose the elementwise scaling: GD_SCALING_NONE, GD_SCALING_RMSPROP, GD_SCALING_ADAM. */
  stepper &scaling(const std::string &name) {
    call(gd_stepper_set_scaling, get(), name.c_str());
    return *this;
  }
  std::string scaling() const { return gd_stepper_scaling(get()); } /**< the one in use */
  /** From now on the method sees value * factor(step).
   * @throw gamedyn::error GD_ERR_ARGUMENT for a borrowed stepper, which cannot keep the lambda. */
  stepper &schedule(const std::string &param, std::function<double(std::uint64_t)> factor) {
    detail::require(static_cast<bool>(factor), "schedule: the function is empty");
    if (!schedules_) {
      const auto made = std::make_shared<schedules>();
      keep(made);
      schedules_ = made;
    }
    std::function<double(std::uint64_t)> &kept_factor = (*schedules_)[param];
    kept_factor.swap(factor);
    call(gd_stepper_schedule, get(), param.c_str(), detail::call_schedule, &kept_factor);
    return *this;
  }
  /** The method sees the value as it was set. */
  stepper &unschedule(const std::string &param) {
    call(gd_stepper_schedule, get(), param.c_str(), nullptr, nullptr);
    return *this;
  }

  /** One step of x [n], in place.
   * @return GD_OK, or GD_NOT_CONVERGED from methods that solve. */
  gd_status step(view x) {
    detail::expect_size("x", x.size(), gd_game_size(gd_stepper_game(get())));
    return call(gd_stepper_step, get(), x.data());
  }
  std::uint64_t steps() const noexcept { return gd_stepper_steps(get()); } /**< taken since it was made or reset */
  void restart() noexcept { gd_stepper_reset(get()); }                     /**< memory to zero, steps to 0 */
  void request_stop() noexcept { gd_stepper_request_stop(get()); }         /**< from any thread */
  /** The game it steps on. */
  class game game() const {
    return gamedyn::game(handle<gd_game>::borrow(gd_stepper_game(get()), kept()));
  }

  /** Its whole future as bytes: see gd_stepper_save(). */
  std::string save() const {
    std::string bytes;
    call(gd_stepper_save, static_cast<const gd_stepper *>(get()), detail::append, &bytes);
    return bytes;
  }
  /** Take over a saved future.  @return GD_OK, or GD_SCHEDULE_MISSING. */
  gd_status load(const std::string &bytes) {
    detail::unread rest = {bytes.data(), bytes.size()};
    return call(gd_stepper_load, get(), detail::unread::read, &rest);
  }

private:
  using schedules = std::map<std::string, std::function<double(std::uint64_t)>>;
  std::shared_ptr<schedules> schedules_; /* of each parameter the last one; the object keeps them, too */
};

/** What an observer sees: see gd_progress. */
struct progress {
  std::uint64_t step;                               /**< the stepper's step that led to x */
  const_view x;                                     /**< [n] */
  double x_norm, move_norm, gradient_norm, seconds; /**< as in gd_progress */
};

/** A record of runs on a game: see gd_trace. */
class trace : public handle<gd_trace> {
public:
  trace() = default; /**< no trace */
  /** @param columns bits GD_TRACE_...  @param reference [n], for GD_TRACE_DISTANCE. */
  trace(const game &of, std::uint32_t columns, const_view reference = const_view()) {
    if (!reference.empty()) detail::expect_size("reference", reference.size(), of.size());
    static_cast<handle &>(*this) = make(gd_trace_create, of, columns, reference.data());
  }
  std::size_t rows() const noexcept { return gd_trace_rows(get()); } /**< observations kept */
  /** Numbers in a row of the column; 0: not kept. */
  std::size_t width(std::uint32_t column) const noexcept { return gd_trace_width(get(), column); }
  /** One column, row after row; valid until the next observation. */
  const_view column(std::uint32_t column) const noexcept {
    return const_view(gd_trace_column(get(), column), gd_trace_column(get(), column) ? rows() * width(column) : 0);
  }
  /** The step of each row. */
  std::vector<std::uint64_t> steps() const {
    const std::uint64_t *first = gd_trace_steps(get());
    return first ? std::vector<std::uint64_t>(first, first + rows()) : std::vector<std::uint64_t>();
  }
  void clear() noexcept { gd_trace_clear(get()); }                     /**< forget all rows */
  gd_status status() const noexcept { return gd_trace_status(get()); } /**< why it stopped a run, GD_OK if it did not */
};

/** Rules and observers of a run, at their defaults: see gd_run_options.  The members `observers` and `n_observers` are
 * those of observe(). */
class run_options : public options<gd_run_options> {
public:
  /** Look on.
   * @param observer called as observer(progress); if it returns bool, true stops the run, and what it throws comes out
   * of the run. */
  template <class F, typename std::enable_if<detail::is_callable<F, const progress &>::value, int>::type = 0>
  run_options &observe(F observer) {
    const auto own = std::make_shared<watcher>(watcher{stops(std::move(observer))});
    return add(gd_observer{watcher::look, own.get()}, own);
  }
  /** Look on with a trace, which the options keep alive. */
  run_options &observe(const trace &record) { return add(gd_trace_observer(record.get()), record.kept()); }

  /** For the C interface; as the options are now. */
  const gd_run_options *get() const noexcept {
    raw_ = *this;
    raw_.observers = list_.data();
    raw_.n_observers = list_.size();
    return &raw_;
  }

private:
  struct watcher {
    std::function<bool(const progress &)> observe;

    static int look(void *context, const gd_progress *seen) {
      const watcher &own = *static_cast<const watcher *>(context);
      const progress now = {seen->step,          const_view(seen->x, gd_game_size(gd_stepper_game(seen->stepper))),
                            seen->x_norm,        seen->move_norm,
                            seen->gradient_norm, seen->seconds};
      return detail::guard_or(true, [&] { return own.observe(now); });
    }
  };

  template <class F> struct never_stops {
    F function;
    bool operator()(const progress &now) {
      function(now);
      return false;
    }
  };

  template <class F,
            typename std::enable_if<
                std::is_void<decltype(std::declval<F &>()(std::declval<const progress &>()))>::value, int>::type = 0>
  static std::function<bool(const progress &)> stops(F observer) {
    return never_stops<F>{std::move(observer)};
  }
  template <class F, typename std::enable_if<
                         std::is_same<bool, decltype(std::declval<F &>()(std::declval<const progress &>()))>::value,
                         int>::type = 0>
  static std::function<bool(const progress &)> stops(F observer) {
    return observer;
  }

  run_options &add(const gd_observer &observer, detail::kept one) {
    list_.push_back(observer);
    kept_.push_back(std::move(one));
    return *this;
  }

  std::vector<gd_observer> list_;
  std::vector<detail::kept> kept_;
  mutable gd_run_options raw_ = gd_run_options();
};

/** How a run ended: see gd_run_result. */
struct run_result : public gd_run_result {
  run_result() : gd_run_result() {}                       /**< of no run */
  gd_status status = GD_OK;                               /**< or GD_NOT_CONVERGED if a step said so */
  std::string text() const { return gd_stop_text(stop); } /**< why it ended, in words */
};

/** Step x [n] in place until a rule fires: see gd_run().
 * @throw what a callback threw, else gamedyn::error; x is then the last point reached. */
inline run_result run(const stepper &by, view x, const run_options &how = run_options()) {
  detail::expect_size("x", x.size(), gd_game_size(gd_stepper_game(by.get())));
  run_result result;
  result.status = call(gd_run, by, x.data(), how, static_cast<gd_run_result *>(&result));
  return result;
}

} // namespace GD_CPP_VISIBLE

#endif
