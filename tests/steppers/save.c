/* SPDX-License-Identifier: BSD-3-Clause */
/* save.c -- a stepper's future as bytes: what continues, and what is refused, in which words. */
#include "steppers/at_work.h"
#include "steppers/bytes.h"
#include "support/failing_memory.h"

#include <math.h>
#include <stdint.h>
#include <zlib.h>

/* The head: magic, version, byte order, length, checksum; eight bytes each. */
enum { HEAD = 40, VERSION_AT = 8, ORDER_AT = 16, LENGTH_AT = 24, CHECKSUM_AT = 32 };

static void put_word(bytes *b, size_t at, uint64_t word) { memcpy(b->data + at, &word, sizeof word); }

/* Make length and checksum right again: a forgery rather than damage. */
static void reseal(bytes *b) {
  put_word(b, LENGTH_AT, b->size - HEAD);
  put_word(b, CHECKSUM_AT, crc32(0, b->data + HEAD, (uInt)(b->size - HEAD)));
}

/* Where these bytes stand. */
static size_t find(const bytes *b, const void *needle, size_t count) {
  const unsigned char *at = memmem(b->data, b->size, needle, count);
  ck_assert_ptr_nonnull(at);
  return (size_t)(at - b->data);
}

/* Optimistic Adam on minibatches, three steps old. */
static at_work put_old_hand_to_work(double *x) {
  const test_game kind = noisy_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  draw_batches(work.game, 1);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25}));
  assert_ok(gd_stepper_set(work.stepper, "correction", 0.75));
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM));
  assert_ok(gd_stepper_set(work.stepper, "adam.mean_decay", 0.5));
  for (int t = 0; t < 3; t++) assert_ok(gd_stepper_step(work.stepper, x));
  return work;
}

START_TEST(another_stepper_continues_bit_for_bit) {
  static bytes saved;
  double x[2] = {1, 2}, y[2], value;
  at_work work = put_old_hand_to_work(x);
  bytes_save(&saved, work.stepper);
  memcpy(y, x, sizeof x);
  const test_game kind = noisy_game();
  at_work other = put_to_work(&kind, GD_OPTIMISTIC); /* evaluates exactly, no scaling, other parameters */
  assert_ok(bytes_load(&saved, other.stepper));
  assert_saved_as(&saved, other.stepper);
  ck_assert_uint_eq(gd_stepper_steps(other.stepper), 3);
  ck_assert_uint_eq(draw_index(other.game), 3);
  ck_assert_str_eq(gd_stepper_scaling(other.stepper), GD_SCALING_ADAM);
  assert_ok(gd_stepper_get(other.stepper, "adam.mean_decay", 0, &value));
  ck_assert(value == 0.5);
  for (int t = 0; t < 5; t++) {
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_ok(gd_stepper_step(other.stepper, y));
    assert_same(2, y, x);
  }
  retire(&work);
  retire(&other);
}
END_TEST

START_TEST(exact_evaluation_is_restored_too) {
  static bytes saved;
  const test_game kind = noisy_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  bytes_save(&saved, work.stepper);
  draw_batches(work.game, 1);
  assert_ok(bytes_load(&saved, work.stepper));
  ck_assert(!gd_game_get_draw(work.game, NULL));
  retire(&work);
}
END_TEST

/* A load that is refused with GD_ERR_FORMAT or GD_ERR_IO leaves everything as it was. */
static void assert_refused(bytes *damaged, gd_stepper *stepper, const bytes *untouched) {
  const gd_status status = bytes_load(damaged, stepper);
  ck_assert_msg(status == GD_ERR_FORMAT || status == GD_ERR_IO, "%s", gd_status_name(status));
  ck_assert_uint_gt(strlen(gd_last_error()), 10);
  assert_saved_as(untouched, stepper);
}

