/* SPDX-License-Identifier: BSD-3-Clause */
/* npy.c -- NumPy's array files (NumPy Enhancement Proposal 1; numpy.lib.format), versions 1 to 3.
 *
 *     93 'NUMPY' major minor    8 bytes
 *     length of the header      2 bytes, of versions 2 and 3 four, the least significant first
 *     header                    {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }, blanks, end of line
 *     numbers
 *
 * The header is a Python dictionary of exactly these keys, in any order.  The first axis counts samples; the others
 * together are the features of one. */
#include "files/formats.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST_HEADER = 10000 }; /* NumPy's own limit, for the same reason: what is longer is no array of numbers */

typedef struct npy_header {
  gdi_binary *binary;
  gdi_array *array;
  size_t start;  /* of text, in the file */
  size_t length; /* of text */
  size_t axes;
  bool fortran_order;
  const char *rest; /* of text: what was not read yet */
  char text[LONGEST_HEADER + 1];
} npy_header;

#define FAIL_AT(place, status, ...)                                                                                    \
  gdi_binary_fail(header->binary, header->start + (size_t)((place)-header->text), status, __VA_ARGS__)
#define FAIL(...) FAIL_AT(header->rest, GD_ERR_FORMAT, __VA_ARGS__)

/* ---- the words of the dictionary ---- */

static void skip_blanks(npy_header *header) { header->rest += strspn(header->rest, " \t\r\n"); }

static bool take(npy_header *header, const char *word) {
  skip_blanks(header);
  const size_t length = strlen(word);
  if (strncmp(header->rest, word, length)) return false;
  header->rest += length;
  return true;
}

static gd_status expect(npy_header *header, const char *word) {
  return take(header, word) ? GD_OK : FAIL("'%.20s' in the header, expected '%s'", header->rest, word);
}

static gd_status read_string(npy_header *header, char text[16]) {
  skip_blanks(header);
  const char quote = *header->rest;
  if (quote != '\'' && quote != '"') return FAIL("'%.20s' in the header, expected a quoted word", header->rest);
  const char *start = header->rest + 1, *end = strchr(start, quote);
  if (!end || end - start > 15) return FAIL("'%.20s' in the header, expected a quoted word", header->rest);
  memcpy(text, start, (size_t)(end - start));
  text[end - start] = 0;
  header->rest = end + 1;
  return GD_OK;
}

static gd_status read_size(npy_header *header, size_t *size) {
  char digits[24] = "";
  skip_blanks(header);
  const size_t length = strspn(header->rest, "0123456789");
  if (length < sizeof digits) memcpy(digits, header->rest, length);
  if (!gdi_parse_size(digits, size))
    return FAIL("'%.20s' in the shape, expected a whole number up to %zu", header->rest, SIZE_MAX);
  header->rest += length;
  header->rest += *header->rest == 'L'; /* as Python 2 wrote some */
  return GD_OK;
}

/* ---- the three values ---- */

static gd_status read_type(npy_header *header) {
  static const char *const known[] = {"b1", "i1", "u1", "i2", "u2", "i4", "u4", "f4", "i8", "u8", "f8"};
  char text[16];
  skip_blanks(header);
  const char *place = header->rest;
  if (*place == '[') return FAIL_AT(place, GD_ERR_UNSUPPORTED, "records are not supported, expected plain numbers");
  GD_TRY(read_string(header, text));
  if (!*text || !strchr("<>|", *text))
    return FAIL_AT(place, GD_ERR_FORMAT, "type '%s', expected one that begins with <, > or |", text);
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    const size_t bytes = (size_t)(known[k][1] - '0');
    if (strcmp(text + 1, known[k]) || (*text == '|' && bytes > 1)) continue;
    header->array->number = (gdi_number){*known[k] == 'b' ? 'u' : *known[k], bytes, *text == '>'};
    return GD_OK;
  }
  return FAIL_AT(place, GD_ERR_UNSUPPORTED,
                 "type '%s' is not supported, expected whole numbers of 1, 2, 4 or 8 bytes, f4 or f8", text);
}

static gd_status read_order(npy_header *header) {
  header->fortran_order = take(header, "True");
  return header->fortran_order ? GD_OK : expect(header, "False");
}

