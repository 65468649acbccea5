/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_REGISTRY_H
#define GV_ENGINE_REGISTRY_H

#include <stddef.h>

#include "util/err.h"

/*
 * Who the user is to a registry, when an engine pulls an image of his: what `docker login` left in config.json of
 * $DOCKER_CONFIG (~/.docker; docker/cli, cli/config):
 *
 *	{"auths": {"HOST": {"auth": "base64 of USER:PASSWORD", "identitytoken": "..."}},
 *	 "credHelpers": {"HOST": "NAME"}, "credsStore": "NAME"}
 *
 * A helper of the host, else the store, else auths. NAME is the program docker-credential-NAME (docker/docker-credential-helpers):
 * "get" with the host on its standard input answers {"Username": "...", "Secret": "..."}; the user "<token>" has an identity token.
 * An engine that gets no credentials uses its own: Podman has auth.json.
 */
struct gv_credentials {
	char *user, *secret; /* NULL: there are none */
	char *token;         /* or an identity token */
};

void gv_credentials_free(struct gv_credentials *c);

/*
 * The registry that `image` names ("host:5000/x", "localhost/x"), or `index`, the engine's IndexServerAddress
 * ("https://index.example/v1/"), for a name without a host and for the host that `index` is the index of. Caller frees.
 */
char *gv_registry_server(const char *image, const char *index);

/* What config.json has for `server`: credentials, or in `*helper` (caller frees) the NAME to ask. Errors: GV_EFORMAT. */
int gv_registry_lookup(const char *text, size_t len, const char *server, struct gv_credentials *c, char **helper,
		       struct gv_err *err) GV_MUST_CHECK;

/*
 * "X-Registry-Auth: ..." (base64url of JSON) for pulling from `server`, NULL in `*header` when nothing is known of it. Caller
 * frees. Errors: GV_EFORMAT (config.json, or what a helper answers), GV_EFAIL (a helper that is missing or fails).
 */
int gv_registry_header(const char *server, char **header, struct gv_err *err) GV_MUST_CHECK;

/* What the helper NAME has: nothing, when it knows no such server. credhelper.c */
int gv_credhelper_ask(const char *name, const char *server, struct gv_credentials *c, struct gv_err *err) GV_MUST_CHECK;

#endif