START_TEST(every_flipped_byte_is_refused) {
  static bytes saved, untouched;
  double x[2] = {1, 2};
  at_work work = put_old_hand_to_work(x);
  bytes_save(&saved, work.stepper);
  assert_ok(gd_stepper_step(work.stepper, x)); /* so that a load would show */
  bytes_save(&untouched, work.stepper);
  for (size_t k = 0; k < saved.size; k++) {
    const unsigned char flip = k % 2 ? 0x01 : 0xff;
    saved.data[k] ^= flip;
    assert_refused(&saved, work.stepper, &untouched);
    saved.data[k] ^= flip;
  }
  assert_ok(bytes_load(&saved, work.stepper));
  retire(&work);
}
END_TEST

START_TEST(every_truncation_is_refused) {
  static bytes saved, untouched;
  double x[2] = {1, 2};
  at_work work = put_old_hand_to_work(x);
  bytes_save(&saved, work.stepper);
  assert_ok(gd_stepper_step(work.stepper, x));
  bytes_save(&untouched, work.stepper);
  for (size_t size = saved.size; size-- > 0;) {
    saved.size = size;
    assert_refused(&saved, work.stepper, &untouched);
    if (size <= HEAD) continue;
    reseal(&saved);
    assert_refused(&saved, work.stepper, &untouched);
  }
  retire(&work);
}
END_TEST

START_TEST(trailing_bytes_inside_are_refused) {
  static bytes saved;
  double x[2] = {1, 2};
  at_work work = put_old_hand_to_work(x);
  bytes_save(&saved, work.stepper);
  saved.size += 3;
  reseal(&saved);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "3 bytes too many");
  retire(&work);
}
END_TEST

/* Saved from one stepper, loaded into another: refused in these words. */
static void assert_foreign(const test_game *from, const char *from_method, const test_game *to, const char *to_method,
                           const char *words) {
  static bytes saved, untouched;
  at_work source = put_to_work(from, from_method), target = put_to_work(to, to_method);
  bytes_save(&saved, source.stepper);
  bytes_save(&untouched, target.stepper);
  assert_fails(bytes_load(&saved, target.stepper), GD_ERR_FORMAT, words);
  assert_saved_as(&untouched, target.stepper);
  retire(&source);
  retire(&target);
}

START_TEST(other_methods_and_shapes_are_refused) {
  const test_game rotation = rotation_game(), general = general_game();
  test_game split = general_game();
  split.block_sizes[0] = 2;
  split.block_sizes[1] = 1;
  assert_foreign(&rotation, GD_OPTIMISTIC, &rotation, GD_PREDICTIVE, "method is optimistic, expected predictive");
  assert_foreign(&rotation, GD_OPTIMISTIC, &general, GD_OPTIMISTIC, "players is 2, expected 3");
  assert_foreign(&general, GD_OPTIMISTIC, &split, GD_OPTIMISTIC, "block size is 1, expected 2");
}
END_TEST

START_TEST(foreign_heads_are_refused_in_words) {
  static bytes saved;
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  bytes_save(&saved, work.stepper);
  memcpy(saved.data, "%PDF-1.7", 8);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "not a saved stepper");
  bytes_save(&saved, work.stepper);
  put_word(&saved, VERSION_AT, 3);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "version 3, expected 2");
  bytes_save(&saved, work.stepper);
  put_word(&saved, ORDER_AT, 0x0807060504030201u);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "byte order");
  bytes_save(&saved, work.stepper);
  put_word(&saved, LENGTH_AT, UINT64_MAX);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "expected at most");
  bytes_save(&saved, work.stepper);
  put_word(&saved, CHECKSUM_AT, 0);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "checksum");
  retire(&work);
}
END_TEST

