/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_SIMILAR_H
#define GV_UI_SIMILAR_H

#include <stddef.h>

/*
 * For "did you mean ...?": find the most similar of several names. This is the Damerau-Levenshtein distance with
 * git's weights (help.c): a swapped character costs 0, a missing one 1, a wrong one 2, an extra one 3.
 *
 *	struct gv_similar best = GV_SIMILAR_INIT;
 *
 *	for (...)
 *		gv_similar_try(&best, word, names[i]);
 *	if (best.name != NULL)
 *		...
 */
struct gv_similar {
	const char *name; /* borrowed from the caller; NULL while no name is similar enough */
	size_t cost;
};

/* clang-format off */
#define GV_SIMILAR_INIT { NULL, 0 }
/* clang-format on */

/* Keep `name` when it is more similar than the best so far. Words over 63 bytes are never similar. */
void gv_similar_try(struct gv_similar *best, const char *word, const char *name);

/* The distance from the typed `word` to the existing `name`. Both have at most 63 bytes. For tests. */
size_t gv_similar_cost(const char *word, const char *name);

#endif
