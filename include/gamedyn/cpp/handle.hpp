/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Handles: the library's objects, destroyed by themselves; and gamedyn::make() and gamedyn::call(), which reach every
 * function of the C interface.
 *
 *     gamedyn::game base = gamedyn::make(gd_model_bilinear, 1, 1, C, 1, nullptr);
 *     gamedyn::game consensus = gamedyn::make(gd_derive_consensus, base, 0.5);
 *
 * A handle moves and is never copied.  An object that is made from others keeps them alive for as long as it lives, so
 * that handles may be destroyed in any order. */
#ifndef GAMEDYN_CPP_HANDLE_HPP
#define GAMEDYN_CPP_HANDLE_HPP

#include <gamedyn/cpp/error.hpp>
#include <gamedyn/gamedyn.h>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

namespace detail {

using kept = std::shared_ptr<const void>;

/* What stands for a pointer in calls: get() is the pointer, kept() what it depends on. */
struct stand_in {};

template <class A> struct is_stand_in : std::is_base_of<stand_in, typename std::decay<A>::type> {};

template <class A, typename std::enable_if<!is_stand_in<A>::value, int>::type = 0> A &&raw(A &&argument) noexcept {
  return std::forward<A>(argument);
}

template <class A, typename std::enable_if<is_stand_in<A>::value, int>::type = 0>
auto raw(A &&argument) -> decltype(argument.get()) {
  return argument.get();
}

template <class A, typename std::enable_if<!is_stand_in<A>::value, int>::type = 0>
void keep_one(std::vector<kept> &, const A &) noexcept {}

template <class A, typename std::enable_if<is_stand_in<A>::value, int>::type = 0>
void keep_one(std::vector<kept> &list, const A &argument) {
  kept one = argument.kept();
  if (one) list.push_back(std::move(one));
}

/* How each object is destroyed. */
template <class T> struct destroyer;
#define GD_CPP_OBJECT(object)                                                                                          \
  template <> struct destroyer<object> {                                                                               \
    void operator()(object *one) const noexcept { object##_destroy(one); }                                             \
  };
GD_CPP_OBJECT(gd_analysis)
GD_CPP_OBJECT(gd_ensemble)
GD_CPP_OBJECT(gd_sparse)
GD_CPP_OBJECT(gd_function)
GD_CPP_OBJECT(gd_game)
GD_CPP_OBJECT(gd_graph)
GD_CPP_OBJECT(gd_linearisation)
GD_CPP_OBJECT(gd_matrix)
GD_CPP_OBJECT(gd_network)
GD_CPP_OBJECT(gd_neural_gan)
GD_CPP_OBJECT(gd_operator)
GD_CPP_OBJECT(gd_spectrum)
GD_CPP_OBJECT(gd_stepper)
GD_CPP_OBJECT(gd_thread_pool)
GD_CPP_OBJECT(gd_trace)
#undef GD_CPP_OBJECT

/* An object with what it depends on, which goes after it. */
template <class T> struct owned {
  owned() = default;
  owned(const owned &) = delete;
  owned &operator=(const owned &) = delete;
  ~owned() { destroyer<T>()(object); }
  T *object = nullptr;
  std::vector<detail::kept> kept;
};

} // namespace detail

/** An object of the library, such as handle<gd_graph>.  It may stand where a function of the C interface takes the
 * pointer, in gamedyn::call() and gamedyn::make(). */
template <class T> class handle : public detail::stand_in {
public:
  handle() noexcept = default; /**< no object */
  /** Take over an object that the C interface made.
   * @param object NULL: no object. */
  explicit handle(T *object) {
    std::unique_ptr<T, detail::destroyer<T>> guarded(object);
    own();
    *slot() = guarded.release();
    settle(GD_OK);
  }
  /** The other handle has no object then. */
  handle(handle &&other) noexcept
      : object_(other.object_), caveat_(other.caveat_), owned_(std::move(other.owned_)),
        whole_(std::move(other.whole_)) {
    other.object_ = nullptr;
  }
  /** The object of this handle is let go, the other handle has none then. */
  handle &operator=(handle &&other) noexcept {
    handle moved(std::move(other));
    std::swap(object_, moved.object_);
    std::swap(caveat_, moved.caveat_);
    owned_.swap(moved.owned_);
    whole_.swap(moved.whole_);
    return *this;
  }
  handle(const handle &) = delete;
  handle &operator=(const handle &) = delete;

  /** A handle on an object that somebody else destroys.
   * @param whole what keeps the object alive, if anything does; else it must outlive this handle. */
  static handle borrow(T *object, detail::kept whole = nullptr, gd_status caveat = GD_OK) noexcept {
    handle made;
    made.object_ = object;
    made.whole_ = std::move(whole);
    made.caveat_ = caveat;
    return made;
  }

  T *get() const noexcept { return object_; }                            /**< for the C interface; NULL: no object */
  explicit operator bool() const noexcept { return object_ != nullptr; } /**< there is an object */
  gd_status caveat() const noexcept { return caveat_; } /**< GD_OK, or the caveat of the call that made the object */
  /** Destroy the object, or forget it if it is borrowed; what was made from it keeps it alive. */
  void reset() noexcept { *this = handle(); }

  /** What keeps the object alive. */
  detail::kept kept() const {
    if (owned_) return owned_;
    return whole_;
  }
  /** Keep something else alive for as long as the object lives. */
  void keep(detail::kept one) {
    detail::require(static_cast<bool>(owned_), "a borrowed handle, or one without an object, keeps nothing alive");
    owned_->kept.push_back(std::move(one));
  }

  /** For gamedyn::make(): a place for a new object. */
  void own() { owned_ = std::make_shared<detail::owned<T>>(); }
  T **slot() noexcept { return &owned_->object; } /**< where the new object goes */
  /** The new object is there.  @param status of the call that made it. */
  void settle(gd_status status) noexcept {
    object_ = owned_->object;
    caveat_ = status;
  }
  std::vector<detail::kept> &kept_list() noexcept { return owned_->kept; } /**< what the object depends on */

private:
  T *object_ = nullptr;
  gd_status caveat_ = GD_OK;
  std::shared_ptr<detail::owned<T>> owned_;
  detail::kept whole_; /* of a borrowed object */
};

/** Call a function of the C interface that returns a status: `gamedyn::call(gd_game_check, game, x, 0, nullptr)`.
 * Handles, options and environments stand for the pointers that the function takes.
 * @throw what a callback threw during the call, else gamedyn::error.
 * @return the status: GD_OK, or a caveat. */
template <class... Parameters, class... Arguments>
gd_status call(gd_status (*function)(Parameters...), Arguments &&...arguments) {
  detail::frame frame;
  return frame.finish(function(detail::raw(std::forward<Arguments>(arguments))...));
}

/** Make an object by a function of the C interface whose first parameter is where to put it; the other arguments
 * follow: `gamedyn::make(gd_derive_consensus, base, 0.5)`.  The object keeps alive the handles, environments and
 * options among them; arrays and structs behind plain pointers are the caller's.
 * @throw as gamedyn::call(). */
template <class T, class... Parameters, class... Arguments>
handle<T> make(gd_status (*create)(T **, Parameters...), Arguments &&...arguments) {
  handle<T> made;
  made.own();
  const int in_order[] = {0, (detail::keep_one(made.kept_list(), arguments), 0)...};
  (void)in_order;
  detail::frame frame;
  made.settle(frame.finish(create(made.slot(), detail::raw(std::forward<Arguments>(arguments))...)));
  return made;
}

/** A number, or several, with the status of the call that found it. */
template <class T> struct answer {
  T value;          /**< what was asked for */
  gd_status status; /**< GD_OK, or GD_NOT_CONVERGED: the best there is, see the function of the C interface */
  bool is_exact() const noexcept { return status == GD_OK; } /**< without a caveat */
};

/** A struct of the C interface that the caller fills, all members 0 but its size: `gamedyn::sized<gd_lq_gan> spec;` */
template <class T> struct sized : public T, public detail::stand_in {
  sized() : T() { this->struct_size = sizeof(T); }
  const T *get() const noexcept { return this; }         /**< for the C interface */
  detail::kept kept() const noexcept { return nullptr; } /**< nothing: what it points to is the caller's */
};

/** Options of the C interface, at their defaults: `gamedyn::options<gd_spectrum_options> options;` */
template <class T> struct options : public sized<T> {
  options() { fill(*this); }

private:
#define GD_CPP_OPTIONS(name)                                                                                           \
  static void fill(name &one) { name##_init_sized(&one, sizeof(name)); }
  GD_CPP_OPTIONS(gd_analysis_options)
  GD_CPP_OPTIONS(gd_classify_options)
  GD_CPP_OPTIONS(gd_consensus_options)
  GD_CPP_OPTIONS(gd_ensemble_options)
  GD_CPP_OPTIONS(gd_eval_options)
  GD_CPP_OPTIONS(gd_gmm_gan)
  GD_CPP_OPTIONS(gd_growth_options)
  GD_CPP_OPTIONS(gd_newton_options)
  GD_CPP_OPTIONS(gd_run_options)
  GD_CPP_OPTIONS(gd_solve_options)
  GD_CPP_OPTIONS(gd_spectrum_options)
#undef GD_CPP_OPTIONS
};

} // namespace GD_CPP_VISIBLE

#endif
