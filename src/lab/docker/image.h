/* SPDX-License-Identifier: MIT */
#ifndef GV_DOCKER_IMAGE_H
#define GV_DOCKER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/str.h"

/*
 * Our image: the agent, the files of /etc and mount points; about 600 KB in one layer. We build it here and load it
 * through /images/load, so it needs no registry. The same gover-agent gives the same bytes. So we know its ID (the
 * SHA-256 of its configuration) before we load it, and Docker and Podman agree on it.
 */
struct gv_image {
	char *id;          /* "sha256:..." */
	char *tag;         /* "gover-cell:<12 hex digits>" */
	struct gv_str tar; /* for /images/load */
};

/*
 * Build the image; gv_image_release() frees the contents. `arch` as Go spells it. `libc` adds the host's loader and
 * libc, for an engine that cannot mount them. `uid` is the uid of "gover" in the passwd file.
 */
int gv_image_make(struct gv_image *img, const char *agent, const char *arch, unsigned uid, bool libc,
		  struct gv_err *err) GV_MUST_CHECK;
void gv_image_release(struct gv_image *img);

#endif
