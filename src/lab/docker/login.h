/* SPDX-License-Identifier: MIT */
#ifndef GV_DOCKER_LOGIN_H
#define GV_DOCKER_LOGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * The credentials with which an engine pulls the user's image from a registry: what `docker login` left in config.json
 * of $DOCKER_CONFIG (~/.docker; docker/cli, cli/config):
 *
 *	{"auths": {"HOST": {"auth": "base64 of USER:PASSWORD", "identitytoken": "..."}},
 *	 "credHelpers": {"HOST": "NAME"}, "credsStore": "NAME"}
 *
 * We ask the host's helper, else credsStore, else use auths. NAME is the program docker-credential-NAME
 * (docker/docker-credential-helpers): "get" with the host on its standard input answers {"Username": "...", "Secret":
 * "..."}; for the user "<token>" the secret is an identity token. An engine that gets no credentials uses its own
 * (Podman: auth.json).
 */
struct gv_credentials {
	char *user, *secret; /* NULL: there are none */
	char *token;         /* or an identity token */
};

/* Free the contents, not `c`. For tests. */
void gv_credentials_release(struct gv_credentials *c);

/* Docker's own registry, as config.json calls it. */
#define GV_REGISTRY_DOCKER "https://index.docker.io/v1/"

/*
 * The registry that `image` means: its host ("host:5000/x", "localhost/x"), or Docker's for docker.io and for a name
 * without a host. The docker command does the same. We do not ask the engine, because it could then choose whose
 * password it gets. Caller frees.
 */
char *gv_registry_server(const char *image);
/* Whether `image` has a host. */
bool gv_registry_is_named(const char *image);

/*
 * Look up `server` in the text of config.json: gives credentials, or in `*helper` (caller frees) the NAME of the helper
 * to ask. Errors: GV_EFORMAT. For tests.
 */
int gv_registry_lookup(const char *text, size_t len, const char *server, struct gv_credentials *c, char **helper,
		       struct gv_err *err) GV_MUST_CHECK;

/*
 * Make the header "X-Registry-Auth: ..." (base64url of JSON) for a pull from `server` (caller frees); NULL if there are
 * no credentials for it. Errors: GV_EFORMAT (config.json or a helper's answer), GV_EFAIL (a helper is missing or
 * fails).
 */
int gv_registry_header(const char *server, char **header, struct gv_err *err) GV_MUST_CHECK;

#endif
