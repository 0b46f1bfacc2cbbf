/* SPDX-License-Identifier: BSD-3-Clause */
/* vectors.c -- a stepper's scratch and memory vectors, which the method's init creates. */
#include "base/error.h"
#include "steppers/stepper.h"

#include <string.h>

enum { NAME_SIZE = 64 };

/* The first refusal counts. */
static double *refuse(gd_stepper *stepper, gd_status status) {
  if (stepper->vectors_status == GD_OK) stepper->vectors_status = status;
  return NULL;
}

static double *new_vector(gd_stepper *stepper, const char *name) {
  if (!stepper->initialising)
    return refuse(stepper, gdi_fail(GD_ERR_ARGUMENT, "vectors of a stepper can be created only in init"));
  if (stepper->n_vectors == GDI_VECTORS_MAX)
    return refuse(stepper, gdi_fail(GD_ERR_UNSUPPORTED, "method \"%s\" asks for more than %d vectors",
                                    stepper->method.name, GDI_VECTORS_MAX));
  double *data = gdi_allocate(&stepper->env, stepper->n, sizeof *data);
  if (!data) return refuse(stepper, GD_ERR_MEMORY);
  stepper->vectors[stepper->n_vectors++] = (gdi_stepper_vector){data, name};
  return data;
}

double *gd_stepper_scratch(gd_stepper *stepper) { return stepper ? new_vector(stepper, NULL) : NULL; }

/* Saved memory vectors are identified by name. */
static gd_status check_name(const gd_stepper *stepper, const char *name) {
  GDI_REQUIRE(name && name[0], "gd_stepper_memory: name is missing");
  GDI_REQUIRE(strlen(name) < NAME_SIZE, "memory \"%.16s...\": expected a name shorter than %d", name, NAME_SIZE);
  for (size_t k = 0; k < stepper->n_vectors; k++)
    GDI_REQUIRE(!stepper->vectors[k].name || strcmp(stepper->vectors[k].name, name) != 0,
                "method \"%s\" asks for memory \"%s\" twice", stepper->method.name, name);
  return GD_OK;
}

double *gd_stepper_memory(gd_stepper *stepper, const char *name) {
  if (!stepper) return NULL;
  const gd_status status = check_name(stepper, name);
  return status < 0 ? refuse(stepper, status) : new_vector(stepper, name);
}

static gdi_stepper_vector *find_vector(gd_stepper *stepper, const double *data) {
  for (size_t k = 0; k < stepper->n_vectors; k++)
    if (stepper->vectors[k].data == data) return &stepper->vectors[k];
  return NULL;
}

void gd_stepper_swap(gd_stepper *stepper, double **first, double **second) {
  if (!stepper || !first || !second) return;
  gdi_stepper_vector *one = find_vector(stepper, *first), *other = find_vector(stepper, *second);
  if (!one || !other) return;
  one->data = *second;
  other->data = *first;
  *first = one->data;
  *second = other->data;
}
