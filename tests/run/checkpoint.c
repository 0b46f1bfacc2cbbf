/* SPDX-License-Identifier: BSD-3-Clause */
/* checkpoint.c -- a damaged or foreign file changes nothing and is told from the others; a file is always whole. */
#include <gamedyn/checkpoint.h>

#include "support/failing_memory.h"
#include "support/files.h"
#include "support/runs.h"

#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zlib.h>

/* Every test has a directory of its own. */
static char directory[FILE_PATH_SIZE], path[2 * FILE_PATH_SIZE];

static void make_directory(void) {
  snprintf(directory, sizeof directory, "%s/gamedyn-test-XXXXXX", P_tmpdir);
  ck_assert_ptr_nonnull(mkdtemp(directory));
  snprintf(path, sizeof path, "%s/saved", directory);
}

/* How many files there are; removed on request. */
static size_t count_files(bool removes) {
  size_t count = 0;
  DIR *listing = opendir(directory);
  ck_assert_ptr_nonnull(listing);
  for (const struct dirent *entry; (entry = readdir(listing));) {
    char name[sizeof directory + sizeof entry->d_name + 1];
    snprintf(name, sizeof name, "%s/%s", directory, entry->d_name);
    if (entry->d_name[0] == '.') continue;
    count++;
    if (removes) ck_assert_int_eq(remove(name), 0);
  }
  closedir(listing);
  return count;
}

static void remove_directory(void) {
  count_files(true);
  rmdir(directory);
}

/* ---- what must not change ---- */

typedef struct byte_store {
  unsigned char bytes[8192];
  size_t count;
} byte_store;

static int keep_bytes(void *context, const void *bytes, size_t count) {
  byte_store *store = context;
  if (count > sizeof store->bytes - store->count) return -1;
  memcpy(store->bytes + store->count, bytes, count);
  store->count += count;
  return 0;
}

static byte_store future_of(const gd_stepper *stepper) {
  byte_store store = {.count = 0};
  assert_ok(gd_stepper_save(stepper, keep_bytes, &store));
  return store;
}

static gd_stepper *make_stepper(void) {
  const test_game kind = rotation_game();
  gd_stepper *stepper = steps_of(&kind, GD_OPTIMISTIC, 0.1);
  assert_ok(gd_stepper_set_scaling(stepper, GD_SCALING_ADAM));
  return stepper;
}

/* The file is refused with these words, and stepper and point are as they were. */
static void assert_refuses(gd_stepper *stepper, gd_status status, const char *words) {
  const byte_store before = future_of(stepper);
  double x[] = {0.25, -0.5};
  assert_fails(gd_checkpoint_read(path, stepper, x), status, words);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), path));
  const byte_store after = future_of(stepper);
  ck_assert_uint_eq(before.count, after.count);
  ck_assert_mem_eq(before.bytes, after.bytes, before.count);
  ck_assert(x[0] == 0.25 && x[1] == -0.5);
}

/* A checkpoint after three steps, as bytes. */
static byte_store make_checkpoint(void) {
  gd_stepper *stepper = make_stepper();
  double x[] = {1, 2};
  for (int k = 0; k < 3; k++) assert_ok(gd_stepper_step(stepper, x));
  assert_ok(gd_checkpoint_write(path, stepper, x));
  release_steps(stepper);
  byte_store file = {.count = 0};
  file.count = file_read(path, file.bytes, sizeof file.bytes);
  ck_assert_uint_lt(file.count, sizeof file.bytes);
  return file;
}

/* ---- damage ---- */

START_TEST(refuses_every_flipped_byte) {
  const byte_store file = make_checkpoint();
  gd_stepper *stepper = make_stepper();
  for (size_t k = 0; k < file.count; k++) {
    byte_store damaged = file;
    damaged.bytes[k] ^= k % 2 ? 0x01 : 0xff;
    file_write(path, damaged.bytes, damaged.count);
    assert_refuses(stepper, GD_ERR_FORMAT,
                   k < 8    ? "is not a checkpoint"
                   : k < 12 ? "of the format, expected version 1"
                   : k < 16 ? "damaged: the mark of the byte order is invalid"
                   : k < 24 ? "damaged: it has "
                            : "damaged: its checksum does not match");
  }
  release_steps(stepper);
}
END_TEST

START_TEST(refuses_every_truncation) {
  const byte_store file = make_checkpoint();
  gd_stepper *stepper = make_stepper();
  for (size_t count = 0; count < file.count; count++) {
    file_write(path, file.bytes, count);
    assert_refuses(stepper, GD_ERR_FORMAT, count ? "truncated" : "is not a checkpoint");
  }
  file_write(path, file.bytes, file.count + 1);
  assert_refuses(stepper, GD_ERR_FORMAT, "damaged: it has ");
  release_steps(stepper);
}
END_TEST

