/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_IMAGE_H
#define GV_ENGINE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/str.h"

/*
 * Our image: the agent, what /etc needs, and mount points; some 600 KB in one layer. It is made here, byte for byte the same for the
 * same gover-agent, and loaded through /images/load, so it needs no registry and its ID (the SHA-256 of its configuration) is known
 * before, and the same in Docker and Podman.
 */
struct gv_image {
	char *id;          /* "sha256:..." */
	char *tag;         /* "gover-cell:<12 hex digits>" */
	struct gv_str tar; /* for /images/load */
};

/*
 * `arch` as Go spells it. With `libc`, the host's loader and libc are in the image: for an engine that cannot mount them.
 * `uid` is who the passwd file calls "gover".
 */
int gv_image_make(struct gv_image *img, const char *agent, const char *arch, unsigned uid, bool libc,
		  struct gv_err *err) GV_MUST_CHECK;
void gv_image_free(struct gv_image *img);

#endif
