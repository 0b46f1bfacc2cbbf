/* SPDX-License-Identifier: BSD-3-Clause */
/* kind_words.c -- a classification in words. */
#include "base/error.h"

#include <gamedyn/classify.h>
#include <stdarg.h>
#include <stdio.h>

/* Text that grows, and is cut at its end. */
typedef struct writer {
  char *text;
  size_t size, used;
} writer;

static void add(writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(writer *w, const char *format, ...) {
  if (w->used + 1 >= w->size) return;
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(w->text + w->used, w->size - w->used, format, arguments);
  va_end(arguments);
  if (length > 0) w->used += (size_t)length;
}

static const char *flow_words(const gd_classification *c) {
  static const char *const words[] = {
      [GD_POINT_UNDECIDED] = "undecided",
      [GD_POINT_NOT_STATIONARY] = "no stationary point",
      [GD_POINT_SADDLE] = "a saddle: the flow comes near along some directions and leaves along others",
      [GD_POINT_REPELLER] = "a repeller: the flow leaves",
      [GD_POINT_CENTRE] = "a centre: the linear flow turns round it",
      [GD_POINT_MANIFOLD] = "a manifold of equilibria, to which the flow returns",
      [GD_POINT_STABLE_NASH] = "a stable Nash point: a player who moves alone loses, and the flow returns",
      [GD_POINT_LOCAL_MINIMAX] =
          "a local minimax point, but no Nash point: the flow returns, and it is best for who moves first",
      [GD_POINT_ATTRACTOR] = "an attractor: the flow returns",
      [GD_POINT_UNSTABLE] = "an unstable point: the flow leaves along some direction"};
  return (unsigned)c->kind < sizeof words / sizeof *words ? words[c->kind] : "unknown";
}

/* Who may lead. */
static void add_leader(writer *w, const gd_classification *c) {
  const bool first = c->leader_curvature[0] < 0, second = c->leader_curvature[1] < 0;
  if (c->minimax == GD_HOLDS_STRICTLY && c->nash == GD_HOLDS_NOT && first != second)
    add(w, " (player %d leads)", first ? 0 : 1);
}

static void add_players(writer *w, const gd_classification *c) {
  if (c->kind == GD_POINT_LOCAL_MINIMAX) add_leader(w, c);
  const bool said = c->kind == GD_POINT_STABLE_NASH || c->kind == GD_POINT_LOCAL_MINIMAX;
  if (said || c->kind == GD_POINT_NOT_STATIONARY) return;
  if (c->nash == GD_HOLDS_STRICTLY) add(w, "; a local Nash point: a player who moves alone loses");
  if (c->nash == GD_HOLDS_WEAKLY)
    add(w, "; no player gains by moving alone, but some moves cost nothing or very little");
  if (c->nash == GD_HOLDS_NOT) add(w, "; no Nash point: a player gains by moving alone");
  if (c->nash == GD_HOLDS_NOT && c->minimax == GD_HOLDS_STRICTLY) add(w, "; a local minimax point"), add_leader(w, c);
  if (c->kind == GD_POINT_ATTRACTOR && c->nash == GD_HOLDS_NOT && c->minimax == GD_HOLDS_NOT)
    add(w, "; no local minimax point");
}

static void add_undecided(writer *w, const gd_classification *c) {
  static const struct {
    uint32_t bit;
    const char *words;
  } rows[] = {{GD_UNDECIDED_EQUILIBRIUM, "v is small, but no point where it vanishes was found nearby"},
              {GD_UNDECIDED_NULL, "what the flow does along the null directions is undecided"},
              {GD_UNDECIDED_CHAIN, "eigenvalues near the imaginary axis are too ill-conditioned to tell"},
              {GD_UNDECIDED_TURNING, "whether the flow comes near or leaves as it turns is undecided"},
              {GD_UNDECIDED_NASH,
               "whether a player gains by moving alone is undecided: own curvature is 0 as far as can be told"},
              {GD_UNDECIDED_MINIMAX, "whether it is a local minimax point is undecided"},
              {GD_UNDECIDED_PRODUCTS, "products alone do not tell all: this is said of the eigenvalues they found"}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
    if (c->undecided & rows[k].bit) add(w, "; %s", rows[k].words);
}

gd_status gd_classification_text(const gd_classification *classification, char *text, size_t size) {
  GDI_REQUIRE(classification && text, "gd_classification_text: %s is NULL", classification ? "text" : "classification");
  GDI_REQUIRE(size > 0, "gd_classification_text: size is 0, expected 1 or more");
  writer w = {.text = text, .size = size};
  const gd_classification *c = classification;
  const bool near = c->stationary && !c->at_rest && c->kind != GD_POINT_UNDECIDED;
  *text = '\0';
  add(&w, "%s%s", near ? "near " : "", flow_words(c));
  if (c->kind == GD_POINT_MANIFOLD && c->n_still > 0) add(&w, ", of dimension %zu", c->n_still);
  add_players(&w, c);
  add_undecided(&w, c);
  return GD_OK;
}
