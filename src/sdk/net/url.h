/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_URL_H
#define GV_NET_URL_H

#include <stdbool.h>

#include "util/err.h"

/* An http or https URL and its parts. */
struct gv_url {
	char *scheme;   /* "http" or "https" */
	char *host;     /* lower case, IPv6 without brackets */
	char *port;     /* "443"; the scheme's default when the URL names none */
	char *user;     /* decoded; NULL when there is no userinfo */
	char *password; /* decoded; NULL when there is none */
	char *path;     /* "/dl/", without the query */
	char *plain;    /* the whole URL without userinfo and fragment: what is requested and shown */
};

#define gv_autourl __attribute__((cleanup(gv_url_release)))

/* Parse a URL; gv_url_release() frees the parts. Errors: GV_EFORMAT for another scheme, or text that is not a URL. */
int gv_url_parse(struct gv_url *u, const char *text, struct gv_err *err) GV_MUST_CHECK;
void gv_url_release(struct gv_url *u);

/* For messages: any URL or path without its userinfo. Caller frees. */
char *gv_url_shown(const char *text) GV_MUST_CHECK;

/* "localhost", 127.0.0.0/8 or ::1: requests stay on this machine. */
bool gv_url_is_loopback(const struct gv_url *u);

/* True when scheme, host and port are the same. */
bool gv_url_same_origin(const struct gv_url *a, const struct gv_url *b);

#endif
