/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum.c -- eigenvalues of an operator, put in order.
 *
 * The operator is assembled into the very buffer that LAPACK overwrites; a copy is made only to compute residuals. */
#include "base/error.h"
#include "base/sized.h"
#include "linear/eigen.h"
#include "linear/operator.h"

#include <gamedyn/spectrum.h>
#include <math.h>
#include <stdlib.h>

struct gd_spectrum {
  gdi_env env;
  size_t n, count;
  double *re, *im, *residual; /* [count] */
  double *vectors;            /* [n by n] as the solver left them, or NULL */
  size_t *column;             /* [count], where in the solver's order each one was */
  double abscissa, radius;    /* over all n */
};

void gd_spectrum_options_init_sized(gd_spectrum_options *options, size_t size) {
  const gd_spectrum_options defaults = {
      .struct_size = sizeof defaults, .which = GD_ALL, .count = 6, .residuals = true, .dense_limit = 2000};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

/* ---- order ---- */

/* A real eigenvalue or a pair, which are never parted. */
typedef struct unit {
  double first_key, second_key; /* larger comes first */
  size_t start, members;        /* index in the solver's order; 1 or 2 */
} unit;

static int compare_units(const void *left, const void *right) {
  const unit *a = left, *b = right;
  if (a->first_key != b->first_key) return a->first_key > b->first_key ? -1 : 1;
  if (a->second_key != b->second_key) return a->second_key > b->second_key ? -1 : 1;
  return a->start < b->start ? -1 : 1;
}

static unit make_unit(const gdi_eigen *eigen, size_t k, gd_which which) {
  const double re = eigen->re[k], im = fabs(eigen->im[k]);
  unit u = {re, im, k, im != 0 ? 2 : 1};
  if (which == GD_LARGEST_MODULUS) u.first_key = hypot(re, im);
  if (which == GD_SMALLEST_REAL) u.first_key = -re;
  if (which == GD_LARGEST_IMAGINARY) u.first_key = im;
  if (which == GD_LARGEST_MODULUS || which == GD_LARGEST_IMAGINARY) u.second_key = re;
  return u;
}

/* Take over the eigenvalues `which` asks for, `count` of them or one more where a pair would be split. */
static void select_units(gd_spectrum *s, const gdi_eigen *eigen, const gd_spectrum_options *options, unit *units) {
  size_t n_units = 0;
  for (size_t k = 0; k < eigen->n; k += units[n_units++].members) units[n_units] = make_unit(eigen, k, options->which);
  qsort(units, n_units, sizeof *units, compare_units);
  const size_t wanted = options->which == GD_ALL ? eigen->n : options->count;
  for (size_t k = 0; k < n_units && s->count < wanted; k++)
    for (size_t member = 0; member < units[k].members; member++) {
      const size_t from = units[k].start + member, to = s->count++;
      s->re[to] = eigen->re[from];
      s->im[to] = eigen->im[from];
      s->residual[to] = eigen->residual ? eigen->residual[from] : NAN;
      s->column[to] = from;
    }
}

static void find_extremes(gd_spectrum *s, const double *re, const double *im) {
  s->abscissa = re[0];
  for (size_t k = 0; k < s->n; k++) {
    s->abscissa = fmax(s->abscissa, re[k]);
    s->radius = fmax(s->radius, hypot(re[k], im[k]));
  }
}

/* ---- solve ---- */

static gd_status create(gd_spectrum **spectrum, size_t n, const gd_env *env) {
  gd_status status;
  gd_spectrum *s = gdi_create(env, sizeof *s, offsetof(gd_spectrum, env), &status);
  if (!s) return status;
  s->n = n;
  s->re = gdi_allocate(&s->env, n, sizeof *s->re);
  s->im = gdi_allocate(&s->env, n, sizeof *s->im);
  s->residual = gdi_allocate(&s->env, n, sizeof *s->residual);
  s->column = gdi_allocate(&s->env, n, sizeof *s->column);
  if (!s->re || !s->im || !s->residual || !s->column) {
    gd_spectrum_destroy(s);
    return GD_ERR_MEMORY;
  }
  *spectrum = s;
  return GD_OK;
}

/* Solve A, of which the spectrum `s` is to tell; `room` [3 n] and `units` [n] are scratch. */
static gd_status solve(gd_spectrum *s, double *A, const gd_spectrum_options *options, double *room, unit *units) {
  const size_t n = s->n;
  gdi_eigen eigen = {n, room, room + n, options->residuals ? room + 2 * n : NULL, s->vectors};
  GD_TRY(gdi_eigen_solve(&s->env, A, options->symmetric, &eigen));
  find_extremes(s, eigen.re, eigen.im);
  select_units(s, &eigen, options, units);
  return GD_OK;
}

static gd_status fill(gd_spectrum *s, gd_operator *op, const gd_spectrum_options *options) {
  const size_t n = s->n;
  double *A = gdi_allocate(&s->env, n * n, sizeof *A);
  double *room = gdi_allocate(&s->env, 3 * n, sizeof *room);
  unit *units = gdi_allocate(&s->env, n, sizeof *units);
  if (options->vectors) s->vectors = gdi_allocate(&s->env, n * n, sizeof *s->vectors);
  gd_status status = A && room && units && (s->vectors || !options->vectors) ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_operator_assemble_finite(op, A);
  if (status == GD_OK) status = solve(s, A, options, room, units);
  gdi_release(&s->env, A);
  gdi_release(&s->env, room);
  gdi_release(&s->env, units);
  return status;
}

static gd_status check_compute(gd_operator *op, const gd_spectrum_options *options) {
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op);
  GDI_REQUIRE(rows == columns, "gd_spectrum_compute: the operator is %zu by %zu, expected a square one", rows, columns);
  GDI_REQUIRE((unsigned)options->which <= GD_LARGEST_IMAGINARY, "gd_spectrum_options: which is %d, expected 0 to %d",
              (int)options->which, GD_LARGEST_IMAGINARY);
  GDI_REQUIRE(options->count > 0 || options->which == GD_ALL, "gd_spectrum_options: count is 0, expected at least 1");
  if (rows > options->dense_limit)
    return gdi_fail(GD_ERR_UNSUPPORTED, "the spectrum of an operator of size %zu: larger than dense_limit = %zu", rows,
                    options->dense_limit);
  return GD_OK;
}

