/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse.c -- the entries of a sparse matrix: kept as they come, then put in order, row by row. */
#include "base/error.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "files/market.h"

#include <gamedyn/sparse.h>
#include <math.h>
#include <string.h>

struct gd_sparse {
  gdi_env env;
  size_t rows, columns, count, capacity;
  gd_entry *list; /* [capacity] */
};

typedef struct entries_reader {
  const gdi_market *market;
  gd_sparse *entries;
} entries_reader;

/* ---- collecting ---- */

/* Room grows with what was read: the number that a file promises is not believed. */
static gd_status make_room(gd_sparse *entries) {
  if (entries->count < entries->capacity) return GD_OK;
  const size_t capacity = entries->capacity ? gdi_times(2, entries->capacity) : 64;
  gd_entry *list = gdi_allocate(&entries->env, capacity, sizeof *list);
  if (!list) return GD_ERR_MEMORY;
  if (entries->list) memcpy(list, entries->list, entries->count * sizeof *list);
  gdi_release(&entries->env, entries->list);
  entries->list = list;
  entries->capacity = capacity;
  return GD_OK;
}

static gd_status add(gd_sparse *entries, size_t row, size_t column, double value) {
  GD_TRY(make_room(entries));
  entries->list[entries->count++] = (gd_entry){row, column, value};
  return GD_OK;
}

/* An entry and, by symmetry, its mirror image.  An array file lists its zeros too. */
static gd_status take(void *context, size_t row, size_t column, double value) {
  const entries_reader *it = context;
  const gdi_symmetry symmetry = it->market->symmetry;
  if (!it->market->is_coordinate && value == 0) return GD_OK;
  GD_TRY(add(it->entries, row, column, value));
  if (row == column || symmetry == GDI_GENERAL) return GD_OK;
  return add(it->entries, column, row, symmetry == GDI_SYMMETRIC ? value : 0.0 - value);
}

/* ---- order ---- */

static int compare(const gd_entry *one, const gd_entry *other) {
  if (one->row != other->row) return one->row < other->row ? -1 : 1;
  return (one->column > other->column) - (one->column < other->column);
}

static bool is_sorted(const gd_sparse *entries) {
  for (size_t k = 1; k < entries->count; k++)
    if (compare(entries->list + k - 1, entries->list + k) > 0) return false;
  return true;
}

static void merge(const gd_entry *from, size_t start, size_t middle, size_t end, gd_entry *to) {
  size_t left = start, right = middle;
  for (size_t k = start; k < end; k++) {
    const bool is_left = left < middle && (right == end || compare(from + left, from + right) <= 0);
    to[k] = from[is_left ? left++ : right++];
  }
}

/* Runs of doubled length in each pass, from one array to the other and back.  No sum overflows: the list is in memory
 * twice. */
static gd_status sort(gd_sparse *entries) {
  if (is_sorted(entries)) return GD_OK;
  const size_t count = entries->count;
  gd_entry *from = entries->list, *to = gdi_allocate(&entries->env, entries->capacity, sizeof *to);
  if (!to) return GD_ERR_MEMORY;
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      const size_t middle = start + width < count ? start + width : count;
      merge(from, start, middle, middle + width < count ? middle + width : count, to);
    }
    gd_entry *merged = to;
    to = from;
    from = merged;
  }
  entries->list = from;
  gdi_release(&entries->env, to);
  return GD_OK;
}

/* Entries of one place become their sum: sorting kept their order. */
static gd_status add_up(gd_sparse *entries) {
  size_t kept = 0;
  for (size_t k = 0; k < entries->count; k++) {
    const gd_entry *entry = entries->list + k;
    if (kept > 0 && compare(entries->list + kept - 1, entry) == 0)
      entries->list[kept - 1].value += entry->value;
    else
      entries->list[kept++] = *entry;
  }
  entries->count = kept;
  for (size_t k = 0; k < kept; k++)
    if (!isfinite(entries->list[k].value))
      return gdi_fail(GD_ERR_NONFINITE, "gd_sparse_create: the entries (%zu, %zu) add up to %g", entries->list[k].row,
                      entries->list[k].column, entries->list[k].value);
  return GD_OK;
}

static gd_status refuse_doubles(const gd_sparse *entries, const char *path) {
  for (size_t k = 1; k < entries->count; k++) {
    const gd_entry *entry = entries->list + k;
    if (compare(entry - 1, entry) == 0)
      return gdi_fail(GD_ERR_FORMAT, "%s: entry %zu %zu is given twice", gdi_short_path(path), entry->row + 1,
                      entry->column + 1);
  }
  return GD_OK;
}

