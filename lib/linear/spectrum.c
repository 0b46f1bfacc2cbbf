/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum.c -- eigenvalues of an operator, in the requested order.
 *
 * A small operator is assembled into the buffer that LAPACK overwrites; a copy is made only to compute residuals.  A
 * large one goes to krylov_schur.c, whose basis becomes the eigenvectors. */
#include "base/error.h"
#include "base/first_sizes.h"
#include "kernels/vector.h"
#include "linear/eigen.h"
#include "linear/krylov_schur.h"
#include "linear/null_space.h"
#include "linear/operator.h"
#include "linear/order.h"
#include "linear/second_search.h"
#include "linear/shift_invert.h"

#include <float.h>
#include <gamedyn/spectrum.h>
#include <math.h>
#include <string.h>

struct gd_spectrum {
  gdi_env env;
  size_t n, count, converged;
  uint64_t products;
  double *re, *im, *residual; /* [count] */
  double *vectors;            /* [n by solver's number] as the solver left them, or NULL */
  size_t *column;             /* [count], where in the solver's order each one was */
  double abscissa, radius;    /* over all found, or NaN */
  bool complete;              /* those found are all */
  double zero;                /* eigenvalues of a dense matrix up to this are rounding */
  size_t nullity;             /* null directions of a dense matrix */
  gd_spectrum *moving;        /* the spectrum without them; NULL: it is empty, or there are none */
};

