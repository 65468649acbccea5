/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_STORE_H
#define GV_STORE_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "resolve/config.h"
#include "resolve/dirs.h"
#include "store/manifest.h"
#include "ui/progress.h"
#include "util/str.h"
#include "version/version.h"

#define GV_STORE_AT_ONCE 4 /* installs side by side; more gain nothing and burden a mirror */

/*
 * The store. It holds only complete SDKs, proven unless verify=off.
 *
 * Install of one version:
 *	lock locks/go1.22.3 (wait, and say for which process) -> another process installed it meanwhile? done
 *	-> sweep leftovers of dead runs -> for each origin: fetch -> unpack into staging/<random> while hashing
 *	-> check archive SHA-256 -> check h1 with the log and gover.sum -> syncfs -> manifests/go1.22.3
 *	-> rename to sdks/go1.22.3 -> fsync parents -> unlock
 * The rename is the commit: before it nothing is visible, after it everything is.
 *
 * SIGKILL or power loss may follow any step. It can leave a staging directory (swept when its lock is free), a .part
 * (resumed), or a manifest without an SDK (overwritten by the next install, otherwise ignored).
 */
struct gv_install_opts {
	const char *platform; /* "linux-amd64"; NULL: this machine's */
	bool force;           /* install again: stage, prove, then replace */
	/* Called once when another process has locked the version. pid is 0 when unknown. May be NULL. */
	void (*waiting)(void *arg, const char *version, long pid);
	void *arg;
};

struct gv_install_result {
	bool already;    /* it was installed before */
	bool unknown;    /* and has no manifest, so nothing from origin to tree_size is known */
	char origin[32]; /* "goproxy" ... */
	char h1[GV_H1_MAX];
	enum gv_proof_kind proof;   /* LOG, or NONE: "unlogged"; FILE (no proof) only if it was installed before */
	char witness[PATH_MAX];     /* "sum.golang.org", or the path of the gover.sum */
	uint64_t record, tree_size; /* position in the log; for gover.sum, record is the line */
	double seconds;
	uint64_t bytes; /* downloaded */
};

struct gv_store; /* opened once per process, shared by threads */

/* Makes missing directories. `d` and `c` are borrowed until gv_store_close(). NULL on failure. Errors: GV_EIO. */
struct gv_store *gv_store_open(const struct gv_dirs *d, const struct gv_config *c, struct gv_err *err) GV_MUST_CHECK;
void gv_store_close(struct gv_store *s);

/* Install a release, "1.22.3". `report` gets the fork report, which has several lines. Errors: those of the steps. */
int gv_store_install(struct gv_store *s, const char *version, const struct gv_install_opts *opts,
		     struct gv_progress_job *job, struct gv_install_result *out, struct gv_str *report,
		     struct gv_err *err) GV_MUST_CHECK;

/* Remove an SDK, or the link to an adopted one. Errors: GV_ENOTFOUND when it is not installed, GV_EIO. */
int gv_store_uninstall(struct gv_store *s, const char *version, const char *platform, struct gv_err *err) GV_MUST_CHECK;

#endif
