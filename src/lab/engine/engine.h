/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_ENGINE_H
#define GV_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cell/plan.h"
#include "util/err.h"
#include "util/str.h"
#include "util/strv.h"

/*
 * Disposable cells on any engine: Docker and Podman over their HTTP API (docker/docker.h), bubblewrap, or the host
 * itself (local/local.h). A gv_engine_open_fn (ops.h) makes an engine; callers use it through this header. The engine
 * need not be on this machine: gover sends directories to a remote engine as volumes.
 *
 *	open -> per cell: start -> read frames until 0 -> finish -> (keep) -> destroy -> gv_engine_close()
 *
 * Several threads may run cells of one engine at once. A cell belongs to the thread that started it, and ends with that
 * thread. Each cell is labelled with its run and its deadline. gv_engine_reap() removes what a killed run left behind.
 *
 * A cell runs as the caller's uid (0 inside rootless Docker). When root starts it, it runs as uid and gid 1000. That
 * user (gv_engine_info.uid) must be able to write the writable binds and to read the others.
 */
struct gv_bind {
	char *source; /* on this host; exists */
	char *target; /* in the cell */
	bool writable;
	/* For a remote engine, to which directories are sent as volumes: */
	bool cache;      /* keep the volume for later cells and runs */
	const char *key; /* names the content; NULL: use the directory's path and time. Borrowed */
};

struct gv_cell_spec {
	char *run;  /* id of this run, hex */
	char *name; /* "go1.22.3", unique in the run: [a-z0-9._-] */
	struct gv_plan plan;
	/*
	 * The variables in the plan's environment that hold a path in the cell; PATH holds a list. An engine without
	 * mounts replaces these paths, and those of `dir`, `copy_*` and the program of each phase, by real paths. It
	 * changes no other word.
	 */
	struct gv_strv env_paths;
	struct gv_bind *binds;
	size_t n_binds;
	struct gv_strv tmpfs;   /* writable, executable scratch: the project's own path, /tmp, /home/gover */
	uint64_t scratch_bytes; /* limit of each; tmpfs is memory, so at most memory_bytes / 2 */
	uint64_t memory_bytes;
	unsigned cpus_milli; /* 2000 = two processors */
	unsigned pids;
	const char *image; /* NULL: ours */
	bool keep;         /* allows gv_cell_keep(): scratch is then on disk, without a limit */
	bool libc;         /* mount the host's loader and libc: Go <= 1.20 and cgo */
	bool tools;        /* mount the host's programs (engine/hostfiles.h) */
};

struct gv_cell_end {
	int exit;         /* of the agent */
	bool oom;         /* the engine saw an out-of-memory kill */
	bool vanished;    /* the engine or the connection was lost: not the project's fault */
	char detail[512]; /* what the engine said about a cell that did not end well, or "" */
};

struct gv_engine;
struct gv_cell;

struct gv_engine_info {
	char *name;     /* "docker" */
	char *version;  /* "20.10.24, API 1.41" */
	char *endpoint; /* "unix:///var/run/docker.sock" */
	bool rootless;
	bool daemon; /* a daemon runs the cells */
	bool remote; /* it does not see our files and gets volumes; may become true at the first cell */
	unsigned ncpu;
	unsigned uid, gid; /* on this host: the owner of what a cell writes into a bind */
};

/* Facts about the engine; borrowed from it. */
const struct gv_engine_info *gv_engine_info(const struct gv_engine *e);
/* Wait until the engine has removed its destroyed cells, and free it. NULL is fine. */
void gv_engine_close(struct gv_engine *e);

/*
 * Start a cell; gv_cell_destroy() frees it. `spec` need not outlive the call. Errors: GV_EUSAGE (a target that is no
 * absolute path), GV_EIO (a source is missing), GV_EFAIL (the engine refused).
 */
struct gv_cell *gv_cell_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err) GV_MUST_CHECK;
/*
 * Read the next frame's JSON (caller frees). Returns 1, 0 at the end, -1 on failure. Calls gv_sig_check() at least
 * twice a second (GV_EINTR). The agent ends by itself at the plan's deadline. If it still runs half a minute later, it
 * hangs: GV_EFAIL.
 */
int gv_cell_read(struct gv_cell *c, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
/* Wait for the end of the cell; unread frames are dropped. */
int gv_cell_finish(struct gv_cell *c, struct gv_cell_end *end, struct gv_err *err) GV_MUST_CHECK;
/* Keep the cell until the time `until` (Unix). Call it after gv_cell_finish(), for a spec with `keep`. */
int gv_cell_keep(struct gv_cell *c, int64_t until, struct gv_err *err) GV_MUST_CHECK;
const char *gv_cell_id(const struct gv_cell *c);
/*
 * Remove the cell, unless it is kept, and free it. Safe after any failure; NULL is fine. An engine with a daemon may go
 * on removing until gv_engine_close() or gv_engine_reap(); the name can be used again at once.
 */
void gv_cell_destroy(struct gv_cell *c);

/*
 * Run `argv` (NULL: a shell) in a kept cell, on this terminal, with the cell's mounts and environment and the host's
 * programs. `*status` is the exit status as a shell reports it. Errors: GV_ENOTFOUND.
 */
int gv_engine_enter(struct gv_engine *e, const char *id, char *const argv[], int *status,
		    struct gv_err *err) GV_MUST_CHECK;

/*
 * Remove the cells, volumes and sandboxes of earlier runs whose gover has ended. If that cannot be known, remove those
 * that are past their deadline. For commands that run or remove cells; a command that only asks must not call it.
 */
void gv_engine_reap(struct gv_engine *e);

/* The dynamic loader that a program needs (then the cell needs `libc`), or NULL when it is static. Caller frees. */
char *gv_elf_interp(const char *path);

#endif
