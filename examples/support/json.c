/* SPDX-License-Identifier: BSD-3-Clause */
/* json.c -- commas, indentation and quotes; the numbers are the caller's. */
#include "support/json.h"

#include <math.h>

static void quoted(FILE *file, const char *text) {
  fputc('"', file);
  for (; *text; text++) {
    const unsigned char byte = (unsigned char)*text;
    if (byte < 0x20) {
      fprintf(file, "\\u%04x", byte);
    } else {
      if (byte == '"' || byte == '\\') fputc('\\', file);
      fputc(byte, file);
    }
  }
  fputc('"', file);
}

/* Comma, line break, indentation, key. */
static void lead(json_writer *json, const char *key) {
  if (json->depth > 0) fprintf(json->file, "%s\n%*s", json->first ? "" : ",", 2 * json->depth, "");
  json->first = false;
  if (key) {
    quoted(json->file, key);
    fputs(": ", json->file);
  }
}

void json_begin(json_writer *json, const char *key, char bracket) {
  lead(json, key);
  fputc(bracket, json->file);
  json->depth++;
  json->first = true;
}

void json_end(json_writer *json, char bracket) {
  json->depth--;
  if (!json->first) fprintf(json->file, "\n%*s", 2 * json->depth, "");
  fputc(bracket, json->file);
  json->first = false;
  if (json->depth == 0) fputc('\n', json->file);
}

void json_number(json_writer *json, const char *key, double value) {
  lead(json, key);
  if (isfinite(value)) {
    fprintf(json->file, "%.17g", value);
  } else {
    fputs("null", json->file);
  }
}

void json_flag(json_writer *json, const char *key, bool value) {
  lead(json, key);
  fputs(value ? "true" : "false", json->file);
}

void json_text(json_writer *json, const char *key, const char *value) {
  lead(json, key);
  if (value) {
    quoted(json->file, value);
  } else {
    fputs("null", json->file);
  }
}
