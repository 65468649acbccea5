/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_SUMDBDISK_H
#define GV_VERIFY_SUMDBDISK_H

#include "resolve/dirs.h"
#include "verify/sumdb.h"

/*
 * The parts of struct gv_sumdb_io that are on disk, in cmd/go's layout: tiles below dirs->tiles/<name>/, the newest
 * head in dirs->heads/<name>/latest. The head is replaced atomically, under a lock (flock on latest.lock). A damaged or
 * unreadable tile only costs a download. A damaged stored head is GV_EPROOF, and the message names the file. Several
 * threads and processes may use it at once.
 */
struct gv_sumdbdisk {
	char *tiles;
	char *heads;
	char *head_file; /* for gv_sumdb_io.head_name */
};

/* `db_name` is "sum.golang.org" or the like. Creates nothing on disk. The caller calls gv_sumdbdisk_release(). */
void gv_sumdbdisk_init(struct gv_sumdbdisk *s, const struct gv_dirs *d, const char *db_name);
void gv_sumdbdisk_release(struct gv_sumdbdisk *s);
/*
 * Read a tile by its path ("tile/8/0/x097/380"): false when the cache does not have it. Caller frees. Write stores a
 * tile; if that fails, nothing happens.
 */
bool gv_sumdbdisk_cache_read(struct gv_sumdbdisk *s, const char *path, char **data, size_t *len);
void gv_sumdbdisk_cache_write(struct gv_sumdbdisk *s, const char *path, const void *data, size_t len);
/* The stored note, "" when there is none yet; caller frees. */
int gv_sumdbdisk_head_read(struct gv_sumdbdisk *s, char **note, struct gv_err *err) GV_MUST_CHECK;
/* Store `note` if the stored one is still `old`: 1 done, 0 it has changed, -1 failed. */
int gv_sumdbdisk_head_swap(struct gv_sumdbdisk *s, const char *old, const char *note, struct gv_err *err) GV_MUST_CHECK;

#endif
