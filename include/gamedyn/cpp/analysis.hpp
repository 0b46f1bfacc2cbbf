/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Analysis: the main question as one call, see gd_analysis: which methods converge at a point, with what step size, how
 * fast, at what cost?
 *
 *     gamedyn::analysis analysis(gamedyn::linearisation(game, x));
 *     for (const gd_analysis_row &row : analysis.rows()) std::cout << row.method << ' ' << row.rate << '\n'; */
#ifndef GAMEDYN_CPP_ANALYSIS_HPP
#define GAMEDYN_CPP_ANALYSIS_HPP

#include <gamedyn/analysis.h>
#include <gamedyn/cpp/look.hpp>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

/** What is analysed, at its defaults: see gd_analysis_options.  The members `methods`, `n_methods` and `observer` are
 * those of add() and observe(). */
class analysis_options : public options<gd_analysis_options> {
public:
  /** Analyse this method; without any, all of the registry. */
  analysis_options &add(const method &one) {
    methods_.push_back(one);
    return *this;
  }
  /** Watch each run: see run_options::observe(). */
  template <class F> analysis_options &observe(F watcher) {
    watching_ = run_options();
    watching_.observe(std::move(watcher));
    return *this;
  }
  /** For the C interface; as the options are now. */
  const gd_analysis_options *get() const {
    raw_ = *this;
    tables_.clear();
    for (const method &one : methods_) tables_.push_back(one.get());
    if (!tables_.empty()) raw_.methods = tables_.data();
    raw_.n_methods = tables_.size();
    raw_.observer = watching_.get()->n_observers ? watching_.get()->observers : nullptr;
    return &raw_;
  }
  /** The methods, for as long as there is an analysis. */
  detail::kept kept() const {
    if (methods_.empty()) return nullptr;
    return std::make_shared<const std::vector<method>>(methods_);
  }

private:
  std::vector<method> methods_;
  run_options watching_;
  mutable std::vector<const gd_method *> tables_;
  mutable gd_analysis_options raw_ = gd_analysis_options();
};

/** All methods at a point: see gd_analysis.  It keeps the linearisation alive. */
class analysis : public handle<gd_analysis> {
public:
  analysis() = default; /**< no analysis */
  /** Analyse: see gd_analysis_create(). */
  explicit analysis(const linearisation &at, const analysis_options &how = analysis_options())
      : handle(make(gd_analysis_create, at, how)) {}
  std::size_t size() const noexcept { return gd_analysis_count(get()); } /**< rows */
  /** Row k.  @throw gamedyn::error GD_ERR_ARGUMENT if there is no such row. */
  gd_analysis_row row(std::size_t k) const {
    gd_analysis_row found = gd_analysis_row();
    call(gd_analysis_row_at, static_cast<const gd_analysis *>(get()), k, &found);
    return found;
  }
  /** All rows, in the order of the methods. */
  std::vector<gd_analysis_row> rows() const {
    std::vector<gd_analysis_row> all;
    for (std::size_t k = 0; k < size(); k++) all.push_back(row(k));
    return all;
  }
  /** The row of the cheapest run.  @throw gamedyn::error GD_ERR_HYPOTHESIS if no run arrived. */
  std::size_t best() const {
    std::size_t k = 0;
    call(gd_analysis_best, static_cast<const gd_analysis *>(get()), &k);
    return k;
  }
  const gd_analysis_facts &facts() const noexcept {
    return *gd_analysis_facts_of(get());
  } /**< what holds for all rows */
  /** All of it as one JSON object. */
  std::string json() const {
    std::string text;
    call(gd_analysis_write_json, static_cast<const gd_analysis *>(get()), detail::append, &text);
    return text;
  }
};

} // namespace GD_CPP_VISIBLE

#endif
