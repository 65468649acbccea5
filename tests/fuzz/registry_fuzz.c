/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>

#include "docker/login.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_credentials c;
	char *helper = NULL;

	if (gv_registry_lookup((const char *)data, size, "h", &c, &helper, &err) < 0)
		return 0;
	if ((c.user == NULL) != (c.secret == NULL))
		abort();
	gv_credentials_release(&c);
	free(helper);
	return 0;
}
