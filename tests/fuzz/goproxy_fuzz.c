/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/goproxy.h"
#include "fetch/gosettings.h"
#include "fetch/refresh.h"
#include "net/netrc.h"
#include "net/proxy.h"
#include "net/url.h"
#include "util/alloc.h"
#include "util/auto.h"

/* The small texts that say where to connect: GOPROXY, GONOPROXY, NO_PROXY, netrc, `go env -w` files, module lists. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_places(const char *text)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_places places;

	if (gv_goproxy_parse(&places, text, &err) < 0)
		return;
	for (size_t i = 0; i < places.n; i++) {
		bool has_base = places.v[i].kind == GV_PLACE_URL || places.v[i].kind == GV_PLACE_DIR;

		if (has_base != (places.v[i].base != NULL) ||
		    (places.v[i].kind == GV_PLACE_DIR && places.v[i].base[0] != '/'))
			abort();
	}
	gv_places_release(&places);
}

static void
check_url(const char *text)
{
	gv_autofree char *shown __attribute__((unused)) = gv_url_shown(text);
	gv_autourl struct gv_url u = { 0 };
	struct gv_err err = GV_ERR_INIT;
	struct gv_netrc netrc;

	gv_netrc_parse(&netrc, text, strlen(text));
	if (gv_url_parse(&u, text, &err) == 0) {
		const char *slash = strchr(u.plain + strlen(u.scheme) + 3, '/');
		const char *at = strchr(u.plain, '@');

		if (at != NULL && (slash == NULL || at < slash))
			abort();
		gv_no_proxy_match(text, u.host, u.port);
		gv_netrc_find(&netrc, &u);
	}
	gv_no_proxy_match(text, "10.1.2.3", "80");
	gv_netrc_release(&netrc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gv_autofree char *text = gv_xstrndup((const char *)data, size);
	gv_autostrv struct gv_strv lines = GV_STRV_INIT, versions = GV_STRV_INIT;

	check_places(text);
	check_url(text);
	gv_goproxy_match(text, "golang.org/toolchain");
	gv_gosettings_parse(&lines, (const char *)data, size);
	gv_toolchain_list_parse(&versions, (const char *)data, size, "linux-amd64");
	return 0;
}
