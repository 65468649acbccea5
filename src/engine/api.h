/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_API_H
#define GV_ENGINE_API_H

#include <stdbool.h>
#include <stdint.h>

#include "json/json.h"
#include "net/unix.h"
#include "ui/jsonout.h"
#include "util/err.h"

/*
 * The Engine API (moby api/docs), spoken by Docker and Podman.
 *
 * Its version is negotiated: /version, asked without one, says what the server has, and we use the smaller of that and ours.
 * The server has a minimum too (Engine 29.0 wanted 1.44, later ones 1.40), so a fixed one would not do. DOCKER_API_VERSION
 * overrules.
 */
#define GV_API_OURS "1.47"

struct gv_api {
	struct gv_unix *conn;
	char version[16]; /* "1.41" */
	bool podman;
};

struct gv_api_request {
	const char *method;
	const char *path;        /* below the version: "/images/json" */
	struct gv_jsonout *body; /* freed by the call; or NULL */
	const void *tar;         /* or "application/x-tar" in memory, */
	size_t tar_len;
	struct gv_source *source; /* or as a stream; not closed */
	const char *header;       /* one more, or NULL */
	bool cleanup;
	unsigned idle_s;
	long also; /* a status besides 2xx that is no failure: 404, 304 */
};

/* Connect and negotiate. Errors: GV_ENET nobody there, GV_EFORMAT not an engine. */
int gv_api_open(struct gv_api *api, const struct gv_unix_endpoint *ep, struct gv_err *err) GV_MUST_CHECK;
/* A second connection to the same place, for another thread. */
int gv_api_again(struct gv_api *api, const struct gv_api *from, const struct gv_unix_endpoint *ep,
		 struct gv_err *err) GV_MUST_CHECK;
void gv_api_close(struct gv_api *api);

/*
 * Call and parse the reply (`out` may be NULL; it is empty, and not to be asked, when the reply has no body). `*status` (may be
 * NULL) is set whenever the server answered. Errors: GV_EFAIL with the server's message, GV_ENET.
 */
int gv_api_call(struct gv_api *api, const struct gv_api_request *req, struct gv_json *out, long *status,
		struct gv_err *err) GV_MUST_CHECK;

/* The same, with the reply as it comes; caller frees. */
int gv_api_bytes(struct gv_api *api, const struct gv_api_request *req, char **body, size_t *len, long *status,
		 struct gv_err *err) GV_MUST_CHECK;

/*
 * A call that answers with progress, JSON texts one after the other, and status 200 whatever happens: a failure is an
 * "errorDetail" among them.
 */
int gv_api_progress(struct gv_api *api, const struct gv_api_request *req, struct gv_err *err) GV_MUST_CHECK;

/* A call whose answer is a stream; a status that is no 2xx is an error as above. */
struct gv_unix_call *gv_api_stream(struct gv_api *api, const char *method, const char *path,
				   struct gv_err *err) GV_MUST_CHECK;

/* "1.41" < "1.9"? Compares as numbers: <0, 0, >0. */
int gv_api_version_cmp(const char *a, const char *b);

#endif
