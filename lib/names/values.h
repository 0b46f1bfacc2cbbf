/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of public enumerations: the table behind <gamedyn/names.h>. */
#ifndef GDI_NAMES_VALUES_H
#define GDI_NAMES_VALUES_H

#include <stddef.h>

typedef struct gdi_value {
  int value;
  const char *name; /* the constant's last words, in lower case: GD_STOP_STEPS is "steps" */
  const char *text; /* what it means, in a few words */
} gdi_value;

typedef struct gdi_enum {
  const char *type;      /* "gd_stop" */
  const gdi_value *rows; /* [count], in the order of the header */
  size_t count;
} gdi_enum;

/* NULL past the last. */
const gdi_enum *gdi_enum_at(size_t index);

#endif
