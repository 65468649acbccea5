/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_BISECT_H
#define GV_VALIDATE_BISECT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * The lowest of some ascending versions that holds (is compatible; or, for a first bad one, breaks).
 *
 *	gv_bisect_init(&b, n);
 *	while (gv_bisect_next(&b, &i))
 *		gv_bisect_tell(&b, i, what version i is);
 *	... b.answer ...
 *	gv_bisect_release(&b);
 *
 * Answers need not be monotonic, and a version may be untestable (unavailable, inconclusive), which is neither yes nor
 * no. The newest is asked first; while it does not hold, the next lower ones are. Then halving between the highest "no"
 * below and the lowest "yes"; at the end the neighbours of the boundary on both sides are asked, and a surprise moves
 * it.
 *
 * With `ends` set after gv_bisect_init(), the newest is said to hold and the lowest not to: both are asked first, and
 * when one is otherwise, the search is over.
 */
enum gv_bisect_state { GV_BISECT_UNASKED, GV_BISECT_YES, GV_BISECT_NO, GV_BISECT_UNTESTABLE };

struct gv_bisect {
	enum gv_bisect_state *state;
	size_t n;
	bool ends;
	/* At the end. */
	size_t answer;    /* lowest that holds; n: none does */
	size_t uncertain; /* the answer may be as low as this: what lies between is untestable; else equal to answer */
	bool monotonic;   /* every "no" that was seen lies below every "yes" */
};

/* Over `n` versions, 0 the oldest. */
void gv_bisect_init(struct gv_bisect *b, size_t n);
/* What it holds, not `b`. */
void gv_bisect_release(struct gv_bisect *b);
/* True with *i, the version to ask about; false when the answer stands. */
bool gv_bisect_next(struct gv_bisect *b, size_t *i);
/* What version `i` is; never GV_BISECT_UNASKED. */
void gv_bisect_tell(struct gv_bisect *b, size_t i, enum gv_bisect_state state);

#endif
