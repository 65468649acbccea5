/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_ENGINE_H
#define GV_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/plan.h"
#include "resolve/dirs.h"
#include "util/err.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * Disposable cells: Docker and Podman over their HTTP API, bubblewrap, or the host itself.
 * Nothing in this interface needs a local socket: a remote engine gets directories as volumes.
 *
 *	gv_engine_open() -> per cell: start -> read frames until 0 -> finish -> destroy -> gv_engine_close()
 *
 * A cell is labelled with run and deadline; gv_engine_reap() removes what a killed run left behind.
 */
struct gv_bind {
	char *source;   /* on this host; exists */
	char *target;   /* in the cell */
	bool writable;
	bool cache;     /* may be kept as a volume by a remote engine */
};

struct gv_cell_spec {
	char *run;          /* id of this run, hex */
	char *name;         /* "go1.22.3", unique in the run: [a-z0-9._-] */
	struct gv_plan plan;
	struct gv_bind *binds;
	size_t n_binds;
	struct gv_strv tmpfs; /* writable, executable scratch: the project's own path, /tmp, /home/gover */
	uint64_t scratch_bytes; /* limit of each */
	uint64_t memory_bytes;
	unsigned cpus_milli;    /* 2000 = two processors */
	unsigned pids;
	const char *image;      /* NULL: ours */
	bool keep;              /* leave it behind when a phase failed */
	bool libc;              /* mount the host's loader and libc: Go <= 1.20 and cgo */
};

struct gv_cell_end {
	int exit;        /* of the agent */
	bool oom;        /* the engine saw an out-of-memory kill */
	bool vanished;   /* the engine or the connection went away: infrastructure */
};

struct gv_engine;
struct gv_cell;

enum gv_engine_kind { GV_ENGINE_AUTO, GV_ENGINE_DOCKER, GV_ENGINE_PODMAN, GV_ENGINE_BWRAP, GV_ENGINE_HOST };

struct gv_engine_info {
	enum gv_engine_kind kind;
	char *name;     /* "docker" */
	char *version;  /* "20.10.24, API 1.41" */
	char *endpoint; /* "unix:///var/run/docker.sock" */
	bool rootless, remote;
	unsigned ncpu;
};

/*
 * AUTO: docker, podman (flag, DOCKER_HOST, DOCKER_CONTEXT, current context, usual sockets), else bwrap; never host.
 * `why` gets one line for each thing looked at (--explain-engine). Errors: GV_EFAIL with what was tried.
 */
struct gv_engine *gv_engine_open(enum gv_engine_kind kind, const struct gv_dirs *d, struct gv_strv *why, struct gv_err *err)
    GV_MUST_CHECK;
const struct gv_engine_info *gv_engine_info(const struct gv_engine *e);
void gv_engine_close(struct gv_engine *e);

struct gv_cell *gv_cell_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err) GV_MUST_CHECK;
/*
 * The next frame's JSON (caller frees): 1, 0 at the end, -1 on failure. Asks gv_sig_check() at least twice a second.
 */
int gv_cell_read(struct gv_cell *c, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
int gv_cell_finish(struct gv_cell *c, struct gv_cell_end *end, struct gv_err *err) GV_MUST_CHECK;
/* Remove the cell; safe after any failure, NULL is fine. */
void gv_cell_destroy(struct gv_cell *c);

/* Remove cells, volumes and sandboxes of earlier runs whose deadline passed. */
void gv_engine_reap(struct gv_engine *e);

#endif
