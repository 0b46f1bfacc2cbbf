/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * GD_API marks what the shared library exports, on every compiler the library builds with; GD_PRINTF marks functions
 * that take a format, as printf does, so that compilers can check it. */
#ifndef GAMEDYN_EXPORT_H
#define GAMEDYN_EXPORT_H

#if defined(_WIN32) && defined(GD_BUILDING_LIBRARY)
#define GD_API __declspec(dllexport)
#elif defined(_WIN32) && !defined(GD_STATIC)
#define GD_API __declspec(dllimport)
#elif defined(__GNUC__)
#define GD_API __attribute__((visibility("default")))
#else
#define GD_API
#endif

#if defined(__GNUC__)
#define GD_PRINTF(words, first) __attribute__((format(printf, words, first)))
#else
#define GD_PRINTF(words, first)
#endif

#endif
