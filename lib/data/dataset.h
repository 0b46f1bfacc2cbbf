/* SPDX-License-Identifier: BSD-3-Clause */
/* Data set: how the readers of the library make one. */
#ifndef GDI_DATA_DATASET_H
#define GDI_DATA_DATASET_H

#include <gamedyn/data.h>

/* rows by columns of zeros; *values [rows by columns], column-major, is for the maker to fill. */
gd_status gdi_dataset_create(gd_dataset **dataset, double **values, size_t rows, size_t columns, const gd_env *env);

#endif
