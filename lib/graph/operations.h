/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations of graphs, in one list.  The enumerator, the name in messages, the number of operands and the
 * derivative of each operation are one row of it, so that none can be forgotten or take another's place.
 *
 * A row is X(NAME, name, operands, slope).  `slope` names the derivative of an operation of one operand, entry by
 * entry: function of_slope of derivative.c.  It is `elsewhere` where forward.c and reverse.c have rules of their own,
 * and for leaves. */
#ifndef GDI_GRAPH_OPERATIONS_H
#define GDI_GRAPH_OPERATIONS_H

/* clang-format off */
#define GDI_OPERATIONS(X)                                                                                              \
  X(NONE, "nothing", 0, elsewhere)                                                                                     \
  /* Leaves. */                                                                                                        \
  X(VARIABLE, "parameter", 0, elsewhere) /* part of a vector: `row` is which, `column` which parameter */              \
  X(INPUT, "input", 0, elsewhere)        /* filled by sampler number `column` */                                       \
  X(CONSTANT, "constant", 0, elsewhere)  /* matrix number `column` */                                                  \
  /* Entry by entry, of no, one or two operands, which may be narrower. */                                             \
  X(FILL, "fill", 0, zero) /* p everywhere */                                                                          \
  X(WIDEN, "widen", 1, elsewhere)                                                                                      \
  X(DETACH, "detach", 1, zero)                                                                                         \
  X(SAME, "variable", 1, one)    /* a, but a node of its own */                                                        \
  X(SCALE, "scale", 1, scale)    /* p a */                                                                             \
  X(SHIFT, "shift", 1, one)      /* a + p */                                                                           \
  X(EXP, "exp", 1, exp)                                                                                                \
  X(LOG, "log", 1, log)                                                                                                \
  X(TANH, "tanh", 1, tanh)                                                                                             \
  X(SECH2, "squared hyperbolic secant", 1, sech2) /* 1 / cosh(p a)^2 */                                                \
  X(SIGMOID, "sigmoid", 1, sigmoid)                                                                                    \
  X(SOFTPLUS, "softplus", 1, softplus)                                                                                 \
  X(RAMP, "leaky relu", 1, ramp) /* a where a > 0, else p a */                                                         \
  X(STEP, "step", 1, zero)       /* 1 where a > 0, else p */                                                           \
  X(SQUARE, "square", 1, square)                                                                                       \
  X(ABSOLUTE, "absolute value", 1, absolute)                                                                           \
  X(SQRT, "sqrt", 1, sqrt)                                                                                             \
  X(POWER, "power", 1, power) /* a to the p */                                                                         \
  X(NONNEGATIVE, "square of a square root", 1, one) /* a where a >= 0, else NaN */                                     \
  X(RECIPROCAL, "reciprocal", 1, reciprocal)                                                                           \
  X(ADD, "sum", 2, elsewhere)                                                                                          \
  X(SUBTRACT, "difference", 2, elsewhere)                                                                              \
  X(MULTIPLY, "product by entries", 2, elsewhere)                                                                      \
  X(RATIO, "ratio", 2, elsewhere) /* a / b, but 0 where b is 0 and NaN where b is infinite */                          \
  X(CHECKED, "checked value", 2, elsewhere) /* a; b is a check that programs of it have to pass */                     \
  X(GATE, "gate", 2, elsewhere) /* a where b > 0, else p a: a times the step of b, which need not be kept */           \
  /* Others. */                                                                                                        \
  X(SUM_ROWS, "sum over rows", 1, elsewhere) /* leaves one row */                                                      \
  X(SUM_COLUMNS, "sum over columns", 1, elsewhere)                                                                     \
  X(NORM, "norm", 1, elsewhere) /* Euclidean, over the gd_axis `row` */                                                \
  X(PRODUCT, "matrix product", 2, elsewhere) /* of a, transposed if `row`, and b, transposed if `column` */            \
  X(TRANSPOSE, "transpose", 1, elsewhere)                                                                              \
  X(SLICE, "slice", 1, elsewhere) /* from `row`, `column` on */                                                        \
  X(PAD, "padding", 1, elsewhere) /* a at `row`, `column` among zeros */                                               \
  X(STACK, "stack", 2, elsewhere) /* a above b */                                                                      \
  X(BESIDE, "beside", 2, elsewhere) /* a left of b */                                                                  \
  X(CHECK, "check", 1, zero) /* 1 more than the first entry of a that is not as requirement `row` says; 0: none */
/* clang-format on */

/* What a node does; a and b are its operands, p its number. */
typedef enum gdi_op {
#define GDI_ENUMERATOR(name, text, operands, slope) GDI_##name,
  GDI_OPERATIONS(GDI_ENUMERATOR)
#undef GDI_ENUMERATOR
      GDI_OPS
} gdi_op;

#endif
