/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/facts.h"

#include <stdlib.h>
#include <string.h>

void
gv_collected_release(struct gv_collected *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->phases[i].name);
		gv_str_release(&c->phases[i].text);
	}
	free(c->phases);
	free(c->goversion);
	free(c->fault);
	free(c->fault_what);
	free(c->note);
	memset(c, 0, sizeof(*c));
}

const struct gv_collected_phase *
gv_collected_find(const struct gv_collected *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->phases[i].name, name) == 0 && !c->phases[i].skipped)
			return &c->phases[i];
	return NULL;
}
