/* SPDX-License-Identifier: BSD-3-Clause */
/* screen.c -- columns counted in bytes: what the programs print is ASCII. */
#include "support/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80, FEWEST_COLUMNS = 20, MOST_COLUMNS = 10000 };

int screen_columns(FILE *file) {
  const char *asked = getenv("COLUMNS");
  char *end = NULL;
  long columns = asked ? strtol(asked, &end, 10) : 0;
  struct winsize size;
  if (asked && (end == asked || *end)) columns = 0;
  if (columns <= 0) columns = ioctl(fileno(file), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  if (columns <= 0) columns = USUAL_COLUMNS;
  if (columns < FEWEST_COLUMNS) return FEWEST_COLUMNS;
  return columns < MOST_COLUMNS ? (int)columns : MOST_COLUMNS;
}

bool screen_redraws(FILE *file) {
  const char *kind = getenv("TERM");
  return isatty(fileno(file)) && !(kind && strcmp(kind, "dumb") == 0);
}

/* A word that no line has room for overruns its own. */
static int print_word(FILE *file, int used, int indent, const char *word, int length, bool is_first) {
  if (!is_first && used + 1 + length > screen_columns(file)) {
    fprintf(file, "\n%*s%.*s", indent, "", length, word);
    return indent + length;
  }
  fprintf(file, "%s%.*s", is_first ? "" : " ", length, word);
  return used + !is_first + length;
}

static bool is_space(char c) { return c == ' ' || c == '\n'; }

static void print_words(FILE *file, int used, int indent, const char *text, size_t size) {
  const char *const end = text + size;
  bool is_first = true;
  for (const char *word = text;; is_first = false) {
    while (word < end && is_space(*word)) word++;
    if (word == end) break;
    const char *after = word;
    while (after < end && !is_space(*after)) after++;
    used = print_word(file, used, indent, word, (int)(after - word), is_first);
    word = after;
  }
  fputc('\n', file);
}

void screen_print_words(FILE *file, int used, int indent, const char *text) {
  print_words(file, used, indent, text, strlen(text));
}

/* Where the text after the last run of two blanks or more begins, in a line of this length. */
static size_t last_column(const char *line, size_t length) {
  for (size_t k = length; k-- > 2;)
    if (line[k] != ' ' && line[k - 1] == ' ' && line[k - 2] == ' ') return k;
  return strspn(line, " ");
}

/* Lines up to the next that begins with a blank, or is empty. */
static size_t paragraph_length(const char *text) {
  const char *end = strchr(text, '\n');
  while (end && end[1] && !is_space(end[1])) end = strchr(end + 1, '\n');
  return end ? (size_t)(end - text) : strlen(text);
}

void screen_print_text(FILE *file, const char *text) {
  while (*text) {
    const bool is_line = is_space(*text);
    const size_t length = is_line ? strcspn(text, "\n") : paragraph_length(text);
    const size_t column = is_line ? last_column(text, length) : 0;
    fprintf(file, "%.*s", (int)column, text);
    print_words(file, (int)column, (int)column, text + column, length - column);
    text += length + (text[length] == '\n');
  }
}
