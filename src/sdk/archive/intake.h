/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_INTAKE_H
#define GV_ARCHIVE_INTAKE_H

#include "archive/batch.h"
#include "archive/entry.h"
#include "archive/ring.h"
#include "archive/unpack.h"

/*
 * Used by both kinds of archive: check entries and put their content into batches.
 *
 *	rc = gv_intake_entry(t, &entry, &err);
 *	while (rc == 0 && (p = gv_intake_room(t, &room)) != NULL && there is more)
 *		{ copy n <= room bytes to p; rc = gv_intake_put(t, n, &err); }
 *	gv_intake_end(t);
 *
 * Functions that return int: 0; 1 when the ring was stopped; -1 with GV_EPROOF.
 */
struct gv_intake {
	const struct gv_unpack_in *in;
	struct gv_ring *batches;    /* of struct gv_batch */
	struct gv_members *members; /* all entries, in the order of the archive */
	/* private */
	struct gv_entry_set *seen;
	struct gv_batch *batch;
	bool unpack; /* whether to unpack the current entry, the last of `members` */
	bool first;
	uint64_t total;
};

/* One entry as its header describes it. The intake checks the name. */
struct gv_entry {
	const char *name; /* the whole name, prefix included */
	bool is_dir;
	time_t mtime;    /* 0: unknown */
	uint64_t offset; /* zip: where its header is */
};

/* Start. Set t->in, t->batches and t->members before. Call gv_intake_release() afterwards, also on failure. */
int gv_intake_begin(struct gv_intake *t) GV_MUST_CHECK;
void gv_intake_release(struct gv_intake *t);

/* Check the next entry. Put its content even if the entry is not unpacked. */
int gv_intake_entry(struct gv_intake *t, const struct gv_entry *e, struct gv_err *err) GV_MUST_CHECK;

/* Room for content, at least a byte; NULL when the ring was stopped. */
uint8_t *gv_intake_room(struct gv_intake *t, size_t *len);
int gv_intake_put(struct gv_intake *t, size_t n, struct gv_err *err) GV_MUST_CHECK;

/* The content of the entry is complete. */
void gv_intake_end(struct gv_intake *t);

/* Fails when `bytes` is more than this kind of archive may unpack to. */
int gv_intake_check_size(const struct gv_intake *t, uint64_t bytes, struct gv_err *err) GV_MUST_CHECK;

/* Call it after the last entry. */
void gv_intake_finish(struct gv_intake *t);

/* The current entry. Call it only after a first entry. Borrowed. */
static inline struct gv_member *
gv_intake_last(const struct gv_intake *t)
{
	return t->members->v[t->members->n - 1];
}

#endif
