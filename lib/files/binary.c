/* SPDX-License-Identifier: BSD-3-Clause */
/* binary.c -- arrays of numbers in binary files, bounds checked before anything is allocated or read. */
#include "files/binary.h"

#include "base/error.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

gd_status gdi_binary_begin(gdi_binary *binary, const gdi_lines *lines) {
  struct stat facts;
  if (fstat(fileno(lines->file), &facts) || !S_ISREG(facts.st_mode))
    return gdi_fail(GD_ERR_UNSUPPORTED, "%s: a binary file of unknown length, expected a regular file",
                    gdi_short_path(lines->path));
  *binary = (gdi_binary){.file = lines->file, .path = lines->path, .length = (size_t)facts.st_size};
  return GD_OK;
}

gd_status gdi_binary_fail(const gdi_binary *binary, size_t at, gd_status status, const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  for (char *c = text; *c; c++)
    if (*c < ' ' || *c > '~') *c = '?';
  return gdi_fail(status, "%s: byte %zu: %s", gdi_short_path(binary->path), at, text);
}

gd_status gdi_binary_read(gdi_binary *binary, size_t count, unsigned char *bytes) {
  const size_t left = binary->length - binary->at;
  if (count > left)
    return gdi_binary_fail(binary, binary->at, GD_ERR_FORMAT, "only %zu bytes follow, expected %zu", left, count);
  if (!binary->file) {
    if (count > 0) memcpy(bytes, binary->bytes + binary->at, count);
    binary->at += count;
    return GD_OK;
  }
  const size_t got = fread(bytes, 1, count, binary->file);
  if (got < count && ferror(binary->file))
    return gdi_fail(GD_ERR_IO, "%s: cannot be read: %s", gdi_short_path(binary->path), strerror(errno));
  if (got < count)
    return gdi_binary_fail(binary, binary->at + got, GD_ERR_FORMAT,
                           "the file ends here; it was longer when it was opened");
  binary->at += count;
  return GD_OK;
}

gd_status gdi_array_check(const gdi_binary *binary, const gdi_array *array) {
  size_t count, bytes, unused;
  if (array->features == 0 || array->samples == 0)
    return gdi_binary_fail(binary, binary->at, GD_ERR_FORMAT, "%zu samples of %zu numbers, expected at least 1 of 1",
                           array->samples, array->features);
  if (__builtin_mul_overflow(array->features, array->samples, &count) ||
      __builtin_mul_overflow(count, sizeof(double), &unused) ||
      __builtin_mul_overflow(count, array->number.bytes, &bytes))
    return gdi_binary_fail(binary, binary->at, GD_ERR_FORMAT,
                           "%zu samples of %zu numbers are more than this machine can address", array->samples,
                           array->features);
  if (bytes != binary->length - binary->at)
    return gdi_binary_fail(binary, binary->at, GD_ERR_FORMAT,
                           "%zu bytes of numbers, expected %zu: %zu samples of %zu numbers of %zu",
                           binary->length - binary->at, bytes, array->samples, array->features, array->number.bytes);
  return GD_OK;
}

/* ---- numbers ---- */

static uint64_t gather(gdi_number number, const unsigned char *bytes) {
  uint64_t bits = 0;
  for (size_t k = 0; k < number.bytes; k++) bits = bits << 8 | bytes[number.is_big ? k : number.bytes - 1 - k];
  return bits;
}

static double real(gdi_number number, uint64_t bits) {
  if (number.bytes == sizeof(double)) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  const uint32_t half = (uint32_t)bits;
  float value;
  memcpy(&value, &half, sizeof value);
  return (double)value;
}

/* Two's complement: the sign bit counts -2^(bits - 1), all others as they do without a sign. */
static double number_at(gdi_number number, const unsigned char *bytes) {
  const uint64_t bits = gather(number, bytes), sign = (uint64_t)1 << (8 * number.bytes - 1);
  if (number.kind == 'f') return real(number, bits);
  if (number.kind == 'u' || bits < sign) return (double)bits;
  return -(double)(sign - (bits - sign));
}

/* The index of number k in a file that has the first feature of all samples first. */
static size_t transposed(const gdi_array *array, size_t k) {
  return k / array->samples + k % array->samples * array->features;
}

gd_status gdi_array_read(gdi_binary *binary, const gdi_array *array, double *out) {
  enum { PIECE = 1024 }; /* numbers read at a time */
  unsigned char bytes[PIECE * sizeof(double)];
  const size_t count = array->features * array->samples, size = array->number.bytes;
  for (size_t done = 0; done < count;) {
    const size_t piece = count - done < PIECE ? count - done : PIECE, start = binary->at;
    GD_TRY(gdi_binary_read(binary, piece * size, bytes));
    for (size_t k = 0; k < piece; k++, done++) {
      const double value = number_at(array->number, bytes + k * size);
      if (!isfinite(value))
        return gdi_binary_fail(binary, start + k * size, GD_ERR_FORMAT, "%g, expected a finite number", value);
      out[array->samples_first ? transposed(array, done) : done] = value;
    }
  }
  return GD_OK;
}
