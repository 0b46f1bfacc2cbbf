/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Entries: a sparse real matrix, read from a Matrix Market file, as the list of its entries.  Nothing of the size
 * rows times columns is made, so that the matrix may be larger than memory.  The order is that of compressed rows:
 * the entries of a row stand together, by columns. */
#ifndef GAMEDYN_ENTRIES_H
#define GAMEDYN_ENTRIES_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One entry of a matrix.  Frozen. */
typedef struct gd_entry {
  size_t row, column; /**< from 0 */
  double value;       /**< finite */
} gd_entry;

typedef struct gd_entries gd_entries;

/** Read the files that gd_matrix_read() reads, as strictly, whatever their shape.  Symmetric and skew-symmetric
 * matrices have their entries above the diagonal too.  Zeros of a `coordinate` file are entries, zeros of an `array`
 * file are none.  Memory: at most 48 bytes an entry and as much again while they are put in order.
 * @param entries set on success.  @param env may be NULL.
 * @return as gd_matrix_read(); GD_ERR_FORMAT also for a place that has two entries, without the line. */
GD_API gd_status gd_entries_read(gd_entries **entries, const char *path, const gd_env *env);

GD_API void gd_entries_destroy(gd_entries *entries);         /**< NULL is a no-op */
GD_API size_t gd_entries_rows(const gd_entries *entries);    /**< 0 for NULL */
GD_API size_t gd_entries_columns(const gd_entries *entries); /**< 0 for NULL */
GD_API size_t gd_entries_count(const gd_entries *entries);   /**< 0 for NULL */
/** [count], row by row and by columns in each row, every place at most once; lives as long as `entries`.  NULL if there
 * are none. */
GD_API const gd_entry *gd_entries_list(const gd_entries *entries);

#ifdef __cplusplus
}
#endif
#endif