START_TEST(forged_values_are_refused) {
  static bytes saved, untouched;
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_RUNGE_KUTTA, 0.375);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM));
  bytes_save(&untouched, work.stepper);
  const double step_size = 0.375, order = 4, mean_decay = 0.9, bad[] = {-1, 100, 7};
  const double *good[] = {&step_size, &order, &mean_decay};
  const char *words[] = {"runge_kutta.step_size = -1 is out of range: expected 0",
                         "runge_kutta.order = 100 is out of range: expected 2 to 4", "adam.mean_decay = 7"};
  for (int k = 0; k < 3; k++) {
    saved = untouched;
    memcpy(saved.data + find(&saved, good[k], sizeof(double)), &bad[k], sizeof(double));
    reseal(&saved);
    assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, words[k]);
    assert_saved_as(&untouched, work.stepper);
  }
  saved = untouched;
  saved.data[find(&saved, "scheduled", 9) + 9] = 2;
  reseal(&saved);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "scheduled is 2");
  assert_saved_as(&untouched, work.stepper);
  saved = untouched;
  saved.data[find(&saved, "adam", 4)] = 'A';
  reseal(&saved);
  assert_fails(bytes_load(&saved, work.stepper), GD_ERR_FORMAT, "unknown scaling \"Adam\"");
  assert_saved_as(&untouched, work.stepper);
  retire(&work);
}
END_TEST

START_TEST(failing_functions_are_reported) {
  static bytes saved;
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  for (int k = 1; k <= 2; k++) {
    saved = (bytes){.fail_at = k};
    assert_fails(gd_stepper_save(work.stepper, bytes_write, &saved), GD_ERR_IO, "write function failed");
  }
  bytes_save(&saved, work.stepper);
  for (int k = 1; k <= 2; k++) {
    saved.fail_at = k;
    assert_fails(bytes_load(&saved, work.stepper), GD_ERR_IO, "read function failed");
  }
  assert_fails(gd_stepper_save(NULL, bytes_write, &saved), GD_ERR_ARGUMENT, "gd_stepper_save");
  assert_fails(gd_stepper_save(work.stepper, NULL, &saved), GD_ERR_ARGUMENT, "gd_stepper_save");
  assert_fails(gd_stepper_load(NULL, bytes_read, &saved), GD_ERR_ARGUMENT, "gd_stepper_load");
  assert_fails(gd_stepper_load(work.stepper, NULL, &saved), GD_ERR_ARGUMENT, "gd_stepper_load");
  retire(&work);
}
END_TEST

static double halving(void *context, uint64_t step) {
  (void)context;
  return step < 100 ? ldexp(1, -(int)step) : NAN;
}

/* Schedules are code, and stay with the stepper that loads: those of its scaling too. */
START_TEST(schedules_stay_through_a_load) {
  static bytes saved;
  const char *names[] = {GD_STEP_SIZE, "adam.epsilon"};
  const test_game kind = rotation_game();
  at_work work[2] = {put_to_work(&kind, GD_SIMULTANEOUS), put_to_work(&kind, GD_SIMULTANEOUS)};
  for (int which = 0; which < 2; which++) {
    assert_ok(gd_stepper_set_scaling(work[which].stepper, GD_SCALING_ADAM));
    assert_ok(gd_stepper_set(work[which].stepper, "adam.epsilon", 0.5));
    for (int k = 0; k < 2; k++) assert_ok(gd_stepper_schedule(work[which].stepper, names[k], halving, NULL));
  }
  double x[2] = {1, 2}, y[2];
  assert_ok(gd_stepper_step(work[0].stepper, x));
  memcpy(y, x, sizeof x);
  bytes_save(&saved, work[0].stepper);
  assert_ok(bytes_load(&saved, work[1].stepper));
  for (int t = 0; t < 3; t++) {
    assert_ok(gd_stepper_step(work[0].stepper, x));
    assert_ok(gd_stepper_step(work[1].stepper, y));
    assert_same(2, y, x);
  }
  retire(&work[0]);
  retire(&work[1]);
}
END_TEST

/* A stepper that was scheduled goes into one that is not: a caveat each time, by name, until the schedules are set;
 * saved meanwhile, it still tells. */
