/* SPDX-License-Identifier: MIT */
#ifndef GV_DOCKER_INNER_H
#define GV_DOCKER_INNER_H

#include <pthread.h>

#include "cell/frames.h"
#include "docker/api.h"
#include "docker/endpoint.h"
#include "docker/mux.h"
#include "engine/ledger.h"
#include "engine/ops.h"
#include "net/daemon.h"
#include "util/strv.h"
#include "util/tail.h"

/*
 * Docker and Podman. A cell is: have the image -> create -> attach -> start -> send the plan -> read the stream to its
 * end -> wait -> inspect -> delete. We do not use AutoRemove, because the exit state and the out-of-memory flag would
 * vanish with the container. We attach instead of reading logs, because a log driver truncates lines. Each cell runs in
 * its own thread, so it has its own connection.
 *
 * Labels: dev.gover.run and .cell name the cell. .deadline is a time (Unix); a day after it, any gover may remove the
 * container. .owner is "WORLD:STATE:PID:START", with gv_proc_world() and a hash of the state directory. Only a gover
 * with the same WORLD and STATE can tell whether the owner still lives. The labels of volumes that outlive cells are
 * below.
 */
#define GV_DOCKER_AGENT_DIR "/gover/agent.d" /* holds "agent" when neither the image nor a bind can provide it */

#define GV_DOCKER_PUT_S 120 /* seconds without a byte sent to the engine */

/* Labels. On a volume that outlives cells: its key. On a container that never starts: its first volume. */
#define GV_DOCKER_CACHE  "dev.gover.cache"
#define GV_DOCKER_FILLER "dev.gover.filler"

/* A volume that outlives cells, and the container that holds it until this gover ends. */
struct gv_docker_held {
	char *key, *volume, *holder;
};

struct gv_docker {
	struct gv_engine base;
	struct gv_route route;
	struct gv_api api;
	/*
	 * Held while a thread makes an image or a volume, so that one does it at a time. Also guards base.info.remote
	 * once cells run, because the first cell may find out that the engine is remote.
	 */
	pthread_mutex_t lock;
	char *image[2]; /* ids of our images once loaded: without and with libc */
	char *owner;
	bool keep_id;                    /* rootless Podman: --userns=keep-id */
	bool limits_memory, limits_pids; /* false: the agent watches */
	pthread_t *removals;             /* threads that remove finished cells */
	size_t n_removals;
	unsigned n_cells; /* started so far; numbers the containers */
	struct gv_docker_held *held;
	size_t n_held;
};

struct gv_docker_cell {
	struct gv_cell base;
	struct gv_api api;
	char *name;      /* of the container, "gover-ID-NUMBER"; prefix of its volumes' names. Never used twice */
	char *container; /* id, NULL before create */
	char *plan;      /* the frame for the agent's stdin */
	size_t plan_len;
	struct gv_strv volumes;        /* removed with this cell */
	struct gv_unix_duplex *attach; /* the agent's stdin, stdout and stderr */
	struct gv_mux mux;
	struct gv_frames frames;
	struct gv_tail said;     /* the agent's stderr and the daemon's errors */
	int64_t deadline_ms;     /* monotonic; after it the cell hangs */
	struct gv_ledger ledger; /* of a cell that may be kept */
	bool kept;
	bool remote;      /* this cell assumes that the engine does not see this machine's files */
	bool from_root;   /* the agent starts as root, gives the volumes to the user and becomes the user */
	int64_t heard_ms; /* monotonic; when the stream last brought data */
	bool lost;        /* the engine is gone: calls to it get a short time limit */
};

/* Load or pull the cell's image when it is missing. Returns its id or name, borrowed; NULL on failure. pull.c */
const char *gv_docker_image(struct gv_docker *d, struct gv_api *api, const struct gv_cell_spec *spec,
			    struct gv_err *err) GV_MUST_CHECK;

/* A mount of a cell for the API. */
struct gv_docker_mount {
	char *volume; /* name, or NULL: a bind of `source` */
	char *source;
	char *target;
	bool writable;
	bool fill; /* the volume is this cell's alone; copy `source` into it */
};

struct gv_docker_mounts {
	struct gv_docker_mount *m;
	size_t n;
};

