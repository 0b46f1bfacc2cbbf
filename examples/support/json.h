/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON, written as it comes: 17 significant digits, null where there is no finite number. */
#ifndef SUPPORT_JSON_H
#define SUPPORT_JSON_H

#include <stdbool.h>
#include <stdio.h>

typedef struct json_writer {
  FILE *file;
  int depth;
  bool first; /* nothing yet in the innermost object or array */
} json_writer;

/* key is NULL inside arrays and for the outermost value. */
void json_begin(json_writer *json, const char *key, char bracket); /* '{' or '[' */
void json_end(json_writer *json, char bracket);                    /* '}' or ']' */
void json_number(json_writer *json, const char *key, double value);
void json_flag(json_writer *json, const char *key, bool value);
void json_text(json_writer *json, const char *key, const char *value); /* NULL: null */

#endif
