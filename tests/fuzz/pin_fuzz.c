/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <string.h>

#include "resolve/pin.h"
#include "tests/fuzz/scratch.h"
#include "util/alloc.h"
#include "util/auto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A pin record under the name of this process: a link in a directory of its own points to the bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char dir[] = "/tmp/gover-pin-fuzz-XXXXXX";
	struct gv_dirs d = { .pins = dir };
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc self;
	struct gv_pin pin;
	char path[32];
	int fd = scratch_file(path, sizeof(path), data, size);
	gv_autofree char *name = NULL;

	if (mkdtemp(dir) == NULL || gv_proc_read(&self, getpid(), &err) < 0)
		abort();
	name = gv_xasprintf("%s/%ld-%llu", dir, (long)self.pid, (unsigned long long)self.start);
	if (symlink(path, name) < 0)
		abort();
	if (gv_pin_find(&d, &pin, &err) > 0 && !gv_version_valid(pin.version) && strcmp(pin.version, "system") != 0)
		abort();
	close(fd);
	unlink(name);
	rmdir(dir);
	memset(dir + strlen(dir) - 6, 'X', 6);
	return 0;
}
