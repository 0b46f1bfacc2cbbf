/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Look: operators, spectra, linearisations, kinds of points and rates.
 *
 *     game + point = linearisation          linearisation + method = rates
 *
 * A number that may come with a caveat is an answer: its value, and the status GD_OK or GD_NOT_CONVERGED. */
#ifndef GAMEDYN_CPP_LOOK_HPP
#define GAMEDYN_CPP_LOOK_HPP

#include <algorithm>
#include <complex>
#include <functional>
#include <gamedyn/classify.h>
#include <gamedyn/cpp/run.hpp>
#include <gamedyn/linearisation.h>
#include <gamedyn/operator.h>
#include <gamedyn/rates.h>
#include <gamedyn/spectrum.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

namespace detail {

/* A square operator from lambdas. */
struct operator_data {
  std::size_t n;
  std::function<void(const_view, view)> apply, apply_transpose;

  static int product(void *context, const double *u, double *out) {
    const operator_data &own = *static_cast<const operator_data *>(context);
    return guard([&] { own.apply(const_view(u, own.n), view(out, own.n)); });
  }
  static int transposed(void *context, const double *w, double *out) {
    const operator_data &own = *static_cast<const operator_data *>(context);
    return guard([&] { own.apply_transpose(const_view(w, own.n), view(out, own.n)); });
  }
};

} // namespace detail

/** A linear map known by its products: see gd_operator. */
class linear_operator : public handle<gd_operator> {
public:
  linear_operator() = default;                                                    /**< no operator */
  linear_operator(handle<gd_operator> made) noexcept : handle(std::move(made)) {} /**< made by gamedyn::make() */
  /** A square operator from lambdas.
   * @param apply called as apply(u, out): out = A u, both [n].
   * @param apply_transpose out = A' u; may be empty. */
  linear_operator(std::size_t n, std::function<void(const_view, view)> apply,
                  std::function<void(const_view, view)> apply_transpose = nullptr,
                  const environment &where = environment()) {
    detail::require(static_cast<bool>(apply), "linear_operator: apply is empty");
    const auto data =
        std::make_shared<detail::operator_data>(detail::operator_data{n, std::move(apply), std::move(apply_transpose)});
    static_cast<handle &>(*this) =
        make(gd_operator_create, n, detail::operator_data::product,
             data->apply_transpose ? detail::operator_data::transposed : nullptr, data.get(), where);
    keep(data);
  }
  std::size_t rows() const noexcept { return gd_operator_rows(get()); }       /**< length of A u */
  std::size_t columns() const noexcept { return gd_operator_columns(get()); } /**< length of u */
  /** A u. */
  std::vector<double> apply(const_view u) {
    detail::expect_size("u", u.size(), columns());
    std::vector<double> out(rows());
    call(gd_operator_apply, get(), u.data(), out.data());
    return out;
  }
  /** A' w. */
  std::vector<double> apply_transpose(const_view w) {
    detail::expect_size("w", w.size(), rows());
    std::vector<double> out(columns());
    call(gd_operator_apply_transpose, get(), w.data(), out.data());
    return out;
  }
};

/** Eigenvalues: see gd_spectrum. */
class spectrum : public handle<gd_spectrum> {
public:
  spectrum() = default;                                                    /**< no spectrum */
  spectrum(handle<gd_spectrum> made) noexcept : handle(std::move(made)) {} /**< made by gamedyn::make() */
  /** Eigenvalues of a square operator; caveat() is GD_NOT_CONVERGED if some of them are missing. */
  explicit spectrum(const linear_operator &of, const options<gd_spectrum_options> &how = options<gd_spectrum_options>())
      : handle(make(gd_spectrum_compute, of, how)) {}
  std::size_t size() const noexcept { return gd_spectrum_count(get()); } /**< eigenvalues held */
  /** Eigenvalue k, not checked. */
  std::complex<double> operator[](std::size_t k) const noexcept {
    return std::complex<double>(gd_spectrum_real(get())[k], gd_spectrum_imaginary(get())[k]);
  }
  /** All of them, in their order. */
  std::vector<std::complex<double>> values() const {
    std::vector<std::complex<double>> all;
    for (std::size_t k = 0; k < size(); k++) all.push_back((*this)[k]);
    return all;
  }
  double abscissa() const noexcept { return gd_spectrum_abscissa(get()); }  /**< largest real part */
  double radius() const noexcept { return gd_spectrum_radius(get()); }      /**< largest modulus */
  bool is_complete() const noexcept { return gd_spectrum_complete(get()); } /**< none can be missing */
};

