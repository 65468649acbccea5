/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "verify/tlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of a tree head. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct gv_err err = GV_ERR_INIT;
	struct gv_tree tree;

	if (gv_tree_parse(&tree, bytes, size, &err) == 0 && tree.n > INT64_MAX)
		abort();
	return 0;
}
