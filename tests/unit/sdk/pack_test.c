/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive/pack.h"
#include "tests/tap.h"
#include "util/auto.h"
#include "util/str.h"
#include "verify/hash.h"

/* The small tar in memory: its exact bytes, and what it refuses. */
static void
test_bytes(void)
{
	gv_autostr struct gv_str t = GV_STR_INIT(1 << 20);
	struct gv_err err = GV_ERR_INIT;
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX], name[101];

	memset(name, 'n', 100);
	name[100] = '\0';
	gv_tar_dir(&t, "d", 01777, 2097151);
	gv_tar_file(&t, "d/f", 0644, "12345", 5);
	gv_tar_file(&t, name, 0755, "", 0);
	gv_tar_link(&t, "l", name);
	if (!ok(gv_tar_end(&t, &err) == 0 && t.len == 5 * 512 + 1024, "a tar %s", err.msg))
		return;
	gv_sha256_of(t.buf, t.len, sum);
	gv_hex(hex, sum, sizeof(sum));
	ok(strcmp(hex, "c52e28400d1f1249befb95827b4dc9e3b98f8920b30a73ce63599e737f95d652") == 0,
	   "its bytes never change: %s", hex);
}

enum what { DIR_NAME, FILE_NAME, TARGET, OWNER, SIZE, CEILING };

static void
test_refused(enum what what, const char *name)
{
	gv_autostr struct gv_str t = GV_STR_INIT(4096);
	struct gv_err err = GV_ERR_INIT;
	char longest[102];

	memset(longest, 'n', 101);
	longest[101] = '\0';
	switch (what) {
	case DIR_NAME:
		gv_tar_dir(&t, longest + 1, 0755, 0);
		break;
	case FILE_NAME:
		gv_tar_file(&t, longest, 0644, "", 0);
		break;
	case TARGET:
		gv_tar_link(&t, "l", longest);
		break;
	case OWNER:
		gv_tar_dir(&t, "d", 0755, 2097152);
		break;
	/* Refused before any byte is read, so there need not be any. */
	case SIZE:
		gv_tar_file(&t, "f", 0644, "", (size_t)8 << 30);
		break;
	case CEILING:
		gv_tar_file(&t, "f", 0644, (char[4096]){ 0 }, 4096);
		break;
	}
	gv_tar_file(&t, "small", 0644, "", 0);
	ok(gv_tar_end(&t, &err) < 0 && err.code == GV_ETOOBIG, "%s: %s", name, err.msg);
}

int
main(void)
{
	test_bytes();
	test_refused(DIR_NAME, "a directory's name over 100 bytes with its slash");
	test_refused(FILE_NAME, "a file's name over 100 bytes");
	test_refused(TARGET, "a link's target over 100 bytes");
	test_refused(OWNER, "an owner of more than seven octal digits");
	test_refused(SIZE, "a file of 8 GiB");
	test_refused(CEILING, "more than the tar may hold");
	return tap_done();
}
