/* SPDX-License-Identifier: BSD-3-Clause */
/* entries.c -- the entries of a sparse matrix: read in the order of the file, then sorted row by row. */
#include "base/error.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "files/market.h"

#include <gamedyn/entries.h>
#include <string.h>

struct gd_entries {
  gdi_env env;
  size_t rows, columns, count, capacity;
  gd_entry *list; /* [capacity] */
};

typedef struct entries_reader {
  const gdi_market *market;
  gd_entries *entries;
} entries_reader;

/* ---- collecting ---- */

/* Memory grows with the entries read: the number that the file states is not trusted. */
static gd_status make_room(gd_entries *entries) {
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

static gd_status add(gd_entries *entries, size_t row, size_t column, double value) {
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

static bool is_sorted(const gd_entries *entries) {
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

/* Merge sort: the length of sorted runs doubles in each pass, from one array to the other and back.  No sum overflows,
 * because the list is in memory twice. */
static gd_status sort(gd_entries *entries) {
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

static gd_status refuse_doubles(const gd_entries *entries, const char *path) {
  for (size_t k = 1; k < entries->count; k++) {
    const gd_entry *entry = entries->list + k;
    if (compare(entry - 1, entry) == 0)
      return gdi_fail(GD_ERR_FORMAT, "%s: entry %zu %zu is given twice", gdi_short_path(path), entry->row + 1,
                      entry->column + 1);
  }
  return GD_OK;
}

/* ---- create and destroy ---- */

static gd_status fill(gd_entries *entries, gdi_market *market) {
  entries_reader it = {market, entries};
  entries->rows = market->rows;
  entries->columns = market->columns;
  GD_TRY(gdi_market_read(market, take, &it));
  GD_TRY(sort(entries));
  return refuse_doubles(entries, market->lines.path);
}

static gd_status read_opened(gd_entries **entries, gdi_market *market, const gd_env *env) {
  gd_status status;
  gd_entries *made = gdi_create(env, sizeof *made, offsetof(gd_entries, env), &status);
  if (!made) return status;
  status = fill(made, market);
  if (status < 0)
    gd_entries_destroy(made);
  else
    *entries = made;
  return status;
}

gd_status gd_entries_read(gd_entries **entries, const char *path, const gd_env *env) {
  GDI_REQUIRE(entries, "gd_entries_read: entries is NULL");
  GDI_REQUIRE(path, "gd_entries_read: path is NULL");
  gdi_market market = {0};
  gd_status status = gdi_market_open(&market, path);
  if (status == GD_OK) status = read_opened(entries, &market, env);
  gdi_market_close(&market);
  return status;
}

void gd_entries_destroy(gd_entries *entries) {
  if (!entries) return;
  gdi_release(&entries->env, entries->list);
  gdi_destroy(entries, offsetof(gd_entries, env));
}

size_t gd_entries_rows(const gd_entries *entries) { return entries ? entries->rows : 0; }

size_t gd_entries_columns(const gd_entries *entries) { return entries ? entries->columns : 0; }

size_t gd_entries_count(const gd_entries *entries) { return entries ? entries->count : 0; }

const gd_entry *gd_entries_list(const gd_entries *entries) { return entries ? entries->list : NULL; }
