/* SPDX-License-Identifier: MIT */
#ifndef GV_VALIDATE_CELLSPEC_H
#define GV_VALIDATE_CELLSPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "cell/paths.h"
#include "engine/engine.h"
#include "project/matrix.h"
#include "project/modset.h"
#include "resolve/dirs.h"

/*
 * Makes the spec of a cell for an engine from a matrix cell and the options: what runs in the cell, and what it sees.
 *
 *	/gover/sdk    the SDK, read-only            /gover/mod    the project's modules, read-only
 *	/gover/src    the checkout, read-only       /gover/cache  the build cache of this Go, uid and environment
 *	the project's own path: the writable copy, made by the agent
 */

struct gv_validate_opts {
	struct gv_strv phases;   /* build vet test race; precheck and cross come by themselves */
	struct gv_strv packages; /* ./... */
	struct gv_strv test_args;
	unsigned timeout_s; /* of each phase */
	uint64_t memory_bytes;
	unsigned cpus_milli;
	unsigned pids;
	const char *image; /* NULL: ours */
	bool fresh;        /* each cell gets an empty build cache, which is thrown away */
	bool cached;       /* test results may come from the cache */
	bool keep_failed;
	bool fail_fast;
	unsigned jobs; /* cells that run at the same time */
};

/* Where the parts of a validation are kept on this host. */
struct gv_cell_dirs {
	char *modcache;     /* cache/validate/mod: the modules of all projects */
	char *views;        /* cache/validate/view: the parts of it that cells see (modview.h) */
	char *buildcache;   /* cache/validate/build */
	struct gv_strv own; /* gover's own directories; if they lie in a project, they are not copied */
};

/* Fill a zeroed struct; gv_cell_dirs_release() frees the contents. Makes nothing on disk. */
void gv_cell_dirs_init(struct gv_cell_dirs *c, const struct gv_dirs *d);
void gv_cell_dirs_release(struct gv_cell_dirs *c);

struct gv_cellspec_in {
	const struct gv_matrix_cell *cell;
	const struct gv_project *project;
	const struct gv_validate_opts *opts;
	const struct gv_cell_dirs *dirs;
	const char *goroot;
	const char *sdk_key;     /* names the content of goroot, or NULL */
	const char *modules;     /* directory with the modules that the cell sees; a fetch needs none */
	const char *modules_key; /* names its content */
	const char *run;         /* id of the run, hex */
	unsigned uid, gid;       /* gv_engine_info: who writes the build cache */
	unsigned number;         /* of the cell in the run: makes its name unique */
};

/* The module's directory inside the cell; caller frees. */
char *gv_cellspec_module_dir(const struct gv_cellspec_in *in) GV_MUST_CHECK;

/* Let the agent make a writable copy of the project at the project's path, without .git and gover's own directories. */
void gv_cellspec_copy(struct gv_cell_spec *spec, const struct gv_cellspec_in *in);

/*
 * Fill a zeroed spec; gv_cellspec_release() frees the contents, after a failure too. Errors: GV_EIO when a cache
 * directory cannot be made.
 */
int gv_cellspec_make(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, struct gv_err *err) GV_MUST_CHECK;
void gv_cellspec_release(struct gv_cell_spec *spec);

/*
 * The same for a cell that only repeats `go test` with more GODEBUG settings ("a=1,b=2"), and with -run=`run` unless
 * that is NULL. It is never kept.
 */
int gv_cellspec_followup(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, const char *godebug,
			 const char *run, struct gv_err *err) GV_MUST_CHECK;

#endif
