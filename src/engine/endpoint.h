/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_ENDPOINT_H
#define GV_ENGINE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "net/unix.h"
#include "util/err.h"
#include "util/strv.h"

/*
 * Where an engine may be, in the order of the docker command (measured with CLI 28): DOCKER_HOST; else DOCKER_CONTEXT, else
 * currentContext of $DOCKER_CONFIG/config.json (~/.docker), from contexts/meta/<sha256 of the name>/meta.json; else
 * /var/run/docker.sock. After those our own: CONTAINER_HOST, $XDG_RUNTIME_DIR/docker.sock, $XDG_RUNTIME_DIR/podman/podman.sock,
 * /run/podman/podman.sock.
 */
struct gv_endpoint {
	char *from;      /* "DOCKER_HOST", "context 'x'", "usual place" */
	char *host;      /* "unix:///run/x.sock", "tcp://h:2376", "ssh://user@h" */
	char *tls;       /* directory with ca.pem, cert.pem, key.pem, or NULL */
	bool asked;      /* the user named it */
	bool unverified; /* TLS without verification was asked for; refused */
};

struct gv_endpoints {
	struct gv_endpoint *e;
	size_t n;
};

/* $DOCKER_CONFIG, else ~/.docker; NULL without a home. Caller frees. */
char *gv_docker_config_dir(void);

/* `why` gets a line for what could not be read. */
void gv_endpoints_find(struct gv_endpoints *list, struct gv_strv *why);
void gv_endpoints_free(struct gv_endpoints *list);

/* meta.json of a context: its Docker host (caller frees). Errors: GV_EFORMAT. */
int gv_context_parse(const char *text, size_t len, char **host, bool *skip_verify, struct gv_err *err) GV_MUST_CHECK;

/* An endpoint made ready: paths and URLs, and for ssh the tunnel's process. */
struct gv_route {
	struct gv_unix_endpoint ep; /* points into the strings below */
	char *socket, *url, *ca, *cert, *key;
	bool remote;
	pid_t ssh;
	char *far; /* the socket at the other end of the tunnel */
	char *tunnel_dir;
};

/*
 * unix:// as it is; tcp:// is https and needs certificates, plain TCP is refused; ssh:// is a tunnel made by the ssh program
 * (BatchMode: it never asks). Errors: GV_EUSAGE, GV_ENET.
 */
int gv_route_open(struct gv_route *r, const struct gv_endpoint *e, struct gv_err *err) GV_MUST_CHECK;
void gv_route_close(struct gv_route *r);

#endif
