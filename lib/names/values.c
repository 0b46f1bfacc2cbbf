/* SPDX-License-Identifier: BSD-3-Clause */
/* values.c -- every public enumeration, its values, their names and what they mean. */
#include "names/values.h"
#include "base/statuses.h"

#include <gamedyn/analysis.h>
#include <gamedyn/bifurcation.h>
#include <gamedyn/classify.h>
#include <gamedyn/derive.h>
#include <gamedyn/env.h>
#include <gamedyn/game.h>
#include <gamedyn/gmm_gan.h>
#include <gamedyn/graph.h>
#include <gamedyn/models.h>
#include <gamedyn/neural.h>
#include <gamedyn/rates.h>
#include <gamedyn/run.h>
#include <gamedyn/solve.h>
#include <gamedyn/spectrum.h>
#include <gamedyn/status.h>
#include <gamedyn/stepper.h>

static const gdi_value activation_rows[] = {
    {GD_ACTIVATION_RELU, "relu", "rectifier"},          {GD_ACTIVATION_LEAKY_RELU, "leaky_relu", "leaky rectifier"},
    {GD_ACTIVATION_TANH, "tanh", "hyperbolic tangent"}, {GD_ACTIVATION_SIGMOID, "sigmoid", "logistic sigmoid"},
    {GD_ACTIVATION_SOFTPLUS, "softplus", "softplus"},   {GD_ACTIVATION_NONE, "none", "linear"},
};
static const gdi_value axis_rows[] = {
    {GD_OVER_ALL, "all", "over all entries"},
    {GD_OVER_ROWS, "rows", "over rows"},
    {GD_OVER_COLUMNS, "columns", "over columns"},
};
static const gdi_value bifurcation_kind_rows[] = {
    {GD_BIFURCATION_FOLD, "fold", "fold"},
    {GD_BIFURCATION_FLIP, "flip", "flip"},
    {GD_BIFURCATION_NEIMARK_SACKER, "neimark_sacker", "Neimark-Sacker"},
    {GD_BIFURCATION_UNKNOWN, "unknown", "unknown"},
};
static const gdi_value collapse_rows[] = {
    {GD_COLLAPSE_FREEZE, "freeze", "a collapsed interval stays closed"},
    {GD_COLLAPSE_CLIP, "clip", "steps end where the ends meet"},
    {GD_COLLAPSE_SIGNED, "signed", "a reversed interval counts negatively"},
};
static const gdi_value consensus_estimator_rows[] = {
    {GD_CONSENSUS_ONE_BATCH, "one_batch", "one batch, biased"},
    {GD_CONSENSUS_TWO_BATCHES, "two_batches", "two batches, unbiased"},
    {GD_CONSENSUS_DEBIASED, "debiased", "one batch in parts, unbiased"},
};
static const gdi_value gan_family_rows[] = {
    {GD_FAMILY_STANDARD, "standard", "standard GAN, saturating"},
    {GD_FAMILY_NON_SATURATING, "non_saturating", "standard GAN, non-saturating"},
    {GD_FAMILY_JS, "js", "standard GAN, the generator's part alone"},
    {GD_FAMILY_KL, "kl", "standard GAN, the generator raises D"},
    {GD_FAMILY_WASSERSTEIN, "wasserstein", "Wasserstein GAN"},
    {GD_FAMILY_LEAST_SQUARES, "least_squares", "least squares GAN"},
    {GD_FAMILY_HINGE, "hinge", "hinge GAN"},
    {GD_FAMILY_F_KL, "f_kl", "f-GAN, Kullback-Leibler divergence"},
    {GD_FAMILY_F_REVERSE_KL, "f_reverse_kl", "f-GAN, reverse Kullback-Leibler divergence"},
    {GD_FAMILY_F_PEARSON, "f_pearson", "f-GAN, Pearson chi-squared divergence"},
    {GD_FAMILY_F_HELLINGER, "f_hellinger", "f-GAN, squared Hellinger distance"},
    {GD_FAMILY_F_JENSEN_SHANNON, "f_jensen_shannon", "f-GAN, Jensen-Shannon divergence"},
    {GD_FAMILY_F_GAN, "f_gan", "f-GAN, divergence of the standard GAN"},
    {GD_FAMILY_F_TOTAL_VARIATION, "f_total_variation", "f-GAN, total variation"},
};
static const gdi_value gan_loss_rows[] = {
    {GD_GAN_LOGISTIC, "logistic", "logistic, saturating"},
    {GD_GAN_WASSERSTEIN, "wasserstein", "Wasserstein"},
    {GD_GAN_NON_SATURATING, "non_saturating", "logistic, non-saturating"},
    {GD_GAN_KL, "kl", "logistic, with the generator of the Kullback-Leibler divergence"},
    {GD_GAN_TV, "tv", "total variation"},
};
static const gdi_value holds_rows[] = {
    {GD_HOLDS_UNDECIDED, "undecided", "undecided"},
    {GD_HOLDS_NOT, "not", "does not hold"},
    {GD_HOLDS_WEAKLY, "weakly", "holds, but some moves cost nothing"},
    {GD_HOLDS_STRICTLY, "strictly", "holds by curvature"},
};
static const gdi_value initialisation_rows[] = {
    {GD_INITIAL_XAVIER_UNIFORM, "xavier_uniform", "Xavier, uniform"},
    {GD_INITIAL_XAVIER_NORMAL, "xavier_normal", "Xavier, normal"},
    {GD_INITIAL_HE_NORMAL, "he_normal", "He, normal"},
    {GD_INITIAL_HE_UNIFORM, "he_uniform", "He, uniform"},
    {GD_INITIAL_ORTHOGONAL, "orthogonal", "orthogonal"},
};
static const gdi_value log_level_rows[] = {
    {GD_LOG_WARNING, "warning", "warnings"},
    {GD_LOG_INFO, "info", "warnings and information"},
    {GD_LOG_DEBUG, "debug", "everything"},
};
static const gdi_value newton_stop_rows[] = {
    {GD_NEWTON_CONVERGED, "converged", "the field is within the tolerance"},
    {GD_NEWTON_ITERATIONS, "iterations", "max_iterations taken"},
    {GD_NEWTON_PRODUCTS_SPENT, "products_spent", "max_products spent"},
    {GD_NEWTON_ROUNDING, "rounding", "the step is lost in rounding"},
    {GD_NEWTON_LINE_SEARCH, "line_search", "no part of the step makes the field smaller"},
    {GD_NEWTON_SMALL_FIELD, "small_field", "the field is small here and ahead"},
};
static const gdi_value param_kind_rows[] = {
    {GD_KIND_REAL, "real", "real number"},
    {GD_KIND_REAL_PER_PLAYER, "real_per_player", "real number for each player"},
    {GD_KIND_COUNT, "count", "whole number"},
    {GD_KIND_FLAG, "flag", "yes or no"},
    {GD_KIND_COUNT_PER_PLAYER, "count_per_player", "whole number for each player"},
};
static const gdi_value point_kind_rows[] = {
    {GD_POINT_UNDECIDED, "undecided", "undecided"},
    {GD_POINT_NOT_STATIONARY, "not_stationary", "not stationary"},
    {GD_POINT_SADDLE, "saddle", "saddle"},
    {GD_POINT_REPELLER, "repeller", "repeller"},
    {GD_POINT_CENTRE, "centre", "centre of the linear flow"},
    {GD_POINT_MANIFOLD, "manifold", "manifold of equilibria"},
    {GD_POINT_STABLE_NASH, "stable_nash", "stable Nash point"},
    {GD_POINT_LOCAL_MINIMAX, "local_minimax", "attractor: local minimax, no Nash point"},
    {GD_POINT_ATTRACTOR, "attractor", "attractor"},
    {GD_POINT_UNSTABLE, "unstable", "unstable point"},
};
static const gdi_value precision_rows[] = {
    {GD_PRECISION_DOUBLE, "double", "double precision"},
    {GD_PRECISION_SINGLE, "single", "single precision"},
};
static const gdi_value quantity_rows[] = {
    {GD_GRADIENT, "gradient", "gradient v"},
    {GD_PLAYER_GRADIENT, "player_gradient", "one player's part of v"},
    {GD_UTILITIES, "utilities", "utilities"},
    {GD_UTILITY_GRADIENT, "utility_gradient", "gradient of one player's utility"},
    {GD_JVP, "jvp", "product J u"},
    {GD_VJP, "vjp", "product J'w"},
    {GD_JACOBIAN, "jacobian", "matrix J"},
};
static const gdi_value rate_route_rows[] = {
    {GD_RATE_BY_MODES, "modes", "stability function"},
    {GD_RATE_BY_FIELD, "field", "consensus field"},
    {GD_RATE_BY_ALTERNATION, "alternation", "round of moves"},
    {GD_RATE_BY_MAP, "map", "derivative of one step"},
};
static const gdi_value reduction_rows[] = {
    {GD_REDUCE_SUM, "sum", "sum over ranks"},
    {GD_REDUCE_MAX, "max", "maximum over ranks"},
};
static const gdi_value solve_stop_rows[] = {
    {GD_SOLVE_CONVERGED, "converged", "the residual is within the tolerance"},
    {GD_SOLVE_PRODUCTS_SPENT, "products_spent", "max_products spent"},
    {GD_SOLVE_STALLED, "stalled", "the residual no longer falls"},
    {GD_SOLVE_INDEFINITE, "indefinite", "the matrix or the preconditioner is not positive definite"},
};
static const gdi_value source_rows[] = {
    {GD_SOURCE_NONE, "none", "not available"},
    {GD_SOURCE_NATIVE, "native", "the game's own callback"},
    {GD_SOURCE_DERIVED, "derived", "exact, from another callback"},
    {GD_SOURCE_DIFFERENCED, "differenced", "finite differences"},
};
static const gdi_value stop_rows[] = {
    {GD_STOP_STEPS, "steps", "max_steps were taken"},
    {GD_STOP_GRADIENT, "gradient", "a stationary point was reached"},
    {GD_STOP_STALLED, "stalled", "the steps became shorter than step_tolerance"},
    {GD_STOP_GRADIENTS_SPENT, "gradients_spent", "max_gradients were spent"},
    {GD_STOP_SECONDS, "seconds", "max_seconds passed"},
    {GD_STOP_DIVERGED, "diverged", "the point diverged"},
    {GD_STOP_OBSERVER, "observer", "an observer asked to stop"},
    {GD_STOP_REQUESTED, "requested", "a stop was requested"},
    {GD_STOP_SMALL_FIELD, "small_field",
     "the field is small at x and ahead of it, so x need not be stationary: scale the utilities or lower the "
     "tolerance"},
};
static const gdi_value verdict_rows[] = {
    {GD_VERDICT_UNKNOWN, "unknown", "not rated: the search would take too long"},
    {GD_VERDICT_CONVERGES, "converges", "converges"},
    {GD_VERDICT_LARGE_STEPS, "large_steps", "converges at large steps only"},
    {GD_VERDICT_NEUTRAL, "neutral", "stable, but no rate can be told from 1"},
    {GD_VERDICT_DOES_NOT, "does_not", "does not converge at any step size"},
    {GD_VERDICT_NOT_TOLD, "not_told", "the eigenvalues that were found do not tell"},
};
static const gdi_value which_rows[] = {
    {GD_SPECTRUM_ALL, "spectrum_all", "all eigenvalues"},
    {GD_LARGEST_MODULUS, "largest_modulus", "largest modulus"},
    {GD_LARGEST_REAL, "largest_real", "largest real part"},
    {GD_SMALLEST_REAL, "smallest_real", "smallest real part"},
    {GD_LARGEST_IMAGINARY, "largest_imaginary", "largest imaginary part"},
    {GD_CLOSEST, "closest", "closest to a target"},
};
static const gdi_value status_rows[] = {
#define ROW(status, name, text) {status, name, text},
    GDI_STATUSES(ROW)
#undef ROW
};

#define ENUM(name)                                                                                                     \
  { "gd_" #name, name##_rows, sizeof name##_rows / sizeof *name##_rows }

static const gdi_enum enums[] = {ENUM(activation),
                                 ENUM(axis),
                                 ENUM(bifurcation_kind),
                                 ENUM(collapse),
                                 ENUM(consensus_estimator),
                                 ENUM(gan_family),
                                 ENUM(gan_loss),
                                 ENUM(holds),
                                 ENUM(initialisation),
                                 ENUM(log_level),
                                 ENUM(newton_stop),
                                 ENUM(param_kind),
                                 ENUM(point_kind),
                                 ENUM(precision),
                                 ENUM(quantity),
                                 ENUM(rate_route),
                                 ENUM(reduction),
                                 ENUM(solve_stop),
                                 ENUM(source),
                                 ENUM(status),
                                 ENUM(stop),
                                 ENUM(verdict),
                                 ENUM(which)};
enum { ENUMS = sizeof enums / sizeof *enums };

const gdi_enum *gdi_enum_at(size_t index) { return index < ENUMS ? &enums[index] : NULL; }
