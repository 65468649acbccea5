/* SPDX-License-Identifier: MIT */
#ifndef GV_CORE_CORE_H
#define GV_CORE_CORE_H

#include "resolve/config.h"
#include "resolve/dirs.h"
#include "store/store.h"
#include "util/err.h"
#include "util/strv.h"

/* State that the commands of gover-core share. */
struct gv_core {
	struct gv_dirs dirs;
	struct gv_config config;
	struct gv_store *store;
};

#define gv_autocore __attribute__((cleanup(gv_core_close)))

/* Open directories, settings and store. An unknown setting is a warning on stderr. */
int gv_core_open(struct gv_core *c, struct gv_err *err) GV_MUST_CHECK;
void gv_core_close(struct gv_core *c);

/*
 * Append the releases that requests mean, in that order, each once. An exact request means that version, any other the
 * newest known match. For the others the index is refreshed if it is older than an hour; if that fails, the user is
 * warned. Errors: GV_EUSAGE, GV_ENOTFOUND.
 */
int gv_core_select(struct gv_core *c, int argc, char **requests, struct gv_strv *versions,
		   struct gv_err *err) GV_MUST_CHECK;

/* The request that holds in the working directory, for gv_core_select(). Caller frees. */
char *gv_core_request_here(struct gv_core *c, struct gv_err *err) GV_MUST_CHECK;

/* "linux/arm64" or "linux-arm64" -> "linux-arm64"; NULL stays NULL. Caller frees. Errors: GV_EUSAGE. */
int gv_core_platform(const char *text, char **platform, struct gv_err *err) GV_MUST_CHECK;

/* Make the shim links match the installed versions. Ignores failures, because every command mends them. */
void gv_core_mend_shims(const struct gv_core *c);

/* Before installing: warn of a gover.sum that is ignored here (store/sumfile.h). */
void gv_core_warn_of_sums(void);

/* Print the error and return its exit status. */
int gv_core_fail(const struct gv_err *err);

/* Print the fork report: lines from the log's server, each cleaned of control characters. */
void gv_core_report(const struct gv_str *report);

/* Hidden commands; argv[0] is their name. */
int gv_core_shim(int argc, char **argv);
int gv_core_refresh(int argc, char **argv);

#endif
