/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "store/manifest.h"
#include "tests/fuzz/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read with and without the list of files: both must agree on the lines above it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_manifest head = { 0 }, all = { 0 };
	struct gv_err err = GV_ERR_INIT;
	char path[32];
	int fd = scratch_file(path, sizeof(path), data, size);
	int head_rc = gv_manifest_read(&head, "/", path + 1, false, &err);

	if (gv_manifest_read(&all, "/", path + 1, true, &err) == 0) {
		if (head_rc != 0 || strcmp(head.version, all.version) != 0 || strcmp(head.h1, all.h1) != 0 ||
		    head.proof != all.proof || head.record != all.record)
			abort();
		gv_manifest_release(&all);
	}
	if (head_rc == 0)
		gv_manifest_release(&head);
	close(fd);
	return 0;
}
