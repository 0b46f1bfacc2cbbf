/* SPDX-License-Identifier: BSD-3-Clause */
/* names.c -- from a value to its name and its meaning, and from a name to its value. */
#include "base/error.h"
#include "names/values.h"

#include <gamedyn/analysis.h>
#include <gamedyn/bifurcation.h>
#include <gamedyn/classify.h>
#include <gamedyn/names.h>
#include <gamedyn/rates.h>
#include <gamedyn/run.h>
#include <stdio.h>
#include <string.h>

static const gdi_enum *find_enum(const char *type) {
  const gdi_enum *it = NULL;
  for (size_t k = 0; type && (it = gdi_enum_at(k)) && strcmp(it->type, type) != 0;) k++;
  return type ? it : NULL;
}

static const gdi_value *find_row(const char *type, int value) {
  const gdi_enum *it = find_enum(type);
  for (size_t k = 0; it && k < it->count; k++)
    if (it->rows[k].value == value) return &it->rows[k];
  return NULL;
}

const char *gd_enum_at(size_t index) {
  const gdi_enum *it = gdi_enum_at(index);
  return it ? it->type : NULL;
}

size_t gd_enum_count(const char *type) {
  const gdi_enum *it = find_enum(type);
  return it ? it->count : 0;
}

gd_status gd_enum_value_at(const char *type, size_t index, int *value) {
  const gdi_enum *it = find_enum(type);
  GDI_REQUIRE(value, "gd_enum_value_at: value is NULL");
  GDI_REQUIRE(it && index < it->count, "gd_enum_value_at: index is %zu, but \"%.64s\" has %zu values", index,
              type ? type : "NULL", it ? it->count : 0);
  *value = it->rows[index].value;
  return GD_OK;
}

const char *gd_enum_name(const char *type, int value) {
  const gdi_value *row = find_row(type, value);
  return row ? row->name : NULL;
}

const char *gd_enum_text(const char *type, int value) {
  const gdi_value *row = find_row(type, value);
  return row ? row->text : NULL;
}

static gd_status fail_unknown(const gdi_enum *it, const char *name) {
  char names[384] = "";
  for (size_t k = 0, used = 0; k < it->count && used < sizeof names; k++)
    used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", k ? ", " : "", it->rows[k].name);
  return gdi_fail(GD_ERR_NAME, "%s has no value \"%.64s\"; the values are %s", it->type, name, names);
}

gd_status gd_enum_find(const char *type, const char *name, int *value) {
  const gdi_enum *it = find_enum(type);
  GDI_REQUIRE(name && value, "gd_enum_find: %s is NULL", name ? "value" : "name");
  if (!it) return gdi_fail(GD_ERR_NAME, "there is no enumeration \"%.64s\"", type ? type : "NULL");
  for (size_t k = 0; k < it->count; k++)
    if (strcmp(it->rows[k].name, name) == 0) {
      *value = it->rows[k].value;
      return GD_OK;
    }
  return fail_unknown(it, name);
}

/* ---- one function a type, for those that programs print ---- */

static const char *text_of(const char *type, int value) {
  const char *text = gd_enum_text(type, value);
  return text ? text : "unknown";
}

const char *gd_verdict_text(gd_verdict verdict) { return text_of("gd_verdict", (int)verdict); }

const char *gd_point_kind_text(gd_point_kind kind) { return text_of("gd_point_kind", (int)kind); }

const char *gd_bifurcation_kind_text(gd_bifurcation_kind kind) { return text_of("gd_bifurcation_kind", (int)kind); }

const char *gd_rate_route_text(gd_rate_route route) { return text_of("gd_rate_route", (int)route); }

const char *gd_stop_text(gd_stop stop) { return text_of("gd_stop", (int)stop); }
