/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Names: the values of every public enumeration, by name and in words.  A type is called as in C, "gd_stop".  The name
 * of a value is the last part of its constant in lower case: GD_STOP_DIVERGED is "diverged", GD_LARGEST_REAL is
 * "largest_real", GD_ERR_MEMORY is "err_memory".  All strings have static storage. */
#ifndef GAMEDYN_NAMES_H
#define GAMEDYN_NAMES_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Enumeration number `index`, from 0.  @return its type; NULL past the last. */
GD_API const char *gd_enum_at(size_t index);

/** How many values an enumeration has; 0 if there is none of that type. */
GD_API size_t gd_enum_count(const char *type);

/** Value number `index`, from 0, in the order of the header.
 * @return GD_ERR_ARGUMENT if there is no such enumeration or value. */
GD_API gd_status gd_enum_value_at(const char *type, size_t index, int *value);

/** The name of a value.  @return NULL if there is no such enumeration or value. */
GD_API const char *gd_enum_name(const char *type, int value);

/** A few words for a value.  @return NULL if there is no such enumeration or value. */
GD_API const char *gd_enum_text(const char *type, int value);

/** The value of a name.
 * @param value set on success.
 * @return GD_ERR_NAME if there is no such enumeration or value; gd_last_error() lists the names there are. */
GD_API gd_status gd_enum_find(const char *type, const char *name, int *value);

#ifdef __cplusplus
}
#endif
#endif
