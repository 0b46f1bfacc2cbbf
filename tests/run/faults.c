/* SPDX-License-Identifier: BSD-3-Clause */
/* faults.c -- checkpoints under faults: programs that are killed, disks that are full, and system calls that fail.  The
 * file is always the old one or the new one, whole. */
#include <gamedyn/checkpoint.h>

#include "support/folder.h"
#include "support/runs.h"

#include <errno.h>
#include <fcntl.h>
#include <gamedyn/rng.h>
#include <signal.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* ---- the library's system calls, which fail on request ---- */

static struct {
  int sync_fails, rename_fails, lock_fails; /* which call of the kind does, from 1; 0: none */
  int syncs, renames, locks;                /* calls so far */
  char order[8];                            /* S for each sync, R for each rename */
} calls;

static void note(char call) {
  const size_t length = strlen(calls.order);
  if (length < sizeof calls.order - 1) calls.order[length] = call;
}

static int refuse(int reason) {
  errno = reason;
  return -1;
}

int fsync(int descriptor) {
  note('S');
  return ++calls.syncs == calls.sync_fails ? refuse(EIO) : (int)syscall(SYS_fsync, descriptor);
}

int rename(const char *from, const char *to) {
  note('R');
  return ++calls.renames == calls.rename_fails ? refuse(EDQUOT) : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int flock(int descriptor, int operation) {
  return ++calls.locks == calls.lock_fails ? refuse(ENOLCK) : (int)syscall(SYS_flock, descriptor, operation);
}

/* ---- a stepper and its file ---- */

static test_folder folder;
static char *path;

static void make_folder(void) {
  folder_make(&folder);
  path = folder_path(&folder, "saved");
}

static void remove_folder(void) { folder_remove(&folder); }

static gd_stepper *make_stepper(void) {
  const test_game kind = rotation_game();
  gd_stepper *stepper = steps_of(&kind, GD_OPTIMISTIC, 0.1);
  assert_ok(gd_stepper_set_scaling(stepper, GD_SCALING_ADAM));
  return stepper;
}

/* Where the stepper is after so many steps from (1, 2). */
static gd_stepper *advance(uint64_t steps, double *x) {
  gd_stepper *stepper = make_stepper();
  x[0] = 1, x[1] = 2;
  while (gd_stepper_steps(stepper) < steps) assert_ok(gd_stepper_step(stepper, x));
  return stepper;
}

static void write_steps(uint64_t steps) {
  double x[2];
  gd_stepper *stepper = advance(steps, x);
  assert_ok(gd_checkpoint_write(path, stepper, x));
  release_steps(stepper);
  memset(&calls, 0, sizeof calls);
}

/* The file loads, and goes on as a run would that was never interrupted, bit for bit; how many steps it has. */
static uint64_t assert_continues(void) {
  double x[2] = {0}, y[2];
  gd_stepper *read = make_stepper();
  assert_ok(gd_checkpoint_read(path, read, x));
  const uint64_t steps = gd_stepper_steps(read);
  gd_stepper *whole = advance(steps, y);
  for (int k = 0; k < 5; k++) {
    ck_assert_mem_eq(x, y, sizeof x);
    assert_ok(gd_stepper_step(read, x));
    assert_ok(gd_stepper_step(whole, y));
  }
  release_steps(read);
  release_steps(whole);
  return steps;
}

static gd_status overwrite(uint64_t steps) {
  double x[2];
  gd_stepper *stepper = advance(steps, x);
  const gd_status status = gd_checkpoint_write(path, stepper, x);
  release_steps(stepper);
  return status;
}

/* ---- calls that fail ---- */

START_TEST(contents_are_on_disk_before_the_name_is) {
  memset(&calls, 0, sizeof calls);
  assert_ok(overwrite(3));
  ck_assert_str_eq(calls.order, "SRS");
}
END_TEST

START_TEST(a_failing_sync_leaves_the_old_file) {
  write_steps(3);
  calls.sync_fails = 1;
  assert_fails(overwrite(7), GD_ERR_IO, "saved: cannot be written: Input/output error");
  ck_assert_uint_eq(assert_continues(), 3);
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

START_TEST(a_failing_rename_leaves_the_old_file) {
  write_steps(3);
  calls.rename_fails = 1;
  assert_fails(overwrite(7), GD_ERR_IO, "saved: cannot be written: Disk quota exceeded");
  ck_assert_uint_eq(assert_continues(), 3);
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

/* The new file is there: that is an answer, with a caveat. */
START_TEST(a_failing_sync_of_the_directory_is_a_caveat) {
  write_steps(3);
  calls.sync_fails = 2;
  assert_fails(overwrite(7), GD_NOT_SYNCED, "saved: written, but its directory cannot be synced: Input/output error");
  ck_assert_uint_eq(assert_continues(), 7);
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

/* Some network file systems have no locks: files are written all the same, and none is taken for a leftover. */
START_TEST(files_that_cannot_be_locked_are_written) {
  write_steps(3);
  calls.lock_fails = 1;
  assert_ok(overwrite(7));
  ck_assert_uint_eq(assert_continues(), 7);
  ck_assert_uint_eq(folder_count(&folder), 1);
  file_write(folder_path(&folder, "saved.gdnew0"), "half", 4);
  memset(&calls, 0, sizeof calls);
  calls.lock_fails = 1;
  assert_ok(overwrite(8));
  ck_assert_uint_eq(assert_continues(), 8);
  ck_assert_uint_eq(folder_count(&folder), 2);
}
END_TEST

/* A disk that is full after any number of bytes; the checkpoint has more than 1,000. */
START_TEST(a_short_write_leaves_the_old_file) {
  struct rlimit limit;
  write_steps(3);
  signal(SIGXFSZ, SIG_IGN);
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  for (rlim_t bytes = 0; bytes < 1000; bytes += 37) {
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){bytes, limit.rlim_max}), 0);
    const gd_status status = overwrite(7);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(status, GD_ERR_IO);
    ck_assert_ptr_nonnull(strstr(gd_last_error(), "saved: cannot be written: File too large"));
    ck_assert_uint_eq(folder_count(&folder), 1);
  }
  ck_assert_uint_eq(assert_continues(), 3);
}
END_TEST

/* ---- programs that are killed ---- */

static void write_until_killed(void) {
  double x[2];
  gd_stepper *stepper = advance(0, x);
  for (;;) {
    gd_stepper_step(stepper, x);
    gd_checkpoint_write(path, stepper, x);
  }
}

START_TEST(a_kill_at_any_moment_leaves_a_whole_file) {
  gd_rng rng = gd_rng_make(5, 0);
  write_steps(1);
  for (size_t round = test_instances(25, 1000); round > 0; round--) {
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) write_until_killed();
    usleep((useconds_t)gd_rng_below(&rng, 5000));
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ck_assert_uint_ge(assert_continues(), 1);
    ck_assert_uint_le(folder_count(&folder), 2); /* one leftover at most, whatever was there before */
  }
  assert_ok(overwrite(3));
  ck_assert_uint_eq(assert_continues(), 3);
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

/* Two programs that write the same file all the time, one of which is killed now and then: the other goes on. */
START_TEST(two_programs_do_not_disturb_each_other) {
  gd_rng rng = gd_rng_make(6, 0);
  write_steps(1);
  for (size_t round = test_instances(10, 500); round > 0; round--) {
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) write_until_killed();
    for (uint64_t writes = 1 + gd_rng_below(&rng, 8); writes > 0; writes--) {
      assert_ok(overwrite(writes));
      ck_assert_uint_ge(assert_continues(), 1);
    }
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
  }
  assert_ok(overwrite(3));
  ck_assert_uint_eq(assert_continues(), 3);
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

/* ---- what else may have that name ---- */

START_TEST(a_pipe_is_refused_at_once) {
  double x[2];
  gd_stepper *stepper = advance(3, x);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  assert_fails(gd_checkpoint_read(path, stepper, x), GD_ERR_IO, "saved: is no regular file");
  assert_fails(gd_checkpoint_write(path, stepper, x), GD_ERR_IO, "saved: is no regular file");
  release_steps(stepper);
}
END_TEST

static double falling(void *context, uint64_t step) {
  (void)context;
  return 1 / (1 + (double)step);
}

/* Without it the run would go on at 0.1 where it was at 0.1 / 4. */
START_TEST(a_schedule_that_is_missing_is_a_caveat) {
  double x[2], y[2] = {0};
  gd_stepper *stepper = advance(3, x), *reader = make_stepper();
  assert_ok(gd_stepper_schedule(stepper, GD_STEP_SIZE, falling, NULL));
  assert_ok(gd_checkpoint_write(path, stepper, x));
  for (int k = 0; k < 2; k++)
    assert_fails(gd_checkpoint_read(path, reader, y), GD_SCHEDULE_MISSING, "its schedule of step_size");
  ck_assert_mem_eq(x, y, sizeof x);
  assert_ok(gd_stepper_schedule(reader, GD_STEP_SIZE, falling, NULL));
  assert_ok(gd_checkpoint_read(path, reader, y));
  assert_ok(gd_stepper_step(stepper, x));
  assert_ok(gd_stepper_step(reader, y));
  ck_assert_mem_eq(x, y, sizeof x);
  release_steps(stepper);
  release_steps(reader);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {contents_are_on_disk_before_the_name_is,
                                a_failing_sync_leaves_the_old_file,
                                a_failing_rename_leaves_the_old_file,
                                a_failing_sync_of_the_directory_is_a_caveat,
                                files_that_cannot_be_locked_are_written,
                                a_short_write_leaves_the_old_file,
                                a_kill_at_any_moment_leaves_a_whole_file,
                                two_programs_do_not_disturb_each_other,
                                a_pipe_is_refused_at_once,
                                a_schedule_that_is_missing_is_a_caveat};
  Suite *suite = suite_create("faults");
  TCase *tcase = tcase_create("files");
  tcase_set_timeout(tcase, 300);
  tcase_add_checked_fixture(tcase, make_folder, remove_folder);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  suite_add_tcase(suite, tcase);
  return suite;
}
