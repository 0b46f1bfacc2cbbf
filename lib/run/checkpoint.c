/* SPDX-License-Identifier: BSD-3-Clause */
/* checkpoint.c -- a stepper and its point in a file.
 *
 *     head        magic, version, byte order, length of the file, number of variables
 *     x           doubles
 *     stepper     as gd_stepper_save() writes it
 *     checksum    CRC-32 of all of the above
 *
 * Numbers are in the byte order of the machine that wrote them, which is marked in the head.  Reading checks the whole
 * file before it changes anything. */
#include "base/error.h"
#include "base/memory.h"
#include "files/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <gamedyn/checkpoint.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static const char magic[8] = "gdcheck";
enum { VERSION = 1 };
#define BYTE_ORDER_MARK UINT32_C(0x01020304)

typedef struct checkpoint_head {
  char magic[8];
  uint32_t version, byte_order;
  uint64_t length; /* length of the file in bytes */
  uint64_t n;      /* number of variables */
} checkpoint_head;

/* ---- writing ---- */

typedef struct checkpoint_writer {
  gdi_atomic_file *file; /* NULL: only count */
  uint64_t count;
  uint32_t checksum;
} checkpoint_writer;

static void put(checkpoint_writer *writer, const void *bytes, size_t count) {
  writer->count += count;
  if (!writer->file) return;
  writer->checksum = (uint32_t)crc32_z(writer->checksum, bytes, count);
  gdi_atomic_file_write(writer->file, bytes, count);
}

static int put_stepper_bytes(void *writer, const void *bytes, size_t count) {
  put(writer, bytes, count);
  return 0;
}

static gd_status put_all(checkpoint_writer *writer, uint64_t length, const gd_stepper *stepper, const double *x) {
  checkpoint_head head = {.version = VERSION, .byte_order = BYTE_ORDER_MARK, .length = length};
  memcpy(head.magic, magic, sizeof magic);
  head.n = gd_game_size(gd_stepper_game(stepper));
  put(writer, &head, sizeof head);
  put(writer, x, head.n * sizeof *x);
  GD_TRY(gd_stepper_save(stepper, put_stepper_bytes, writer));
  const uint32_t checksum = writer->checksum;
  put(writer, &checksum, sizeof checksum);
  return GD_OK;
}

gd_status gd_checkpoint_write(const char *path, const gd_stepper *stepper, const double *x) {
  GDI_REQUIRE(path, "gd_checkpoint_write: path is NULL");
  GDI_REQUIRE(stepper, "gd_checkpoint_write: stepper is NULL");
  GDI_REQUIRE(x, "gd_checkpoint_write: x is NULL");
  gdi_env env;
  gdi_atomic_file file;
  checkpoint_writer counter = {0}, writer = {.file = &file};
  GD_TRY(gdi_env_copy(&env, gd_game_env(gd_stepper_game(stepper))));
  GD_TRY(put_all(&counter, 0, stepper, x));
  GD_TRY(gdi_atomic_file_open(&file, path, &env));
  const gd_status status = put_all(&writer, counter.count, stepper, x);
  if (status == GD_OK) return gdi_atomic_file_commit(&file);
  gdi_atomic_file_discard(&file);
  return status;
}

/* ---- reading ---- */

typedef struct checkpoint_reader {
  const char *path;
  gdi_env env;
  FILE *file;
  uint64_t length;      /* length of the file */
  unsigned char *bytes; /* [length], all of it */
  size_t used;          /* bytes read by the stepper */
} checkpoint_reader;

static __attribute__((format(printf, 2, 3), cold)) gd_status refuse(const checkpoint_reader *reader, const char *format,
                                                                    ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return gdi_fail(GD_ERR_FORMAT, "%s: %s", gdi_short_path(reader->path), text);
}

static gd_status fail_io(const checkpoint_reader *reader, const char *verb) {
  return gdi_fail(GD_ERR_IO, "%s: cannot be %s: %s", gdi_short_path(reader->path), verb, strerror(errno));
}

