/* SPDX-License-Identifier: BSD-3-Clause */
/* save.c -- saves and loads everything that determines a stepper's further steps.
 *
 * The format is a head of fixed size (magic, version, byte order, length, checksum), then an archive of named fields.
 * Loading first reads and checks everything, so a stepper is changed only by complete data that fits. */
#include "base/error.h"
#include "steppers/archive.h"
#include "steppers/stepper.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

static const char magic[8] = "gdsteps";
enum { VERSION = 2 };
static const uint64_t byte_order = 0x0102030405060708u;

typedef struct save_head {
  char magic[8];
  uint64_t version, byte_order, length, checksum;
} save_head;

/* ---- what is worth keeping ---- */

/* The values of the field just verified must be in range, as those set by name are. */
static gd_status check_values(const gdi_archive *archive, const gdi_params *params, size_t index, const char *name) {
  const size_t bytes = params->n_players * sizeof(double);
  for (size_t i = 0; i < params->n_players; i++) {
    double value;
    memcpy(&value, archive->bytes + archive->used - bytes + i * sizeof value, sizeof value);
    if (gdi_param_check(gdi_param_row(&params->table, index), name, value) < 0)
      return gdi_fail(GD_ERR_FORMAT, "%s", gd_last_error());
  }
  return GD_OK;
}

/* A schedule is code and cannot be saved; its existence is saved. */
static gd_status describe_schedule(gdi_archive *archive, gdi_param_schedule *schedule) {
  uint64_t flag = schedule->factor || schedule->is_awaited;
  GD_TRY(gdi_archive_field(archive, "scheduled", &flag, sizeof flag));
  if (archive->mode == GDI_ARCHIVE_VERIFY) memcpy(&flag, archive->bytes + archive->used - sizeof flag, sizeof flag);
  if (flag > 1) return gdi_fail(GD_ERR_FORMAT, "saved stepper: scheduled is %llu", (unsigned long long)flag);
  if (archive->mode == GDI_ARCHIVE_READ) schedule->is_awaited = flag && !schedule->factor;
  return GD_OK;
}

static gd_status describe_params(gdi_archive *archive, gdi_params *params, const char *owner) {
  for (size_t k = 0; k < params->table.count; k++) {
    const gd_param *row = gdi_param_row(&params->table, k);
    char name[96];
    snprintf(name, sizeof name, "%s.%s", owner, row->name);
    GD_TRY(gdi_archive_field(archive, name, gdi_params_values(params, k), params->n_players * sizeof(double)));
    if (archive->mode == GDI_ARCHIVE_VERIFY) GD_TRY(check_values(archive, params, k, name));
    GD_TRY(describe_schedule(archive, &params->schedules[k]));
  }
  return GD_OK;
}

static gd_status describe_shape(gdi_archive *archive, const gd_stepper *stepper) {
  GD_TRY(gdi_archive_same_text(archive, "method", stepper->method.name));
  GD_TRY(gdi_archive_same_number(archive, "players", stepper->n_players));
  for (size_t i = 0; i < stepper->n_players; i++)
    GD_TRY(gdi_archive_same_number(archive, "block size", gd_game_block_size(stepper->game, i)));
  return GD_OK;
}

/* Only the kept generation of moments: each step computes the other one anew. */
static gd_status describe_scaling(gdi_archive *archive, const gd_stepper *stepper, gdi_scaling *scaling) {
  GD_TRY(describe_params(archive, &scaling->params, scaling->method->name));
  for (size_t i = 0; i < scaling->n_players; i++) {
    const size_t start = stepper->starts[i], bytes = (stepper->starts[i + 1] - start) * sizeof(double);
    gdi_scaling_player *player = &scaling->players[i];
    GD_TRY(gdi_archive_field(archive, "scalings of a player", &player->kept_count, sizeof player->kept_count));
    if (archive->mode == GDI_ARCHIVE_READ) player->count = player->kept_count;
    for (size_t k = 0; k < scaling->method->n_moments; k++)
      GD_TRY(gdi_archive_field(archive, "moment", gdi_scaling_kept(scaling, k, i) + start, bytes));
  }
  return GD_OK;
}

