/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_HOSTFILES_H
#define GV_ENGINE_HOSTFILES_H

#include <stdbool.h>

#include "engine/engine.h"

/*
 * What a cell borrows from this host, always read-only.
 *
 * libc: official SDKs up to Go 1.20 link bin/go (not gofmt, not the tools) to ld-linux, libc, libpthread and, in 1.20, libresolv
 * (measured: 1.18.10, 1.20.14; 1.21 and later are static).
 *
 * tools: tests call sh, cat, git ... The host's /usr and what of /bin, /sbin and /lib* is not a link into it are mounted, and
 * /gover/bin, made of links, has the usual commands but no compiler: a cell's PATH decides whether cgo finds one. With them come
 * files of /etc that say what system this is, but nothing that says which machine, and the devices of /sys.
 */

/* What /gover/bin has, NULL at the end. */
extern const char *const gv_hostfiles_commands[];

struct gv_hostfiles {
	struct gv_bind *binds;
	size_t n_binds;
	struct gv_strv links; /* pairs: target, path ("usr/lib", "/lib") */
};

void gv_hostfiles_libc(struct gv_hostfiles *h);
void gv_hostfiles_tools(struct gv_hostfiles *h);
void gv_hostfiles_free(struct gv_hostfiles *h);

/* /etc/passwd and /etc/group of a cell: "gover", and the users and groups that every system has. Caller frees. */
char *gv_hostfiles_passwd(unsigned uid, unsigned gid);
char *gv_hostfiles_group(unsigned gid);
#define GV_CELL_NSSWITCH "passwd: files\ngroup: files\nhosts: files dns\n"

/* An address for documentation: asking it fails at once, as a host's resolver does without a network. */
#define GV_CELL_RESOLV     "nameserver 192.0.2.53\n"
#define GV_CELL_MACHINE_ID "c0ffee00c0ffee00c0ffee00c0ffee00\n"

#endif
