/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>

#include "version/gomod.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A go.mod: a result is a version and has a line number, and an error has a line number. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_gomod m;
	unsigned bad_line = 0;

	if (gv_gomod_scan(&m, (const char *)data, size, &bad_line, &err) < 0) {
		if (bad_line == 0 || err.code != GV_EFORMAT)
			abort();
		return 0;
	}
	if (m.go[0] != '\0' && (m.go_line == 0 || !gv_version_valid(m.go)))
		abort();
	if (m.toolchain[0] != '\0' && (m.toolchain_line == 0 || !gv_version_valid(m.toolchain)))
		abort();
	return 0;
}
