/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "docker/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/lines.h"
#include "util/num.h"
#include "util/text.h"

#define REPLY_MAX   (32u << 20) /* bytes; a list of thousands of containers */
#define VERSION_MAX 8           /* bytes of "999.9999" */

/* Parse "M.m"; false for anything else. */
static bool
read_version(const char *s, uint64_t version[2])
{
	const char *dot = gv_num_prefix(s, 999, &version[0]);

	return strlen(s) <= VERSION_MAX && dot != NULL && *dot == '.' && gv_num_u64(dot + 1, 9999, &version[1]) == 0;
}

int
gv_api_version_cmp(const char *a, const char *b)
{
	uint64_t x[2] = { 0 }, y[2] = { 0 };

	read_version(a, x);
	read_version(b, y);
	return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] != y[1] ? (x[1] < y[1] ? -1 : 1) : 0;
}

/* Ask /version, which every engine has; HEAD /_ping differs between engines. */
static int
negotiate(struct gv_api *api, struct gv_err *err)
{
	const char *wanted = getenv("DOCKER_API_VERSION"), *server = NULL, *name;
	gv_autofree char *body = NULL;
	gv_autojson struct gv_json j = { 0 };
	struct gv_json components, part;
	uint64_t version[2];
	size_t len;
	long status;

	if (gv_unix_do(api->conn, &(struct gv_unix_request){ .method = "GET", .path = "/version", .idle_s = 30 },
		       REPLY_MAX, &status, &body, &len, err) < 0)
		return -1;
	if (status != 200 || gv_json_parse(&j, body, len, err) < 0 || gv_json_want_object(&j, err) < 0 ||
	    gv_json_str(&j, "ApiVersion", &server, err) < 0 || !read_version(server, version))
		return gv_err_set(err, GV_EFORMAT, "the server there is not a Docker or Podman engine (status %ld)",
				  status);
	if (gv_json_has(&j, "Components") && gv_json_array(&j, "Components", &components, err) == 0)
		for (size_t i = 0; i < gv_json_len(&components); i++)
			if (gv_json_at(&components, i, &part, err) == 0 &&
			    gv_json_str(&part, "Name", &name, err) == 0 && strncmp(name, "Podman", 6) == 0)
				api->podman = true;
	if (wanted != NULL && read_version(wanted, version))
		server = wanted;
	else if (gv_api_version_cmp(server, GV_API_OURS) > 0)
		server = GV_API_OURS;
	gv_text_fit(api->version, sizeof(api->version), "%s", server);
	return 0;
}

int
gv_api_open(struct gv_api *api, const struct gv_unix_endpoint *ep, struct gv_err *err)
{
	*api = (struct gv_api){ .conn = gv_unix_new(ep, err) };
	if (api->conn == NULL)
		return -1;
	if (negotiate(api, err) < 0) {
		gv_api_close(api);
		return -1;
	}
	return 0;
}

int
gv_api_again(struct gv_api *api, const struct gv_api *from, const struct gv_unix_endpoint *ep, struct gv_err *err)
{
	*api = *from;
	api->conn = gv_unix_new(ep, err);
	return api->conn != NULL ? 0 : -1;
}

void
gv_api_close(struct gv_api *api)
{
	gv_unix_free(api->conn);
	api->conn = NULL;
}

/* {"message":"..."}; Podman adds "cause". */
static int
refused(const char *method, const char *path, long status, const char *body, size_t len, struct gv_err *err)
{
	gv_autojson struct gv_json j = { 0 };
	struct gv_err ignored = GV_ERR_INIT;
	const char *message = NULL;
	gv_autofree char *line = NULL;
	int shown = (int)strcspn(path, "?");

	if (gv_json_parse(&j, body, len, &ignored) == 0 && gv_json_want_object(&j, &ignored) == 0 &&
	    gv_json_str(&j, "message", &message, &ignored) == 0) {
		line = gv_xstrdup(message);
		for (char *p = line; *p != '\0'; p++)
			if (*p == '\n')
				*p = ' ';
		return gv_err_set(err, GV_EFAIL, "the engine refused: %s", line);
	}
	return gv_err_set(err, GV_EFAIL, "the engine answered '%s %.*s' with status %ld", method, shown, path, status);
}

int
gv_api_bytes(struct gv_api *api, const struct gv_api_request *req, char **body, size_t *len, long *status,
	     struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("/v%s%s", api->version, req->path), *reply = NULL;
	struct gv_unix_request r = {
		.method = req->method,
		.path = path,
		.source = req->source,
		.header = req->header,
		.cleanup = req->cleanup,
		.idle_s = req->idle_s,
	};
	size_t n;
	long code = 0;
	int rc;

	if (req->body != NULL) {
		r.type = "application/json";
		r.body = gv_str_text(&req->body->out);
		r.body_len = req->body->out.len;
	} else if (req->source != NULL || req->tar != NULL) {
		r.type = "application/x-tar";
		r.body = req->tar;
		r.body_len = req->tar_len;
	}
	rc = gv_unix_do(api->conn, &r, REPLY_MAX, &code, &reply, &n, err);
	if (req->body != NULL)
		gv_str_release(&req->body->out);
	if (rc < 0)
		return -1;
	if (status != NULL)
		*status = code;
	if ((code < 200 || code > 299) && code != req->also)
		return refused(req->method, req->path, code, reply, n, err);
	*body = gv_steal_ptr(&reply);
	*len = n;
	return 0;
}

int
gv_api_call(struct gv_api *api, const struct gv_api_request *req, struct gv_json *out, long *status, struct gv_err *err)
{
	gv_autofree char *body = NULL;
	size_t len;

	if (gv_api_bytes(api, req, &body, &len, status, err) < 0)
		return -1;
	return out != NULL && len > 0 ? gv_json_parse(out, body, len, err) : 0;
}

int
gv_api_progress(struct gv_api *api, const struct gv_api_request *req, struct gv_err *err)
{
	gv_autofree char *body = NULL;
	struct gv_lines in;
	size_t len;

	if (gv_api_bytes(api, req, &body, &len, NULL, err) < 0)
		return -1;
	gv_lines_init(&in, body, len, GV_LINES_CRLF);
	while (gv_lines_next(&in)) {
		gv_autojson struct gv_json j = { 0 };
		struct gv_json detail;
		struct gv_err ignored = GV_ERR_INIT;
		const char *message;

		if (gv_json_parse(&j, in.line, in.len, &ignored) == 0 && gv_json_want_object(&j, &ignored) == 0 &&
		    gv_json_object(&j, "errorDetail", &detail, &ignored) == 0 &&
		    gv_json_str(&detail, "message", &message, &ignored) == 0)
			return gv_err_set(err, GV_EFAIL, "the engine failed: %s", message);
	}
	return 0;
}

struct gv_unix_duplex *
gv_api_upgrade(struct gv_api *api, const char *path, struct gv_err *err)
{
	gv_autofree char *full = gv_xasprintf("/v%s%s", api->version, path), *refusal = NULL;
	struct gv_unix_duplex *d;
	long status;

	d = gv_unix_upgrade(api->conn, full, &status, &refusal, err);
	if (d == NULL && refusal != NULL)
		refused("POST", path, status, refusal, strlen(refusal), err);
	return d;
}
