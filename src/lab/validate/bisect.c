/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/bisect.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

void
gv_bisect_init(struct gv_bisect *b, size_t n)
{
	*b = (struct gv_bisect){ .state = gv_xcalloc(n, sizeof(*b->state)), .n = n, .answer = n, .uncertain = n };
}

void
gv_bisect_release(struct gv_bisect *b)
{
	free(b->state);
	memset(b, 0, sizeof(*b));
}

void
gv_bisect_tell(struct gv_bisect *b, size_t i, enum gv_bisect_state state)
{
	b->state[i] = state;
}

/* The lowest "yes" that has no "no" between it and the highest "yes"; n when there is no "yes". */
static size_t
lowest_yes(const struct gv_bisect *b)
{
	size_t yes = b->n;

	for (size_t i = b->n; i > 0 && (yes == b->n || b->state[i - 1] != GV_BISECT_NO); i--)
		if (b->state[i - 1] == GV_BISECT_YES)
			yes = i - 1;
	return yes;
}

/* One above the highest "no" below `yes`: the lowest version that may still be a "yes". */
static size_t
above_no(const struct gv_bisect *b, size_t yes)
{
	for (size_t i = yes; i > 0; i--)
		if (b->state[i - 1] == GV_BISECT_NO)
			return i;
	return 0;
}

/* The unasked version of [lo, hi) that is nearest to the middle; false when there is none. */
static bool
nearest_unasked(const struct gv_bisect *b, size_t lo, size_t hi, size_t *i)
{
	size_t mid = lo + (hi - lo) / 2;

	for (size_t d = 0; d < hi - lo; d++) {
		if (mid >= lo + d && b->state[mid - d] == GV_BISECT_UNASKED) {
			*i = mid - d;
			return true;
		}
		if (mid + d < hi && b->state[mid + d] == GV_BISECT_UNASKED) {
			*i = mid + d;
			return true;
		}
	}
	return false;
}

static bool
unasked(const struct gv_bisect *b, size_t i)
{
	return i < b->n && b->state[i] == GV_BISECT_UNASKED;
}

static void
conclude(struct gv_bisect *b, size_t yes, size_t lo)
{
	bool seen_yes = false;

	b->answer = yes;
	b->uncertain = yes < b->n ? lo : b->n;
	b->monotonic = true;
	for (size_t i = 0; i < b->n; i++) {
		seen_yes = seen_yes || b->state[i] == GV_BISECT_YES;
		if (seen_yes && b->state[i] == GV_BISECT_NO)
			b->monotonic = false;
	}
}

/* Whether the newest version that can be tested is a "no", or the lowest a "yes". */
static bool
ends_are_wrong(const struct gv_bisect *b)
{
	size_t last = b->n;

	while (last > 1 && b->state[last - 1] == GV_BISECT_UNTESTABLE)
		last--;
	return b->n > 0 && (b->state[last - 1] == GV_BISECT_NO || b->state[0] == GV_BISECT_YES);
}

bool
gv_bisect_next(struct gv_bisect *b, size_t *i)
{
	size_t yes = lowest_yes(b), lo;

	if (b->ends && ends_are_wrong(b)) {
		conclude(b, b->state[0] == GV_BISECT_YES ? 0 : b->n, 0);
		return false;
	}
	if (b->ends && yes < b->n && unasked(b, 0)) {
		*i = 0;
		return true;
	}
	/* Without a "yes", ask from the newest version down. */
	for (size_t k = b->n; yes == b->n && k > 0; k--)
		if (b->state[k - 1] == GV_BISECT_UNASKED) {
			*i = k - 1;
			return true;
		}
	lo = above_no(b, yes);
	if (yes < b->n && nearest_unasked(b, lo, yes, i))
		return true;
	if (yes < b->n && unasked(b, yes + 1)) {
		*i = yes + 1;
		return true;
	}
	if (yes < b->n && lo >= 2 && unasked(b, lo - 2)) {
		*i = lo - 2;
		return true;
	}
	conclude(b, yes, lo);
	return false;
}
