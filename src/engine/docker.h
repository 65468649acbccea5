/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_DOCKER_H
#define GV_ENGINE_DOCKER_H

#include <pthread.h>

#include "engine/api.h"
#include "engine/endpoint.h"
#include "engine/frames.h"
#include "engine/mux.h"
#include "engine/ops.h"
#include "engine/record.h"
#include "util/strv.h"

/*
 * Docker and Podman. A cell is: image there? -> create -> attach -> start -> stream to its end -> wait -> inspect -> delete.
 * AutoRemove is not used: state and out-of-memory flag would go with the container. Attach, not logs: a log driver cuts.
 * Each cell has a connection of its own, because it runs in a thread of its own.
 *
 * Labels: dev.gover.run, .cell, .deadline (Unix; later the container is nobody's), .owner ("BOOT-ID:PID:START": whether its gover
 * still lives, where that is on this machine). Those of volumes that outlive cells are below.
 */
#define GV_DOCKER_AGENT_DIR "/gover/agent.d" /* with "agent" in it: where neither image nor bind can bring it */

#define GV_DOCKER_PUT_S     120 /* without a byte going to the engine */

/* Labels: the key of a volume that outlives cells; the first volume of a container that never starts. */
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
	pthread_mutex_t lock; /* images and volumes are made by one thread at a time */
	char *image[2];       /* id of ours once it is loaded: without and with libc */
	char *owner;
	char *index;          /* of the registry that an image name without a host means */
	bool keep_id;        /* rootless Podman: --userns=keep-id */
	bool limits_memory, limits_pids; /* else the agent watches */
	pthread_t *removals; /* threads that remove cells which are over */
	size_t n_removals;
	unsigned n_cells; /* so far */
	struct gv_docker_held *held;
	size_t n_held;
};

struct gv_docker_cell {
	struct gv_cell base;
	struct gv_api api;
	char *name;             /* "gover-ID-NUMBER", of the container; its volumes' begin so. Never used twice */
	char *container;        /* id, NULL before create */
	struct gv_strv volumes; /* of this cell alone */
	struct gv_unix_call *attach;
	struct gv_mux mux;
	struct gv_frames frames;
	char said[2048]; /* stderr of the agent, errors of the daemon */
	size_t said_len;
	int64_t deadline_ms;     /* monotonic: later it hangs */
	struct gv_record record; /* of one that may be kept */
	bool kept;
	bool from_root;   /* the agent starts as root, to own volumes, and drops to the user */
	int64_t heard_ms; /* monotonic: when the stream last brought something */
	bool lost;        /* the engine is not there any more: it is not waited for long */
};

/* The image for this cell, loaded or pulled when missing: id or name, borrowed. docker_image.c */
const char *gv_docker_image(struct gv_docker *d, struct gv_api *api, const struct gv_cell_spec *spec,
			    struct gv_err *err) GV_MUST_CHECK;

/* A mount of a cell as the API wants it. */
struct gv_docker_mount {
	char *volume; /* name, or NULL: a bind of `source` */
	char *source;
	char *target;
	bool writable;
	bool fill; /* the volume is this cell's, and begins with what `source` has */
};

struct gv_docker_mounts {
	struct gv_docker_mount *m;
	size_t n;
};

void gv_docker_mounts_free(struct gv_docker_mounts *ms);
void gv_docker_mounts_add(struct gv_docker_mounts *ms, const char *volume, const char *source, const char *target,
			  bool writable);

/*
 * The directories of a spec: binds where the engine shares our file system, else volumes that are filled through a container
 * that never starts. docker_volume.c
 */
int gv_docker_places(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const char *image,
		     struct gv_docker_mounts *ms, struct gv_err *err) GV_MUST_CHECK;
void gv_docker_remove_volumes(struct gv_docker_cell *c);

/* A container that never starts, only so that files can be put into its volumes, at /v0, /v1 ... Its id; caller frees. */
char *gv_docker_filler(const struct gv_docker *d, struct gv_api *api, const char *image, const struct gv_strv *volumes,
		       struct gv_err *err) GV_MUST_CHECK;

/*
 * Volumes that outlive cells, see docker_cache.c. The one for a bind with `cache`, filled when there is none yet, and held until
 * gv_docker_let_go(): its name, borrowed. Under d->lock.
 */
const char *gv_docker_cache(struct gv_docker_cell *c, const struct gv_bind *b, const char *image,
			    struct gv_err *err) GV_MUST_CHECK;
void gv_docker_let_go(struct gv_docker *d);
/* Remove a filler whose gover is gone, and its volume when that was not filled to the end. */
void gv_docker_cache_orphan(struct gv_api *api, const char *filler, const char *volume);
/* Remove what nobody used for a week. */
void gv_docker_cache_sweep(struct gv_docker *d);
/* Remove one of "containers" or "volumes"; a volume that a container has stays. */
void gv_docker_discard(struct gv_api *api, const char *kind, const char *name);

/* What runs in the container. */
struct gv_docker_command {
	const char *image;
	const struct gv_strv *argv;
	const struct gv_strv *env; /* NULL: the agent makes its own */
	const char *dir;
	bool input, terminal; /* stdin is connected; and is a terminal */
};

/* The body of /containers/create. docker_body.c */
void gv_docker_body(struct gv_jsonout *j, const struct gv_docker_cell *c, const struct gv_cell_spec *spec,
		    const struct gv_docker_mounts *ms, const struct gv_docker_command *cmd);
/* Create the container "gover-ID" from it: c->container. */
int gv_docker_create(struct gv_docker_cell *c, const struct gv_cell_spec *spec, const struct gv_docker_mounts *ms,
		     const struct gv_docker_command *cmd, struct gv_err *err) GV_MUST_CHECK;
/* Labels of what belongs to a cell: an object "Labels" in an open object. */
void gv_docker_labels(struct gv_jsonout *j, const struct gv_docker_cell *c, const struct gv_cell_spec *spec);

/* Start c->container with this terminal and wait for its end. docker_enter.c */
int gv_docker_enter(struct gv_engine *e, const char *id, char *const argv[], int *status,
		    struct gv_err *err) GV_MUST_CHECK;

/* Wait until every cell that was destroyed is really gone. */
void gv_docker_settle(struct gv_docker *d);

struct gv_docker_cell *gv_docker_cell_new(struct gv_docker *d, char *id, struct gv_err *err) GV_MUST_CHECK;
void gv_docker_destroy(struct gv_cell *cell);

extern const struct gv_engine_ops gv_docker_cell_ops;
void gv_docker_reap(struct gv_engine *e);

#endif
