/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Ensemble: many runs of one game, with lambdas that make the members differ and that look at their results.
 *
 * On the threads of an environment the game must say GD_THREAD_SAFE, and lambdas of game, method and options run on
 * several threads at once. */
#ifndef GAMEDYN_CPP_ENSEMBLE_HPP
#define GAMEDYN_CPP_ENSEMBLE_HPP

#include <functional>
#include <gamedyn/cpp/run.hpp>
#include <gamedyn/ensemble.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

namespace detail {

/* Where exceptions of members wait for ensemble::member(). */
using failures = std::vector<captured>;

/* The exception behind a failure; null: there is none. */
inline std::exception_ptr find(const failures &found, gd_status status) {
  for (const captured &one : found)
    if (one.matches(status)) return one.exception;
  return nullptr;
}

/* A call in which a member's exception is a result; other exceptions end it as usual.  One of each kind is kept: members
 * fail alike, and a member may get the better of many of its own. */
class ensemble_frame : public frame {
public:
  ensemble_frame(failures &found, std::size_t members) : found_(found), most_(members + 64) { found_.reserve(most_); }

protected:
  bool absorb(const captured &one) override {
    for (captured &other : found_)
      if (other.status == one.status && std::strcmp(other.words, one.words) == 0) return true;
    if (found_.size() < most_) found_.push_back(one);
    return true;
  }
  std::exception_ptr absorbed(gd_status status) override { return find(found_, status); }

private:
  failures &found_;
  std::size_t most_;
};

/* Lambdas that look at the results of members. */
template <class R> struct result_data {
  std::function<R(std::size_t, const_view, const gd_run_result &)> function;
  std::size_t n;

  static R call(void *context, std::size_t member, const double *x, const gd_run_result *result) {
    const result_data &own = *static_cast<const result_data *>(context);
    return guard_or(R(), [&] { return own.function(member, const_view(x, own.n), *result); });
  }
};

} // namespace detail

/** What makes members differ: called as prepare(member, rng, stepper, x), see gd_prepare_fn.  The stepper is borrowed: it
 * keeps no schedule. */
using prepare_function = std::function<void(std::size_t, gd_rng &, stepper &, view)>;

/** Members, seeds and rules, at their defaults: see gd_ensemble_options.  The members `run`, `eval`, `prepare`,
 * `progress` and `context` are those of the functions below. */
class ensemble_options : public options<gd_ensemble_options> {
public:
  run_options rules;                            /**< of each run; observers see all members, on their threads */
  prepare_function on_prepare;                  /**< empty: members differ by their draws alone */
  std::function<bool(std::size_t)> on_progress; /**< called as progress(done); true: stop; may be empty */
  std::vector<double> first;                    /**< x [n] of every member; empty: `start` */
};

/** How a member's run ended. */
struct member_result : public run_result {
  std::string words;            /**< why it failed */
  std::exception_ptr exception; /**< what a callback threw; else, if it failed, a gamedyn::error */
};

/** Many runs: see gd_ensemble. */
class ensemble : public handle<gd_ensemble> {
public:
  ensemble() = default; /**< no ensemble */
  /** Run all members and wait for them: see gd_ensemble_run().  A member that fails, by an exception of a callback too,
   * is a result; what observers, progress and loggers throw comes out of this call, after members under way are
   * stopped. */
  ensemble(const game &of, const method &by, const ensemble_options &how = ensemble_options()) : n_(of.size()) {
    if (!how.first.empty()) detail::expect_size("first", how.first.size(), n_);
    const context now = {how, n_};
    gd_ensemble_options raw = how;
    raw.run = how.rules.get();
    if (!how.first.empty()) raw.start = how.first.data();
    if (how.on_prepare) raw.prepare = prepare;
    raw.progress = progress;
    raw.context = const_cast<context *>(&now);
    own();
    keep(of.kept());
    keep(by.kept());
    detail::ensemble_frame frame(failures_, how.members);
    settle(frame.finish(gd_ensemble_run(slot(), of.get(), by.get(), &raw)));
  }

  std::size_t members() const noexcept { return gd_ensemble_members(get()); } /**< how many */
  /** Where a member's run ended [n]; lives as long as the ensemble. */
  const_view point(std::size_t member) const {
    const double *x = gd_ensemble_point(get(), member);
    if (!x) detail::refuse("ensemble: there is no member " + std::to_string(member));
    return const_view(x, n_);
  }
  /** How a member's run ended. */
  member_result member(std::size_t k) const {
    member_result found;
    if (k >= members()) detail::refuse("ensemble: there is no member " + std::to_string(k));
    found.status = gd_ensemble_result(get(), k, &found);
    if (found.status >= 0) return found;
    found.words = gd_last_error();
    found.exception = detail::find(failures_, found.status);
    if (!found.exception) found.exception = std::make_exception_ptr(error(found.status, found.words));
    return found;
  }
  std::size_t failed() const noexcept { return gd_ensemble_failed(get()); } /**< members that failed */
  /** Members whose run was ended by this rule. */
  std::size_t stopped(gd_stop rule) const noexcept { return gd_ensemble_stopped(get(), rule); }

  /** Quantiles of an observable over the members: see gd_ensemble_quantiles().
   * @param observable called as observable(member, x, result), a number. */
  std::vector<double> quantiles(std::function<double(std::size_t, const_view, const gd_run_result &)> observable,
                                const_view levels) const {
    detail::require(static_cast<bool>(observable), "quantiles: the function is empty");
    detail::result_data<double> data = {std::move(observable), n_};
    std::vector<double> found(levels.size());
    call(gd_ensemble_quantiles, static_cast<const gd_ensemble *>(get()), detail::result_data<double>::call, &data,
         levels.size(), levels.data(), found.data());
    return found;
  }
  /** How often members succeed: see gd_ensemble_success().
   * @param success called as success(member, x, result), true or false. */
  gd_proportion success(std::function<bool(std::size_t, const_view, const gd_run_result &)> success,
                        double confidence = 0.95) const {
    detail::require(static_cast<bool>(success), "success: the function is empty");
    detail::result_data<bool> data = {std::move(success), n_};
    gd_proportion found = gd_proportion();
    call(gd_ensemble_success, static_cast<const gd_ensemble *>(get()), detail::result_data<bool>::call, &data,
         confidence, &found);
    return found;
  }

private:
  struct context {
    const ensemble_options &how;
    std::size_t n;
  };

  static gd_status prepare(void *data, std::size_t member, gd_rng *rng, gd_stepper *by, double *x) {
    const context &now = *static_cast<const context *>(data);
    return detail::guard([&] {
      stepper borrowed(handle<gd_stepper>::borrow(by));
      now.how.on_prepare(member, *rng, borrowed, view(x, now.n));
    });
  }
  /* Also how an exception of an observer stops all. */
  static int progress(void *data, std::size_t done) {
    const context &now = *static_cast<const context *>(data);
    const bool stop = detail::guard_or(true, [&] { return now.how.on_progress && now.how.on_progress(done); });
    return stop || detail::frame::current().has_failed();
  }

  std::size_t n_ = 0;
  detail::failures failures_;
};

} // namespace GD_CPP_VISIBLE

#endif
