/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_INTAKE_H
#define GV_ARCHIVE_INTAKE_H

#include "archive/batch.h"
#include "archive/entry.h"
#include "archive/ring.h"
#include "archive/unpack.h"

/*
 * What both kinds of archive do with their entries: check them, and put their content into batches.
 *
 *	rc = gv_intake_entry(t, &entry, &err);
 *	while (rc == 0 && (p = gv_intake_room(t, &room)) != NULL && there is more)
 *		{ copy n <= room bytes to p; rc = gv_intake_put(t, n, &err); }
 *	gv_intake_end(t);
 *
 * Functions that return int: 0; 1 when the ring was stopped; -1 with *err, GV_EPROOF.
 */
struct gv_intake {
	const struct gv_unpack_in *in;
	struct gv_ring *batches;    /* of struct gv_batch */
	struct gv_members *members; /* all entries, in the order of the archive */
	/* private */
	struct gv_entry_set *seen;
	struct gv_batch *batch;
	bool unpack; /* the entry at hand, the last of members */
	bool first;
	uint64_t total;
};

/* One entry as its header tells it; the name is checked by the intake. */
struct gv_entry {
	const char *name; /* whole */
	bool is_dir;
	time_t mtime;    /* 0: unknown */
	uint64_t offset; /* zip: of its header */
};

/* 0 when it can begin. *t is set to in, batches and members; then gv_intake_free() is due. */
int gv_intake_begin(struct gv_intake *t) GV_MUST_CHECK;
void gv_intake_free(struct gv_intake *t);

/* Check the next entry. Its content may be left out of the SDK; it is put all the same. */
int gv_intake_entry(struct gv_intake *t, const struct gv_entry *e, struct gv_err *err) GV_MUST_CHECK;

/* Room for content, at least a byte; NULL when stopped. */
uint8_t *gv_intake_room(struct gv_intake *t, size_t *len);
int gv_intake_put(struct gv_intake *t, size_t n, struct gv_err *err) GV_MUST_CHECK;

/* The content of the entry is complete. */
void gv_intake_end(struct gv_intake *t);

/* Refuses what is larger than this kind of archive may unpack to. */
int gv_intake_check_size(const struct gv_intake *t, uint64_t bytes, struct gv_err *err) GV_MUST_CHECK;

/* All entries have come. */
void gv_intake_finish(struct gv_intake *t);

static inline struct gv_member *
gv_intake_last(const struct gv_intake *t)
{
	return t->members->v[t->members->n - 1];
}

#endif
