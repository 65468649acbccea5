/* SPDX-License-Identifier: MIT */
/*
 * A go command for cells, which have no shell; sandbox_sdks of helper.bash compiles it. It prints the version in
 * ../VERSION, and everything passes. If the FIFO ../gate exists, `go test` waits until it is opened. If the file
 * ../fails exists, `go test` fails.
 */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	char version[64] = "", self[4096], path[4200], byte;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	FILE *f;
	int fd;

	self[n > 0 ? n : 0] = '\0';
	dirname(dirname(self));
	if (strcmp(what, "version") == 0) {
		snprintf(path, sizeof(path), "%s/VERSION", self);
		f = fopen(path, "r");
		if (f == NULL || fscanf(f, "%63s", version) != 1)
			return 1;
		printf("go version %s linux/amd64\n", version);
	} else if (strcmp(what, "test") == 0) {
		snprintf(path, sizeof(path), "%s/gate", self);
		fd = open(path, O_RDONLY);
		if (fd >= 0 && read(fd, &byte, 1) < 0)
			return 1;
		snprintf(path, sizeof(path), "%s/fails", self);
		if (access(path, F_OK) == 0) {
			printf("--- FAIL: TestM (0.00s)\nFAIL\nFAIL\texample.com/m\t0.01s\nFAIL\n");
			return 1;
		}
		printf("ok  \texample.com/m\t0.01s\n");
	}
	return 0;
}
