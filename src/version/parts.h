/* SPDX-License-Identifier: MIT */
#ifndef GV_VERSION_PARTS_H
#define GV_VERSION_PARTS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The pieces of a version, for this directory only. Numbers stay text, because they may be of any length:
 * without leading zeros a longer one is the larger one. Absent pieces have length 0.
 */
struct gv_piece {
	const char *s; /* borrowed */
	size_t len;
};

struct gv_parts {
	struct gv_piece major, minor, patch;
	struct gv_piece kind; /* "beta", "rc", or any run of a-z */
	struct gv_piece pre;  /* the number behind the kind */
};

/* Go's internal/gover.Parse: "1" is 1.0.0, and a missing patch is 0 below minor 21. False when malformed. */
bool gv_parts_parse(struct gv_parts *p, const char *v, size_t len);

/* -1, 0, 1; the last one follows Go's Compare. */
int gv_piece_cmp_number(struct gv_piece a, struct gv_piece b);
int gv_parts_cmp_minor(const struct gv_parts *a, const struct gv_parts *b); /* major and minor only */
int gv_parts_cmp(const struct gv_parts *a, const struct gv_parts *b);

/* Cut a decimal number without leading zeros from the front of *s, which has *len bytes. */
bool gv_piece_cut_number(struct gv_piece *out, const char **s, size_t *len);

#endif