START_TEST(a_missing_schedule_is_a_caveat_until_it_is_set) {
  static bytes saved, again;
  const test_game kind = rotation_game();
  at_work source = put_to_work(&kind, GD_SIMULTANEOUS), target = put_to_work(&kind, GD_SIMULTANEOUS);
  assert_ok(gd_stepper_set_scaling(source.stepper, GD_SCALING_ADAM));
  assert_ok(gd_stepper_schedule(source.stepper, GD_STEP_SIZE, halving, NULL));
  assert_ok(gd_stepper_schedule(source.stepper, "adam.epsilon", halving, NULL));
  bytes_save(&saved, source.stepper);
  for (int k = 0; k < 2; k++)
    assert_fails(bytes_load(&saved, target.stepper), GD_SCHEDULE_MISSING, "its schedule of step_size, adam.epsilon;");
  bytes_save(&again, target.stepper);
  assert_fails(bytes_load(&again, target.stepper), GD_SCHEDULE_MISSING, "its schedule of step_size, adam.epsilon;");
  assert_ok(gd_stepper_schedule(target.stepper, GD_STEP_SIZE, halving, NULL));
  assert_fails(bytes_load(&again, target.stepper), GD_SCHEDULE_MISSING, "its schedule of adam.epsilon;");
  assert_ok(gd_stepper_schedule(target.stepper, "adam.epsilon", halving, NULL));
  assert_ok(bytes_load(&again, target.stepper));
  double x[2] = {1, 2}, y[2] = {1, 2};
  for (int t = 0; t < 3; t++) {
    assert_ok(gd_stepper_step(source.stepper, x));
    assert_ok(gd_stepper_step(target.stepper, y));
    assert_same(2, y, x);
  }
  retire(&source);
  retire(&target);
}
END_TEST

/* Set to none, a schedule is no longer missed. */
START_TEST(a_schedule_that_is_given_up_is_not_missed) {
  static bytes saved, again;
  const test_game kind = rotation_game();
  at_work source = put_to_work(&kind, GD_SIMULTANEOUS), target = put_to_work(&kind, GD_SIMULTANEOUS);
  assert_ok(gd_stepper_schedule(source.stepper, GD_STEP_SIZE, halving, NULL));
  bytes_save(&saved, source.stepper);
  assert_fails(bytes_load(&saved, target.stepper), GD_SCHEDULE_MISSING, "its schedule of step_size;");
  assert_ok(gd_stepper_schedule(target.stepper, GD_STEP_SIZE, NULL, NULL));
  bytes_save(&again, target.stepper);
  assert_ok(bytes_load(&again, target.stepper));
  assert_ok(gd_stepper_schedule(source.stepper, GD_STEP_SIZE, NULL, NULL));
  bytes_save(&saved, source.stepper);
  assert_ok(bytes_load(&saved, target.stepper));
  retire(&source);
  retire(&target);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  static bytes now;
  now = (bytes){0};
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC);
  if (status == GD_OK) status = gd_stepper_save(stepper, bytes_write, &now);
  if (status == GD_OK) status = bytes_load(argument, stepper);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return status;
}

START_TEST(missing_memory_is_reported) {
  static bytes saved;
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  assert_ok(gd_stepper_set_scaling(work.stepper, "amsgrad"));
  bytes_save(&saved, work.stepper);
  retire(&work);
  ck_assert_uint_ge(refuse_each_allocation(attempt, &saved), 15);
}
END_TEST

TEST_SUITE("save", another_stepper_continues_bit_for_bit, exact_evaluation_is_restored_too,
           every_flipped_byte_is_refused, every_truncation_is_refused, trailing_bytes_inside_are_refused,
           other_methods_and_shapes_are_refused, foreign_heads_are_refused_in_words, forged_values_are_refused,
           failing_functions_are_reported, schedules_stay_through_a_load,
           a_missing_schedule_is_a_caveat_until_it_is_set, a_schedule_that_is_given_up_is_not_missed,
           missing_memory_is_reported)
