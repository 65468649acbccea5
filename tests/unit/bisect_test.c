/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "tests/tap.h"
#include "util/auto.h"
#include "validate/bisect.h"

/* One letter a version, ascending: y holds, n does not, ? cannot be tested. */
static const struct {
	const char *truth;
	size_t answer, uncertain, asked_max;
	bool monotonic;
	const char *name;
} cases[] = {
	{ "nnnnyyyyyyyy", 4, 4, 7, true, "a plain boundary" },
	{ "yyyyyyyyyyyy", 0, 0, 6, true, "all hold" },
	{ "nnnnnnnnnnnn", 12, 12, 12, true, "none holds: each was asked" },
	{ "nnnnnnnnnnny", 11, 11, 6, true, "only the newest" },
	{ "y", 0, 0, 1, true, "a single version" },
	{ "n", 1, 1, 1, true, "a single version that does not hold" },
	{ "nnnn??yyyyyy", 6, 4, 9, true, "untestable versions at the boundary give a range" },
	{ "nnnny?yyyyyy", 4, 4, 9, true, "an untestable version above the boundary" },
	{ "nnyyyyyyyynn", 2, 2, 9, false, "the newest do not hold: the next lower ones are asked" },
	{ "nnnnynyyyyyy", 6, 6, 9, false, "a hole beside the boundary is seen" },
	{ "ynnnnnyyyyyy", 6, 6, 9, true, "the far end is not trusted" },
	{ "????????????", 12, 12, 12, true, "nothing can be tested" },
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
		while (gv_bisect_next(&b, &i) && asked <= b.n) {
			twice = twice || b.state[i] != GV_BISECT_UNASKED;
			asked++;
			gv_bisect_tell(&b, i, truth[i] == 'y' ? GV_BISECT_YES :
					      truth[i] == 'n' ? GV_BISECT_NO :
								GV_BISECT_UNTESTABLE);
		}
		ok(b.answer == cases[c].answer && b.uncertain == cases[c].uncertain, "%s: %s gives %zu to %zu", cases[c].name,
		   truth, b.uncertain, b.answer);
		ok(!twice && asked <= cases[c].asked_max, "%s: %zu questions", cases[c].name, asked);
		ok(b.monotonic == cases[c].monotonic, "%s: monotonic or not", cases[c].name);
		gv_bisect_free(&b);
	}
	return tap_done();
}
