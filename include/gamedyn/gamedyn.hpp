/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * libgamedyn for C++, from C++11 on: the C interface with handles that destroy themselves, lambdas for callbacks, and
 * exceptions for failures.  Header only; a program links libgamedyn as a C program does.  docs/cpp.md is its page.
 * Programs include this header; those in gamedyn/cpp are its parts.
 *
 *     gamedyn::own_game rotation({1, 1});
 *     rotation.gradient = [](gamedyn::const_view x, gamedyn::view v) {
 *       v[0] = -x[1];
 *       v[1] = x[0];
 *     };
 *     gamedyn::game game(rotation);
 *     gamedyn::stepper stepper(game, GD_EXTRAGRADIENT);
 *     std::vector<double> x = {1, 1};
 *     gamedyn::run(stepper, x);
 *
 * HANDLES move and are never copied.  An object keeps alive what it was made from.
 *
 * ERRORS.  A call that fails throws gamedyn::error.  What a callback throws comes out of the call that ran it, with its
 * type.  A caveat is no error: it is the status of an answer, of a result, or caveat() of a handle.
 *
 * ALL THE REST of the C interface takes handles through gamedyn::call() and gamedyn::make().
 *
 * THREADS, shapes and meanings are those of the C interface.
 *
 * @note Experimental, see docs/stability.md: names may still change. */
#ifndef GAMEDYN_GAMEDYN_HPP
#define GAMEDYN_GAMEDYN_HPP

#include <gamedyn/cpp/analysis.hpp>
#include <gamedyn/cpp/callback.hpp>
#include <gamedyn/cpp/ensemble.hpp>
#include <gamedyn/cpp/environment.hpp>
#include <gamedyn/cpp/error.hpp>
#include <gamedyn/cpp/game.hpp>
#include <gamedyn/cpp/handle.hpp>
#include <gamedyn/cpp/look.hpp>
#include <gamedyn/cpp/method.hpp>
#include <gamedyn/cpp/own_game.hpp>
#include <gamedyn/cpp/run.hpp>
#include <gamedyn/cpp/sampler.hpp>
#include <gamedyn/cpp/view.hpp>
#include <gamedyn/gamedyn.h>

#endif