START_TEST(refuses_foreign_files) {
  gd_stepper *stepper = make_stepper();
  file_write(path, "step,distance\n0,1\n", 18);
  assert_refuses(stepper, GD_ERR_FORMAT, "is not a checkpoint");
  byte_store file = make_checkpoint();
  const unsigned char swapped[] = {file.bytes[15], file.bytes[14], file.bytes[13], file.bytes[12]};
  memcpy(file.bytes + 12, swapped, sizeof swapped);
  file_write(path, file.bytes, file.count);
  assert_refuses(stepper, GD_ERR_FORMAT, "written on a machine with another byte order");
  release_steps(stepper);
}
END_TEST

/* Cut to `count` bytes, with length and checksum made right. */
static void write_forged(byte_store file, size_t count) {
  const uint64_t length = count;
  memcpy(file.bytes + 16, &length, sizeof length);
  const uint32_t checksum = (uint32_t)crc32(0, file.bytes, (uInt)(count - 4));
  memcpy(file.bytes + count - 4, &checksum, sizeof checksum);
  file_write(path, file.bytes, count);
}

START_TEST(refuses_forgeries) {
  gd_stepper *stepper = make_stepper();
  const byte_store file = make_checkpoint();
  write_forged(file, 32);
  assert_refuses(stepper, GD_ERR_FORMAT, "damaged: it has only 32 bytes");
  write_forged(file, 40);
  assert_refuses(stepper, GD_ERR_FORMAT, "damaged: too short for its point");
  write_forged(file, 60);
  assert_refuses(stepper, GD_ERR_FORMAT, "the read function failed");
  release_steps(stepper);
}
END_TEST

START_TEST(refuses_steppers_of_another_shape) {
  make_checkpoint();
  const test_game rotation = rotation_game(), curved = curved_game();
  gd_stepper *other_method = steps_of(&rotation, GD_EXTRAGRADIENT, 0.1);
  assert_refuses(other_method, GD_ERR_FORMAT, "optimistic");
  release_steps(other_method);
  gd_stepper *other_game = steps_of(&curved, GD_OPTIMISTIC, 0.1);
  double x[5] = {1, 2, 3, 4, 5};
  assert_fails(gd_checkpoint_read(path, other_game, x), GD_ERR_FORMAT, "of a game with 2 variables, expected the 5");
  ck_assert(x[0] == 1 && x[1] == 2);
  release_steps(other_game);
  test_game merged = rotation_game();
  merged.traits = GD_AFFINE;
  merged.n_players = 1;
  merged.block_sizes[0] = 2;
  gd_stepper *other_players = steps_of(&merged, GD_OPTIMISTIC, 0.1);
  assert_refuses(other_players, GD_ERR_FORMAT, "players");
  release_steps(other_players);
}
END_TEST

/* ---- files ---- */

START_TEST(names_files_it_cannot_read) {
  gd_stepper *stepper = make_stepper();
  assert_refuses(stepper, GD_ERR_IO, "cannot be opened: No such file");
  ck_assert_int_eq(mkdir(path, 0700), 0);
  assert_refuses(stepper, GD_ERR_IO, "is no regular file");
  release_steps(stepper);
}
END_TEST

START_TEST(names_files_it_cannot_write) {
  gd_stepper *stepper = make_stepper();
  const double x[] = {1, 2};
  ck_assert_int_eq(mkdir(path, 0700), 0);
  assert_fails(gd_checkpoint_write(path, stepper, x), GD_ERR_IO, "is no regular file");
  assert_fails(gd_checkpoint_write("/dev/full", stepper, x), GD_ERR_IO, "/dev/full: is no regular file");
  strcat(path, "/none/saved");
  assert_fails(gd_checkpoint_write(path, stepper, x), GD_ERR_IO, "/none/saved: cannot be written: No such file");
  file_write(strcat(directory, "/plain"), "", 0);
  snprintf(path, sizeof path, "%s/saved", directory);
  assert_fails(gd_checkpoint_write(path, stepper, x), GD_ERR_IO, "cannot be written: Not a directory");
  *strrchr(directory, '/') = 0;
  release_steps(stepper);
}
END_TEST

