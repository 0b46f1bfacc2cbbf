/* SPDX-License-Identifier: BSD-3-Clause */
/* Matrices from files: Matrix Market's, NumPy's .npy, and members of NumPy's .npz archives. */
#ifndef SUPPORT_MATRIX_FILE_H
#define SUPPORT_MATRIX_FILE_H

#include <gamedyn/matrix.h>

/* The first bytes tell the format.  ARCHIVE:NAME is a member of an archive; an archive that has only one needs no name.
 * Dies in words that name the option and the file. */
gd_matrix *matrix_file_read(const char *option, const char *path);

#endif