/** A game at a point, which it keeps alive: see gd_linearisation. */
class linearisation : public handle<gd_linearisation> {
public:
  linearisation() = default;                                                         /**< no linearisation */
  linearisation(handle<gd_linearisation> made) noexcept : handle(std::move(made)) {} /**< made by gamedyn::make() */
  /** Linearise at x [n], copied. */
  linearisation(const game &of, const_view x,
                const options<gd_spectrum_options> &how = options<gd_spectrum_options>()) {
    detail::expect_size("x", x.size(), of.size());
    static_cast<handle &>(*this) = make(gd_linearise, of, x.data(), how);
  }
  std::size_t size() const noexcept { return gd_linearisation_size(get()); }                            /**< n */
  const_view point() const noexcept { return const_view(gd_linearisation_point(get()), size()); }       /**< x [n] */
  const_view gradient() const noexcept { return const_view(gd_linearisation_gradient(get()), size()); } /**< v(x) [n] */
  double gradient_norm() const noexcept { return gd_linearisation_gradient_norm(get()); }               /**< |v(x)| */
  bool is_dense() const noexcept { return gd_linearisation_is_dense(get()); } /**< J is a matrix */
  /** J [n by n], column after column.  @throw gamedyn::error GD_ERR_UNSUPPORTED unless is_dense(). */
  const_view matrix() {
    const double *J = nullptr;
    call(gd_linearisation_matrix, get(), &J);
    return const_view(J, size() * size());
  }
  /** The eigenvalues of J; caveat() is GD_NOT_CONVERGED if products did not find all that they looked for. */
  gamedyn::spectrum spectrum() {
    const gd_spectrum *found = nullptr;
    const gd_status status = call(gd_linearisation_spectrum, get(), &found);
    return handle<gd_spectrum>::borrow(const_cast<gd_spectrum *>(found), kept(), status);
  }
  answer<double> norm() { return number(gd_linearisation_norm); }         /**< |J|_2 */
  answer<double> rotation() { return number(gd_linearisation_rotation); } /**< |(J - J')/2|_2 */

private:
  answer<double> number(gd_status (*function)(gd_linearisation *, double *)) {
    answer<double> found = {0, GD_OK};
    found.status = call(function, get(), &found.value);
    return found;
  }
};

/** What kind of point: see gd_classification. */
struct classification : public gd_classification {
  classification() : gd_classification() {} /**< undecided */
  gd_status status = GD_OK;                 /**< GD_OK, or GD_NOT_CONVERGED */
  /** The verdict as a clause of plain English, with what is undecided. */
  std::string text() const {
    char words[400];
    call(gd_classification_text, static_cast<const gd_classification *>(this), words, sizeof words);
    return words;
  }
};

/** Classify the point of a linearisation: see gd_classify(). */
inline classification classify(linearisation &at,
                               const options<gd_classify_options> &how = options<gd_classify_options>()) {
  classification found;
  found.status = call(gd_classify, at, how, static_cast<gd_classification *>(&found));
  return found;
}

/** The rate of a method at a step size: see gd_rate(). */
inline answer<double> rate(stepper &by, linearisation &at, double step_size) {
  answer<double> found = {0, GD_OK};
  found.status = call(gd_rate, by, at, step_size, &found.value);
  return found;
}

/** The largest step size below which all are stable: see gd_largest_stable_step(). */
inline answer<double> largest_stable_step(stepper &by, linearisation &at) {
  answer<double> found = {0, GD_OK};
  found.status = call(gd_largest_stable_step, by, at, &found.value);
  return found;
}

/** A step size with its rate. */
struct step_rate {
  double step_size, rate; /**< rate: the factor per step */
};

/** The step size of smallest rate: see gd_fastest_step(). */
inline answer<step_rate> fastest_step(stepper &by, linearisation &at) {
  answer<step_rate> found = {{0, 1}, GD_OK};
  found.status = call(gd_fastest_step, by, at, &found.value.step_size, &found.value.rate);
  return found;
}

/** All intervals of stable step sizes, at most 64: see gd_stable_intervals(). */
inline answer<std::vector<gd_step_interval>> stable_intervals(stepper &by, linearisation &at) {
  answer<std::vector<gd_step_interval>> found = {std::vector<gd_step_interval>(64), GD_OK};
  std::size_t count = 0;
  found.status = call(gd_stable_intervals, by, at, found.value.data(), found.value.size(), &count);
  found.value.resize(std::min(count, found.value.size()));
  return found;
}

/** The derivative of one step at its fixed point above x [n]: see gd_stepper_map_at_rest(). */
inline linear_operator map_at_rest(const stepper &by, const_view x) {
  detail::expect_size("x", x.size(), gd_game_size(gd_stepper_game(by.get())));
  return make(gd_stepper_map_at_rest, by, x.data());
}

} // namespace GD_CPP_VISIBLE

#endif