void gd_spectrum_options_init_sized(gd_spectrum_options *options, size_t size) {
  const gd_spectrum_options defaults = {.struct_size = sizeof defaults,
                                        .which = GD_SPECTRUM_ALL,
                                        .count = 6,
                                        .residuals = true,
                                        .dense_limit = 2000,
                                        .max_products = 10000,
                                        .tolerance = 1e-10,
                                        .restart = 50,
                                        .block = 1,
                                        .confirm = true};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

/* ---- take over ---- */

/* Copy the eigenvalues that `which` specifies: `count` of them, or one more if a pair would be split. */
static void select_units(gd_spectrum *s, const gdi_eigen *eigen, const gd_spectrum_options *options, gdi_unit *units) {
  const size_t n_units = gdi_order_units(eigen->n, eigen->re, eigen->im, options, units);
  const size_t wanted = options->which == GD_SPECTRUM_ALL ? eigen->n : options->count;
  for (size_t k = 0; k < n_units && s->count < wanted; k++)
    for (size_t member = 0; member < units[k].members; member++) {
      const size_t from = units[k].start + member, to = s->count++;
      s->re[to] = eigen->re[from];
      s->im[to] = eigen->im[from] + 0.0; /* -0 becomes 0 */
      s->residual[to] = eigen->residual && options->residuals ? eigen->residual[from] : NAN;
      s->column[to] = from;
    }
}

static void find_extremes(gd_spectrum *s, size_t count, const double *re, const double *im) {
  s->abscissa = re[0];
  for (size_t k = 0; k < count; k++) {
    s->abscissa = fmax(s->abscissa, re[k]);
    s->radius = fmax(s->radius, hypot(re[k], im[k]));
  }
}

/* ---- solve ---- */

/* Of an operator of size n, with room for `capacity` eigenvalues. */
static gd_status create(gd_spectrum **spectrum, size_t n, size_t capacity, const gd_env *env) {
  gd_status status;
  gd_spectrum *s = gdi_create(env, sizeof *s, offsetof(gd_spectrum, env), &status);
  if (!s) return status;
  s->n = n;
  s->re = gdi_allocate(&s->env, capacity, sizeof *s->re);
  s->im = gdi_allocate(&s->env, capacity, sizeof *s->im);
  s->residual = gdi_allocate(&s->env, capacity, sizeof *s->residual);
  s->column = gdi_allocate(&s->env, capacity, sizeof *s->column);
  if (!s->re || !s->im || !s->residual || !s->column) {
    gd_spectrum_destroy(s);
    return GD_ERR_MEMORY;
  }
  *spectrum = s;
  return GD_OK;
}

/* Compute the spectrum `s` of A; `room` [3 n] and `units` [n] are scratch. */
static gd_status solve(gd_spectrum *s, double *A, const gd_spectrum_options *options, double *room, gdi_unit *units) {
  const size_t n = s->n;
  gdi_eigen eigen = {n, room, room + n, options->residuals ? room + 2 * n : NULL, s->vectors};
  GD_TRY(gdi_eigen_solve(&s->env, A, options->symmetric, &eigen));
  find_extremes(s, n, eigen.re, eigen.im);
  select_units(s, &eigen, options, units);
  s->complete = true;
  s->converged = s->count;
  return GD_OK;
}

static gd_status fill_densely(gd_spectrum *s, gd_operator *op, const gd_spectrum_options *options) {
  const size_t n = s->n;
  double *A = gdi_allocate(&s->env, gdi_times(n, n), sizeof *A);
  double *room = gdi_allocate(&s->env, 3 * n, sizeof *room);
  gdi_unit *units = gdi_allocate(&s->env, n, sizeof *units);
  if (options->vectors) s->vectors = gdi_allocate(&s->env, gdi_times(n, n), sizeof *s->vectors);
  gd_status status = A && room && units && (s->vectors || !options->vectors) ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_operator_assemble_finite(op, A);
  const double norm = status == GD_OK ? gdi_vector_norm(n * n, A) : 0;
  if (status == GD_OK) status = solve(s, A, options, room, units);
  s->zero = (double)n * DBL_EPSILON * norm;
  if (status == GD_OK && options->which == GD_SPECTRUM_ALL && gdi_null_space_is_near(s, norm))
    status = gdi_null_space_leave(op, s, A, &s->moving, &s->nullity);
  gdi_release(&s->env, A);
  gdi_release(&s->env, room);
  gdi_release(&s->env, units);
  return status;
}

/* Take ownership of the answer, with its vectors. */
static gd_status adopt(gd_spectrum *s, gdi_krylov_answer *answer, const gd_spectrum_options *options) {
  gdi_unit *units = gdi_allocate(&s->env, answer->eigen.n, sizeof *units);
  if (!units) return GD_ERR_MEMORY;
  find_extremes(s, answer->eigen.n, answer->eigen.re, answer->eigen.im);
  if (options->which != GD_LARGEST_REAL) s->abscissa = NAN;
  if (options->which != GD_LARGEST_MODULUS) s->radius = NAN;
  select_units(s, &answer->eigen, options, units);
  s->converged = answer->converged;
  s->complete = answer->whole;
  s->products = answer->products;
  if (options->vectors) {
    s->vectors = answer->basis.vectors;
    answer->basis.vectors = NULL;
  }
  gdi_release(&s->env, units);
  return GD_OK;
}

static gd_status fill_by_products(gd_spectrum *s, gd_operator *op, const gd_spectrum_options *options) {
  gdi_krylov_answer answer = {0};
  const bool inverted = options->which == GD_CLOSEST && (options->shift_invert || options->target_im != 0);
  gd_status status = inverted           ? gdi_shift_invert(op, options, &answer)
                     : options->confirm ? gdi_second_search(op, options, &answer)
                                        : gdi_krylov_schur(op, options, &answer);
  if (status >= 0) {
    const gd_status adopted = adopt(s, &answer, options);
    if (adopted < 0) status = adopted;
  }
  gdi_krylov_answer_destroy(&s->env, &answer);
  return status;
}

gd_status gdi_spectrum_check_options(const char *what, size_t n, const gd_spectrum_options *options) {
  if (options->which == GD_SPECTRUM_ALL)
    return gdi_fail(GD_ERR_UNSUPPORTED, "all %s of an operator of size %zu: a side exceeds dense_limit = %zu", what, n,
                    options->dense_limit);
  GDI_REQUIRE(options->subspace == 0 || options->subspace >= n || options->subspace >= options->count + 3,
              "gd_spectrum_options: subspace is %zu, expected 0 or at least count + 3 = %zu", options->subspace,
              options->count + 3);
  GDI_REQUIRE(options->max_products > 0, "gd_spectrum_options: max_products is 0, expected at least 1");
  GDI_REQUIRE(options->tolerance >= 0 && options->tolerance < 1,
              "gd_spectrum_options: tolerance is %g, expected 0 <= tolerance < 1", options->tolerance);
  GDI_REQUIRE(isfinite(options->target_re) && isfinite(options->target_im),
              "gd_spectrum_options: the target is %g + %g i, expected numbers", options->target_re, options->target_im);
  GDI_REQUIRE(options->block > 0 && (options->block == 1 || options->which != GD_CLOSEST),
              "gd_spectrum_options: block is %zu, expected at least 1, and 1 for GD_CLOSEST", options->block);
  GDI_REQUIRE(options->subspace == 0 || options->block == 1 || options->subspace >= options->count + 2 + options->block,
              "gd_spectrum_options: subspace is %zu, expected at least count + 2 + block = %zu", options->subspace,
              options->count + 2 + options->block);
  GDI_REQUIRE(options->restart > 0, "gd_spectrum_options: restart is 0, expected at least 1");
  return GD_OK;
}

static gd_status check_compute(gd_operator *op, const gd_spectrum_options *options) {
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op);
  GDI_REQUIRE(rows == columns, "gd_spectrum_compute: the operator is %zu by %zu, expected a square one", rows, columns);
  GDI_REQUIRE((unsigned)options->which <= GD_CLOSEST, "gd_spectrum_options: which is %d, expected 0 to %d",
              (int)options->which, GD_CLOSEST);
  GDI_REQUIRE(options->count > 0 || options->which == GD_SPECTRUM_ALL,
              "gd_spectrum_options: count is 0, expected at least 1");
  return rows > options->dense_limit ? gdi_spectrum_check_options("eigenvalues", rows, options) : GD_OK;
}

