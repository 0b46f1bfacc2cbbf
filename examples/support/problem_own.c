/* SPDX-License-Identifier: BSD-3-Clause */
/* problem_own.c -- a game of one's own from a shared object, which makes it in its function create(). */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/die.h"
#include "support/problem.h"

typedef gd_status create_fn(gd_game **game);

/* Without a slash dlopen() would search the system's folders; a name on the command line means a file. */
static char *path_of(const char *name) {
  const size_t size = strlen(name) + sizeof "./";
  char *path = new_array(NULL, size, 1);
  snprintf(path, size, "%s%s", strchr(name, '/') ? "" : "./", name);
  return path;
}

static void *open_object(const char *path) {
  if (access(path, R_OK) != 0) die("--game: cannot read %s: %s", path, strerror(errno));
  void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!object)
    die("--game: %s; a shared object was expected, as cc -shared -fPIC makes it, and the libraries that it needs",
        dlerror());
  return object;
}

/* Whether the object itself has the symbol, and not a library that it needs. */
static bool is_its_own(void *object, const void *symbol) {
  struct link_map *map;
  Dl_info place;
  return dlinfo(object, RTLD_DI_LINKMAP, &map) == 0 && dladdr(symbol, &place) != 0 &&
         (uintptr_t)place.dli_fbase == (uintptr_t)map->l_addr;
}

static create_fn *find_create(const char *path, void *object) {
  void *symbol = dlsym(object, "create");
  create_fn *create;
  if (!symbol || !is_its_own(object, symbol))
    die("--game: %s has no function create; gd_status create(gd_game **game) was expected, not static, and extern "
        "\"C\" "
        "in C++",
        path);
  memcpy(&create, &symbol, sizeof create); /* C has no conversion from objects to functions */
  return create;
}

static gd_game *create_game(const char *path, create_fn *create) {
  gd_game *game = NULL;
  const gd_status status = create(&game);
  if (status < 0)
    die("--game: create() of %s failed: %s", path, *gd_last_error() ? gd_last_error() : gd_status_text(status));
  if (!game) die("--game: create() of %s returned %s and made no game", path, gd_status_name(status));
  return game;
}

/* A game that knows no solution needs to be told where to look. */
static void must_have_point(const common_options *common, const char *path, gd_game *game) {
  if (common->at || common->find) return;
  double *solution = new_numbers(gd_game_size(game));
  const gd_status status = gd_game_solution(game, solution);
  free(solution);
  if (status == GD_ERR_UNSUPPORTED)
    die("--game: the game of %s states no solution; --at FILE or --find was expected too", path);
}

game_problem problem_of_own_game(const common_options *common, const char *name) {
  char *path = path_of(name), words[160];
  void *object = open_object(path);
  gd_game *game = create_game(path, find_create(path, object));
  must_have_point(common, path, game);
  snprintf(words, sizeof words, "game \"%s\" from %s, %zu variables", gd_game_name(game), file_name(path),
           gd_game_size(game));
  free(path);
  game_problem problem = problem_of_game(common, game, words);
  problem.object = object;
  return problem;
}
