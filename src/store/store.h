/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_STORE_H
#define GV_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "resolve/config.h"
#include "resolve/dirs.h"
#include "store/manifest.h"
#include "ui/progress.h"
#include "util/str.h"
#include "version/version.h"

/*
 * The store: whole, proven SDKs or nothing.
 *
 * Install of one version:
 *	lock locks/go1.22.3 (wait, saying for whom) -> someone else installed it meanwhile? done
 *	-> sweep leftovers of dead runs -> for each origin: fetch -> unpack into staging/<random> while hashing
 *	-> archive SHA-256 -> h1 == gover.sum or the log's -> syncfs -> manifests/go1.22.3 -> rename to sdks/go1.22.3
 *	-> fsync parents -> unlock
 * The rename is the commit: before it nothing is visible, after it everything is.
 *
 * Every step may be the last before SIGKILL or power loss. What can be left: a staging directory (swept when its lock is
 * free), a .part (resumed), a manifest without an SDK (overwritten by the next install, ignored by others).
 */
struct gv_install_opts {
	const char *platform; /* "linux-amd64"; NULL: this machine's */
	bool force;           /* install again: stage, prove, then replace */
	/* Told once when another process has the version locked; pid is 0 when unknown. May be NULL. */
	void (*waiting)(void *arg, const char *version, long pid);
	void *arg;
};

struct gv_install_result {
	bool already;    /* was there before */
	char origin[32]; /* "goproxy" ... */
	char h1[GV_H1_MAX];
	enum gv_proof_kind proof;   /* the log, gover.sum, or none: "unlogged" */
	char witness[256];          /* "sum.golang.org", or the path of the gover.sum */
	uint64_t record, tree_size; /* log position; for gover.sum record is the line */
	double seconds;
	uint64_t bytes; /* downloaded */
};

struct gv_store; /* opened once per process, shared by threads */

struct gv_store *gv_store_open(const struct gv_dirs *d, const struct gv_config *c, struct gv_err *err) GV_MUST_CHECK;
void gv_store_close(struct gv_store *s);

/* `version` is a release name. `report` gets several lines (fork report) when there is more to say than *err holds. */
int gv_store_install(struct gv_store *s, const char *version, const struct gv_install_opts *opts,
		     struct gv_progress_job *job, struct gv_install_result *out, struct gv_str *report,
		     struct gv_err *err) GV_MUST_CHECK;

/* Errors: GV_ENOTFOUND when it is not installed. */
int gv_store_uninstall(struct gv_store *s, const char *version, const char *platform, struct gv_err *err) GV_MUST_CHECK;

#endif
