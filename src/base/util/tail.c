/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/tail.h"

#include <string.h>

void
gv_tail_add(struct gv_tail *t, const char *data, size_t len)
{
	size_t max = sizeof(t->text) - 1, drop;

	if (len > max) {
		data += len - max;
		len = max;
	}
	drop = t->len + len > max ? t->len + len - max : 0;
	memmove(t->text, t->text + drop, t->len - drop);
	t->len -= drop;
	memcpy(t->text + t->len, data, len);
	t->len += len;
	t->text[t->len] = '\0';
}
