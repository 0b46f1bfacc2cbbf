/* SPDX-License-Identifier: BSD-3-Clause */
/* replacement.c -- a file is replaced as a whole, keeps its mode and its links, and what killed programs left is
 * removed without harm to programs that are at work. */
#include "files/atomic_file.h"

#include "support/folder.h"
#include "support/suite.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

static test_folder folder;
static gdi_env env;

static void make_folder(void) {
  folder_make(&folder);
  ck_assert_int_eq(gdi_env_copy(&env, NULL), GD_OK);
}

static void remove_folder(void) { folder_remove(&folder); }

static gd_status replace(const char *path, const char *text) {
  gdi_atomic_file file;
  GD_TRY(gdi_atomic_file_open(&file, path, &env));
  gdi_atomic_file_write(&file, text, strlen(text));
  return gdi_atomic_file_commit(&file);
}

static void assert_holds(const char *path, const char *text) {
  char bytes[64] = "";
  ck_assert_uint_eq(file_read(path, bytes, sizeof bytes - 1), strlen(text));
  ck_assert_str_eq(bytes, text);
}

static mode_t mode_of(const char *path) {
  struct stat facts;
  ck_assert_int_eq(stat(path, &facts), 0);
  return facts.st_mode & 07777;
}

START_TEST(keeps_the_mode_of_what_it_replaces) {
  static const mode_t modes[] = {0600, 0640, 0644, 0664, 0666, 0755};
  const char *path = folder_path(&folder, "saved");
  umask(022);
  assert_ok(replace(path, "new"));
  ck_assert_int_eq(mode_of(path), 0644); /* 0666 less the umask */
  for (size_t k = 0; k < sizeof modes / sizeof *modes; k++) {
    ck_assert_int_eq(chmod(path, modes[k]), 0);
    assert_ok(replace(path, "newer"));
    ck_assert_int_eq(mode_of(path), modes[k]);
  }
}
END_TEST

/* What is being written is never open to more than the old file was. */
START_TEST(hides_what_it_writes_as_the_old_file_was) {
  const char *path = folder_path(&folder, "saved");
  gdi_atomic_file file;
  umask(0);
  file_write(path, "old", 3);
  ck_assert_int_eq(chmod(path, 0600), 0);
  assert_ok(gdi_atomic_file_open(&file, path, &env));
  ck_assert_int_eq(mode_of(file.temporary), 0600);
  gdi_atomic_file_discard(&file);
  assert_holds(path, "old");
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

START_TEST(follows_links_and_leaves_them) {
  const char *link = folder_path(&folder, "link"), *second = folder_path(&folder, "second");
  const char *target = folder_path(&folder, "target");
  char seen[256] = "";
  ck_assert_int_eq(symlink("target", link), 0); /* beside the link, wherever the program is */
  ck_assert_int_eq(symlink(link, second), 0);   /* from the root */
  assert_ok(replace(second, "first"));          /* to nothing yet */
  assert_holds(target, "first");
  assert_ok(replace(second, "other"));
  assert_holds(target, "other");
  ck_assert_int_eq(readlink(second, seen, sizeof seen - 1), (int)strlen(link));
  ck_assert_str_eq(seen, link);
  ck_assert_uint_eq(folder_count(&folder), 3);
}
END_TEST

START_TEST(refuses_links_in_a_circle) {
  const char *one = folder_path(&folder, "one"), *other = folder_path(&folder, "other");
  ck_assert_int_eq(symlink(one, other), 0);
  ck_assert_int_eq(symlink(other, one), 0);
  assert_fails(replace(one, "text"), GD_ERR_IO, "one: cannot be written: Too many levels of symbolic links");
  ck_assert_uint_eq(folder_count(&folder), 2);
}
END_TEST

/* It must not wait for someone to read a pipe. */
START_TEST(refuses_what_is_no_regular_file) {
  const char *pipe = folder_path(&folder, "pipe");
  ck_assert_int_eq(mkfifo(pipe, 0600), 0);
  assert_fails(replace(pipe, "text"), GD_ERR_IO, "pipe: is no regular file");
  assert_fails(replace("/dev/full", "text"), GD_ERR_IO, "/dev/full: is no regular file");
  assert_fails(replace(folder.path, "text"), GD_ERR_IO, "is no regular file");
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

static char *leave(size_t number) {
  char name[64];
  snprintf(name, sizeof name, "saved.gdnew%zu", number);
  char *path = folder_path(&folder, name);
  file_write(path, "half", 4);
  return path;
}

/* As many as 1,500 programs that were killed left; other names are not touched. */
START_TEST(removes_what_was_left_behind) {
  const char *path = folder_path(&folder, "saved");
  for (size_t k = 0; k < 1500; k++) leave(k);
  leave(1503);
  file_write(folder_path(&folder, "saved.new0"), "mine", 4);
  file_write(folder_path(&folder, "saved.gdnew"), "mine", 4);
  assert_ok(replace(path, "whole"));
  assert_holds(path, "whole");
  ck_assert_uint_eq(folder_count(&folder), 3);
}
END_TEST

/* Two writers of one target at the same time: each has a file of its own, the last to finish stays. */
START_TEST(leaves_other_writers_alone) {
  const char *path = folder_path(&folder, "saved");
  gdi_atomic_file one, other;
  assert_ok(gdi_atomic_file_open(&one, path, &env));
  assert_ok(gdi_atomic_file_open(&other, path, &env));
  ck_assert_str_ne(one.temporary, other.temporary);
  ck_assert_uint_eq(folder_count(&folder), 2);
  gdi_atomic_file_write(&one, "one", 3);
  gdi_atomic_file_write(&other, "other", 5);
  assert_ok(gdi_atomic_file_commit(&one));
  assert_holds(path, "one");
  assert_ok(gdi_atomic_file_commit(&other));
  assert_holds(path, "other");
  ck_assert_uint_eq(folder_count(&folder), 1);
}
END_TEST

/* A pipe or a link of a leftover's name is neither waited for nor followed. */
START_TEST(takes_no_pipe_or_link_for_a_leftover) {
  const char *path = folder_path(&folder, "saved"), *precious = folder_path(&folder, "precious");
  file_write(precious, "precious", 8);
  ck_assert_int_eq(mkfifo(folder_path(&folder, "saved.gdnew0"), 0600), 0);
  ck_assert_int_eq(symlink("precious", folder_path(&folder, "saved.gdnew1")), 0);
  assert_ok(replace(path, "whole"));
  assert_holds(path, "whole");
  assert_holds(precious, "precious");
  ck_assert_uint_eq(folder_count(&folder), 4);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {keeps_the_mode_of_what_it_replaces, hides_what_it_writes_as_the_old_file_was,
                                follows_links_and_leaves_them,      refuses_links_in_a_circle,
                                refuses_what_is_no_regular_file,    removes_what_was_left_behind,
                                leaves_other_writers_alone,         takes_no_pipe_or_link_for_a_leftover};
  Suite *suite = suite_create("replacement");
  TCase *tcase = tcase_create("files");
  tcase_set_timeout(tcase, 300);
  tcase_add_checked_fixture(tcase, make_folder, remove_folder);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  suite_add_tcase(suite, tcase);
  return suite;
}
