/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * GD_API marks what the shared library exports, on every compiler the library builds with; GD_PRINTF marks functions
 * that take a format, as printf does, so that compilers can check it; GD_EXPERIMENTAL marks what is young. */
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

/* Declarations that end in this mark are exempt from the promise of docs/stability.md until version 1.0.  It is empty, for
 * readers and tools.  A program may give it a meaning, so that compilers tell what the program uses:
 *
 *     cc -isystem include -DGD_EXPERIMENTAL='__attribute__((deprecated("experimental")))' ... */
#ifndef GD_EXPERIMENTAL
#define GD_EXPERIMENTAL
#endif

#if defined(__GNUC__)
#define GD_PRINTF(words, first) __attribute__((format(printf, words, first)))
#else
#define GD_PRINTF(words, first)
#endif

#endif
