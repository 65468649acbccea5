/* SPDX-License-Identifier: MIT */
#ifndef GV_DOCKER_ENDPOINT_H
#define GV_DOCKER_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "net/daemon.h"
#include "util/err.h"
#include "util/strv.h"

/*
 * Where an engine may be, in the order of the docker command (measured with CLI 28): DOCKER_HOST; else the context that
 * DOCKER_CONTEXT or currentContext of $DOCKER_CONFIG/config.json (~/.docker) names, from contexts/meta/<sha256 of the
 * name>/meta.json; then /var/run/docker.sock. After those we try CONTAINER_HOST, $XDG_RUNTIME_DIR/docker.sock,
 * $XDG_RUNTIME_DIR/podman/podman.sock and /run/podman/podman.sock.
 */
struct gv_endpoint {
	char *from;      /* "DOCKER_HOST", "context 'x'", "usual place" */
	char *host;      /* "unix:///run/x.sock", "tcp://h:2376", "ssh://user@h" */
	char *tls;       /* directory with ca.pem, cert.pem, key.pem, or NULL */
	bool asked;      /* the user named it */
	bool unverified; /* its context asks for TLS without verification, which we refuse */
};

struct gv_endpoints {
	struct gv_endpoint *e;
	size_t n;
};

/* $DOCKER_CONFIG, else ~/.docker; NULL without a home. Caller frees. */
char *gv_docker_config_dir(void);

/*
 * List the endpoints; gv_endpoints_release() frees the contents. Adds to `why` a line for each file it could not read.
 */
void gv_endpoints_find(struct gv_endpoints *list, struct gv_strv *why);
void gv_endpoints_release(struct gv_endpoints *list);

/* Read a context's meta.json: its Docker host (caller frees). Errors: GV_EFORMAT. For tests. */
int gv_context_parse(const char *text, size_t len, char **host, bool *skip_verify, struct gv_err *err) GV_MUST_CHECK;

/* An endpoint ready for use: paths and URLs, and for ssh the tunnel's process. */
struct gv_route {
	struct gv_unix_endpoint ep; /* points into the strings below */
	char *socket, *url, *ca, *cert, *key;
	bool remote;
	pid_t ssh;
	char *far; /* the engine's socket on the remote host */
	char *tunnel_dir;
};

/*
 * Open a route: unix:// directly; tcp:// as https with certificates (plain TCP is refused); ssh:// through a tunnel of
 * the ssh program (BatchMode: it never prompts). gv_route_close() ends it. Errors: GV_EUSAGE, GV_ENET, GV_EIO.
 */
int gv_route_open(struct gv_route *r, const struct gv_endpoint *e, struct gv_err *err) GV_MUST_CHECK;
void gv_route_close(struct gv_route *r);

#endif
