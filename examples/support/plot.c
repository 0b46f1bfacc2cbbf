/* SPDX-License-Identifier: BSD-3-Clause */
/* plot.c -- gnuplot behind a pipe: terminal, fonts and colours common to all pictures.
 *
 * gnuplot draws to its standard output, which is a file without a name, and is never told what the picture is called:
 * to gnuplot a name may be a command.  What it drew is looked at before it is written. */
#include "support/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/die.h"
#include "support/output.h"

struct gnuplot {
  FILE *pipe, *drawn;
  pid_t process;
  char *path;
};

/* Okabe & Ito 2008, "Color universal design", and grey in place of yellow, which is lost on white. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#56b4e9", "#e69f00", "#000000", "#888888"};

static bool ends_in(const char *path, const char *ending) {
  const size_t length = strlen(path), tail = strlen(ending);
  return length > tail && strcmp(path + length - tail, ending) == 0;
}

static bool gnuplot_installed(void) {
  const char *path = getenv("PATH");
  char *directories = strdup(path ? path : ""), *rest = directories;
  bool found = false;
  for (char *directory; directories && !found && (directory = strsep(&rest, ":"));) {
    char candidate[4096];
    const int length = snprintf(candidate, sizeof candidate, "%s/gnuplot", *directory ? directory : ".");
    found = length < (int)sizeof candidate && access(candidate, X_OK) == 0;
  }
  free(directories);
  return found;
}

void plot_check(const char *path) {
  if (!ends_in(path, ".svg") && !ends_in(path, ".png") && !ends_in(path, ".pdf")) {
    die("--plot: '%s' does not end in .svg, .png or .pdf", path);
  }
  if (!gnuplot_installed()) {
    die("--plot: gnuplot was not found in PATH; install it (Debian: gnuplot-nox) or leave --plot out");
  }
}

static void set_terminal(FILE *script, const char *path, int width, int height) {
  if (ends_in(path, ".svg")) {
    fprintf(script, "set terminal svg size %d,%d enhanced font 'DejaVu Sans,13' background 'white'\n", width, height);
  } else if (ends_in(path, ".pdf")) {
    fprintf(script, "set terminal pdfcairo size %g,%g enhanced font 'DejaVu Sans,11' background 'white'\n",
            width / 125.0, height / 125.0);
  } else {
    fprintf(script, "set terminal pngcairo size %d,%d enhanced font 'DejaVu Sans,11' background 'white'\n", width,
            height);
  }
}

/* In gnuplot's single quotes only the quote itself is special; a line cannot be broken in them. */
void plot_quote(FILE *script, const char *text) {
  fputc('\'', script);
  for (; *text; text++) {
    if (*text == '\'') fputc('\'', script);
    fputc(*text == '\n' ? ' ' : *text, script);
  }
  fputc('\'', script);
}

static void set_style(FILE *script) {
  for (size_t k = 0; k < sizeof colours / sizeof *colours; k++) {
    fprintf(script, "set linetype %zu linecolor rgb '%s' linewidth 2\n", k + 1, colours[k]);
  }
  fputs("set border linecolor rgb '#555555'\n"
        "set tics textcolor rgb '#333333'\n"
        "set grid linecolor rgb '#dddddd' linetype 1 linewidth 0.6\n",
        script);
}

/* Commands from one end of a pipe, the picture to a file; false and errno if gnuplot cannot be started. */
static bool start(gnuplot *picture) {
  int ends[2];
  posix_spawn_file_actions_t actions;
  char *const words[] = {"gnuplot", NULL};
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(picture->drawn), STDOUT_FILENO);
  errno = posix_spawnp(&picture->process, "gnuplot", &actions, NULL, words, environ);
  const bool started = errno == 0;
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  picture->pipe = fdopen(ends[1], "w");
  return started && picture->pipe;
}

