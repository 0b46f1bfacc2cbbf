/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- the derivations there are. */
#include "derive/derived.h"

#include <string.h>

static const gd_derivation *const derivations[] = {
    &gdi_derivation_consensus,
    &gdi_derivation_two_batch_consensus,
    &gdi_derivation_debiased_consensus,
    &gdi_derivation_gradient_penalty,
    &gdi_derivation_symplectic,
    &gdi_derivation_unrolled,
    &gdi_derivation_unrolled_first_order,
    &gdi_derivation_best_response,
    &gdi_derivation_copies,
};
enum { DERIVATIONS = sizeof derivations / sizeof *derivations };

const gd_derivation *gd_derivation_at(size_t index) { return index < DERIVATIONS ? derivations[index] : NULL; }

const gd_derivation *gd_derivation_find(const char *name) {
  for (size_t k = 0; name && k < DERIVATIONS; k++)
    if (strcmp(derivations[k]->name, name) == 0) return derivations[k];
  return NULL;
}
