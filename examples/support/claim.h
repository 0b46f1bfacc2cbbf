/* SPDX-License-Identifier: BSD-3-Clause */
/* Claim: is a theorem's promise kept?  The part that the theorem programs share. */
#ifndef SUPPORT_CLAIM_H
#define SUPPORT_CLAIM_H

#include <gamedyn/guarantee.h>
#include <gamedyn/stepper.h>

#include "support/die.h"

#include "support/options.h"
#include "support/problem.h"

/* Run the stepper for the promised number of steps, find the exact worst case over all starts, set the
 * fastest constant step beside it, print, write --csv and draw --plot.
 * Returns the exit code: 0, or EXIT_CLAIM_FAILED if the promise is broken. */
int claim_test(const common_options *common, const game_problem *problem, gd_stepper *stepper,
               const gd_guarantee *guarantee);

/* Print "  name    value    meaning", aligned. */
void print_constant(const char *name, double value, const char *meaning);

/* The constants of a bilinear game, as Theorems 3 to 6 ask; dies if it is not bilinear. */
gd_game_constants bilinear_constants(const game_problem *problem);

#endif
