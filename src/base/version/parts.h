/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_PARTS_H
#define GV_VERSION_PARTS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The parts of a version, for this directory only. Numbers stay text, because they may have any length. They have no
 * leading zeros, so the longer of two is the larger. A missing part has length 0.
 */
struct gv_piece {
	const char *s; /* points into the parsed text; no NUL at its end */
	size_t len;
};

struct gv_parts {
	struct gv_piece major, minor, patch;
	struct gv_piece kind; /* "beta", "rc", or any run of a-z */
	struct gv_piece pre;  /* the number after the kind */
};

/*
 * Parse `len` bytes like Go's internal/gover.Parse: "1" is 1.0.0, and a missing patch is 0 if the minor is below 21.
 * Returns false when the version is malformed.
 */
bool gv_parts_parse(struct gv_parts *p, const char *v, size_t len);

/* Compare: -1, 0 or 1. gv_parts_cmp() orders versions like Go's Compare. */
int gv_piece_cmp_number(struct gv_piece a, struct gv_piece b);
int gv_parts_cmp_minor(const struct gv_parts *a, const struct gv_parts *b); /* major and minor only */
int gv_parts_cmp(const struct gv_parts *a, const struct gv_parts *b);

/*
 * Cut a decimal number without leading zeros off the front of *s, which has *len bytes. Returns false when there is
 * none; *s and *len are then unchanged.
 */
bool gv_piece_cut_number(struct gv_piece *out, const char **s, size_t *len);

#endif