/* ---- life ---- */

static gd_status fill(gd_sparse *entries, gdi_market *market) {
  entries_reader it = {market, entries};
  entries->rows = market->rows;
  entries->columns = market->columns;
  GD_TRY(gdi_market_read(market, take, &it));
  GD_TRY(sort(entries));
  return refuse_doubles(entries, market->lines.path);
}

static gd_status take_all(gd_sparse *sparse, size_t count, const gd_entry *entries) {
  sparse->list = gdi_allocate(&sparse->env, count, sizeof *sparse->list);
  if (!sparse->list) return GD_ERR_MEMORY;
  if (count > 0) memcpy(sparse->list, entries, count * sizeof *entries);
  sparse->count = sparse->capacity = count;
  GD_TRY(sort(sparse));
  return add_up(sparse);
}

static gd_status check_entries(size_t rows, size_t columns, size_t count, const gd_entry *entries) {
  for (size_t k = 0; k < count; k++) {
    const gd_entry *entry = entries + k;
    GDI_REQUIRE(entry->row < rows && entry->column < columns,
                "gd_sparse_create: entries[%zu] is at (%zu, %zu), outside of %zu by %zu", k, entry->row, entry->column,
                rows, columns);
    if (!isfinite(entry->value))
      return gdi_fail(GD_ERR_NONFINITE, "gd_sparse_create: entries[%zu] is %g, expected a finite number", k,
                      entry->value);
  }
  return GD_OK;
}

gd_status gd_sparse_create(gd_sparse **sparse, size_t rows, size_t columns, size_t count, const gd_entry *entries,
                           const gd_env *env) {
  gd_status status;
  GDI_REQUIRE(sparse, "gd_sparse_create: sparse is NULL");
  GDI_REQUIRE(entries || count == 0, "gd_sparse_create: entries is NULL, but count is %zu", count);
  GD_TRY(check_entries(rows, columns, count, entries));
  gd_sparse *made = gdi_create(env, sizeof *made, offsetof(gd_sparse, env), &status);
  if (!made) return status;
  made->rows = rows, made->columns = columns;
  status = take_all(made, count, entries);
  if (status < 0)
    gd_sparse_destroy(made);
  else
    *sparse = made;
  return status;
}

static gd_status read_opened(gd_sparse **entries, gdi_market *market, const gd_env *env) {
  gd_status status;
  gd_sparse *made = gdi_create(env, sizeof *made, offsetof(gd_sparse, env), &status);
  if (!made) return status;
  status = fill(made, market);
  if (status < 0)
    gd_sparse_destroy(made);
  else
    *entries = made;
  return status;
}

gd_status gd_sparse_read(gd_sparse **entries, const char *path, const gd_env *env) {
  GDI_REQUIRE(entries, "gd_sparse_read: entries is NULL");
  GDI_REQUIRE(path, "gd_sparse_read: path is NULL");
  gdi_market market = {0};
  gd_status status = gdi_market_open(&market, path);
  if (status == GD_OK) status = read_opened(entries, &market, env);
  gdi_market_close(&market);
  return status;
}

void gd_sparse_destroy(gd_sparse *entries) {
  if (!entries) return;
  gdi_release(&entries->env, entries->list);
  gdi_destroy(entries, offsetof(gd_sparse, env));
}

size_t gd_sparse_rows(const gd_sparse *entries) { return entries ? entries->rows : 0; }

size_t gd_sparse_columns(const gd_sparse *entries) { return entries ? entries->columns : 0; }

size_t gd_sparse_count(const gd_sparse *entries) { return entries ? entries->count : 0; }

const gd_entry *gd_sparse_entries(const gd_sparse *entries) {
  return entries && entries->count > 0 ? entries->list : NULL;
}

/* ---- looking up ---- */

double gd_sparse_get(const gd_sparse *sparse, size_t row, size_t column) {
  const gd_entry wanted = {row, column, 0};
  size_t low = 0, high = sparse ? sparse->count : 0;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const int order = compare(sparse->list + middle, &wanted);
    if (order == 0) return sparse->list[middle].value;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return 0;
}

bool gd_sparse_is_symmetric(const gd_sparse *sparse) {
  if (!sparse) return true;
  bool same = sparse->rows == sparse->columns;
  for (size_t k = 0; same && k < sparse->count; k++) {
    const gd_entry *entry = sparse->list + k;
    same = gd_sparse_get(sparse, entry->column, entry->row) == entry->value;
  }
  return same;
}