gd_status gd_spectrum_compute(gd_spectrum **spectrum, gd_operator *op, const gd_spectrum_options *options) {
  GDI_REQUIRE(spectrum && op, "gd_spectrum_compute: %s is NULL", spectrum ? "op" : "spectrum");
  gd_spectrum_options own;
  gd_spectrum_options_init(&own);
  if (options) GD_TRY(gdi_sized_read(&own, sizeof own, options, sizeof own, "gd_spectrum_options"));
  GD_TRY(check_compute(op, &own));
  gd_spectrum *s = NULL;
  GD_TRY(create(&s, gd_operator_rows(op), &gdi_operator_env(op)->env));
  const gd_status status = fill(s, op, &own);
  if (status < 0) {
    gd_spectrum_destroy(s);
    return status;
  }
  *spectrum = s;
  return GD_OK;
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
  GD_TRY(create(&s, count, env));
  for (size_t k = 0; k < count; k++) {
    const bool opens_pair = im[k] != 0 && (k == 0 || s->im[k - 1] <= 0);
    s->re[k] = re[k];
    s->im[k] = opens_pair ? fabs(im[k]) : -fabs(im[k]);
    s->residual[k] = NAN;
  }
  s->count = count;
  find_extremes(s, re, im);
  *spectrum = s;
  return GD_OK;
}

void gd_spectrum_destroy(gd_spectrum *spectrum) {
  if (!spectrum) return;
  gdi_release(&spectrum->env, spectrum->re);
  gdi_release(&spectrum->env, spectrum->im);
  gdi_release(&spectrum->env, spectrum->residual);
  gdi_release(&spectrum->env, spectrum->column);
  gdi_release(&spectrum->env, spectrum->vectors);
  gdi_destroy(spectrum, offsetof(gd_spectrum, env));
}

/* ---- read ---- */

size_t gd_spectrum_count(const gd_spectrum *spectrum) { return spectrum ? spectrum->count : 0; }

const double *gd_spectrum_real(const gd_spectrum *spectrum) { return spectrum ? spectrum->re : NULL; }

const double *gd_spectrum_imaginary(const gd_spectrum *spectrum) { return spectrum ? spectrum->im : NULL; }

const double *gd_spectrum_residual(const gd_spectrum *spectrum) { return spectrum ? spectrum->residual : NULL; }

double gd_spectrum_abscissa(const gd_spectrum *spectrum) { return spectrum ? spectrum->abscissa : NAN; }

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
