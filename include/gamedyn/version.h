/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The version a program was compiled against (macros) and the one it runs with (functions). */
#ifndef GAMEDYN_VERSION_H
#define GAMEDYN_VERSION_H

#include <gamedyn/export.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GD_VERSION_MAJOR 0
#define GD_VERSION_MINOR 2
#define GD_VERSION_PATCH 0
#define GD_VERSION (GD_VERSION_MAJOR * 10000 + GD_VERSION_MINOR * 100 + GD_VERSION_PATCH)

/** Version of the library at run time, in the form of GD_VERSION; compare the two. */
GD_API int gd_version(void);

/** The same as text, such as "0.2.0"; static storage. */
GD_API const char *gd_version_string(void);

#ifdef __cplusplus
}
#endif
#endif
