/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/output.h"

#include <stdlib.h>
#include <string.h>

#include "agent/frame.h"
#include "util/alloc.h"

#define LINE_SEARCH 8192 /* the tail starts at the first line that begins within this many bytes */

void
agent_output_release(struct agent_output *o)
{
	free(o->head);
	free(o->ring);
	free(o->ring_stream);
	o->head = o->ring = o->ring_stream = NULL;
}

/* The number of bytes at the end that begin an incomplete character: 0 to 3. */
static size_t
unfinished(const char *s, size_t len)
{
	for (size_t k = 1; k <= 3 && k <= len; k++) {
		unsigned char c = (unsigned char)s[len - k];
		size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if ((c & 0xc0) != 0x80)
			return need > k ? k : 0;
	}
	return 0;
}

static void
send_head(struct agent_output *o, int stream, const char *data, size_t len)
{
	char *carry = o->carry[stream - 1];
	size_t *held = &o->carry_len[stream - 1], keep;

	if (o->phase == NULL || len == 0)
		return;
	if (*held > 0) {
		/* Complete the character byte by byte. If the bytes are no character, send them as they are. */
		while (len > 0 && *held < 4 && ((unsigned char)*data & 0xc0) == 0x80 &&
		       unfinished(carry, *held) == *held) {
			carry[(*held)++] = *data++;
			len--;
		}
		if (unfinished(carry, *held) == *held)
			return;
		agent_frame_output(o->phase, stream, carry, *held);
		*held = 0;
	}
	keep = unfinished(data, len);
	agent_frame_output(o->phase, stream, data, len - keep);
	memcpy(carry, data + len - keep, keep);
	*held = keep;
}

static void
flush_carry(struct agent_output *o)
{
	for (int i = 0; i < 2; i++) {
		if (o->phase != NULL)
			agent_frame_output(o->phase, i + 1, o->carry[i], o->carry_len[i]);
		o->carry_len[i] = 0;
	}
}

static void
put_ring(struct agent_output *o, int stream, const char *data, size_t len)
{
	if (o->ring == NULL && o->tail_max > 0) {
		o->ring = gv_xmalloc(o->tail_max);
		o->ring_stream = gv_xmalloc(o->tail_max);
	}
	if (len > o->tail_max) {
		o->ring_total += len - o->tail_max;
		data += len - o->tail_max;
		len = o->tail_max;
	}
	while (len > 0) {
		size_t at = (size_t)(o->ring_total % o->tail_max);
		size_t n = len < o->tail_max - at ? len : o->tail_max - at;

		memcpy(o->ring + at, data, n);
		memset(o->ring_stream + at, stream, n);
		o->ring_total += n;
		data += n;
		len -= n;
	}
}

void
agent_output_add(struct agent_output *o, int stream, const char *data, size_t len)
{
	size_t n = o->head_max - o->head_len < len ? o->head_max - o->head_len : len;

	if (n > 0) {
		if (o->remember) {
			o->head = gv_xrealloc(o->head, o->head_len + n);
			memcpy(o->head + o->head_len, data, n);
		}
		o->head_len += n;
		send_head(o, stream, data, n);
	}
	if (n < len)
		put_ring(o, stream, data + n, len - n);
}

static void
rotate(char *ring, size_t size, size_t first)
{
	char *copy = gv_xmemdup(ring, size);

	memcpy(ring, copy + first, size - first);
	memcpy(ring + size - first, copy, first);
	free(copy);
}

/* If the ring overflowed, put it in order and skip to the first beginning of a line. Returns the tail's offset. */
static size_t
tail_start(struct agent_output *o, size_t len)
{
	const char *line;

	if (o->ring_total <= o->tail_max)
		return 0;
	rotate(o->ring, o->tail_max, (size_t)(o->ring_total % o->tail_max));
	rotate(o->ring_stream, o->tail_max, (size_t)(o->ring_total % o->tail_max));
	line = memchr(o->ring, '\n', len < LINE_SEARCH ? len : LINE_SEARCH);
	return line != NULL && line + 1 < o->ring + len ? (size_t)(line + 1 - o->ring) : 0;
}

void
agent_output_finish(struct agent_output *o)
{
	size_t len = o->ring_total < o->tail_max ? (size_t)o->ring_total : o->tail_max, from;

	flush_carry(o);
	if (o->phase == NULL || o->ring_total == 0)
		return;
	from = len > 0 ? tail_start(o, len) : 0;
	if (o->ring_total - len + from > 0)
		agent_frame_cut(o->phase, o->ring_total - len + from);
	while (from < len) {
		size_t to = from;

		while (to < len && o->ring_stream[to] == o->ring_stream[from])
			to++;
		agent_frame_output(o->phase, o->ring_stream[from], o->ring + from, to - from);
		from = to;
	}
}

bool
agent_output_holds(const struct agent_output *o, const char *text)
{
	size_t n = strlen(text), len = o->ring_total < o->tail_max ? (size_t)o->ring_total : o->tail_max;

	return (o->head != NULL && memmem(o->head, o->head_len, text, n) != NULL) ||
	       (o->ring != NULL && memmem(o->ring, len, text, n) != NULL);
}