/* Open without waiting for a writer, if the path is a pipe. */
static gd_status open_checkpoint(checkpoint_reader *reader) {
  struct stat facts;
  const int descriptor = open(reader->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return fail_io(reader, "opened");
  reader->file = fdopen(descriptor, "rb");
  if (!reader->file) {
    close(descriptor);
    return fail_io(reader, "opened");
  }
  if (fstat(fileno(reader->file), &facts)) return fail_io(reader, "read");
  if (!S_ISREG(facts.st_mode)) return gdi_fail(GD_ERR_IO, "%s: is no regular file", gdi_short_path(reader->path));
  reader->length = (uint64_t)facts.st_size;
  return GD_OK;
}

static gd_status check_head(const checkpoint_reader *reader, const checkpoint_head *head, size_t count) {
  const size_t known = count < sizeof magic ? count : sizeof magic;
  if (count == 0 || memcmp(head->magic, magic, known) != 0) return refuse(reader, "is not a checkpoint");
  if (count < sizeof *head) return refuse(reader, "truncated: it ends after %zu bytes", count);
  if (head->byte_order == __builtin_bswap32(BYTE_ORDER_MARK))
    return refuse(reader, "written on a machine with another byte order");
  if (head->byte_order != BYTE_ORDER_MARK) return refuse(reader, "damaged: the mark of the byte order is invalid");
  if (head->version != VERSION)
    return refuse(reader, "version %" PRIu32 " of the format, expected version %d", head->version, VERSION);
  if (head->length > reader->length)
    return refuse(reader, "truncated or damaged: it has %" PRIu64 " bytes, expected %" PRIu64, reader->length,
                  head->length);
  if (head->length < reader->length)
    return refuse(reader, "damaged: it has %" PRIu64 " bytes, expected %" PRIu64, reader->length, head->length);
  return GD_OK;
}

/* Read the whole file after its head was checked, so a foreign file is not read into memory. */
static gd_status read_checkpoint(checkpoint_reader *reader, checkpoint_head *head) {
  const size_t count = fread(head, 1, sizeof *head, reader->file);
  if (ferror(reader->file)) return fail_io(reader, "read");
  GD_TRY(check_head(reader, head, count));
  reader->bytes = gdi_allocate(&reader->env, reader->length, 1);
  if (!reader->bytes) return GD_ERR_MEMORY;
  rewind(reader->file);
  if (fread(reader->bytes, 1, reader->length, reader->file) != reader->length) return fail_io(reader, "read");
  memcpy(head, reader->bytes, sizeof *head); /* what the checksum is of, should the file have changed in between */
  return GD_OK;
}

static gd_status check_contents(const checkpoint_reader *reader, const checkpoint_head *head, size_t n) {
  uint32_t checksum;
  const uint64_t least = sizeof *head + sizeof checksum;
  if (reader->length < least) return refuse(reader, "damaged: it has only %" PRIu64 " bytes", reader->length);
  const size_t summed = reader->length - sizeof checksum;
  memcpy(&checksum, reader->bytes + summed, sizeof checksum);
  if (checksum != (uint32_t)crc32_z(0, reader->bytes, summed))
    return refuse(reader, "damaged: its checksum does not match");
  if (head->n != n)
    return refuse(reader, "of a game with %" PRIu64 " variables, expected the %zu of this one", head->n, n);
  if ((reader->length - least) / sizeof(double) < n) return refuse(reader, "damaged: too short for its point");
  return GD_OK;
}

static int take_stepper_bytes(void *context, void *bytes, size_t count) {
  checkpoint_reader *reader = context;
  if (count > reader->length - sizeof(uint32_t) - reader->used) return -1;
  memcpy(bytes, reader->bytes + reader->used, count);
  reader->used += count;
  return 0;
}

/* The stepper checks all of its part before it changes, so x is copied last. */
static gd_status take_over(checkpoint_reader *reader, gd_stepper *stepper, double *x) {
  const size_t n = gd_game_size(gd_stepper_game(stepper));
  checkpoint_head head;
  GD_TRY(open_checkpoint(reader));
  GD_TRY(read_checkpoint(reader, &head));
  GD_TRY(check_contents(reader, &head, n));
  reader->used = sizeof head + n * sizeof *x;
  const gd_status status = gd_stepper_load(stepper, take_stepper_bytes, reader);
  if (status == GD_ERR_FORMAT || status == GD_ERR_IO) {
    char why[256];
    snprintf(why, sizeof why, "%s", gd_last_error());
    return refuse(reader, "%s", why);
  }
  GD_TRY(status);
  memcpy(x, reader->bytes + sizeof head, n * sizeof *x);
  return status;
}

gd_status gd_checkpoint_read(const char *path, gd_stepper *stepper, double *x) {
  GDI_REQUIRE(path, "gd_checkpoint_read: path is NULL");
  GDI_REQUIRE(stepper, "gd_checkpoint_read: stepper is NULL");
  GDI_REQUIRE(x, "gd_checkpoint_read: x is NULL");
  checkpoint_reader reader = {.path = path};
  GD_TRY(gdi_env_copy(&reader.env, gd_game_env(gd_stepper_game(stepper))));
  const gd_status status = take_over(&reader, stepper, x);
  if (reader.file) fclose(reader.file);
  gdi_release(&reader.env, reader.bytes);
  return status;
}