gd_status gd_spectrum_compute(gd_spectrum **spectrum, gd_operator *op, const gd_spectrum_options *options) {
  GDI_REQUIRE(spectrum && op, "gd_spectrum_compute: %s is NULL", spectrum ? "op" : "spectrum");
  GD_TRY(gdi_operator_check_whole(op, "gd_spectrum_compute"));
  gd_spectrum_options own;
  gd_spectrum_options_init(&own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_spectrum_options, &own, options));
  GD_TRY(check_compute(op, &own));
  const size_t n = gd_operator_rows(op), some = own.count < n ? own.count + 1 : n;
  const bool dense = n <= own.dense_limit;
  gd_spectrum *s = NULL;
  GD_TRY(create(&s, n, dense ? n : some, &gdi_operator_env(op)->env));
  const gd_status status = dense ? fill_densely(s, op, &own) : fill_by_products(s, op, &own);
  if (status < 0)
    gd_spectrum_destroy(s);
  else
    *spectrum = s;
  return status;
}

/* ---- known eigenvalues ---- */

static gd_status check_values(size_t count, const double *re, const double *im) {
  for (size_t k = 0; k < count; k++) {
    if (!isfinite(re[k]) || !isfinite(im[k]))
      return gdi_fail(GD_ERR_NONFINITE, "gd_spectrum_from_values: eigenvalue %zu is %g + %g i", k, re[k], im[k]);
    if (im[k] == 0) continue;
    GDI_REQUIRE(k + 1 < count && re[k + 1] == re[k] && im[k + 1] == -im[k],
                "gd_spectrum_from_values: eigenvalue %zu is %g + %g i, expected its conjugate to follow", k, re[k],
                im[k]);
    k++;
  }
  return GD_OK;
}

gd_status gd_spectrum_from_values(gd_spectrum **spectrum, size_t count, const double *re, const double *im,
                                  const gd_env *env) {
  GDI_REQUIRE(spectrum && re && im, "gd_spectrum_from_values: %s is NULL", spectrum ? re ? "im" : "re" : "spectrum");
  GDI_REQUIRE(count > 0, "gd_spectrum_from_values: count is 0, expected at least 1");
  GD_TRY(check_values(count, re, im));
  gd_spectrum *s = NULL;
  GD_TRY(create(&s, count, count, env));
  for (size_t k = 0; k < count; k++) {
    const bool opens_pair = im[k] != 0 && (k == 0 || s->im[k - 1] <= 0);
    s->re[k] = re[k];
    s->im[k] = opens_pair ? fabs(im[k]) : 0.0 - fabs(im[k]); /* 0 and never -0 of a real one */
    s->residual[k] = NAN;
  }
  s->count = s->converged = count;
  s->complete = true;
  find_extremes(s, count, re, im);
  *spectrum = s;
  return GD_OK;
}

