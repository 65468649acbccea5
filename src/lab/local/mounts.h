/* SPDX-License-Identifier: MIT */
#ifndef GV_LOCAL_MOUNTS_H
#define GV_LOCAL_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/* What a sandbox sees, as a list that becomes bwrap's arguments: parents before their children. */
enum gv_mount_kind {
	GV_MOUNT_BIND,
	GV_MOUNT_TMPFS,
	GV_MOUNT_FILE,
	GV_MOUNT_LINK,
	GV_MOUNT_DIR,
	GV_MOUNT_PROC,
	GV_MOUNT_DEV
};

struct gv_mount {
	enum gv_mount_kind kind;
	char *source; /* a bind's source, a file's content, a link's target */
	char *target;
	bool writable;
	uint64_t size; /* of a tmpfs in bytes; 0: the kernel's default */
};

struct gv_mounts {
	struct gv_mount *m;
	size_t n;
	bool sizes; /* bwrap supports --size (0.7) */
};

#define GV_MOUNT_FILES_MAX 8
#define gv_auto_mounts     __attribute__((cleanup(gv_mounts_release)))

/* Free the contents, not `m`. */
void gv_mounts_release(struct gv_mounts *m);
/* Append a mount; strings are copied. `size` is in bytes; 0: the kernel's default. */
void gv_mounts_bind(struct gv_mounts *m, const char *source, const char *target, bool writable);
void gv_mounts_tmpfs(struct gv_mounts *m, const char *target, uint64_t size);

/*
 * Append /proc, /dev with a bounded /dev/shm, /var/tmp, the empty directories of every system, and the files of /etc
 * that programs read: passwd and group (with "gover"), hosts, nsswitch.conf, a resolv.conf that leads nowhere, and a
 * machine-id that is the same everywhere.
 */
void gv_mounts_base(struct gv_mounts *m, unsigned uid, unsigned gid, uint64_t shm_size);

/* Append the host's loader and libc, or with `tools` its programs (engine/hostfiles.h). */
void gv_mounts_host(struct gv_mounts *m, bool tools);

/*
 * Append bwrap's arguments for the mounts, sorted, and make the root read-only. Files come through pipes in `fds` (room
 * for GV_MOUNT_FILES_MAX); the caller passes them to bwrap and then closes them, on failure too.
 */
int gv_mounts_bwrap(struct gv_mounts *m, struct gv_strv *argv, int *fds, size_t *n_fds,
		    struct gv_err *err) GV_MUST_CHECK;

#endif
