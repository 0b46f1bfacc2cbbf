/* SPDX-License-Identifier: BSD-3-Clause */
/* machine.c -- which OpenBLAS this is, on which core's kernels and how many threads. */
#include <stdio.h>

const char *openblas_get_config(void);
const char *openblas_get_corename(void);
int openblas_get_num_threads(void);

int main(void) {
  printf("core\t%s\nthreads\t%d\nconfig\t%s\n", openblas_get_corename(), openblas_get_num_threads(),
         openblas_get_config());
  return 0;
}
