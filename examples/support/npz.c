/* SPDX-License-Identifier: BSD-3-Clause */
/* npz.c -- archives of arrays are zip files (PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.4).
 *
 *     local header, data     of each member
 *     central directory      a header for each member
 *     end record             where the directory is, how many headers it has; a comment may follow
 *
 * The central directory is believed, as other readers do: a local header lacks the sizes if the archive was written to a
 * pipe.  Members are stored or deflated.  What the archive claims is checked against its length before memory is asked
 * for, and the bytes against their checksum. */
#include "support/npz.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "support/die.h"

enum { END_SIZE = 22, CENTRAL_SIZE = 46, LOCAL_SIZE = 30, LONGEST_COMMENT = 65535, STORED = 0, DEFLATED = 8 };
enum { LARGEST_RATIO = 1032 }; /* deflate makes at most 258 bytes of 2 bits */

typedef struct archive {
  const char *option, *path;
  FILE *file;
  size_t length;
  unsigned char *directory;
  size_t directory_size, count;
} archive;

typedef struct member {
  const unsigned char *name; /* [name_length], in the directory */
  size_t name_length, packed, size, header;
  unsigned flags, method;
  uint32_t checksum;
} member;

static unsigned two(const unsigned char *at) { return at[0] | (unsigned)at[1] << 8; }
static uint32_t four(const unsigned char *at) { return two(at) | (uint32_t)two(at + 2) << 16; }

__attribute__((format(printf, 2, 3))) static _Noreturn void refuse(const archive *zip, const char *format, ...) {
  char words[300];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  die("%s: %s: %s", zip->option, zip->path, words);
}

/* ---- the file ---- */

/* Before memory is asked for. */
static void must_hold(const archive *zip, size_t offset, size_t count) {
  if (offset > zip->length || count > zip->length - offset)
    refuse(zip, "%zu bytes at byte %zu were expected; the file has %zu", count, offset, zip->length);
}

static void read_at(const archive *zip, size_t offset, size_t count, unsigned char *bytes) {
  must_hold(zip, offset, count);
  if (fseeko(zip->file, (off_t)offset, SEEK_SET) != 0 || fread(bytes, 1, count, zip->file) != count)
    refuse(zip, "cannot be read at byte %zu: %s", offset,
           ferror(zip->file) ? strerror(errno) : "it has become shorter");
}

static void open_archive(archive *zip) {
  zip->file = fopen(zip->path, "rb");
  if (!zip->file) refuse(zip, "cannot be opened: %s", strerror(errno));
  const off_t length = fseeko(zip->file, 0, SEEK_END) == 0 ? ftello(zip->file) : -1;
  if (length < 0) refuse(zip, "has no length: %s", strerror(errno));
  zip->length = (size_t)length;
}

/* The end record stands last, but for its comment, whose length it tells. */
static void find_end(const archive *zip, unsigned char end[END_SIZE]) {
  const size_t most = END_SIZE + LONGEST_COMMENT, size = zip->length < most ? zip->length : most;
  unsigned char *tail = new_array(NULL, size + 1, 1);
  read_at(zip, zip->length - size, size, tail);
  for (size_t comment = 0; comment + END_SIZE <= size; comment++) {
    const unsigned char *at = tail + size - END_SIZE - comment;
    if (memcmp(at, "PK\5\6", 4) != 0 || two(at + 20) != comment) continue;
    memcpy(end, at, END_SIZE);
    free(tail);
    return;
  }
  refuse(zip, "no .npz archive, or cut off: the end record of a zip file was expected");
}

static void read_directory(archive *zip) {
  unsigned char end[END_SIZE];
  find_end(zip, end);
  const uint32_t size = four(end + 12), offset = four(end + 16);
  zip->count = two(end + 10);
  if (zip->count == UINT16_MAX || size == UINT32_MAX || offset == UINT32_MAX)
    refuse(zip, "an archive of more than 4 gigabytes or 65534 members is not supported");
  if (two(end + 4) != 0 || two(end + 6) != 0 || two(end + 8) != zip->count)
    refuse(zip, "an archive in several parts is not supported");
  must_hold(zip, offset, size);
  zip->directory_size = size;
  zip->directory = new_array(NULL, (size_t)size + 1, 1);
  read_at(zip, offset, size, zip->directory);
}

/* ---- its members ---- */

/* The header at `at` of the directory; returns where the next one is. */
static size_t read_member(const archive *zip, size_t at, member *it) {
  const unsigned char *header = zip->directory + at;
  const size_t left = zip->directory_size - at;
  if (left < CENTRAL_SIZE || memcmp(header, "PK\1\2", 4) != 0)
    refuse(zip, "byte %zu of its directory: the header of one of %zu members was expected", at, zip->count);
  const size_t name = two(header + 28), used = CENTRAL_SIZE + name + two(header + 30) + two(header + 32);
  if (used > left) refuse(zip, "byte %zu of its directory: the header of a member is longer than the directory", at);
  *it = (member){.name = header + CENTRAL_SIZE,
                 .name_length = name,
                 .packed = four(header + 20),
                 .size = four(header + 24),
                 .header = four(header + 42),
                 .flags = two(header + 8),
                 .method = two(header + 10),
                 .checksum = four(header + 16)};
  return at + used;
}

