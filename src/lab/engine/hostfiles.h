/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_HOSTFILES_H
#define GV_ENGINE_HOSTFILES_H

#include <stdbool.h>

#include "engine/engine.h"

/*
 * What a cell mounts from this host, always read-only.
 *
 * libc: official SDKs up to Go 1.20 link bin/go (not gofmt, not the tools) to ld-linux, libc, libpthread and, in 1.20,
 * libresolv (measured: 1.18.10, 1.20.14; 1.21 and later are static).
 *
 * tools: tests call sh, cat, git ... We mount the host's /usr, and each of /bin, /sbin and /lib* that is not a link
 * into /usr. /gover/bin holds links to the usual commands but to no compiler: the cell's PATH decides whether cgo finds
 * one. We also mount the files of /etc that identify the system, but none that identifies the machine, and the devices
 * of /sys.
 */

/* The commands in /gover/bin; NULL ends the list. */
extern const char *const gv_hostfiles_commands[];

struct gv_hostfiles {
	struct gv_bind *binds;
	size_t n_binds;
	struct gv_strv links; /* pairs: target, path ("usr/lib", "/lib") */
};

/*
 * Add the files above to a zeroed list. Files that this host lacks are left out. gv_hostfiles_release() frees the
 * contents.
 */
void gv_hostfiles_libc(struct gv_hostfiles *h);
void gv_hostfiles_tools(struct gv_hostfiles *h);
/* Free the contents, not `h`. */
void gv_hostfiles_release(struct gv_hostfiles *h);

/* Text of /etc/passwd and /etc/group in a cell: "gover", and the users and groups of every system. Caller frees. */
char *gv_hostfiles_passwd(unsigned uid, unsigned gid);
char *gv_hostfiles_group(unsigned gid);
#define GV_CELL_NSSWITCH "passwd: files\ngroup: files\nhosts: files dns\n"

/* An address reserved for documentation: queries fail at once, as on a host without a network. */
#define GV_CELL_RESOLV     "nameserver 192.0.2.53\n"
#define GV_CELL_MACHINE_ID "c0ffee00c0ffee00c0ffee00c0ffee00\n"

#endif
