// SPDX-License-Identifier: BSD-3-Clause
// main.cpp -- runs every test of the program; fails when none ran.
#include "harness.hpp"

#include <cstdio>

int main() {
  int passed = 0, failed = 0;
  for (const test_case &test : all_tests()) {
    try {
      test.run();
      passed++;
    } catch (const std::exception &e) {
      std::printf("%s: %s\n", test.name, e.what());
      failed++;
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed || !passed;
}
