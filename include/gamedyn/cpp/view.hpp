/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Views: arrays of doubles that somebody else owns, as a pointer and a length.  Every function of the C++ interface that
 * takes numbers takes a view.  A std::vector<double>, a std::array, a C array, a std::span (from C++20 on), and a pointer
 * with a length become one by themselves; and a view becomes a std::span. */
#ifndef GAMEDYN_CPP_VIEW_HPP
#define GAMEDYN_CPP_VIEW_HPP

#include <cstddef>
#include <gamedyn/cpp/error.hpp>
#include <type_traits>
#include <utility>
#include <vector>
#if __cplusplus >= 202002L
#include <span>
#endif

namespace gamedyn GD_CPP_VISIBLE {

namespace detail {

/* Whether C has data() that converts to P, and size(); Self is excluded.  A temporary counts as constant: what is written
 * to a temporary vector would be lost. */
template <class C, class P, class Self> struct is_array_like {
  template <class A>
  static auto test(int)
      -> std::integral_constant<bool,
                                std::is_convertible<decltype(std::declval<A &>().data()), P>::value &&
                                    std::is_convertible<decltype(std::declval<A &>().size()), std::size_t>::value>;
  template <class> static std::false_type test(...);
  static constexpr bool value =
      !std::is_same<typename std::decay<C>::type, Self>::value &&
      decltype(test<typename std::conditional<std::is_reference<C>::value, C, const C>::type>(0))::value;
};

/* What views of both kinds have. */
template <class Number> class numbers {
public:
  numbers(Number *data, std::size_t size) noexcept : data_(data), size_(size) {}
  Number *data() const noexcept { return data_; }                               /**< the first of them */
  std::size_t size() const noexcept { return size_; }                           /**< how many */
  bool empty() const noexcept { return size_ == 0; }                            /**< none */
  Number &operator[](std::size_t index) const noexcept { return data_[index]; } /**< not checked */
  /** Checked.  @throw gamedyn::error GD_ERR_ARGUMENT beyond the end. */
  Number &at(std::size_t index) const {
    if (index >= size_) refuse("index " + std::to_string(index) + " in " + std::to_string(size_) + " numbers");
    return data_[index];
  }
  Number *begin() const noexcept { return data_; }       /**< iterator */
  Number *end() const noexcept { return data_ + size_; } /**< iterator */

private:
  Number *data_;
  std::size_t size_;
};

} // namespace detail

/** Numbers to read.  A view of a temporary is for the call that it is an argument of. */
class const_view : public detail::numbers<const double> {
public:
  const_view() noexcept : numbers(nullptr, 0) {} /**< of nothing */
  /** Of data[0] ... data[size - 1]. */
  const_view(const double *data, std::size_t size) noexcept : numbers(data, size) {}
  /** Of a C array. */
  template <std::size_t N> const_view(const double (&array)[N]) noexcept : numbers(array, N) {}
  /** From whatever has data() and size(). */
  template <class C, class = typename std::enable_if<detail::is_array_like<C, const double *, const_view>::value>::type>
  const_view(C &&array) noexcept : numbers(array.data(), array.size()) {}
  std::vector<double> copy() const { return std::vector<double>(begin(), end()); } /**< numbers of one's own */
};

/** Numbers to write. */
class view : public detail::numbers<double> {
public:
  view() noexcept : numbers(nullptr, 0) {} /**< of nothing */
  /** Of data[0] ... data[size - 1]. */
  view(double *data, std::size_t size) noexcept : numbers(data, size) {}
  /** Of a C array. */
  template <std::size_t N> view(double (&array)[N]) noexcept : numbers(array, N) {}
  /** From whatever has data() and size(). */
  template <class C, class = typename std::enable_if<detail::is_array_like<C, double *, view>::value>::type>
  view(C &&array) noexcept : numbers(array.data(), array.size()) {}
  std::vector<double> copy() const { return std::vector<double>(begin(), end()); } /**< numbers of one's own */
};

/** A matrix to write: entry (i, j) is data[i + j * stride]. */
class matrix_view {
public:
  /** @param stride from one column to the next; rows or more. */
  matrix_view(double *data, std::size_t rows, std::size_t columns, std::size_t stride) noexcept
      : data_(data), rows_(rows), columns_(columns), stride_(stride) {}
  /** Entry (row, column), not checked. */
  double &operator()(std::size_t row, std::size_t column) const noexcept { return data_[row + column * stride_]; }
  double *data() const noexcept { return data_; }           /**< entry (0, 0) */
  std::size_t rows() const noexcept { return rows_; }       /**< entries in a column */
  std::size_t columns() const noexcept { return columns_; } /**< entries in a row */
  std::size_t stride() const noexcept { return stride_; }   /**< from one column to the next */

private:
  double *data_;
  std::size_t rows_, columns_, stride_;
};

} // namespace GD_CPP_VISIBLE

#if defined(__cpp_lib_span) && defined(__cpp_lib_ranges)
template <> inline constexpr bool std::ranges::enable_borrowed_range<gamedyn::const_view> = true;
template <> inline constexpr bool std::ranges::enable_borrowed_range<gamedyn::view> = true;
#endif

#endif
