/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/fuzz/scratch.h"
#include "util/auto.h"
#include "version/known.h"
#include "version/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An index: whatever its contents, the known versions ascend and include the built-in table. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gv_err warn = GV_ERR_INIT;
	gv_autoknown struct gv_known k = { 0 };
	char path[32];
	int fd = scratch_file(path, sizeof(path), data, size);

	gv_known_load(&k, path, &warn);
	close(fd);
	if (k.n < gv_release_table_len || k.versions.n != k.n || (warn.code != GV_OK && k.n != gv_release_table_len))
		abort();
	for (size_t i = 1; i < k.n; i++)
		if (gv_version_cmp(k.releases[i - 1].version, k.releases[i].version) >= 0)
			abort();
	return 0;
}