/* J names J.npy, as in numpy.load(); J.npy does, too. */
static bool is_called(const member *it, const char *name) {
  const size_t length = strlen(name);
  const bool begins = it->name_length >= length && memcmp(it->name, name, length) == 0;
  const size_t more = begins ? it->name_length - length : 0;
  return begins && (more == 0 || (more == 4 && memcmp(it->name + length, ".npy", 4) == 0));
}

/* The members' names, as far as there is room. */
static void list_members(const archive *zip, char *text, size_t size) {
  size_t used = 0, at = 0;
  *text = '\0';
  for (size_t k = 0; k < zip->count && used < size; k++) {
    member it;
    at = read_member(zip, at, &it);
    const bool is_array = it.name_length > 4 && memcmp(it.name + it.name_length - 4, ".npy", 4) == 0;
    used += (size_t)snprintf(text + used, size - used, "%s%.*s", k ? ", " : "",
                             (int)(is_array ? it.name_length - 4 : it.name_length), (const char *)it.name);
  }
  for (char *c = text; *c; c++)
    if (*c < ' ' || *c > '~') *c = '?';
}

static member find_member(const archive *zip, const char *name) {
  member found = {0}, it;
  size_t matches = 0, at = 0;
  for (size_t k = 0; k < zip->count; k++) {
    at = read_member(zip, at, &it);
    if (name && !is_called(&it, name)) continue;
    found = it;
    matches++;
  }
  if (matches == 1) return found;
  char names[160];
  list_members(zip, names, sizeof names);
  if (zip->count == 0) refuse(zip, "the archive has no members");
  if (!name) refuse(zip, "one of its members was expected, as in FILE.npz:NAME; they are %s", names);
  if (matches > 1) refuse(zip, "%zu members are called '%.40s'", matches, name);
  refuse(zip, "no member is called '%.40s'; they are %s", name, names);
}

/* ---- their bytes ---- */

static void must_be_readable(const archive *zip, const member *it) {
  if (it->flags & 1) refuse(zip, "the member is encrypted, which is not supported");
  if (it->method != STORED && it->method != DEFLATED)
    refuse(zip, "the member is compressed by method %u; 0 (stored) or 8 (deflated) was expected", it->method);
  if (it->packed == UINT32_MAX || it->size == UINT32_MAX || it->header == UINT32_MAX)
    refuse(zip, "a member of more than 4 gigabytes is not supported");
  if (it->method == STORED && it->packed != it->size)
    refuse(zip, "the member is stored in %zu bytes and claims to have %zu", it->packed, it->size);
  if (it->size / LARGEST_RATIO > it->packed)
    refuse(zip, "the member claims %zu bytes, more than %zu deflated ones can hold", it->size, it->packed);
}

static unsigned char *read_packed(const archive *zip, const member *it) {
  unsigned char header[LOCAL_SIZE];
  read_at(zip, it->header, sizeof header, header);
  if (memcmp(header, "PK\3\4", 4) != 0) refuse(zip, "byte %zu: the header of the member was expected", it->header);
  const size_t start = it->header + LOCAL_SIZE + two(header + 26) + two(header + 28);
  must_hold(zip, start, it->packed);
  unsigned char *bytes = new_array(NULL, it->packed + 1, 1);
  read_at(zip, start, it->packed, bytes);
  return bytes;
}

static unsigned char *unpack(const archive *zip, const member *it, unsigned char *packed) {
  unsigned char *bytes = new_array(NULL, it->size + 1, 1);
  z_stream stream = {.next_in = packed, .avail_in = (uInt)it->packed, .next_out = bytes, .avail_out = (uInt)it->size};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) refuse(zip, "zlib has no memory");
  const int code = inflate(&stream, Z_FINISH);
  const bool is_whole = code == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  if (!is_whole) refuse(zip, "the member is damaged: its deflated bytes do not hold the %zu it claims", it->size);
  free(packed);
  return bytes;
}

unsigned char *npz_read(const char *option, const char *path, const char *name, size_t *size) {
  archive zip = {.option = option, .path = path};
  open_archive(&zip);
  read_directory(&zip);
  const member it = find_member(&zip, name);
  must_be_readable(&zip, &it);
  unsigned char *bytes = read_packed(&zip, &it);
  if (it.method == DEFLATED) bytes = unpack(&zip, &it, bytes);
  if (crc32_z(0, bytes, it.size) != it.checksum) refuse(&zip, "the member is damaged: its checksum is wrong");
  free(zip.directory);
  fclose(zip.file);
  *size = it.size;
  return bytes;
}
