/* SPDX-License-Identifier: BSD-3-Clause */
/* A test is a function that throws to fail.  The last line of the program is "N passed, N failed". */
#ifndef TESTS_CPP_HARNESS_HPP
#define TESTS_CPP_HARNESS_HPP

#include <cmath>
#include <gamedyn/gamedyn.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct test_case {
  const char *name;
  void (*run)();
};

inline std::vector<test_case> &all_tests() {
  static std::vector<test_case> tests;
  return tests;
}

struct registered {
  registered(const char *name, void (*run)()) { all_tests().push_back(test_case{name, run}); }
};

#define TEST(name)                                                                                                     \
  static void name();                                                                                                  \
  static const registered name##_is_registered(#name, name);                                                           \
  static void name()

inline void hold(bool holds, const char *what, int line) {
  if (!holds) throw std::runtime_error("line " + std::to_string(line) + ": " + what);
}

inline void close_to(double actual, double expected, double tolerance, int line) {
  std::ostringstream words;
  words.precision(17);
  words << "line " << line << ": " << actual << ", expected " << expected << " within " << tolerance;
  if (!(std::fabs(actual - expected) <= tolerance)) throw std::runtime_error(words.str());
}

#define ASSERT(condition) hold((condition), #condition, __LINE__)
#define ASSERT_CLOSE(actual, expected, tolerance) close_to((actual), (expected), (tolerance), __LINE__)

/* What callbacks throw here: no exception of the library or of the standard, with more than words. */
struct marked : std::logic_error {
  marked(const char *words, int its_code) : std::logic_error(words), code(its_code) {}
  int code;
};

/* The call must throw `marked` with this code and these words. */
template <class F> void throws_marked(F call, int code, const char *words, int line) {
  try {
    call();
  } catch (const marked &e) {
    hold(e.code == code, "the code of the exception", line);
    hold(std::string(e.what()) == words, "the words of the exception", line);
    return;
  }
  hold(false, "nothing was thrown", line);
}

/* The call must throw gamedyn::error with this status, and these words among others. */
template <class F> void throws_error(F call, gd_status status, const char *words, int line) {
  try {
    call();
  } catch (const gamedyn::error &e) {
    hold(e.status() == status, e.what(), line);
    hold(std::string(e.words()).find(words) != std::string::npos, e.what(), line);
    hold(std::string(e.what()) == std::string(gd_status_name(status)) + ": " + e.words(), "what()", line);
    return;
  }
  hold(false, "nothing was thrown", line);
}

#define ASSERT_MARKED(call, code, words) throws_marked([&] { (void)(call); }, (code), (words), __LINE__)
#define ASSERT_ERROR(call, status, words) throws_error([&] { (void)(call); }, (status), (words), __LINE__)

/* v = (-a x_0 - x_1, x_0 - a x_1): two players who turn around 0, pulled to it by a.  J has the eigenvalues -a + i and
 * -a - i.  The modulus of a plain step is |1 + h (-a + i)|, whose square 1 - 2 a h + (1 + a^2) h^2 is below 1 for
 * h < 2 a / (1 + a^2), and least, 1 / (1 + a^2), half way there. */
inline gamedyn::own_game pulled_rotation(double a) {
  gamedyn::own_game own({1, 1});
  own.name = "pulled rotation";
  own.traits = GD_AFFINE | GD_THREAD_SAFE;
  own.gradient = [a](gamedyn::const_view x, gamedyn::view v) {
    v[0] = -a * x[0] - x[1];
    v[1] = x[0] - a * x[1];
  };
  return own;
}

#endif
