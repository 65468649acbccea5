/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_PROXY_H
#define GV_NET_PROXY_H

#include <stdbool.h>

#include "net/url.h"

/*
 * Which proxy a request uses, as Go's net/http decides (golang.org/x/net/http/httpproxy, FromEnvironment and
 * ProxyFunc): HTTP_PROXY for http, HTTPS_PROXY for https; upper case is read before lower case. NO_PROXY names the
 * hosts that need no proxy. Its entries:
 *
 *	*                        no proxy at all
 *	10.0.0.0/8  fd00::/8     addresses (names are not resolved)
 *	1.2.3.4[:port]  [::1]:80
 *	example.com[:port]       the name and everything below it
 *	.example.com  *.example.com   only names below it
 *
 * Localhost and loopback addresses never use a proxy.
 */
struct gv_proxies {
	char *http; /* proxy URL, or NULL */
	char *https;
	char *no_proxy; /* "" when unset */
	bool cgi;       /* REQUEST_METHOD is set, so a request header may have set HTTP_PROXY */
};

/* Read the environment. */
void gv_proxies_init(struct gv_proxies *p);
/* Frees the contents, not `p`. */
void gv_proxies_release(struct gv_proxies *p);

/*
 * *proxy is a proxy URL as libcurl reads it, or NULL for a direct connection. Borrowed.
 * Errors: GV_EUSAGE for HTTP_PROXY under CGI.
 */
int gv_proxies_find(const struct gv_proxies *p, const struct gv_url *u, const char **proxy,
		    struct gv_err *err) GV_MUST_CHECK;

/* Whether an entry of NO_PROXY matches. For tests. */
bool gv_no_proxy_match(const char *no_proxy, const char *host, const char *port);

#endif
