/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/fuzz/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A module zip, and the same bytes as an official archive for Windows. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unpack_all(GV_ARCHIVE_ZIP, UNPACK_MODULE, data, size);
	unpack_all(GV_ARCHIVE_ZIP, "go/", data, size);
	return 0;
}
