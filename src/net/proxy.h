/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_PROXY_H
#define GV_NET_PROXY_H

#include <stdbool.h>

#include "net/url.h"

/*
 * Which proxy a request goes through, as Go's net/http decides (golang.org/x/net/http/httpproxy,
 * FromEnvironment and ProxyFunc): HTTP_PROXY for http, HTTPS_PROXY for https, upper case before lower case,
 * NO_PROXY entries
 *
 *	*                        no proxy at all
 *	10.0.0.0/8  fd00::/8     addresses (never names: nothing is resolved)
 *	1.2.3.4[:port]  [::1]:80
 *	example.com[:port]       the name and everything below it
 *	.example.com  *.example.com   only what is below
 *
 * and never a proxy for localhost and loopback addresses.
 */
struct gv_proxies {
	char *http; /* proxy URL, or NULL */
	char *https;
	char *no_proxy; /* "" when unset */
	bool cgi;       /* REQUEST_METHOD is set: HTTP_PROXY may come from a request header */
};

void gv_proxies_init(struct gv_proxies *p);
void gv_proxies_free(struct gv_proxies *p);

/*
 * *proxy: a proxy URL as libcurl reads it, NULL for a direct connection; borrowed.
 * Errors: GV_EUSAGE for HTTP_PROXY under CGI.
 */
int gv_proxies_find(const struct gv_proxies *p, const struct gv_url *u, const char **proxy,
		    struct gv_err *err) GV_MUST_CHECK;

/* Whether an entry of NO_PROXY matches. */
bool gv_no_proxy_match(const char *no_proxy, const char *host, const char *port);

#endif
