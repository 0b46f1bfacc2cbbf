/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Errors of the C++ interface.  A call that fails throws gamedyn::error, with the status and the words of the library.
 *
 * An exception that a callback throws does not cross the C frames of the library.  It is caught on the way in, the
 * library gets a status and the exception's words, and the call that ran the callback throws the same exception again,
 * with its type.  Calls may be nested: a callback may call the library, and each call throws what happened within it. */
#ifndef GAMEDYN_CPP_ERROR_HPP
#define GAMEDYN_CPP_ERROR_HPP

#include <atomic>
#include <cstring>
#include <exception>
#include <gamedyn/status.h>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>

/* One copy of types and of the state of a thread, also in programs of several shared objects. */
#if defined(__GNUC__)
#define GD_CPP_VISIBLE __attribute__((visibility("default")))
#else
#define GD_CPP_VISIBLE
#endif

namespace gamedyn GD_CPP_VISIBLE {

/** What a failed call throws.  what() is the status by name and the words of gd_last_error(). */
class error : public std::runtime_error {
public:
  /** @param status negative.  @param words what was wrong. */
  error(gd_status status, const std::string &words)
      : std::runtime_error(std::string(gd_status_name(status)) + ": " + words), status_(status) {}
  gd_status status() const noexcept { return status_; } /**< negative */
  /** The words alone. */
  const char *words() const noexcept { return what() + std::strlen(gd_status_name(status_)) + 2; }

private:
  gd_status status_;
};

namespace detail {

/* An exception on its way through C frames, with the beginning of the words that it left in gd_last_error(). */
struct captured {
  captured() noexcept { words[0] = 0; }
  std::exception_ptr exception;
  gd_status status = GD_OK;
  char words[64];

  bool matches(gd_status failure) const {
    return exception && failure == status && std::strstr(gd_last_error(), words) != nullptr;
  }
};

/* What exceptions become of which the library may get the better, by a shorter step for example. */
inline bool is_recoverable(gd_status status) noexcept { return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE; }

/* A call under way on this thread, and where exceptions of its callbacks wait for its end. */
class frame {
public:
  frame() : below_(top()) { top() = this; }
  virtual ~frame() { top() = below_; }
  frame(const frame &) = delete;
  frame &operator=(const frame &) = delete;

  /* The call that callbacks on this thread belong to; outside of all, a place for check(). */
  static frame &current() {
    static thread_local frame ground((outermost()));
    return top() ? *top() : ground;
  }

  /* `silent`: from a callback that cannot tell the library that it failed. */
  void keep(const captured &one, bool silent) {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_touched_.store(true, std::memory_order_relaxed);
    if (!silent && absorb(one)) return;
    if (!silent && is_recoverable(one.status))
      recoverable_ = one;
    else if (!decisive_.exception || is_outermost_)
      decisive_ = one;
  }

  /* A callback has thrown what must come out, whatever the call's status. */
  bool has_failed() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<bool>(decisive_.exception);
  }

  /* The end of the call: its exception, or an error, or its status. */
  gd_status finish(gd_status status) {
    /* threads that kept something have been waited for */
    if (is_touched_.load(std::memory_order_relaxed)) {
      const std::exception_ptr thrown = take(status);
      if (thrown) std::rethrow_exception(thrown);
    }
    if (status < 0) throw error(status, gd_last_error());
    return status;
  }

protected:
  /* True: the exception is a result of this call, not its end. */
  virtual bool absorb(const captured &) { return false; }
  /* What was absorbed, and ended the call all the same. */
  virtual std::exception_ptr absorbed(gd_status) { return nullptr; }

private:
  friend class on_another_thread;
  struct outermost {};
  explicit frame(outermost) : below_(nullptr), is_outermost_(true) {}

  static frame *&top() noexcept {
    static thread_local frame *current = nullptr;
    return current;
  }

  std::exception_ptr take(gd_status status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::exception_ptr found = decisive_.exception;
    if (!found && recoverable_.matches(status)) found = recoverable_.exception;
    if (!found && status < 0) found = absorbed(status);
    decisive_ = captured();
    recoverable_ = captured();
    is_touched_.store(false, std::memory_order_relaxed);
    return found;
  }

  frame *below_;
  bool is_outermost_ = false;
  std::atomic<bool> is_touched_{false}; /* a callback has thrown */
  std::mutex mutex_;
  captured decisive_, recoverable_;
};

/* While it lives, callbacks on this thread belong to a call on another one. */
class on_another_thread {
public:
  explicit on_another_thread(frame &call) : before_(frame::top()) { frame::top() = &call; }
  ~on_another_thread() { frame::top() = before_; }
  on_another_thread(const on_another_thread &) = delete;
  on_another_thread &operator=(const on_another_thread &) = delete;

private:
  frame *before_;
};

inline gd_status keep(gd_status status, const char *words, bool silent) {
  const char *said = *words ? words : "an exception without words";
  captured one;
  one.exception = std::current_exception();
  one.status = gd_fail(status, "%s", said);
  std::strncpy(one.words, said, sizeof one.words - 1);
  one.words[sizeof one.words - 1] = 0;
  frame::current().keep(one, silent);
  return status;
}

/* In a handler: the exception waits for the end of the call, and C gets a status with its words. */
inline gd_status capture(bool silent) noexcept {
  try {
    throw;
  } catch (const error &e) {
    return keep(e.status() < 0 ? e.status() : GD_ERR_CALLBACK, e.words(), silent);
  } catch (const std::domain_error &e) {
    return keep(GD_ERR_DOMAIN, e.what(), silent);
  } catch (const std::bad_alloc &e) {
    return keep(GD_ERR_MEMORY, e.what(), silent);
  } catch (const std::exception &e) {
    return keep(GD_ERR_CALLBACK, e.what(), silent);
  } catch (...) {
    return keep(GD_ERR_CALLBACK, "an exception that is no std::exception", silent);
  }
}

/* Callbacks that return a status or a code. */
template <class F> gd_status guard(F &&body) noexcept {
  try {
    body();
    return GD_OK;
  } catch (...) {
    return capture(false);
  }
}

/* Callbacks that return something else; `instead` where they throw. */
template <class R, class F> R guard_or(R instead, F &&body) noexcept {
  try {
    return body();
  } catch (...) {
    capture(true);
    return instead;
  }
}

[[noreturn]] inline void refuse(const std::string &words) { throw error(GD_ERR_ARGUMENT, words); }

/* Makes no string where it holds, so that a step allocates nothing. */
inline void require(bool holds, const char *words) {
  if (!holds) refuse(words);
}

inline void expect_size(const char *what, std::size_t size, std::size_t expected) {
  if (size != expected)
    refuse(std::string(what) + " has " + std::to_string(size) + " numbers, expected " + std::to_string(expected));
}

} // namespace detail

/** Throw if a call of the C interface failed: `gamedyn::check(gd_matrix_write(path, 2, 2, A, 2))`.
 *
 * Throws the exception of a callback that the call ran on this thread, else gamedyn::error.  Check each call at once,
 * before the next.  gamedyn::call() does both in one.
 * @return the status, 0 or a caveat. */
inline gd_status check(gd_status status) { return detail::frame::current().finish(status); }

} // namespace GD_CPP_VISIBLE

#endif