void gd_spectrum_destroy(gd_spectrum *spectrum) {
  if (!spectrum) return;
  gd_spectrum_destroy(spectrum->moving);
  gdi_release(&spectrum->env, spectrum->re);
  gdi_release(&spectrum->env, spectrum->im);
  gdi_release(&spectrum->env, spectrum->residual);
  gdi_release(&spectrum->env, spectrum->column);
  gdi_release(&spectrum->env, spectrum->vectors);
  gdi_destroy(spectrum, offsetof(gd_spectrum, env));
}

/* ---- read ---- */

size_t gd_spectrum_null_directions(const gd_spectrum *spectrum) { return spectrum ? spectrum->nullity : 0; }

const gd_spectrum *gd_spectrum_moving(const gd_spectrum *spectrum) {
  return spectrum && spectrum->moving ? spectrum->moving : spectrum;
}

double gdi_spectrum_zero(const gd_spectrum *spectrum) { return spectrum->zero; }

void gdi_spectrum_copy_vectors(const gd_spectrum *spectrum, double *vectors) {
  const size_t n = spectrum->n;
  for (size_t k = 0; k < spectrum->count; k++)
    memcpy(vectors + k * n, spectrum->vectors + spectrum->column[k] * n, n * sizeof *vectors);
}

void gdi_spectrum_set_incomplete(gd_spectrum *spectrum) { spectrum->complete = false; }

size_t gd_spectrum_count(const gd_spectrum *spectrum) { return spectrum ? spectrum->count : 0; }

const double *gd_spectrum_real(const gd_spectrum *spectrum) { return spectrum ? spectrum->re : NULL; }

const double *gd_spectrum_imaginary(const gd_spectrum *spectrum) { return spectrum ? spectrum->im : NULL; }

const double *gd_spectrum_residual(const gd_spectrum *spectrum) { return spectrum ? spectrum->residual : NULL; }

size_t gd_spectrum_converged(const gd_spectrum *spectrum) { return spectrum ? spectrum->converged : 0; }

uint64_t gd_spectrum_products(const gd_spectrum *spectrum) { return spectrum ? spectrum->products : 0; }

double gd_spectrum_abscissa(const gd_spectrum *spectrum) { return spectrum ? spectrum->abscissa : NAN; }

bool gd_spectrum_complete(const gd_spectrum *spectrum) { return spectrum && spectrum->complete; }

double gd_spectrum_radius(const gd_spectrum *spectrum) { return spectrum ? spectrum->radius : NAN; }

gd_status gd_spectrum_vector(const gd_spectrum *spectrum, size_t k, double *re, double *im) {
  GDI_REQUIRE(spectrum && re && im, "gd_spectrum_vector: %s is NULL", spectrum ? re ? "im" : "re" : "spectrum");
  GDI_REQUIRE(k < spectrum->count, "gd_spectrum_vector: k is %zu, expected less than count = %zu", k, spectrum->count);
  if (!spectrum->vectors)
    return gdi_fail(GD_ERR_UNSUPPORTED, "gd_spectrum_vector: the spectrum was computed without options.vectors");
  const size_t n = spectrum->n;
  const double imaginary = spectrum->im[k];
  /* a pair's columns hold the real and imaginary part of its first member */
  const double *column = spectrum->vectors + (spectrum->column[k] - (imaginary < 0)) * n;
  for (size_t i = 0; i < n; i++) {
    re[i] = column[i];
    im[i] = imaginary > 0 ? column[n + i] : imaginary < 0 ? -column[n + i] : 0.0;
  }
  return GD_OK;
}
