/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Callbacks: functions, lambdas and other callables that the library runs.  A callback returns nothing and throws to
 * fail: std::domain_error says that x is outside of the domain, and a caller may try a shorter step; any other exception
 * ends the call. */
#ifndef GAMEDYN_CPP_CALLBACK_HPP
#define GAMEDYN_CPP_CALLBACK_HPP

#include <functional>
#include <gamedyn/cpp/error.hpp>
#include <gamedyn/rng.h>
#include <type_traits>
#include <utility>

namespace gamedyn GD_CPP_VISIBLE {

namespace detail {

/* Whether F can be called with these arguments. */
template <class F, class... Arguments> struct is_callable {
  template <class G>
  static auto test(int) -> decltype(std::declval<G &>()(std::declval<Arguments>()...), std::true_type());
  template <class> static std::false_type test(...);
  static constexpr bool value = decltype(test<F>(0))::value;
};

template <class F, class... Arguments> void returns_nothing() {
  static_assert(std::is_void<decltype(std::declval<F &>()(std::declval<Arguments>()...))>::value,
                "a callback of libgamedyn returns nothing; it throws to fail");
}

template <class F, class... Arguments> struct without_draw {
  F function;
  void operator()(const gd_draw *, Arguments... arguments) { function(std::forward<Arguments>(arguments)...); }
};

} // namespace detail

/** A callback of a game: called as f(arguments...), or as f(draw, arguments...) if it takes the draw, which is NULL for
 * exact evaluation. */
template <class... Arguments> class drawn {
public:
  drawn() = default; /**< none */
  /** A callback that sees no draw. */
  template <class F, typename std::enable_if<detail::is_callable<F, Arguments...>::value, int>::type = 0>
  drawn(F function) : function_(detail::without_draw<F, Arguments...>{std::move(function)}) {
    detail::returns_nothing<F, Arguments...>();
  }
  /** A callback that sees the draw. */
  template <class F,
            typename std::enable_if<detail::is_callable<F, const gd_draw *, Arguments...>::value, int>::type = 0>
  drawn(F function) : function_(std::move(function)) {
    detail::returns_nothing<F, const gd_draw *, Arguments...>();
  }
  explicit operator bool() const noexcept { return static_cast<bool>(function_); } /**< there is one */
  /** Call it. */
  void operator()(const gd_draw *draw, Arguments... arguments) const {
    function_(draw, std::forward<Arguments>(arguments)...);
  }

private:
  std::function<void(const gd_draw *, Arguments...)> function_;
};

} // namespace GD_CPP_VISIBLE

#endif
