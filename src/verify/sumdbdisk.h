/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_SUMDBDISK_H
#define GV_VERIFY_SUMDBDISK_H

#include "resolve/dirs.h"
#include "verify/sumdb.h"

/*
 * The parts of struct gv_sumdb_io that live on disk, as cmd/go lays them out: tiles below dirs->tiles/<name>/, the
 * newest head in dirs->heads/<name>/latest, swapped under a lock (flock on latest.lock), atomically.
 * A damaged or unreadable tile cache only costs a download; a damaged stored head is GV_EPROOF with the file named.
 * Safe to use from several threads and processes.
 */
struct gv_sumdbdisk {
	char *tiles;
	char *heads;
	char *head_file; /* for gv_sumdb_io.head_name */
};

void gv_sumdbdisk_init(struct gv_sumdbdisk *s, const struct gv_dirs *d, const char *db_name);
void gv_sumdbdisk_free(struct gv_sumdbdisk *s);
bool gv_sumdbdisk_cache_read(struct gv_sumdbdisk *s, const char *path, char **data, size_t *len);
void gv_sumdbdisk_cache_write(struct gv_sumdbdisk *s, const char *path, const void *data, size_t len);
int gv_sumdbdisk_head_read(struct gv_sumdbdisk *s, char **note, struct gv_err *err) GV_MUST_CHECK;
int gv_sumdbdisk_head_swap(struct gv_sumdbdisk *s, const char *old, const char *note, struct gv_err *err) GV_MUST_CHECK;

#endif
