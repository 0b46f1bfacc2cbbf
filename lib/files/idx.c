/* SPDX-License-Identifier: BSD-3-Clause */
/* idx.c -- IDX files, as the MNIST digits come in (LeCun, Cortes & Burges, "The MNIST database of handwritten digits").
 *
 *     0 0 type axes        a byte each; type 08 unsigned byte, 09 signed byte, 0B short, 0C int, 0D float, 0E double
 *     length ...           of each axis, 4 bytes, the most significant first
 *     numbers              likewise; the last axis runs fastest
 *
 * The first axis counts samples; the others together are the features of one. */
#include "files/formats.h"

static const struct {
  unsigned char code;
  gdi_number number;
} types[] = {{0x08, {'u', 1, true}}, {0x09, {'i', 1, true}}, {0x0b, {'i', 2, true}},
             {0x0c, {'i', 4, true}}, {0x0d, {'f', 4, true}}, {0x0e, {'f', 8, true}}};

static gd_status find_type(const gdi_binary *binary, unsigned char code, gdi_number *number) {
  for (size_t k = 0; k < sizeof types / sizeof *types; k++)
    if (types[k].code == code) {
      *number = types[k].number;
      return GD_OK;
    }
  return gdi_binary_fail(binary, 2, GD_ERR_FORMAT, "type %02x, expected one of IDX: 08, 09, 0b, 0c, 0d, 0e", code);
}

static gd_status read_length(gdi_binary *binary, size_t *length) {
  unsigned char bytes[4];
  GD_TRY(gdi_binary_read(binary, sizeof bytes, bytes));
  *length = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
  return GD_OK;
}

gd_status gdi_idx_read_header(gdi_binary *binary, gdi_array *array) {
  unsigned char magic[4];
  GD_TRY(gdi_binary_read(binary, sizeof magic, magic));
  if (magic[0] || magic[1])
    return gdi_binary_fail(binary, 0, GD_ERR_FORMAT, "%02x %02x, expected the two zero bytes of an IDX file", magic[0],
                           magic[1]);
  GD_TRY(find_type(binary, magic[2], &array->number));
  if (magic[3] == 0) return gdi_binary_fail(binary, 3, GD_ERR_FORMAT, "0 axes, expected at least 1");
  GD_TRY(read_length(binary, &array->samples));
  array->features = 1;
  for (size_t axis = 1; axis < magic[3]; axis++) {
    size_t length;
    GD_TRY(read_length(binary, &length));
    if (__builtin_mul_overflow(array->features, length, &array->features))
      return gdi_binary_fail(binary, binary->at - 4, GD_ERR_FORMAT,
                             "the axes are longer than this machine can address");
  }
  return gdi_array_check(binary, array);
}
