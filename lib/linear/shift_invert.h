/* SPDX-License-Identifier: BSD-3-Clause */
/* Eigenvalues closest to a target, by shift-invert. */
#ifndef GDI_LINEAR_SHIFT_INVERT_H
#define GDI_LINEAR_SHIFT_INVERT_H

#include "linear/krylov_schur.h"

/* Compute the eigenvalues closest to target_re + i target_im; otherwise as gdi_krylov_schur(). */
gd_status gdi_shift_invert(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer);

#endif
