/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "engine/endpoint.h"
#include "json/json.h"
#include "ui/jsonout.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "verify/wire.h"

#define CONFIG_MAX (1u << 20)
#define SECRET_MAX (64u << 10) /* bytes of one entry; tokens of cloud registries have a few thousand */

void
gv_credentials_free(struct gv_credentials *c)
{
	free(c->user);
	free(c->secret);
	free(c->token);
	*c = (struct gv_credentials){ 0 };
}

/* The host of an address as config.json may spell it: "https://HOST/v1/", "HOST". */
static size_t
host_of(const char **address)
{
	const char *scheme = strstr(*address, "://");

	if (scheme != NULL)
		*address = scheme + 3;
	return strcspn(*address, "/");
}

static bool
same_host(const char *a, const char *b)
{
	size_t na = host_of(&a), nb = host_of(&b);

	return na == nb && strncmp(a, b, na) == 0;
}

char *
gv_registry_server(const char *image, const char *index)
{
	size_t n = strcspn(image, "/");
	gv_autofree char *host = gv_xstrndup(image, n), *indexed = gv_xasprintf("index.%s", host);
	bool named = image[n] == '/' && (strpbrk(host, ".:") != NULL || strcmp(host, "localhost") == 0);

	if (!named || same_host(index, host) || same_host(index, indexed))
		return gv_xstrdup(index);
	return gv_steal_ptr(&host);
}

/* "auth": base64 of "USER:PASSWORD". */
static int
decode(const struct gv_json *entry, const char *auth, struct gv_credentials *c, struct gv_err *err)
{
	gv_autofree char *plain = gv_xcalloc(1, SECRET_MAX + 1);
	size_t n = 0;
	char *colon;

	if (!gv_wire_base64((uint8_t *)plain, SECRET_MAX, &n, auth, strlen(auth)) || strlen(plain) != n ||
	    (colon = strchr(plain, ':')) == NULL)
		return gv_json_fail(entry, "auth", err, "want the base64 of USER:PASSWORD");
	*colon = '\0';
	c->user = gv_xstrdup(plain);
	c->secret = gv_xstrdup(colon + 1);
	return 0;
}

static int
read_entry(const struct gv_json *entry, struct gv_credentials *c, struct gv_err *err)
{
	const char *auth = "", *token = "";

	if (gv_json_str_opt(entry, "auth", &auth, err) < 0 || gv_json_str_opt(entry, "identitytoken", &token, err) < 0)
		return -1;
	if (token[0] != '\0')
		c->token = gv_xstrdup(token);
	return auth[0] != '\0' ? decode(entry, auth, c, err) : 0;
}

/* The member of `map` for that server, by its very name, else by its host; NULL: none. Borrowed. */
static const char *
entry_of(const struct gv_json *map, const char *server)
{
	const char *found = NULL;

	for (const char *key = gv_json_next_key(map, NULL); key != NULL; key = gv_json_next_key(map, key)) {
		if (strcmp(key, server) == 0)
			return key;
		if (found == NULL && same_host(key, server))
			found = key;
	}
	return found;
}

int
gv_registry_lookup(const char *text, size_t len, const char *server, struct gv_credentials *c, char **helper,
		   struct gv_err *err)
{
	gv_autojson struct gv_json j = { 0 };
	struct gv_json map, entry;
	const char *name = "", *key;

	*c = (struct gv_credentials){ 0 };
	*helper = NULL;
	if (gv_json_parse(&j, text, len, err) < 0 || gv_json_want_object(&j, err) < 0 ||
	    gv_json_str_opt(&j, "credsStore", &name, err) < 0)
		return -1;
	if (gv_json_has(&j, "credHelpers")) {
		if (gv_json_object(&j, "credHelpers", &map, err) < 0)
			return -1;
		key = entry_of(&map, server);
		if (key != NULL && gv_json_str(&map, key, &name, err) < 0)
			return -1;
	}
	if (name[0] != '\0') {
		*helper = gv_xstrdup(name);
		return 0;
	}
	if (!gv_json_has(&j, "auths"))
		return 0;
	if (gv_json_object(&j, "auths", &map, err) < 0)
		return -1;
	key = entry_of(&map, server);
	if (key == NULL)
		return 0;
	if (gv_json_object(&map, key, &entry, err) == 0 && read_entry(&entry, c, err) == 0)
		return 0;
	gv_credentials_free(c);
	return -1;
}

/* From config.json, and whoever it sends us to. */
static int
find(const char *server, struct gv_credentials *c, struct gv_err *err)
{
	gv_autofree char *dir = gv_docker_config_dir(), *path = dir != NULL ? gv_path_join(dir, "config.json") : NULL,
			 *text = NULL, *helper = NULL;
	size_t len;
	int rc;

	*c = (struct gv_credentials){ 0 };
	if (path == NULL)
		return 0;
	if (gv_fs_read(AT_FDCWD, path, CONFIG_MAX, &text, &len, err) < 0) {
		if (err->sys != ENOENT)
			return -1;
		gv_err_clear(err);
		return 0;
	}
	rc = gv_registry_lookup(text, len, server, c, &helper, err);
	if (rc < 0)
		return gv_err_wrap(err, "'%s'", path);
	return helper != NULL ? gv_credhelper_ask(helper, server, c, err) : 0;
}

int
gv_registry_header(const char *server, char **header, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	struct gv_credentials c;
	struct gv_jsonout j;

	*header = NULL;
	if (server[0] == '\0')
		return 0; /* an engine that does not tell its index, Podman */
	if (find(server, &c, err) < 0)
		return -1;
	if (c.secret == NULL && c.token == NULL)
		return 0;
	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	if (c.token != NULL) {
		gv_jsonout_str(&j, "identitytoken", c.token);
	} else {
		gv_jsonout_str(&j, "username", c.user);
		gv_jsonout_str(&j, "password", c.secret);
	}
	gv_jsonout_str(&j, "serveraddress", server);
	gv_jsonout_close(&j, '}');
	text = gv_wire_base64url_text(gv_str_text(&j.out), j.out.len);
	*header = gv_xasprintf("X-Registry-Auth: %s", text);
	gv_str_free(&j.out);
	gv_credentials_free(&c);
	return 0;
}
