/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of callers' arguments; messages use `name`. */
#ifndef GDI_DENSE_CHECKS_H
#define GDI_DENSE_CHECKS_H

#include <gamedyn/status.h>
#include <stddef.h>

/* 1 <= size <= INT_MAX, which is what BLAS can count. */
gd_status gdi_check_side(const char *name, size_t size);

/* M [rows by columns] is not NULL, ldm >= rows, and its entries are finite. */
gd_status gdi_check_matrix(const char *name, size_t rows, size_t columns, const double *M, size_t ldm);

#endif
