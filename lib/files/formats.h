/* SPDX-License-Identifier: BSD-3-Clause */
/* The readers of file formats with data. */
#ifndef GDI_FILES_FORMATS_H
#define GDI_FILES_FORMATS_H

#include "files/binary.h"

#include <gamedyn/matrix.h>

/* Read the header, check it against the file's length, and stop at the first number. */
gd_status gdi_idx_read_header(gdi_binary *binary, gdi_array *array);
gd_status gdi_npy_read_header(gdi_binary *binary, gdi_array *array);

/* A text file that stands at its beginning: one sample a line. */
gd_status gdi_csv_read(gd_matrix **matrix, gdi_lines *lines, const gd_env *env);

#endif
