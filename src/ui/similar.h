/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_SIMILAR_H
#define GV_UI_SIMILAR_H

#include <stddef.h>

/*
 * Did you mean ...? The nearest of several names by Damerau-Levenshtein distance, weighted as git does
 * (help.c): what was swapped costs 0, forgotten 1, mistaken 2, added 3.
 *
 *	struct gv_similar best = GV_SIMILAR_INIT;
 *
 *	for (...)
 *		gv_similar_try(&best, word, names[i]);
 *	if (best.name != NULL)
 *		...
 */
struct gv_similar {
	const char *name; /* borrowed from the caller; NULL while nothing is near enough */
	size_t cost;
};

/* clang-format off */
#define GV_SIMILAR_INIT { NULL, 0 }
/* clang-format on */

/* Words over 63 bytes are never similar. The first of equals stays. */
void gv_similar_try(struct gv_similar *best, const char *word, const char *name);

/* The distance itself, from what was typed to what exists. Both at most 63 bytes. */
size_t gv_similar_cost(const char *word, const char *name);

#endif
