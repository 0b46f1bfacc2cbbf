/* SPDX-License-Identifier: BSD-3-Clause */
/* The library's own derivations, and what their plans have in common. */
#ifndef GDI_DERIVE_DERIVED_H
#define GDI_DERIVE_DERIVED_H

#include <gamedyn/derivation.h>

extern const gd_derivation gdi_derivation_best_response, gdi_derivation_consensus, gdi_derivation_copies,
    gdi_derivation_debiased_consensus, gdi_derivation_gradient_penalty, gdi_derivation_symplectic,
    gdi_derivation_two_batch_consensus, gdi_derivation_unrolled, gdi_derivation_unrolled_first_order;

/* Two different players of the base. */
gd_status gdi_derived_check_players(const gd_game *base, size_t leader, size_t follower);

/* A coefficient or a step size: finite, 0 or more. */
gd_status gdi_derived_check_weight(const char *name, double value);

/* Two players whose utilities add up to zero. */
bool gdi_derived_is_opposed(const gd_game *base);

/* Products of an affine base are exact, and so are then those of its derived game: the plan offers them and needs both
 * of the base's.  Else it offers none. */
void gdi_derived_offer_products(gd_derivation_plan *plan, const gd_game *base);

/* The base gives the quantity without differences. */
bool gdi_derived_is_exact(const gd_game *base, gd_quantity quantity);

static inline void gdi_derived_withdraw(gd_derivation_plan *plan, gd_quantity quantity) {
  plan->offers &= ~(1u << quantity);
}

#endif
