/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/pack.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"

#define BLOCK 512

/* Offsets and lengths of the header's fields. */
enum {
	NAME = 0,
	NAME_LEN = 100,
	MODE = 100,
	UID = 108,
	GID = 116,
	SIZE = 124,
	MTIME = 136,
	SUM = 148,
	TYPE = 156,
	LINK = 157,
	MAGIC = 257,
};

struct entry {
	const char *name, *link;
	char type;
	mode_t mode;
	unsigned uid;
	uint64_t size;
};

/* False when the number needs more digits. */
static bool
octal(char *field, unsigned digits, uint64_t value)
{
	for (unsigned i = digits; i > 0; i--, value >>= 3)
		field[i - 1] = (char)('0' + (value & 7));
	return value == 0;
}

static bool
text(char *field, const char *value)
{
	size_t n = value != NULL ? strlen(value) : 0;

	if (n > NAME_LEN)
		return false;
	if (n > 0)
		memcpy(field, value, n);
	return true;
}

static void
put_header(struct gv_str *t, const struct entry *e)
{
	char b[BLOCK] = { 0 };
	unsigned sum = 0;

	if (!text(b + NAME, e->name) || !text(b + LINK, e->link) || !octal(b + MODE, 7, e->mode & 07777) ||
	    !octal(b + UID, 7, e->uid) || !octal(b + GID, 7, e->uid) || !octal(b + SIZE, 11, e->size) ||
	    !octal(b + MTIME, 11, 0)) {
		t->over = true;
		return;
	}
	memset(b + SUM, ' ', 8);
	b[TYPE] = e->type;
	memcpy(b + MAGIC, "ustar\00000", 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)b[i];
	octal(b + SUM, 6, sum);
	b[SUM + 6] = '\0';
	gv_str_addn(t, b, BLOCK);
}

void
gv_tar_dir(struct gv_str *t, const char *name, mode_t mode, unsigned uid)
{
	gv_autofree char *slash = gv_xasprintf("%s/", name);

	put_header(t, &(struct entry){ .name = slash, .type = '5', .mode = mode, .uid = uid });
}

void
gv_tar_file(struct gv_str *t, const char *name, mode_t mode, const void *data, size_t len)
{
	static const char zeros[BLOCK];

	put_header(t, &(struct entry){ .name = name, .type = '0', .mode = mode, .size = len });
	gv_str_addn(t, data, len);
	gv_str_addn(t, zeros, (BLOCK - len % BLOCK) % BLOCK);
}

void
gv_tar_link(struct gv_str *t, const char *name, const char *target)
{
	put_header(t, &(struct entry){ .name = name, .type = '2', .mode = 0777, .link = target });
}

int
gv_tar_end(struct gv_str *t, struct gv_err *err)
{
	static const char zeros[2 * BLOCK];

	gv_str_addn(t, zeros, sizeof(zeros));
	return !t->over ? 0
			: gv_err_set(err, GV_ETOOBIG,
				     "the tar is larger than %zu bytes, or a name, size or owner in it is too large",
				     t->max);
}
