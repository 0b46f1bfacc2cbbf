/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- the derivations there are. */
#include "base/memory.h"
#include "derive/derived.h"

#include <gamedyn/catalog.h>
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

const gd_derivation *gd_env_derivation_at(const gd_env *env, size_t index) {
  if (index < DERIVATIONS) return derivations[index];
  const gd_catalog own = gdi_env_catalog(env);
  return index - DERIVATIONS < own.n_derivations ? own.derivations[index - DERIVATIONS] : NULL;
}

const gd_derivation *gd_env_derivation_find(const gd_env *env, const char *name) {
  const gd_derivation *derivation = NULL;
  for (size_t k = 0; name && (derivation = gd_env_derivation_at(env, k)) && strcmp(derivation->name, name) != 0;) k++;
  return name ? derivation : NULL;
}
