/* SPDX-License-Identifier: BSD-3-Clause */
/* A search whose result is checked by a second search if eigenvalues may be hidden. */
#ifndef GDI_LINEAR_SECOND_SEARCH_H
#define GDI_LINEAR_SECOND_SEARCH_H

#include "linear/krylov_schur.h"

/* As gdi_krylov_schur(), checked. */
gd_status gdi_second_search(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer);

#endif
