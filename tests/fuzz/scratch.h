/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_FUZZ_SCRATCH_H
#define GV_TESTS_FUZZ_SCRATCH_H

/* Puts the bytes of a fuzz target into a file, for readers that need a path. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Write a path to the bytes into `path` (at least 32 bytes). Returns the descriptor, which the caller closes. */
static int
scratch_file(char *path, size_t path_size, const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, path_size, "/proc/self/fd/%d", fd);
	return fd;
}

#endif
