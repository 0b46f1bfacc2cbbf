/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Sampler: where samples come from, as a lambda or one of the library's. */
#ifndef GAMEDYN_CPP_SAMPLER_HPP
#define GAMEDYN_CPP_SAMPLER_HPP

#include <functional>
#include <gamedyn/cpp/handle.hpp>
#include <gamedyn/cpp/view.hpp>
#include <gamedyn/data.h>
#include <gamedyn/graph.h>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

/** Where samples come from: see gd_sampler.  It moves and is never copied. */
class sampler {
public:
  /** A sampler from a lambda, called on several threads at once.
   * @param fill called as fill(draw, rows, columns, out): out [rows by columns], a pure function of the draw; the draw is
   * NULL for {0, 0, 0}.
   * @param rows numbers in a sample; 0: as many as one asks for. */
  explicit sampler(std::function<void(const gd_draw *, std::size_t, std::size_t, view)> fill, std::size_t rows = 0) {
    detail::require(static_cast<bool>(fill), "sampler: the function is empty");
    sampler_.context = new function{std::move(fill)};
    sampler_.struct_size = sizeof sampler_;
    sampler_.fill = function::call;
    sampler_.destroy = function::destroy;
    sampler_.rows = rows;
  }
  /** One of the library's: `gamedyn::sampler noise(gd_sampler_normal, 1, nullptr);` */
  template <class... Parameters, class... Arguments>
  explicit sampler(gd_status (*create)(gd_sampler *, Parameters...), Arguments &&...arguments) {
    const int in_order[] = {0, (detail::keep_one(kept_, arguments), 0)...};
    (void)in_order;
    call(create, &sampler_, std::forward<Arguments>(arguments)...);
  }
  /** The other sampler is empty then. */
  sampler(sampler &&other) noexcept : sampler_(other.sampler_), kept_(std::move(other.kept_)) {
    other.sampler_ = gd_sampler();
  }
  /** The two change places. */
  sampler &operator=(sampler &&other) noexcept {
    std::swap(sampler_, other.sampler_);
    kept_.swap(other.kept_);
    return *this;
  }
  ~sampler() { gd_sampler_destroy(&sampler_); }

  const gd_sampler *get() const noexcept { return &sampler_; } /**< for the C interface, which borrows it */
  /** Samples of a draw, [rows by columns], column after column.  @param draw NULL: {0, 0, 0}. */
  std::vector<double> fill(const gd_draw *draw, std::size_t rows, std::size_t columns) const {
    std::vector<double> out(rows * columns);
    call(gd_sampler_fill, &sampler_, draw, rows, columns, out.data());
    return out;
  }

  /** For gamedyn::input(): the context changes hands. */
  gd_sampler release() noexcept {
    const gd_sampler given = sampler_;
    sampler_ = gd_sampler();
    return given;
  }
  const std::vector<detail::kept> &kept_list() const noexcept { return kept_; } /**< what it was made from */

private:
  struct function {
    std::function<void(const gd_draw *, std::size_t, std::size_t, view)> fill;

    static int call(void *context, const gd_draw *draw, std::size_t rows, std::size_t columns, double *out) {
      const function &own = *static_cast<const function *>(context);
      return detail::guard([&] { own.fill(draw, rows, columns, view(out, rows * columns)); });
    }
    static void destroy(void *context) { delete static_cast<function *>(context); }
  };

  gd_sampler sampler_ = gd_sampler();
  std::vector<detail::kept> kept_;
};

/** An input of a graph that the sampler fills: see gd_graph_input().  The graph takes the sampler over. */
inline gd_node input(handle<gd_graph> &graph, const std::string &name, std::size_t rows, std::size_t columns,
                     sampler source) {
  for (const detail::kept &one : source.kept_list()) graph.keep(one);
  const gd_sampler given = source.release();
  return gd_graph_input(graph.get(), name.c_str(), rows, columns, &given);
}

} // namespace GD_CPP_VISIBLE

#endif
