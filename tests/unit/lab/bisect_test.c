/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "tests/tap.h"
#include "util/auto.h"
#include "validate/bisect.h"

/* A letter for each version, ascending: y passes, n fails, ? cannot be tested. */
static const struct {
	const char *truth;
	size_t answer, uncertain, asked_max;
	bool monotonic;
	const char *name;
	bool ends;
} cases[] = {
	{ "nnnnyyyyyyyy", 4, 4, 7, true, "a plain boundary", false },
	{ "yyyyyyyyyyyy", 0, 0, 6, true, "all hold", false },
	{ "nnnnnnnnnnnn", 12, 12, 12, true, "none holds: each was asked", false },
	{ "nnnnnnnnnnny", 11, 11, 6, true, "only the newest", false },
	{ "y", 0, 0, 1, true, "a single version", false },
	{ "n", 1, 1, 1, true, "a single version that does not hold", false },
	{ "nnnn??yyyyyy", 6, 4, 9, true, "untestable versions at the boundary give a range", false },
	{ "nnnny?yyyyyy", 4, 4, 9, true, "an untestable version above the boundary", false },
	{ "nnyyyyyyyynn", 2, 2, 9, false, "the newest do not hold: the next lower ones are asked", false },
	{ "nnnnynyyyyyy", 6, 6, 9, false, "a hole beside the boundary is seen", false },
	{ "ynnnnnyyyyyy", 6, 6, 9, true, "the far end is not trusted", false },
	{ "????????????", 12, 12, 12, true, "nothing can be tested", false },
	{ "nnnnyyyyyyyy", 4, 4, 7, true, "both ends as said", true },
	{ "nnnnyyyynnnn", 12, 12, 1, true, "the newest is not as said: no more is asked", true },
	{ "nnnnyyyynnn?", 12, 12, 2, true, "nor the newest that can be tested", true },
	{ "ynnnnnyyyyyy", 0, 0, 2, true, "the lowest is not as said", true },
	{ "?nnnnnyyyyy?", 6, 6, 9, true, "ends that cannot be tested", true },
};

int
main(void)
{
	for (size_t c = 0; c < GV_ARRAY_LEN(cases); c++) {
		const char *truth = cases[c].truth;
		struct gv_bisect b;
		size_t i, asked = 0;
		bool twice = false;

		gv_bisect_init(&b, strlen(truth));
		b.ends = cases[c].ends;
		while (gv_bisect_next(&b, &i) && asked <= b.n) {
			twice = twice || b.state[i] != GV_BISECT_UNASKED;
			asked++;
			gv_bisect_tell(&b, i,
				       truth[i] == 'y'   ? GV_BISECT_YES
				       : truth[i] == 'n' ? GV_BISECT_NO
							 : GV_BISECT_UNTESTABLE);
		}
		ok(b.answer == cases[c].answer && b.uncertain == cases[c].uncertain, "%s: %s gives %zu to %zu",
		   cases[c].name, truth, b.uncertain, b.answer);
		ok(!twice && asked <= cases[c].asked_max, "%s: %zu questions", cases[c].name, asked);
		ok(b.monotonic == cases[c].monotonic, "%s: monotonic or not", cases[c].name);
		gv_bisect_release(&b);
	}
	return tap_done();
}
