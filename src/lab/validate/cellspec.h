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
 * What runs in a cell, and in which surroundings: a matrix cell and the options become an engine's cell.
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
	const char *image;
	bool fresh;  /* an empty build cache that is thrown away */
	bool cached; /* test results may come from the cache */
	bool keep_failed;
	bool fail_fast;
	unsigned jobs; /* cells at once, 0: chosen from the processors */
};

/* Where the parts of a validation are kept on this host. */
struct gv_cell_dirs {
	char *modcache;     /* cache/validate/mod: the modules of all projects */
	char *views;        /* cache/validate/view: what each set of projects' cells sees of it (modview.h) */
	char *buildcache;   /* cache/validate/build */
	struct gv_strv own; /* all that gover keeps, which is not copied where it lies in a project */
};

/* Of a zeroed one; nothing is made on disk. The caller frees what it holds. */
void gv_cell_dirs_init(struct gv_cell_dirs *c, const struct gv_dirs *d);
void gv_cell_dirs_release(struct gv_cell_dirs *c);

struct gv_cellspec_in {
	const struct gv_matrix_cell *cell;
	const struct gv_project *project;
	const struct gv_validate_opts *opts;
	const struct gv_cell_dirs *dirs;
	const char *goroot;
	const char *sdk_key;     /* names the content of goroot, or NULL */
	const char *modules;     /* directory with the modules that its cells see; a fetch needs none */
	const char *modules_key; /* names its content */
	const char *run;
	unsigned uid, gid; /* of the engine: who writes the build cache */
	unsigned number;   /* of the cell in the run, for a name that fits every engine */
};

/* The module's directory inside the cell; caller frees. */
char *gv_cellspec_module_dir(const struct gv_cellspec_in *in) GV_MUST_CHECK;

/* Have the agent make a writable copy of the project at its own path, without what does not belong to it. */
void gv_cellspec_copy(struct gv_cell_spec *spec, const struct gv_cellspec_in *in);

/* Fill a zeroed spec. Errors: GV_EIO when a cache directory cannot be made. */
int gv_cellspec_make(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, struct gv_err *err) GV_MUST_CHECK;
void gv_cellspec_release(struct gv_cell_spec *spec);

/*
 * The plan of a follow-up cell: `go test` with more GODEBUG settings ("a=1,b=2"), for the named tests when
 * `run` is not NULL. Same surroundings otherwise; never kept.
 */
int gv_cellspec_followup(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, const char *godebug,
			 const char *run, struct gv_err *err) GV_MUST_CHECK;

#endif
