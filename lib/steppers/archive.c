/* SPDX-License-Identifier: BSD-3-Clause */
/* archive.c -- named fields as bytes: length of name, name, length of data, data. */
#include "steppers/archive.h"

#include "base/error.h"

#include <stdint.h>
#include <string.h>

static gd_status put(gdi_archive *archive, const void *data, size_t count) {
  if (archive->mode == GDI_ARCHIVE_WRITE && count) memcpy(archive->bytes + archive->used, data, count);
  archive->used += count;
  return GD_OK;
}

static gd_status get(gdi_archive *archive, void *data, size_t count) {
  if (count > archive->size - archive->used) return gdi_fail(GD_ERR_FORMAT, "saved stepper: it ends too early");
  if (count) memcpy(data, archive->bytes + archive->used, count);
  archive->used += count;
  return GD_OK;
}

static gd_status put_head(gdi_archive *archive, const char *name, size_t count) {
  const uint64_t lengths[2] = {strlen(name), count};
  GD_TRY(put(archive, lengths, sizeof lengths));
  return put(archive, name, lengths[0]);
}

static gd_status get_head(gdi_archive *archive, const char *name, size_t count) {
  uint64_t lengths[2];
  char found[128] = "";
  GD_TRY(get(archive, lengths, sizeof lengths));
  if (lengths[0] >= sizeof found) return gdi_fail(GD_ERR_FORMAT, "saved stepper: a name that is too long");
  GD_TRY(get(archive, found, lengths[0]));
  if (strcmp(found, name) != 0 || lengths[1] != count)
    return gdi_fail(GD_ERR_FORMAT, "saved stepper: expected %s of %zu bytes, found %s of %llu", name, count, found,
                    (unsigned long long)lengths[1]);
  return GD_OK;
}

gd_status gdi_archive_field(gdi_archive *archive, const char *name, void *data, size_t count) {
  if (archive->mode == GDI_ARCHIVE_COUNT || archive->mode == GDI_ARCHIVE_WRITE) {
    GD_TRY(put_head(archive, name, count));
    return put(archive, data, count);
  }
  GD_TRY(get_head(archive, name, count));
  if (archive->mode == GDI_ARCHIVE_READ) return get(archive, data, count);
  if (count > archive->size - archive->used) return gdi_fail(GD_ERR_FORMAT, "saved stepper: it ends within %s", name);
  archive->used += count;
  return GD_OK;
}

gd_status gdi_archive_same_text(gdi_archive *archive, const char *what, const char *text) {
  char found[64] = "";
  strncpy(found, text, sizeof found - 1);
  if (archive->mode != GDI_ARCHIVE_VERIFY) return gdi_archive_field(archive, what, found, sizeof found);
  archive->mode = GDI_ARCHIVE_READ;
  const gd_status status = gdi_archive_field(archive, what, found, sizeof found);
  archive->mode = GDI_ARCHIVE_VERIFY;
  if (status < 0) return status;
  found[sizeof found - 1] = '\0';
  if (strncmp(found, text, sizeof found - 1) == 0) return GD_OK;
  return gdi_fail(GD_ERR_FORMAT, "saved stepper: %s is %s, expected %s", what, found, text);
}

gd_status gdi_archive_same_number(gdi_archive *archive, const char *what, size_t number) {
  uint64_t found = number;
  if (archive->mode != GDI_ARCHIVE_VERIFY) return gdi_archive_field(archive, what, &found, sizeof found);
  archive->mode = GDI_ARCHIVE_READ;
  const gd_status status = gdi_archive_field(archive, what, &found, sizeof found);
  archive->mode = GDI_ARCHIVE_VERIFY;
  if (status < 0 || found == number) return status;
  return gdi_fail(GD_ERR_FORMAT, "saved stepper: %s is %llu, expected %zu", what, (unsigned long long)found, number);
}