/* (), (3,), (3, 4), ... */
static gd_status read_shape(npy_header *header) {
  gdi_array *array = header->array;
  array->features = 1;
  GD_TRY(expect(header, "("));
  for (header->axes = 0; !take(header, ")"); header->axes++) {
    size_t length;
    GD_TRY(read_size(header, &length));
    if (header->axes == 0)
      array->samples = length;
    else if (__builtin_mul_overflow(array->features, length, &array->features))
      return FAIL("the axes are longer than this machine can address");
    if (!take(header, ",")) {
      header->axes++;
      return expect(header, ")");
    }
  }
  return GD_OK;
}

static const struct {
  const char *key;
  gd_status (*read)(npy_header *header);
} values[] = {{"descr", read_type}, {"fortran_order", read_order}, {"shape", read_shape}};
enum { N_VALUES = sizeof values / sizeof *values, ALL_GIVEN = (1 << N_VALUES) - 1 };

static gd_status read_pair(npy_header *header, unsigned *given) {
  char key[16];
  skip_blanks(header);
  const char *place = header->rest;
  GD_TRY(read_string(header, key));
  size_t k = 0;
  while (k < N_VALUES && strcmp(values[k].key, key)) k++;
  if (k == N_VALUES)
    return FAIL_AT(place, GD_ERR_FORMAT, "'%s' in the header, expected 'descr', 'fortran_order' or 'shape'", key);
  if (*given & 1u << k) return FAIL_AT(place, GD_ERR_FORMAT, "'%s' was given before", key);
  *given |= 1u << k;
  GD_TRY(expect(header, ":"));
  return values[k].read(header);
}

static gd_status read_dictionary(npy_header *header) {
  unsigned given = 0;
  GD_TRY(expect(header, "{"));
  while (!take(header, "}")) {
    GD_TRY(read_pair(header, &given));
    if (!take(header, ",")) {
      GD_TRY(expect(header, "}"));
      break;
    }
  }
  skip_blanks(header);
  if (header->rest != header->text + header->length) return FAIL("more in the header, expected its end");
  for (size_t k = 0; k < N_VALUES; k++)
    if (!(given & 1u << k)) return FAIL("the header ends without '%s'", values[k].key);
  return GD_OK;
}

/* ---- the file ---- */

static gd_status read_length(npy_header *header) {
  static const unsigned char magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
  unsigned char start[8], length[4] = {0};
  GD_TRY(gdi_binary_read(header->binary, sizeof start, start));
  if (memcmp(start, magic, sizeof magic))
    return gdi_binary_fail(header->binary, 0, GD_ERR_FORMAT, "expected 93 'NUMPY', the first bytes of a NumPy file");
  if (start[6] < 1 || start[6] > 3)
    return gdi_binary_fail(header->binary, 6, GD_ERR_UNSUPPORTED, "version %d.%d of the format, expected 1 to 3",
                           start[6], start[7]);
  GD_TRY(gdi_binary_read(header->binary, start[6] == 1 ? 2 : 4, length));
  header->length = (size_t)length[3] << 24 | (size_t)length[2] << 16 | (size_t)length[1] << 8 | length[0];
  header->start = header->binary->at;
  if (header->length > LONGEST_HEADER)
    return gdi_binary_fail(header->binary, 8, GD_ERR_FORMAT, "a header of %zu bytes, expected at most %d",
                           header->length, LONGEST_HEADER);
  return GD_OK;
}

gd_status gdi_npy_read_header(gdi_binary *binary, gdi_array *array) {
  npy_header own = {.binary = binary, .array = array}, *header = &own;
  header->rest = header->text;
  GD_TRY(read_length(header));
  GD_TRY(gdi_binary_read(binary, header->length, (unsigned char *)header->text));
  GD_TRY(read_dictionary(header));
  if (header->axes == 0) return FAIL("the shape has no axes, expected 1 or more");
  if (header->fortran_order && header->axes > 2)
    return FAIL_AT(header->rest, GD_ERR_UNSUPPORTED, "%zu axes in Fortran order, expected at most 2", header->axes);
  array->samples_first = header->fortran_order;
  array->axes = header->axes;
  return gdi_array_check(binary, array);
}
