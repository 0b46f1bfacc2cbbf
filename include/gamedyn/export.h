/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * GD_API marks what the shared library exports, on every compiler the library builds with. */
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

#endif
