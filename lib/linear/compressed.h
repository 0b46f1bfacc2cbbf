/* SPDX-License-Identifier: BSD-3-Clause */
/* Compressed rows: a sparse matrix as products read it, each row a list of columns and values, 12 bytes an entry. */
#ifndef GDI_LINEAR_COMPRESSED_H
#define GDI_LINEAR_COMPRESSED_H

#include "base/memory.h"

#include <gamedyn/sparse.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gdi_compressed {
  size_t rows, columns;
  size_t *first;    /* [rows + 1]: row i has the entries first[i] to first[i + 1] */
  uint32_t *column; /* [first[rows]] */
  double *value;    /* [first[rows]] */
} gdi_compressed;

/* GD_ERR_UNSUPPORTED for a matrix of more than 2^32 - 1 columns. */
gd_status gdi_compressed_create(gdi_compressed *matrix, const gdi_env *env, const gd_sparse *sparse);
/* Half-built ones too. */
void gdi_compressed_destroy(gdi_compressed *matrix, const gdi_env *env);

/* out [to - from] = rows from..to of A u. */
void gdi_compressed_multiply(const gdi_compressed *matrix, size_t from, size_t to, const double *u, double *out);
/* out [columns] = A'w. */
void gdi_compressed_multiply_transposed(const gdi_compressed *matrix, const double *w, double *out);
/* A[i + j lda], lda >= rows, zeros included. */
void gdi_compressed_assemble(const gdi_compressed *matrix, double *A, size_t lda);

#endif
