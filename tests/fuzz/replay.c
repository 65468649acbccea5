/* SPDX-License-Identifier: MIT */
/*
 * main() of a fuzz target in `make check`: feeds it every file of $top_srcdir/tests/fuzz/corpus/NAME, where the
 * program is NAME_fuzz, or the files named on the command line. One TAP line: a crash leaves no plan, and the
 * last "#" line names the input. An empty corpus is a failure.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
replay(const char *path)
{
	enum { LIMIT = 1 << 20 };
	uint8_t *buf;
	uint8_t *exact;
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f) {
		printf("# cannot open %s: %s\n", path, strerror(errno));
		return false;
	}
	buf = malloc(LIMIT);
	if (!buf)
		abort();
	n = fread(buf, 1, LIMIT, f);
	fclose(f);
	/* A block of the exact size lets the address sanitizer see a read past the end. */
	exact = malloc(n ? n : 1);
	if (!exact)
		abort();
	memcpy(exact, buf, n);
	free(buf);
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return true;
}

static bool
replay_dir(const char *dir, unsigned *count)
{
	struct dirent **names;
	bool fine = true;
	int n = scandir(dir, &names, NULL, alphasort);

	if (n < 0) {
		printf("# cannot list %s: %s\n", dir, strerror(errno));
		return false;
	}
	for (int i = 0; i < n; i++) {
		char path[8192];

		if (names[i]->d_name[0] != '.') {
			snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
			fine = replay(path) && fine;
			(*count)++;
		}
		free(names[i]);
	}
	free(names);
	return fine;
}

int
main(int argc, char **argv)
{
	static const char suffix[] = "_fuzz";
	const char *top = getenv("top_srcdir");
	const char *slash = strrchr(argv[0], '/');
	const char *base = slash ? slash + 1 : argv[0];
	const char *end = strstr(base, suffix);
	char dir[4096];
	unsigned count = 0;
	bool fine = true;

	for (int i = 1; i < argc; i++, count++)
		fine = replay(argv[i]) && fine;
	if (argc == 1) {
		snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%.*s", top ? top : ".",
			 (int)(end ? end - base : (long)strlen(base)), base);
		fine = replay_dir(dir, &count);
	}
	ok(fine && count > 0, "%u inputs replayed", count);
	return tap_done();
}
