/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Catalogue: methods, models and derivations of one's own, found by name beside the library's.  A catalogue belongs to
 * an environment.  gd_stepper_create_named() and gd_analysis_create() look into that of the game; the functions below
 * look into any. */
#ifndef GAMEDYN_CATALOG_H
#define GAMEDYN_CATALOG_H

#include <gamedyn/derivation.h>
#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/models.h>
#include <gamedyn/stepper.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Tables of one's own.  Arrays and tables are borrowed and must outlive every object made with the environment.  The
 * library's names come first: a table of one's own that has the name of one of the library's is not found by it. */
typedef struct gd_catalog {
  size_t struct_size;              /**< sizeof(gd_catalog) */
  const gd_method *const *methods; /**< [n_methods]; NULL: none */
  size_t n_methods;
  const gd_model *const *models; /**< [n_models]; NULL: none */
  size_t n_models;
  const gd_derivation *const *derivations; /**< [n_derivations]; NULL: none */
  size_t n_derivations;
} gd_catalog;

/** Number `index`, from 0: the library's, then those of the environment's catalogue.  @param env may be NULL.
 * @return NULL past the last. */
GD_API const gd_method *gd_env_method_at(const gd_env *env, size_t index);
GD_API const gd_model *gd_env_model_at(const gd_env *env, size_t index);           /**< likewise */
GD_API const gd_derivation *gd_env_derivation_at(const gd_env *env, size_t index); /**< likewise */

/** The library's method of this name or abbreviation, or else the catalogue's of this name.  @param env may be NULL.
 * @return NULL: there is none. */
GD_API const gd_method *gd_env_method_find(const gd_env *env, const char *name);
GD_API const gd_model *gd_env_model_find(const gd_env *env, const char *name);           /**< likewise */
GD_API const gd_derivation *gd_env_derivation_find(const gd_env *env, const char *name); /**< likewise */

#ifdef __cplusplus
}
#endif
#endif
