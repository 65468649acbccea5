/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"

/* A copy of one part of the URL, not owned by libcurl; NULL when the URL has no such part. */
static char *
part(CURLU *cu, CURLUPart what, unsigned flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(cu, what, &text, flags) != CURLUE_OK)
		return NULL;
	copy = gv_xstrdup(text);
	curl_free(text);
	return copy;
}

static void
lower(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
}

/* Remove the brackets of IPv6. */
static void
bare_host(char *host)
{
	size_t n = strlen(host);

	lower(host);
	if (n >= 2 && host[0] == '[' && host[n - 1] == ']') {
		memmove(host, host + 1, n - 2);
		host[n - 2] = '\0';
	}
}

static int
take_apart(struct gv_url *u, CURLU *cu)
{
	u->scheme = part(cu, CURLUPART_SCHEME, 0);
	u->host = part(cu, CURLUPART_HOST, 0);
	u->port = part(cu, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	u->path = part(cu, CURLUPART_PATH, 0);
	u->user = part(cu, CURLUPART_USER, CURLU_URLDECODE);
	u->password = part(cu, CURLUPART_PASSWORD, CURLU_URLDECODE);
	if (curl_url_set(cu, CURLUPART_USER, NULL, 0) != CURLUE_OK ||
	    curl_url_set(cu, CURLUPART_PASSWORD, NULL, 0) != CURLUE_OK ||
	    curl_url_set(cu, CURLUPART_FRAGMENT, NULL, 0) != CURLUE_OK)
		return -1;
	u->plain = part(cu, CURLUPART_URL, 0);
	if (u->scheme == NULL || u->host == NULL || u->port == NULL || u->path == NULL || u->plain == NULL)
		return -1;
	lower(u->scheme);
	bare_host(u->host);
	return strcmp(u->scheme, "http") == 0 || strcmp(u->scheme, "https") == 0 ? 0 : -1;
}

int
gv_url_parse(struct gv_url *u, const char *text, struct gv_err *err)
{
	struct gv_url got = { 0 };
	const char *slashes = strstr(text, "://");
	CURLU *cu = curl_url();
	int rc = -1;

	if (cu == NULL)
		abort();
	/* libcurl accepts one to three slashes. */
	if (slashes != NULL && slashes[3] != '/' && curl_url_set(cu, CURLUPART_URL, text, 0) == CURLUE_OK)
		rc = take_apart(&got, cu);
	curl_url_cleanup(cu);
	if (rc < 0) {
		gv_autofree char *shown = gv_url_shown(text);

		gv_url_release(&got);
		return gv_err_set(err, GV_EFORMAT, "'%s' is not an http or https URL", shown);
	}
	*u = got;
	return 0;
}

void
gv_url_release(struct gv_url *u)
{
	free(u->scheme);
	free(u->host);
	free(u->port);
	free(u->user);
	free(u->password);
	free(u->path);
	free(u->plain);
	memset(u, 0, sizeof(*u));
}

char *
gv_url_shown(const char *text)
{
	const char *authority = strstr(text, "://"), *at = NULL;

	if (authority == NULL)
		return gv_xstrdup(text);
	authority += 3;
	/* Take the last '@': a password may hold one that was not escaped. */
	for (const char *p = authority; *p != '\0' && strchr("/?#", *p) == NULL; p++)
		if (*p == '@')
			at = p;
	if (at == NULL)
		return gv_xstrdup(text);
	return gv_xasprintf("%.*s%s", (int)(authority - text), text, at + 1);
}

bool
gv_url_is_loopback(const struct gv_url *u)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (strcmp(u->host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, u->host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, u->host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool
gv_url_same_origin(const struct gv_url *a, const struct gv_url *b)
{
	return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->host, b->host) == 0 && strcmp(a->port, b->port) == 0;
}
