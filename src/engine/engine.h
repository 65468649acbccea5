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
 *	gv_engine_open() -> per cell: start -> read frames until 0 -> finish -> (keep) -> destroy -> gv_engine_close()
 *
 * Several threads may run cells of one engine at once; a cell belongs to the thread that started it, and ends with it.
 * A cell is labelled with run and deadline; gv_engine_reap() removes what a killed run left behind.
 *
 * Who runs in the cell: the caller's uid, which rootless Docker calls 0; for root uid and gid 1000, which must be able to write the
 * directories bound writable (gv_engine_info.uid) and to read the others.
 *
 * bubblewrap (measured with 0.8): namespaces for user (not as root), pid, net (only lo, which is up), ipc, uts and mounts; no
 * capabilities, no-new-privileges; 10 ms for a cell. Memory, pids and processors are limited by control groups where
 * they may be made (root, delegated subtrees), else the agent watches memory and threads, and processors are not limited. As root
 * there is no user namespace: a cell with uid 0 outside could write /proc/sys, whatever its uid inside; so the agent starts as
 * root and becomes 1000.
 *
 * host: no sandbox at all. Binds and scratch are directories at other paths, and words of the plan are rewritten: a word,
 * or a ':' element after its first '=', that begins with a target gets the real path.
 */
struct gv_bind {
	char *source; /* on this host; exists */
	char *target; /* in the cell */
	bool writable;
	/* For a remote engine, which gets directories as volumes: */
	bool cache;                 /* it keeps this one for later cells and runs; */
	const char *key;            /* by this name of the content, NULL: of path and time of the directory. Borrowed */
	const struct gv_strv *only; /* it needs no more than these paths below source, NULL: all. Borrowed */
};

struct gv_cell_spec {
	char *run;  /* id of this run, hex */
	char *name; /* "go1.22.3", unique in the run: [a-z0-9._-] */
	struct gv_plan plan;
	struct gv_bind *binds;
	size_t n_binds;
	struct gv_strv tmpfs;   /* writable, executable scratch: the project's own path, /tmp, /home/gover */
	uint64_t scratch_bytes; /* limit of each; it is memory, so at most half of memory_bytes is given */
	uint64_t memory_bytes;
	unsigned cpus_milli; /* 2000 = two processors */
	unsigned pids;
	const char *image; /* NULL: ours */
	bool keep;         /* gv_cell_keep() may be asked: scratch is on disk then, without a limit */
	bool libc;         /* mount the host's loader and libc: Go <= 1.20 and cgo */
	bool
	    tools; /* mount the host's programs (engine/hostfiles.h); /gover/bin has sh, cat, git ... but no compiler */
};

struct gv_cell_end {
	int exit;         /* of the agent */
	bool oom;         /* the engine saw an out-of-memory kill */
	bool vanished;    /* the engine or the connection went away: infrastructure */
	char detail[512]; /* what the engine said about a cell that did not end well, or "" */
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
	unsigned uid, gid; /* on this host: who owns what a cell writes into a bind */
};

/*
 * AUTO: docker, podman (flag, DOCKER_HOST, DOCKER_CONTEXT, current context, usual sockets), else bwrap; never host.
 * `why` gets one line for each thing looked at (--explain-engine). Errors: GV_EFAIL with what was tried.
 */
struct gv_engine *gv_engine_open(enum gv_engine_kind kind, const struct gv_dirs *d, struct gv_strv *why,
				 struct gv_err *err) GV_MUST_CHECK;
const struct gv_engine_info *gv_engine_info(const struct gv_engine *e);
void gv_engine_close(struct gv_engine *e);

/*
 * `spec` is only read here. Errors: GV_EUSAGE (a target that is no absolute path), GV_EIO (a source is missing), GV_EFAIL (the
 * engine refused).
 */
struct gv_cell *gv_cell_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err) GV_MUST_CHECK;
/*
 * The next frame's JSON (caller frees): 1, 0 at the end, -1 on failure. Asks gv_sig_check() at least twice a second: GV_EINTR.
 * The agent ends by itself at the plan's deadline; half a minute later it counts as hanging: GV_EFAIL.
 */
int gv_cell_read(struct gv_cell *c, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
/* Wait for the end; frames nobody read are dropped. */
int gv_cell_finish(struct gv_cell *c, struct gv_cell_end *end, struct gv_err *err) GV_MUST_CHECK;
/*
 * After finish, for a spec with `keep`: leave it until the time `until` (Unix). The cell's id is borrowed.
 */
int gv_cell_keep(struct gv_cell *c, int64_t until, struct gv_err *err) GV_MUST_CHECK;
const char *gv_cell_id(const struct gv_cell *c);
/*
 * Remove the cell, unless it is kept, and free; safe after any failure, NULL is fine. An engine with a daemon may still be at it
 * when this returns, until gv_engine_close() or gv_engine_reap(); but a name may be used again at once.
 */
void gv_cell_destroy(struct gv_cell *c);

/*
 * Run `argv` (NULL: a shell) in a kept cell, on this terminal, with the same mounts and environment, and the host's
 * programs to look around. `*status` as a shell counts it. Errors: GV_ENOTFOUND.
 */
int gv_engine_enter(struct gv_engine *e, const char *id, char *const argv[], int *status,
		    struct gv_err *err) GV_MUST_CHECK;

/* Remove cells, volumes and sandboxes of earlier runs: whose gover is gone, or whose deadline passed. */
void gv_engine_reap(struct gv_engine *e);

/* The dynamic loader that a program asks for, or NULL when it is static: decides about `libc`. Caller frees. */
char *gv_elf_interp(const char *path);

/* Where gover-agent is when it is not beside the running program (tests); NULL: look. */
extern const char *gv_engine_agent;

#endif
