/* SPDX-License-Identifier: BSD-3-Clause */
/* Sized structs: caller-filled structs that start with struct_size and grow at the end. */
#ifndef GDI_BASE_SIZED_H
#define GDI_BASE_SIZED_H

#include <gamedyn/status.h>
#include <stddef.h>

/* Copy a caller's struct over `own`, which holds the defaults already.  A shorter struct leaves
 * the tail at its defaults; a longer one must be zero beyond `own_size`, else
 * GD_ERR_UNSUPPORTED.  `least_size` is that of the first published version; less (or a NULL
 * struct) is GD_ERR_STRUCT.  own->struct_size ends as own_size. */
gd_status gdi_sized_read(void *own, size_t own_size, const void *callers, size_t least_size, const char *name);

/* For the init functions: copy min(own_size, size) bytes of the defaults to the caller's struct, zero the rest of it,
 * and set struct_size to `size`. */
void gdi_sized_write(void *callers, size_t size, const void *own, size_t own_size);

#endif
