/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/proxy.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/num.h"

/* An IPv4 address is kept as ::ffff:a.b.c.d, so that one comparison works for both kinds. */
struct addr {
	unsigned char b[16];
};

static bool
parse_addr(struct addr *a, const char *text)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET, text, a->b + 12) == 1) {
		memcpy(a->b, mapped, sizeof(mapped));
		return true;
	}
	return inet_pton(AF_INET6, text, a->b) == 1;
}

static bool
same_prefix(const struct addr *a, const struct addr *b, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;

	if (memcmp(a->b, b->b, bytes) != 0)
		return false;
	return rest == 0 || (a->b[bytes] ^ b->b[bytes]) >> (8 - rest) == 0;
}

/* 1: `entry` is a network that holds `host`; 0: it does not hold it; -1: `entry` is not a network. */
static int
match_network(char *entry, const struct addr *host)
{
	char *slash = strchr(entry, '/');
	struct addr net;
	uint64_t bits;
	bool v4;

	if (slash == NULL)
		return -1;
	*slash = '\0';
	v4 = strchr(entry, ':') == NULL;
	if (gv_num_u64(slash + 1, v4 ? 32 : 128, &bits) < 0 || !parse_addr(&net, entry)) {
		*slash = '/';
		return -1;
	}
	return host != NULL && same_prefix(&net, host, (unsigned)bits + (v4 ? 96 : 0));
}

/* Split "name:port" or "[::1]:port". A bare IPv6 address has no port. Returns the host, NULL when malformed. */
static char *
split_port(char *entry, const char **port)
{
	char *colon = strrchr(entry, ':'), *end = NULL;

	*port = "";
	if (entry[0] == '[') {
		end = strchr(entry, ']');
		if (end == NULL || end[1] != ':')
			return entry;
		*end = '\0';
		*port = end + 2;
		return entry + 1;
	}
	if (colon == NULL || strchr(entry, ':') != colon)
		return entry;
	*colon = '\0';
	*port = colon + 1;
	return entry[0] != '\0' ? entry : NULL;
}

static bool
match_name(const char *entry, const char *host)
{
	size_t n, have = strlen(host);

	if (entry[0] == '*' && entry[1] == '.')
		entry++;
	n = strlen(entry);
	if (entry[0] == '.')
		return have >= n && strcmp(host + have - n, entry) == 0;
	return strcmp(host, entry) == 0 ||
	       (have > n && host[have - n - 1] == '.' && strcmp(host + have - n, entry) == 0);
}

static bool
match_entry(char *entry, const char *host, const struct addr *addr, const char *want_port)
{
	const char *port;
	struct addr other;
	int in_network;
	char *name;

	in_network = match_network(entry, addr);
	if (in_network >= 0)
		return in_network;
	name = split_port(entry, &port);
	if (name == NULL || name[0] == '\0' || (port[0] != '\0' && strcmp(port, want_port) != 0))
		return false;
	if (parse_addr(&other, name))
		return addr != NULL && memcmp(&other, addr, sizeof(other)) == 0;
	return match_name(name, host);
}

static char *
trim(char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	for (n = strlen(s); n > 0 && isspace((unsigned char)s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

bool
gv_no_proxy_match(const char *no_proxy, const char *host, const char *port)
{
	gv_autofree char *list = gv_xstrdup(no_proxy);
	struct addr addr;
	bool is_addr = parse_addr(&addr, host), found = false;
	char *save = NULL;

	for (char *p = list; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	for (char *e = strtok_r(list, ",", &save); e != NULL; e = strtok_r(NULL, ",", &save)) {
		char *entry = trim(e);

		if (strcmp(entry, "*") == 0)
			return true;
		found = found || match_entry(entry, host, is_addr ? &addr : NULL, port);
	}
	return found;
}

static const char *
env_any(const char *upper, const char *other)
{
	const char *v = getenv(upper);

	if (v == NULL || v[0] == '\0')
		v = getenv(other);
	return v != NULL ? v : "";
}

/* As Go reads it: "host:port" gets http://. With socks5 and socks5h alike, the proxy resolves names. */
static char *
proxy_url(const char *text)
{
	if (text[0] == '\0')
		return NULL;
	if (strstr(text, "://") == NULL)
		return gv_xasprintf("http://%s", text);
	if (strncasecmp(text, "socks5://", 9) == 0)
		return gv_xasprintf("socks5h://%s", text + 9);
	return gv_xstrdup(text);
}

void
gv_proxies_init(struct gv_proxies *p)
{
	const char *method = getenv("REQUEST_METHOD");

	p->http = proxy_url(env_any("HTTP_PROXY", "http_proxy"));
	p->https = proxy_url(env_any("HTTPS_PROXY", "https_proxy"));
	p->no_proxy = gv_xstrdup(env_any("NO_PROXY", "no_proxy"));
	p->cgi = method != NULL && method[0] != '\0';
}

void
gv_proxies_release(struct gv_proxies *p)
{
	free(p->http);
	free(p->https);
	free(p->no_proxy);
	memset(p, 0, sizeof(*p));
}

int
gv_proxies_find(const struct gv_proxies *p, const struct gv_url *u, const char **proxy, struct gv_err *err)
{
	bool secure = strcmp(u->scheme, "https") == 0;
	const char *found = secure ? p->https : p->http;

	*proxy = NULL;
	if (found == NULL)
		return 0;
	if (!secure && p->cgi)
		return gv_err_set(err, GV_EUSAGE, "HTTP_PROXY is not used while REQUEST_METHOD is set (CGI)");
	if (!gv_url_is_loopback(u) && !gv_no_proxy_match(p->no_proxy, u->host, u->port))
		*proxy = found;
	return 0;
}
