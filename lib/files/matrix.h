/* SPDX-License-Identifier: BSD-3-Clause */
/* Matrix: how the readers of the library make one. */
#ifndef GDI_FILES_MATRIX_H
#define GDI_FILES_MATRIX_H

#include <gamedyn/matrix.h>

/* rows by columns of zeros; *values [rows by columns], column-major, is for the maker to fill. */
gd_status gdi_matrix_create(gd_matrix **matrix, double **values, size_t rows, size_t columns, const gd_env *env);

#endif
