/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "resolve/config.h"
#include "tests/fuzz/scratch.h"
#include "util/auto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A settings file: every accepted value passes the check of its row. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_err err = GV_ERR_INIT, warn = GV_ERR_INIT;
	gv_autoconfig struct gv_config c = { 0 };
	char path[32];
	int fd = scratch_file(path, sizeof(path), data, size), rc = gv_config_load(&c, path, &warn, &err);

	close(fd);
	for (size_t i = 0; rc == 0 && i < gv_settings_len; i++)
		if (gv_settings[i].check(c.values[i], &err) < 0 || strpbrk(c.values[i], "\r\n") != NULL)
			abort();
	return 0;
}