START_TEST(replaces_an_older_checkpoint) {
  gd_stepper *stepper = make_stepper(), *reader = make_stepper();
  double x[] = {1, 2}, y[] = {0, 0};
  make_checkpoint();
  assert_ok(gd_stepper_step(stepper, x));
  char stale[sizeof path + 8];
  snprintf(stale, sizeof stale, "%s.new0", path); /* left by a program that was killed */
  file_write(stale, "half", 4);
  assert_ok(gd_checkpoint_write(path, stepper, x));
  assert_ok(gd_checkpoint_read(path, reader, y));
  ck_assert_uint_eq(gd_stepper_steps(reader), 1);
  ck_assert_mem_eq(x, y, sizeof x);
  ck_assert_uint_eq(count_files(false), 2);
  release_steps(stepper);
  release_steps(reader);
}
END_TEST

START_TEST(writes_into_the_present_directory) {
  gd_stepper *stepper = make_stepper();
  double x[] = {1, 2};
  ck_assert_int_eq(chdir(directory), 0);
  assert_ok(gd_checkpoint_write("saved", stepper, x));
  assert_ok(gd_checkpoint_read(path, stepper, x));
  ck_assert_uint_eq(count_files(false), 1);
  release_steps(stepper);
}
END_TEST

/* The disk is full: no file may have more than 64 bytes. */
START_TEST(keeps_the_old_file_when_the_disk_is_full) {
  const byte_store old = make_checkpoint();
  gd_stepper *stepper = make_stepper();
  const double x[] = {5, 6};
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit;
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const struct rlimit small = {64, limit.rlim_max};
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
  const gd_status status = gd_checkpoint_write(path, stepper, x);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  ck_assert_int_eq(status, GD_ERR_IO);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "saved: cannot be written: File too large"));
  byte_store now = {.count = 0};
  now.count = file_read(path, now.bytes, sizeof now.bytes);
  ck_assert_uint_eq(now.count, old.count);
  ck_assert_mem_eq(now.bytes, old.bytes, old.count);
  ck_assert_uint_eq(count_files(false), 1);
  release_steps(stepper);
}
END_TEST

static void write_until_killed(void) {
  gd_stepper *stepper = make_stepper();
  double x[] = {1, 2};
  for (;;) {
    gd_stepper_step(stepper, x);
    gd_checkpoint_write(path, stepper, x);
  }
}

START_TEST(leaves_a_whole_file_when_it_is_killed) {
  make_checkpoint();
  for (long round = 0; round < 10; round++) {
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) write_until_killed();
    usleep(1000 + 700 * (useconds_t)round);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    gd_stepper *stepper = make_stepper();
    double x[2];
    assert_ok(gd_checkpoint_read(path, stepper, x));
    ck_assert_uint_ge(gd_stepper_steps(stepper), 1);
    release_steps(stepper);
  }
}
END_TEST

/* ---- arguments and memory ---- */

START_TEST(checks_its_arguments) {
  gd_stepper *stepper = make_stepper();
  double x[] = {1, 2};
  assert_fails(gd_checkpoint_write(NULL, stepper, x), GD_ERR_ARGUMENT, "path is NULL");
  assert_fails(gd_checkpoint_write(path, NULL, x), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(gd_checkpoint_write(path, stepper, NULL), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_checkpoint_read(NULL, stepper, x), GD_ERR_ARGUMENT, "path is NULL");
  assert_fails(gd_checkpoint_read(path, NULL, x), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(gd_checkpoint_read(path, stepper, NULL), GD_ERR_ARGUMENT, "x is NULL");
  ck_assert_uint_eq(count_files(false), 0);
  release_steps(stepper);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  double x[] = {1, 2};
  (void)argument;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC);
  if (status == GD_OK) status = gd_checkpoint_write(path, stepper, x);
  if (status == GD_OK) status = gd_checkpoint_read(path, stepper, x);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  ck_assert_uint_le(count_files(false), 1); /* nothing half-written stays */
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 8); }
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {refuses_every_flipped_byte,
                                refuses_every_truncation,
                                refuses_foreign_files,
                                refuses_forgeries,
                                refuses_steppers_of_another_shape,
                                names_files_it_cannot_read,
                                names_files_it_cannot_write,
                                replaces_an_older_checkpoint,
                                writes_into_the_present_directory,
                                keeps_the_old_file_when_the_disk_is_full,
                                leaves_a_whole_file_when_it_is_killed,
                                checks_its_arguments,
                                survives_every_refused_allocation};
  Suite *suite = suite_create("checkpoint");
  TCase *tcase = tcase_create("files");
  tcase_set_timeout(tcase, 300);
  tcase_add_checked_fixture(tcase, make_directory, remove_directory);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  suite_add_tcase(suite, tcase);
  return suite;
}
