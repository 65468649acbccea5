/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_MOUNTS_H
#define GV_ENGINE_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"
#include "util/strv.h"

/* What a sandbox sees, as a list that is turned into bwrap's arguments: parents before what lies in them. */
enum gv_mount_kind { GV_MOUNT_BIND, GV_MOUNT_TMPFS, GV_MOUNT_FILE, GV_MOUNT_LINK, GV_MOUNT_DIR, GV_MOUNT_PROC, GV_MOUNT_DEV };

struct gv_mount {
	enum gv_mount_kind kind;
	char *source; /* of a bind; content of a file; target of a link */
	char *target;
	bool writable;
	uint64_t size; /* of a tmpfs, 0: the kernel's default */
};

struct gv_mounts {
	struct gv_mount *m;
	size_t n;
	bool sizes; /* bwrap knows --size (0.7) */
};

#define GV_MOUNT_FILES_MAX 8
#define gv_auto_mounts     __attribute__((cleanup(gv_mounts_free)))

void gv_mounts_free(struct gv_mounts *m);
void gv_mounts_bind(struct gv_mounts *m, const char *source, const char *target, bool writable);
void gv_mounts_tmpfs(struct gv_mounts *m, const char *target, uint64_t size);

/*
 * /proc, /dev with a bounded /dev/shm, /var/tmp, empty directories that every system has, and in /etc what programs look up: passwd
 * and group (with "gover"), hosts, nsswitch.conf, a resolv.conf that leads nowhere, a machine-id that is the same everywhere.
 */
void gv_mounts_base(struct gv_mounts *m, unsigned uid, unsigned gid, uint64_t shm_size);

/* The host's loader and libc, or with `tools` its programs (engine/hostfiles.h). */
void gv_mounts_host(struct gv_mounts *m, bool tools);

/*
 * Arguments for bwrap, sorted, ending with a read-only root. Files come through pipes, which the caller lets it inherit
 * and then closes: `fds` has room for GV_MOUNT_FILES_MAX.
 */
int gv_mounts_bwrap(struct gv_mounts *m, struct gv_strv *argv, int *fds, size_t *n_fds,
		    struct gv_err *err) GV_MUST_CHECK;

#endif