/* Free the contents, not `ms`. */
void gv_docker_mounts_release(struct gv_docker_mounts *ms);
/* Append a mount of `volume`, or with NULL of the directory `source`. Strings are copied. */
void gv_docker_mounts_add(struct gv_docker_mounts *ms, const char *volume, const char *source, const char *target,
			  bool writable);

/*
 * Append the mounts of a spec to `ms`: binds if the engine shares our file system, otherwise volumes, which we fill
 * through a container that never starts. volume.c
 */
int gv_docker_places(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image,
		     struct gv_docker_mounts *ms, struct gv_err *err) GV_MUST_CHECK;
/* Remove the volumes of this cell alone. Failures are ignored: a later run removes what stays. */
void gv_docker_remove_volumes(struct gv_docker_cell *c);

/*
 * Create a container that never starts and only gives access to its volumes, at /v0, /v1 ... Returns its id (caller
 * frees), NULL on failure. filler.c
 */
char *gv_docker_filler(const struct gv_docker *d, struct gv_api *api, const char *image, const struct gv_strv *volumes,
		       struct gv_err *err) GV_MUST_CHECK;

/*
 * Find or fill the volume that outlives cells (cache.c) for a bind with `cache`, and hold it until gv_docker_let_go().
 * Returns its name, borrowed; NULL on failure. Call it with d->lock held.
 */
const char *gv_docker_cache(struct gv_docker_cell *c, const struct gv_bind *b, const char *image,
			    struct gv_err *err) GV_MUST_CHECK;
void gv_docker_let_go(struct gv_docker *d);
/* Remove a filler whose gover has ended, and its volume if that is incomplete. */
void gv_docker_cache_orphan(struct gv_api *api, const char *filler, const char *volume);
/* Remove volumes that were unused for a week. */
void gv_docker_cache_sweep(struct gv_docker *d);
/* Remove one of "containers" or "volumes". A volume that a container uses stays. */
void gv_docker_discard(struct gv_api *api, const char *kind, const char *name);

/* The command that runs in the container. */
struct gv_docker_command {
	const char *image;
	const struct gv_strv *argv;
	const struct gv_strv *env; /* NULL: the agent sets it */
	const char *dir;
	bool input, terminal; /* stdin is connected; it is a terminal */
};

/* Write the body of /containers/create into `j`. body.c */
void gv_docker_body(struct gv_jsonout *j, const struct gv_docker_cell *c, const struct gv_cell_spec *spec,
		    const struct gv_docker_mounts *ms, const struct gv_docker_command *cmd);
/* Create the container with that body and set c->container. Errors: as gv_api_call(). */
int gv_docker_create(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms,
		     const struct gv_docker_command *cmd, struct gv_err *err) GV_MUST_CHECK;
/* Write the labels of a cell's container or volume: a member "Labels" of an open object. */
void gv_docker_labels(struct gv_jsonout *j, const struct gv_docker_cell *c, const struct gv_cell_spec *spec);

/* gv_engine_ops.enter: run a container from the kept cell's record on this terminal until it ends. enter.c */
int gv_docker_enter(struct gv_engine *e, const char *id, char *const argv[], int *status,
		    struct gv_err *err) GV_MUST_CHECK;

/* Wait until every destroyed cell is removed. */
void gv_docker_settle(struct gv_docker *d);

/* Make a cell with its own connection and no container yet. Takes ownership of `id`, on failure too. */
struct gv_docker_cell *gv_docker_cell_new(struct gv_docker *d, char *id, struct gv_err *err) GV_MUST_CHECK;
/* Functions of gv_engine_ops for a cell's life, see engine.h. cell.c */
struct gv_cell *gv_docker_start(struct gv_engine *e, const struct gv_cell_spec *spec, struct gv_err *err) GV_MUST_CHECK;
int gv_docker_read(struct gv_cell *cell, char **json, size_t *len, struct gv_err *err) GV_MUST_CHECK;
int gv_docker_finish(struct gv_cell *cell, struct gv_cell_end *end, struct gv_err *err) GV_MUST_CHECK;
int gv_docker_keep(struct gv_cell *cell, int64_t until, struct gv_err *err) GV_MUST_CHECK;
/* gv_engine_ops.destroy: a thread removes a container that is not kept; gv_docker_settle() waits for that thread. */
void gv_docker_destroy(struct gv_cell *cell);

#endif