static gd_status describe_draw(gdi_archive *archive, const gd_stepper *stepper) {
  gd_draw draw = {0};
  uint64_t drawn = gd_game_get_draw(stepper->game, &draw);
  GD_TRY(gdi_archive_field(archive, "drawn", &drawn, sizeof drawn));
  GD_TRY(gdi_archive_field(archive, "draw", &draw, sizeof draw));
  if (archive->mode == GDI_ARCHIVE_READ) gd_game_set_draw(stepper->game, drawn ? &draw : NULL);
  return GD_OK;
}

/* `scaling` is the stepper's scaling, or the one that will replace it. */
static gd_status describe(gdi_archive *archive, gd_stepper *stepper, gdi_scaling *scaling) {
  GD_TRY(gdi_archive_same_text(archive, "scaling", scaling->method->name));
  GD_TRY(describe_shape(archive, stepper));
  GD_TRY(describe_params(archive, &stepper->params, stepper->method.name));
  GD_TRY(gdi_archive_field(archive, "steps", &stepper->steps, sizeof stepper->steps));
  for (size_t k = 0; k < stepper->n_vectors; k++)
    if (stepper->vectors[k].name)
      GD_TRY(
          gdi_archive_field(archive, stepper->vectors[k].name, stepper->vectors[k].data, stepper->n * sizeof(double)));
  GD_TRY(describe_scaling(archive, stepper, scaling));
  return describe_draw(archive, stepper);
}

/* ---- save ---- */

static uint64_t checksum_of(const gdi_archive *archive) {
  uLong sum = crc32(0, NULL, 0);
  for (size_t done = 0, part; done < archive->size; done += part) {
    part = archive->size - done < 1u << 30 ? archive->size - done : 1u << 30;
    sum = crc32(sum, archive->bytes + done, (uInt)part);
  }
  return sum;
}

/* Saving only reads, although the description it shares with loading could write. */
static gd_status describe_for_saving(gdi_archive *archive, const gd_stepper *stepper) {
  gd_stepper *described = (gd_stepper *)stepper;
  return describe(archive, described, &described->scaling);
}

gd_status gd_stepper_save(const gd_stepper *stepper, gd_write_fn *write, void *context) {
  GDI_REQUIRE(stepper && write, "gd_stepper_save: stepper or write is NULL");
  gdi_archive archive = {.mode = GDI_ARCHIVE_COUNT};
  GD_TRY(describe_for_saving(&archive, stepper));
  archive = (gdi_archive){.mode = GDI_ARCHIVE_WRITE, .size = archive.used};
  archive.bytes = gdi_allocate(&stepper->env, archive.size, 1);
  if (!archive.bytes) return GD_ERR_MEMORY;
  gd_status status = describe_for_saving(&archive, stepper);
  save_head head = {.version = VERSION, .byte_order = byte_order, .length = archive.size};
  memcpy(head.magic, magic, sizeof magic);
  head.checksum = checksum_of(&archive);
  const uint64_t before = gdi_failures();
  if (write(context, &head, sizeof head) != 0 || write(context, archive.bytes, archive.size) != 0)
    status = gdi_callback_words(before, GD_ERR_IO, "gd_stepper_save: the write function failed");
  gdi_release(&stepper->env, archive.bytes);
  return status;
}

/* ---- load ---- */

static gd_status check_head(const save_head *head) {
  if (memcmp(head->magic, magic, sizeof magic) != 0) return gdi_fail(GD_ERR_FORMAT, "not a saved stepper");
  if (head->byte_order != byte_order)
    return gdi_fail(GD_ERR_FORMAT, "saved stepper: written on a machine with another byte order, or damaged");
  if (head->version != VERSION)
    return gdi_fail(GD_ERR_FORMAT, "saved stepper: version %llu, expected %d", (unsigned long long)head->version,
                    VERSION);
  return GD_OK;
}

/* A length that no stepper of this shape can have is damage; it must not be allocated. */
static gd_status check_length(const gd_stepper *stepper, uint64_t length) {
  const size_t vectors = stepper->n_vectors + 2 * GDI_MOMENTS_MAX + stepper->params.table.count + 16;
  const size_t most = 4096 + vectors * (256 + (stepper->n + stepper->n_players) * 128);
  if (length <= most) return GD_OK;
  return gdi_fail(GD_ERR_FORMAT, "saved stepper: %llu bytes, expected at most %zu for a stepper of this shape",
                  (unsigned long long)length, most);
}

