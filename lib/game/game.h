/* SPDX-License-Identifier: BSD-3-Clause */
/* The game inside lib/game: the data shared by all handles, and the data of one handle.  Only files of lib/game include
 * this; other rooms use gamedyn/game.h. */
#ifndef GDI_GAME_GAME_H
#define GDI_GAME_GAME_H

#include <gamedyn/game.h>

#include "base/error.h"
#include "base/memory.h"

#include <stdatomic.h>

#define GDI_QUANTITIES 7    /* values of gd_quantity */
#define GDI_COLUMN_CHUNK 16 /* columns of J assembled at a time: a strip of n by 16 stays in cache for n to 1e4 */

/* The data shared by all handles of a game; constant after create. */
typedef struct gdi_shared {
  gdi_env env;
  atomic_size_t references;
  gd_game_ops ops;
  char *name;
  void *data;
  bool owns_data;
  size_t n, n_players;
  size_t *starts; /* [n_players + 1], first index of each block, then n */
  uint32_t traits;
} gdi_shared;

/* The way in which a handle computes a quantity. */
typedef enum gdi_route {
  GDI_ROUTE_NONE,        /* not at all */
  GDI_ROUTE_NATIVE,      /* the game's own callback */
  GDI_ROUTE_GRADIENT,    /* parts of the gradient, signs changed */
  GDI_ROUTE_SYMMETRIC,   /* J' w = J w */
  GDI_ROUTE_MIRROR,      /* J' w = D J D w */
  GDI_ROUTE_MANY,        /* J u as the only one of many */
  GDI_ROUTE_COLUMNS,     /* J from its products with the unit vectors */
  GDI_ROUTE_MATRIX,      /* products with the whole matrix J */
  GDI_ROUTE_DIFFERENCES, /* central differences */
} gdi_route;

/* Buffers of a handle, each allocated at most once. */
typedef enum gdi_slot {
  GDI_SLOT_PLAYER,      /* [n] a gradient of which one block is wanted */
  GDI_SLOT_MIRROR,      /* [n] D w */
  GDI_SLOT_DIFFERENCES, /* [3 n] a moved point, and the field at two points */
  GDI_SLOT_UTILITIES,   /* [2 n + n_players] a moved point, the slopes so far, the utilities */
  GDI_SLOT_COLUMNS,     /* [2 n chunk] unit vectors, and their products */
  GDI_SLOT_MATRIX,      /* [n n] J */
  GDI_SLOT_BLOCK,       /* [2 n] a block among zeros, and its product */
  GDI_SLOT_LANE,        /* [n] one point of many */
  GDI_SLOTS
} gdi_slot;

struct gd_game {
  /* the members that gd_game_gradient() uses come first: one cache line */
  int (*gradient)(void *data, const gd_draw *draw, const double *x, double *v);
  void *data;
  const gd_draw *draw; /* NULL, or &current */
  size_t n;
  gd_counts counts;
  gd_draw current;
  gdi_shared *shared;
  gd_eval_options options;
  struct {
    gdi_route route;
    gd_source source;
  } plan[GDI_QUANTITIES];
  double *slots[GDI_SLOTS];
  bool matrix_kept;  /* an affine game's J lies in GDI_SLOT_MATRIX */
  double *many;      /* [n by many_count] answers at many points, until all are there */
  size_t many_count; /* grows with what is asked for */
  bool set_aside;    /* the feasible set is: interior.h */
};

/* sources.c: decide how each quantity is computed; called after create and configure. */
void gdi_game_plan(gd_game *game);
/* GD_OK if the quantity is available, else GD_ERR_UNSUPPORTED with the reason. */
gd_status gdi_game_need(const gd_game *game, gd_quantity quantity);
/* The buffer, allocated if this is its first use. */
gd_status gdi_game_slot(gd_game *game, gdi_slot slot, double **buffer);

/* The code that a callback returned, and the number of this thread's failures before the call. */
typedef struct gdi_answered {
  uint64_t before;
  int code;
} gdi_answered;
static inline gdi_answered gdi_asked_now(void) { return (gdi_answered){gdi_failures(), 0}; }
#define GDI_COMPUTED                                                                                                   \
  (gdi_answered) { 0, 0 } /* by the library, which cannot fail */

/* Memory for k answers, n apart, allocated if there is less. */
gd_status gdi_game_many(gd_game *game, size_t k, double **answers);

/* evaluate.c: turn a callback's code, or a number that is not finite, into a status and words.
 * `first` is the index in x of the answer's first entry. */
gd_status gdi_game_answer(const gd_game *game, const char *what, gdi_answered by, size_t first, size_t count,
                          const double *answer);

/* differences.c: the differenced quantities. */
gd_status gdi_game_difference_jvp(gd_game *game, const double *x, const double *u, double *Ju);
gd_status gdi_game_difference_utility(gd_game *game, size_t player, const double *x, double *g);

/* reduce.c: the largest of each value over ranks; nothing to do unless the game is partitioned. */
gd_status gdi_game_max(gd_game *game, double *values, size_t count);

#endif
