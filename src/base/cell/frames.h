/* SPDX-License-Identifier: MIT */
#ifndef GV_CELL_FRAMES_H
#define GV_CELL_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/* Read frames (cell/plan.h) from a byte stream that arrives in any pieces: the agent's answer, or its plan. */
#define GV_FRAME_MAX (1u << 20) /* bytes in a frame of the answer; the agent's are at most a fifth of that */

struct gv_frames {
	size_t max; /* largest frame, in bytes, set by the caller; 0: GV_FRAME_MAX */
	char *buf;
	size_t len, cap, at;
};

/* Free the contents, not `f`, and forget all bytes. */
void gv_frames_release(struct gv_frames *f);
/* Add the next `len` bytes of the stream. */
void gv_frames_feed(struct gv_frames *f, const void *data, size_t len);

/*
 * Get the next whole frame, skipping empty ones. Returns 1 with *len bytes and a NUL in *json, which the caller frees;
 * 0 when more bytes are needed; -1 with GV_EFORMAT when the bytes are no frame. After -1 the stream is unusable.
 */
int gv_frames_next(struct gv_frames *f, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;

/* Whether part of a frame has been fed. At the end of the stream this means that the stream was cut. */
bool gv_frames_inside(const struct gv_frames *f);

#endif