/* The scaling's name stands first, at a known place. */
static gd_status saved_scaling(const gdi_archive *archive, const gdi_scaling_method **method) {
  gdi_archive peek = {.mode = GDI_ARCHIVE_READ, .bytes = archive->bytes, .size = archive->size};
  char name[64];
  GD_TRY(gdi_archive_field(&peek, "scaling", name, sizeof name));
  name[sizeof name - 1] = '\0';
  *method = gdi_scaling_find(name);
  return *method ? GD_OK : gdi_fail(GD_ERR_FORMAT, "saved stepper: unknown scaling \"%s\"", name);
}

/* Append ", prefix.name" for every row whose schedule is awaited. */
static void list_awaited(char *text, size_t size, const gdi_params *params, const char *prefix) {
  for (size_t k = 0; k < params->table.count; k++) {
    const size_t used = strlen(text);
    if (params->schedules[k].is_awaited)
      snprintf(text + used, size - used, "%s%s%s", used ? ", " : "", prefix, gdi_param_row(&params->table, k)->name);
  }
}

static gd_status say_awaited(const gd_stepper *stepper) {
  char names[256] = "", prefix[64];
  snprintf(prefix, sizeof prefix, "%s.", stepper->scaling.method->name);
  list_awaited(names, sizeof names, &stepper->params, "");
  list_awaited(names, sizeof names, &stepper->scaling.params, prefix);
  if (!*names) return GD_OK;
  return gdi_fail(GD_SCHEDULE_MISSING, "loaded without its schedule of %s; set it again with gd_stepper_schedule()",
                  names);
}

/* Check everything before anything is changed. */
static gd_status take_over(gd_stepper *stepper, gdi_archive *archive) {
  const gdi_scaling_method *method;
  gdi_scaling scaling;
  GD_TRY(saved_scaling(archive, &method));
  GD_TRY(gdi_stepper_check_scaling(stepper, method));
  GD_TRY(gdi_scaling_create(&scaling, &stepper->env, method, stepper->n, stepper->n_players));
  archive->mode = GDI_ARCHIVE_VERIFY;
  gd_status status = describe(archive, stepper, &scaling);
  if (status == GD_OK && archive->used != archive->size)
    status = gdi_fail(GD_ERR_FORMAT, "saved stepper: %zu bytes too many", archive->size - archive->used);
  if (status < 0) {
    gdi_scaling_destroy(&scaling, &stepper->env);
    return status;
  }
  archive->mode = GDI_ARCHIVE_READ;
  archive->used = 0;
  if (method == stepper->scaling.method) gdi_params_copy_schedules(&scaling.params, &stepper->scaling.params);
  status = describe(archive, stepper, &scaling);
  gdi_scaling_destroy(&stepper->scaling, &stepper->env);
  stepper->scaling = scaling;
  gdi_params_show(&stepper->params, stepper->steps);
  gdi_params_show(&stepper->scaling.params, stepper->steps);
  return status < 0 ? status : say_awaited(stepper);
}

gd_status gd_stepper_load(gd_stepper *stepper, gd_read_fn *read, void *context) {
  GDI_REQUIRE(stepper && read, "gd_stepper_load: stepper or read is NULL");
  save_head head;
  uint64_t before = gdi_failures();
  if (read(context, &head, sizeof head) != 0)
    return gdi_callback_words(before, GD_ERR_IO, "gd_stepper_load: the read function failed");
  GD_TRY(check_head(&head));
  GD_TRY(check_length(stepper, head.length));
  gdi_archive archive = {.size = head.length};
  archive.bytes = gdi_allocate(&stepper->env, archive.size, 1);
  if (!archive.bytes) return GD_ERR_MEMORY;
  gd_status status = GD_OK;
  before = gdi_failures();
  if (read(context, archive.bytes, archive.size) != 0)
    status = gdi_callback_words(before, GD_ERR_IO, "gd_stepper_load: the read function failed");
  else if (checksum_of(&archive) != head.checksum)
    status = gdi_fail(GD_ERR_FORMAT, "saved stepper: damaged, its checksum does not match");
  if (status == GD_OK) status = take_over(stepper, &archive);
  gdi_release(&stepper->env, archive.bytes);
  return status;
}
