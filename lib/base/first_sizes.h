/* SPDX-License-Identifier: BSD-3-Clause */
/* First sizes: where each caller-filled struct ended in its first published version, 0.2.0.
 *
 * A program that was compiled then passes a struct of at least this size.  A struct grows at its end, beyond the size it
 * had: its line here never changes. */
#ifndef GDI_BASE_FIRST_SIZES_H
#define GDI_BASE_FIRST_SIZES_H

#include "base/sized.h"

#define GDI_END(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

#define GDI_FIRST_gd_allocator GDI_END(gd_allocator, release)
#define GDI_FIRST_gd_analysis_options GDI_END(gd_analysis_options, observer)
#define GDI_FIRST_gd_catalog GDI_END(gd_catalog, n_derivations)
#define GDI_FIRST_gd_classify_options GDI_END(gd_classify_options, eigenvalue_tolerance)
#define GDI_FIRST_gd_comm GDI_END(gd_comm, reduce)
#define GDI_FIRST_gd_consensus_options GDI_END(gd_consensus_options, parts)
#define GDI_FIRST_gd_covariance_gan GDI_END(gd_covariance_gan, points)
#define GDI_FIRST_gd_derivation GDI_END(gd_derivation, solution)
#define GDI_FIRST_gd_ensemble_options GDI_END(gd_ensemble_options, lanes)
#define GDI_FIRST_gd_env GDI_END(gd_env, catalog)
#define GDI_FIRST_gd_eval_options GDI_END(gd_eval_options, dense_limit)
#define GDI_FIRST_gd_executor GDI_END(gd_executor, run_all)
#define GDI_FIRST_gd_game_ops GDI_END(gd_game_ops, gradient_vjp)
#define GDI_FIRST_gd_game_spec GDI_END(gd_game_spec, env)
#define GDI_FIRST_gd_gaussian GDI_END(gd_gaussian, ldc)
#define GDI_FIRST_gd_gaussian_grid GDI_END(gd_gaussian_grid, balanced)
#define GDI_FIRST_gd_gaussian_mixture GDI_END(gd_gaussian_mixture, balanced)
#define GDI_FIRST_gd_gaussian_ring GDI_END(gd_gaussian_ring, balanced)
#define GDI_FIRST_gd_gmm_gan GDI_END(gd_gmm_gan, collapse)
#define GDI_FIRST_gd_growth_options GDI_END(gd_growth_options, dense_limit)
#define GDI_FIRST_gd_logger GDI_END(gd_logger, message)
#define GDI_FIRST_gd_lq_gan GDI_END(gd_lq_gan, nodes)
#define GDI_FIRST_gd_method GDI_END(gd_method, mode_modulus)
#define GDI_FIRST_gd_mixture GDI_END(gd_mixture, weights)
#define GDI_FIRST_gd_mlp GDI_END(gd_mlp, seed)
#define GDI_FIRST_gd_neural_gan_spec GDI_END(gd_neural_gan_spec, precision)
#define GDI_FIRST_gd_newton_options GDI_END(gd_newton_options, preconditioner)
#define GDI_FIRST_gd_run_options GDI_END(gd_run_options, n_observers)
#define GDI_FIRST_gd_sampler GDI_END(gd_sampler, rows)
#define GDI_FIRST_gd_solve_options GDI_END(gd_solve_options, preconditioner)
#define GDI_FIRST_gd_spectrum_options GDI_END(gd_spectrum_options, confirm)

/* gdi_sized_read() of a struct of this type. */
#define GDI_SIZED_READ(type, own, callers) gdi_sized_read(own, sizeof(type), callers, GDI_FIRST_##type, #type)

#endif
