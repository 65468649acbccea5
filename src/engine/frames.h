/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_FRAMES_H
#define GV_ENGINE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/* The agent's answer (engine/plan.h) out of a byte stream that comes in any pieces. */
#define GV_FRAME_MAX (1u << 20) /* bytes of JSON; the agent sends at most a fifth of that */

struct gv_frames {
	char *buf;
	size_t len, cap, at;
};

void gv_frames_free(struct gv_frames *f);
void gv_frames_feed(struct gv_frames *f, const void *data, size_t len);

/*
 * The next whole frame's JSON, NUL-terminated (caller frees); empty frames are passed over: 1, 0 when more bytes are needed, -1 and GV_EFORMAT when the bytes are
 * no frame. After -1 the stream is lost.
 */
int gv_frames_next(struct gv_frames *f, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;

/* Whether the stream stands inside a frame: at its end that means it was cut. */
bool gv_frames_inside(const struct gv_frames *f);

#endif
