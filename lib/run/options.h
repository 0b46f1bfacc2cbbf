/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of a run, checked: for gd_run() and for functions that do many runs with the same options. */
#ifndef GDI_RUN_OPTIONS_H
#define GDI_RUN_OPTIONS_H

#include <gamedyn/run.h>

/* A checked copy of the caller's options; NULL: the defaults. */
gd_status gdi_run_options_read(gd_run_options *own, const gd_run_options *callers);

#endif
