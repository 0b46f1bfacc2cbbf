/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy's archives of arrays, as numpy.savez() and numpy.savez_compressed() write them. */
#ifndef SUPPORT_NPZ_H
#define SUPPORT_NPZ_H

#include <stddef.h>

/* The bytes of the member NAME.npy of an archive, or of its only member if `name` is NULL; free them.  What is wrong with
 * the archive is explained, and ends the program. */
unsigned char *npz_read(const char *option, const char *path, const char *name, size_t *size);

#endif
