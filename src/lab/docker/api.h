/* SPDX-License-Identifier: MIT */
#ifndef GV_DOCKER_API_H
#define GV_DOCKER_API_H

#include <stdbool.h>
#include <stdint.h>

#include "json/json.h"
#include "net/daemon.h"
#include "util/err.h"
#include "util/jsonw.h"

/*
 * The Engine API (moby api/docs) of Docker and Podman.
 *
 * We negotiate its version: /version, requested without a version, reports the server's, and we use the smaller of that
 * and ours. A fixed version would not work, because servers have a minimum too (1.44 in Engine 29.0, 1.40 in later
 * ones). DOCKER_API_VERSION overrides both.
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
	const void *tar;         /* or a tar file in memory */
	size_t tar_len;
	struct gv_source *source; /* or a tar file as a stream; not closed by the call */
	const char *header;       /* one more header line, or NULL */
	bool cleanup;
	unsigned idle_s;
	long also; /* one status besides 2xx that is a success: 404, 304 */
};

/* Connect and negotiate. Errors: GV_ENET (no answer), GV_EFORMAT (not an engine). */
int gv_api_open(struct gv_api *api, const struct gv_unix_endpoint *ep, struct gv_err *err) GV_MUST_CHECK;
/* Open a second connection to the same endpoint, for another thread. Errors: GV_EUSAGE. */
int gv_api_again(struct gv_api *api, const struct gv_api *from, const struct gv_unix_endpoint *ep,
		 struct gv_err *err) GV_MUST_CHECK;
void gv_api_close(struct gv_api *api);

/*
 * Call and parse the reply into `out` (may be NULL), which stays empty when the reply has no body. `*status` (may be
 * NULL) is set whenever the server answered. Errors: GV_EFAIL with the server's message, GV_ENET.
 */
int gv_api_call(struct gv_api *api, const struct gv_api_request *req, struct gv_json *out, long *status,
		struct gv_err *err) GV_MUST_CHECK;

/* The same, but the reply is not parsed; caller frees `*body`. */
int gv_api_bytes(struct gv_api *api, const struct gv_api_request *req, char **body, size_t *len, long *status,
		 struct gv_err *err) GV_MUST_CHECK;

/*
 * A call whose reply reports progress: a sequence of JSON texts, always with status 200. An "errorDetail" among them is
 * a failure: GV_EFAIL.
 */
int gv_api_progress(struct gv_api *api, const struct gv_api_request *req, struct gv_err *err) GV_MUST_CHECK;

/*
 * A POST that becomes a two-way connection (gv_unix_upgrade()); gv_unix_duplex_free() ends it. Any status but 101 and
 * 200 is an error as above.
 */
struct gv_unix_duplex *gv_api_upgrade(struct gv_api *api, const char *path, struct gv_err *err) GV_MUST_CHECK;

/* Compare versions number by number, so "1.9" < "1.41": <0, 0, >0. For tests. */
int gv_api_version_cmp(const char *a, const char *b);

#endif
