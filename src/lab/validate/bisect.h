/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_BISECT_H
#define GV_VALIDATE_BISECT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Searches ascending versions for the lowest "yes": the lowest that is compatible, or the first that is broken.
 *
 *	gv_bisect_init(&b, n);
 *	while (gv_bisect_next(&b, &i))
 *		gv_bisect_tell(&b, i, what version i is);
 *	... b.answer ...
 *	gv_bisect_release(&b);
 *
 * Answers need not be monotonic. A version may be untestable (unavailable, inconclusive), which is neither "yes" nor
 * "no". The search asks the newest version first, then lower ones, until one is a "yes". Then it halves the versions
 * between the lowest "yes" and the highest "no" below it. At the end it asks the neighbours of the boundary on both
 * sides. If one of them is a surprise, the boundary moves and the search goes on.
 *
 * A caller that expects the newest version to be a "yes" and the lowest a "no" sets `ends` after gv_bisect_init(). Then
 * the search asks both first, and ends if one is not what was expected.
 */
enum gv_bisect_state { GV_BISECT_UNASKED, GV_BISECT_YES, GV_BISECT_NO, GV_BISECT_UNTESTABLE };

struct gv_bisect {
	enum gv_bisect_state *state;
	size_t n;
	bool ends;
	/* At the end. */
	size_t answer;    /* the lowest "yes"; n: there is none */
	size_t uncertain; /* the lowest that may be a "yes": from here up to `answer` all are untestable */
	bool monotonic;   /* every "no" that was seen lies below every "yes" */
};

/* Begin a search over `n` versions, of which 0 is the oldest. */
void gv_bisect_init(struct gv_bisect *b, size_t n);
/* Free the contents, not `b`. */
void gv_bisect_release(struct gv_bisect *b);
/* Find the next version to test, `*i`; false when the search is over. */
bool gv_bisect_next(struct gv_bisect *b, size_t *i);
/* Tell what version `i` is; never GV_BISECT_UNASKED. */
void gv_bisect_tell(struct gv_bisect *b, size_t i, enum gv_bisect_state state);

#endif
