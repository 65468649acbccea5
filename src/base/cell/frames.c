/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "cell/frames.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/text.h"

#define HEAD_MAX 16 /* "GV1 1048576\n" */

void
gv_frames_release(struct gv_frames *f)
{
	free(f->buf);
	*f = (struct gv_frames){ 0 };
}

void
gv_frames_feed(struct gv_frames *f, const void *data, size_t len)
{
	if (len == 0)
		return;
	if (f->at > 0) {
		memmove(f->buf, f->buf + f->at, f->len - f->at);
		f->len -= f->at;
		f->at = 0;
	}
	if (f->len + len > f->cap) {
		f->cap = (f->len + len) * 2;
		f->buf = gv_xrealloc(f->buf, f->cap);
	}
	memcpy(f->buf + f->len, data, len);
	f->len += len;
}

bool
gv_frames_inside(const struct gv_frames *f)
{
	return f->at < f->len;
}

static int
malformed(const char *at, size_t len, struct gv_err *err)
{
	char text[80];

	gv_text_clean(text, sizeof(text), at, len < 60 ? len : 60);
	return gv_err_set(err, GV_EFORMAT, "the agent's answer is not a frame: '%s'", text);
}

/* Read "GV1 LENGTH\n". Returns the size of this line, 0 when it is incomplete, -1 when it is something else. */
static int
head(const char *s, size_t len, size_t max, size_t *length)
{
	static const char magic[] = "GV1 ";
	size_t n = 0, i;

	for (i = 0; i < len && i < HEAD_MAX; i++) {
		if (i < 4) {
			if (s[i] != magic[i])
				return -1;
		} else if (s[i] == '\n' && i > 4) {
			*length = n;
			return (int)i + 1;
		} else {
			if (s[i] < '0' || s[i] > '9' || (n = n * 10 + (size_t)(s[i] - '0')) > max)
				return -1;
		}
	}
	return i == HEAD_MAX ? -1 : 0;
}

int
gv_frames_next(struct gv_frames *f, char **json, size_t *len, struct gv_err *err)
{
	while (f->at < f->len) {
		const char *s = f->buf + f->at;
		size_t have = f->len - f->at, n = 0;
		int skip = head(s, have, f->max > 0 ? f->max : GV_FRAME_MAX, &n);

		if (skip < 0)
			return malformed(s, have, err);
		if (skip == 0 || have < (size_t)skip + n + 1)
			return 0;
		if (s[(size_t)skip + n] != '\n')
			return malformed(s, have, err);
		f->at += (size_t)skip + n + 1;
		if (n == 0)
			continue;
		*json = gv_xmalloc(n + 1);
		memcpy(*json, s + skip, n);
		(*json)[n] = '\0';
		*len = n;
		return 1;
	}
	return 0;
}