gnuplot *plot_open(const char *path, int width, int height) {
  fflush(NULL);
  gnuplot *picture = new_array(NULL, 1, sizeof *picture);
  signal(SIGPIPE, SIG_IGN); /* a gnuplot that gives up early is noticed when the pipe is closed */
  *picture = (struct gnuplot){.drawn = tmpfile(), .path = strdup(path)};
  if (!picture->path || !picture->drawn || !start(picture))
    die("--plot: gnuplot cannot be started: %s", strerror(errno));
  set_terminal(picture->pipe, path, width, height);
  set_style(picture->pipe);
  return picture;
}

FILE *plot_script(gnuplot *picture) { return picture->pipe; }

void plot_place_panel(FILE *script, size_t columns, size_t rows, size_t k) {
  const bool many = rows > 2; /* which leave no room for a key below them all */
  const double left = 0.05, right = 0.98, bottom = many ? 0.05 : 0.15, top = many ? 0.94 : 0.89;
  const double gap_x = columns > 3 ? 0.03 : 0.05, gap_y = many ? 0.07 : 0.14;
  const double width = (right - left + gap_x) / (double)columns, height = (top - bottom + gap_y) / (double)rows;
  const double x = left + width * (double)(k % columns), y = top - height * (double)(k / columns);
  fprintf(script,
          "set lmargin at screen %g\nset rmargin at screen %g\nset tmargin at screen %g\nset bmargin at screen %g\n", x,
          x + width - gap_x, y, y - height + gap_y);
}

void plot_place_key(FILE *script) {
  fputs(
      "set lmargin at screen 0.02\nset rmargin at screen 0.98\nset tmargin at screen 0.07\nset bmargin at screen 0\n"
      "unset border\nunset tics\nunset grid\nunset title\nunset xlabel\nunset ylabel\nunset logscale\nunset xzeroaxis\n"
      "unset arrow\nset xrange [0:1]\nset yrange [0:1]\nset key default\n"
      "set key center center horizontal maxrows 1 reverse Left samplen 2.5\n",
      script);
}

/* Whether gnuplot said all and is content. */
static bool finish(gnuplot *picture) {
  int status = -1;
  const bool written = !ferror(picture->pipe);
  if (fclose(picture->pipe) != 0 || waitpid(picture->process, &status, 0) < 0) return false;
  return written && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Whether the picture has its format's first and last words: a gnuplot that ran out of disk is content too. */
static bool is_whole(const gnuplot *picture) {
  enum { TAIL = 32 };
  char first[8] = "", last[TAIL + 1] = "";
  const char *head = ends_in(picture->path, ".svg")   ? "<?xml"
                     : ends_in(picture->path, ".pdf") ? "%PDF-"
                                                      : "\x89PNG\r\n";
  const char *tail = ends_in(picture->path, ".svg") ? "</svg>" : ends_in(picture->path, ".pdf") ? "%%EOF" : "IEND";
  rewind(picture->drawn);
  const size_t some = fread(first, 1, strlen(head), picture->drawn);
  if (fseek(picture->drawn, -TAIL, SEEK_END) != 0 || fread(last, 1, TAIL, picture->drawn) != TAIL) return false;
  return some == strlen(head) && memcmp(first, head, some) == 0 && memmem(last, TAIL, tail, strlen(tail));
}

static void copy(FILE *from, FILE *to) {
  char bytes[8192];
  size_t count;
  rewind(from);
  while ((count = fread(bytes, 1, sizeof bytes, from)) > 0) fwrite(bytes, 1, count, to);
}

void plot_close(gnuplot *picture) {
  if (!finish(picture)) die("--plot: gnuplot could not draw %s", picture->path);
  if (!is_whole(picture)) die("--plot: gnuplot drew no whole picture; %s was not written", picture->path);
  FILE *file = open_output("--plot", picture->path);
  copy(picture->drawn, file);
  close_output("--plot", picture->path, file);
  fclose(picture->drawn);
  free(picture->path);
  free(picture);
}
