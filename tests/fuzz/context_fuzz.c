/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>

#include "docker/endpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_err err = GV_ERR_INIT;
	char *host = NULL;
	bool skip;

	if (gv_context_parse((const char *)data, size, &host, &skip, &err) == 0 && host == NULL)
		abort();
	free(host);
	return 0;
}
