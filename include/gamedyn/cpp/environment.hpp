/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Environment: where the library runs, with a lambda for messages and a pool of threads.  Objects that are made with an
 * environment keep it alive. */
#ifndef GAMEDYN_CPP_ENVIRONMENT_HPP
#define GAMEDYN_CPP_ENVIRONMENT_HPP

#include <functional>
#include <gamedyn/catalog.h>
#include <gamedyn/cpp/error.hpp>
#include <gamedyn/cpp/handle.hpp>
#include <gamedyn/env.h>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gamedyn GD_CPP_VISIBLE {

/** Where the library runs: see gd_env.  Copies are the same environment. */
class environment : public detail::stand_in {
public:
  environment() : state_(std::make_shared<state>()) {} /**< no messages, no threads */

  /** Hear messages of this level and more important ones.  Set it before objects are made with the environment.
   * @param message called as message(level, text). */
  environment &logger(gd_log_level level, std::function<void(gd_log_level, const std::string &)> message) {
    detail::require(static_cast<bool>(message), "environment::logger: the function is empty");
    state_->message = std::move(message);
    state_->logger.level = level;
    state_->logger.context = state_.get();
    state_->logger.message = say;
    state_->env.logger = state_->logger.get();
    return *this;
  }

  /** Start a pool of threads for everything that is made with the environment; once.  Exceptions of callbacks on its
   * threads come out of the call that waits for them.
   * @param count the caller included, 1 or more. */
  environment &threads(std::size_t count) {
    detail::require(!state_->pool, "environment::threads: there is a pool of threads");
    state_->pool = make(gd_thread_pool_create, count);
    state_->threads = gd_thread_pool_executor(state_->pool.get());
    state_->executor.context = state_.get();
    state_->executor.run_all = run_all;
    state_->env.executor = state_->executor.get();
    return *this;
  }

  /** Memory from elsewhere; the context is the caller's, and outlives every object. */
  environment &allocator(const gd_allocator &memory) {
    static_cast<gd_allocator &>(state_->allocator) = memory;
    state_->env.allocator = state_->allocator.get();
    return *this;
  }

  /** Several processes; the context is the caller's, and outlives every object. */
  environment &comm(const gd_comm &processes) {
    static_cast<gd_comm &>(state_->comm) = processes;
    state_->env.comm = state_->comm.get();
    return *this;
  }

  /** Methods that steppers by name and analyses find on games of this environment, beside the library's: see gd_catalog.
   * @param one a gamedyn::method. */
  template <class Method> environment &add(const Method &one) {
    const gd_method *table = one.get();
    std::vector<const gd_method *> longer =
        state_->tables.empty() ? std::vector<const gd_method *>() : state_->tables.back();
    longer.push_back(table);
    detail::keep_one(state_->kept, one);
    state_->tables.push_back(std::move(longer)); /* objects may still look into the shorter ones */
    state_->catalog.methods = state_->tables.back().data();
    state_->catalog.n_methods = state_->tables.back().size();
    state_->env.catalog = state_->catalog.get();
    return *this;
  }

  const gd_env *get() const noexcept { return state_->env.get(); } /**< for the C interface */
  detail::kept kept() const noexcept { return state_; }            /**< what keeps it alive */

private:
  struct state {
    sized<gd_env> env;
    sized<gd_logger> logger;
    sized<gd_allocator> allocator;
    sized<gd_comm> comm;
    sized<gd_catalog> catalog;
    std::list<std::vector<const gd_method *>> tables;
    std::vector<detail::kept> kept;
    sized<gd_executor> executor;
    gd_executor threads = gd_executor();
    handle<gd_thread_pool> pool;
    std::function<void(gd_log_level, const std::string &)> message;
  };

  /* A task of the library's, on behalf of the call that waits for it. */
  struct errand {
    int (*task)(void *argument, std::size_t k);
    void *argument;
    detail::frame *call;
  };

  static void say(void *context, gd_log_level level, const char *text) {
    const state &own = *static_cast<const state *>(context);
    detail::guard_or(0, [&] {
      own.message(level, text);
      return 0;
    });
  }

  static int run_errand(void *argument, std::size_t k) {
    const errand &own = *static_cast<const errand *>(argument);
    const detail::on_another_thread lent(*own.call);
    return own.task(own.argument, k);
  }

  static int run_all(void *context, std::size_t count, int (*task)(void *argument, std::size_t k), void *argument) {
    const gd_executor &threads = static_cast<const state *>(context)->threads;
    errand own = {task, argument, &detail::frame::current()};
    return threads.run_all(threads.context, count, run_errand, &own);
  }

  std::shared_ptr<state> state_;
};

} // namespace GD_CPP_VISIBLE

#endif
