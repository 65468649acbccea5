/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cell/plan.h"
#include "util/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = gv_xstrndup((const char *)data, size);
	struct gv_plan p = { 0 };
	struct gv_err err = GV_ERR_INIT;

	if (gv_plan_parse(&p, text, &err) == 0 && (p.dir == NULL || p.deadline_s == 0))
		abort();
	for (size_t i = 0; i < p.n_phases; i++)
		if (p.phases[i].argv.n == 0 || p.phases[i].after >= (int)i)
			abort();
	gv_plan_release(&p);
	free(text);
	return 0;
}
