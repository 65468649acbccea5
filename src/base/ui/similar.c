/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/similar.h"

#include <string.h>

#define WORD_MAX 63
#define FLOOR    6 /* a name with this cost or more is not similar */

enum { SWAPPED = 0, FORGOTTEN = 1, MISTAKEN = 2, ADDED = 3 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
gv_similar_cost(const char *word, const char *name)
{
	size_t n = strlen(word), m = strlen(name);
	size_t rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= m; j++)
		last[j] = j * FORGOTTEN;
	memcpy(before, last, sizeof(rows[0]));
	for (size_t i = 1; i <= n; i++) {
		size_t *spare = before;

		row[0] = i * ADDED;
		for (size_t j = 1; j <= m; j++) {
			row[j] = last[j - 1] + (word[i - 1] != name[j - 1] ? MISTAKEN : 0);
			row[j] = least(row[j], least(last[j] + ADDED, row[j - 1] + FORGOTTEN));
			if (i > 1 && j > 1 && word[i - 1] == name[j - 2] && word[i - 2] == name[j - 1])
				row[j] = least(row[j], before[j - 2] + SWAPPED);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[m];
}

void
gv_similar_try(struct gv_similar *best, const char *word, const char *name)
{
	size_t cost;

	if (strlen(word) > WORD_MAX || strlen(name) > WORD_MAX)
		return;
	cost = gv_similar_cost(word, name);
	/* Any two short words have a small distance, so the cost may not exceed the word's length either. */
	if (cost >= FLOOR || cost > strlen(word) || (best->name != NULL && cost >= best->cost))
		return;
	best->name = name;
	best->cost = cost;
}
