/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Entries: a sparse real matrix, read from a Matrix Market file as a list of entries.  The dense matrix (rows times
 * columns) is never formed, so it may be larger than memory.  The entries are in compressed-row order: row by row, and
 * by increasing column within a row. */
#ifndef GAMEDYN_ENTRIES_H
#define GAMEDYN_ENTRIES_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One entry of a matrix.  Frozen: its members never change. */
typedef struct gd_entry {
  size_t row, column; /**< from 0 */
  double value;       /**< finite */
} gd_entry;

typedef struct gd_entries gd_entries;

/** Read a matrix of any shape from a Matrix Market file.  The format and its checks are those of gd_matrix_read().
 * A symmetric or skew-symmetric file gives the entries above the diagonal too.  Explicit zeros of a `coordinate` file
 * are kept as entries; zeros of an `array` file are not.
 * Memory: at most 48 bytes per entry, and as much again during sorting.
 * @param entries set on success.  @param env may be NULL.
 * @return as gd_matrix_read(); also GD_ERR_FORMAT if two entries have the same row and column (the message does not
 * name the line). */
GD_API gd_status gd_entries_read(gd_entries **entries, const char *path, const gd_env *env);

GD_API void gd_entries_destroy(gd_entries *entries);         /**< NULL is a no-op */
GD_API size_t gd_entries_rows(const gd_entries *entries);    /**< 0 for NULL */
GD_API size_t gd_entries_columns(const gd_entries *entries); /**< 0 for NULL */
GD_API size_t gd_entries_count(const gd_entries *entries);   /**< 0 for NULL */
/** The entries [count], row by row and by increasing column in each row; no position occurs twice.
 * @return NULL if there are none.  The array is valid until `entries` is destroyed. */
GD_API const gd_entry *gd_entries_list(const gd_entries *entries);

#ifdef __cplusplus
}
#endif
#endif
