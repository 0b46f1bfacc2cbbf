/* SPDX-License-Identifier: BSD-3-Clause */
/* sized.c -- reading and filling structs whose size the caller states. */
#include "base/sized.h"

#include "base/error.h"

#include <string.h>

static int is_zero(const unsigned char *bytes, size_t count) {
  for (size_t k = 0; k < count; k++)
    if (bytes[k]) return 0;
  return 1;
}

gd_status gdi_sized_read(void *own, size_t own_size, const void *callers, size_t least_size, const char *name) {
  GDI_REQUIRE(callers, "%s is NULL", name);
  size_t size = 0;
  memcpy(&size, callers, sizeof size);
  if (size < least_size)
    return gdi_fail(GD_ERR_STRUCT, "%s: struct_size is %zu, expected at least %zu; set it to sizeof(%s)", name, size,
                    least_size, name);
  if (size > own_size && !is_zero((const unsigned char *)callers + own_size, size - own_size))
    return gdi_fail(GD_ERR_UNSUPPORTED, "%s has members set that this version of the library does not know", name);
  memcpy(own, callers, size < own_size ? size : own_size);
  memcpy(own, &own_size, sizeof own_size);
  return GD_OK;
}

void gdi_sized_write(void *callers, size_t size, const void *own, size_t own_size) {
  if (!callers || size < sizeof size) return;
  memset(callers, 0, size);
  memcpy(callers, own, size < own_size ? size : own_size);
  memcpy(callers, &size, sizeof size);
}
