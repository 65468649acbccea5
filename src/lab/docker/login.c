/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "docker/login.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "docker/endpoint.h"
#include "json/json.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/jsonw.h"
#include "util/path.h"
#include "util/spawn.h"
#include "verify/wire.h"

#define CONFIG_MAX (1u << 20)
#define SECRET_MAX (64u << 10) /* bytes of one entry; tokens of cloud registries are a few thousand long */
#define ANSWER_MAX (64u << 10) /* bytes of a helper's answer */
#define WAIT_MS    60000       /* a helper may ask the user to unlock a key store */

void
gv_credentials_release(struct gv_credentials *c)
{
	free(c->user);
	free(c->secret);
	free(c->token);
	*c = (struct gv_credentials){ 0 };
}

/* Find the host in an address of config.json: "https://HOST/v1/", "HOST". */
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

/* The length of the host in an image's name; 0: it has none. As in docker/distribution, reference/normalize.go. */
static size_t
host_len(const char *image)
{
	size_t n = strcspn(image, "/");
	gv_autofree char *host = gv_xstrndup(image, n);
	bool named = image[n] == '/' && (strpbrk(host, ".:") != NULL || strcmp(host, "localhost") == 0 ||
					 strpbrk(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL);

	return named ? n : 0;
}

bool
gv_registry_is_named(const char *image)
{
	return host_len(image) > 0;
}

char *
gv_registry_server(const char *image)
{
	gv_autofree char *host = gv_xstrndup(image, host_len(image));

	if (host[0] == '\0' || strcmp(host, "docker.io") == 0 || strcmp(host, "index.docker.io") == 0)
		return gv_xstrdup(GV_REGISTRY_DOCKER);
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

/* The member of `map` for that server, by its exact name, else by its host. Borrowed; NULL if there is none. */
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
	gv_credentials_release(c);
	return -1;
}

/* Parse a helper's answer. */
static int
read_answer(const char *program, const char *text, size_t len, struct gv_credentials *c, struct gv_err *err)
{
	gv_autojson struct gv_json j = { 0 };
	const char *user, *secret;

	if (gv_json_parse(&j, text, len, err) < 0 || gv_json_want_object(&j, err) < 0 ||
	    gv_json_str(&j, "Username", &user, err) < 0 || gv_json_str(&j, "Secret", &secret, err) < 0)
		return gv_err_wrap(err, "the answer of '%s'", program);
	if (strcmp(user, "<token>") == 0) {
		c->token = gv_xstrdup(secret);
	} else {
		c->user = gv_xstrdup(user);
		c->secret = gv_xstrdup(secret);
	}
	return 0;
}

/* Ask the helper NAME. No credentials is a success. */
static int
ask_helper(const char *name, const char *server, struct gv_credentials *c, struct gv_err *err)
{
	const char *path = getenv("PATH");
	gv_autofree char *file = gv_xasprintf("docker-credential-%s", name), *answer = NULL,
			 *program = strchr(name, '/') == NULL ? gv_path_program(&path, file) : NULL;
	struct gv_said said;

	*c = (struct gv_credentials){ 0 };
	if (program == NULL) {
		gv_err_set(err, GV_EFAIL, "no program '%s' on PATH; it holds the credentials for '%s'", file, server);
		return gv_err_help(err, "install it, or remove it from Docker's config.json");
	}
	if (gv_spawn_ask(
		&said,
		(struct gv_spawn){ .argv = (char *[]){ program, (char[]){ "get" }, NULL }, .err = GV_SPAWN_SHARE },
		server, ANSWER_MAX, WAIT_MS, err) < 0)
		return -1;
	answer = said.out;
	if (said.status == 0)
		return read_answer(program, answer, said.len, c, err);
	/* The helpers' library prints this on standard output for an unknown server. */
	if (strncmp(answer, "credentials not found", 21) == 0)
		return 0;
	answer[strcspn(answer, "\n")] = '\0';
	return gv_err_set(err, GV_EFAIL, "'%s' gave no credentials for '%s': %s", program, server, answer);
}

/* Find credentials in config.json or through the helper that it names. */
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
	return helper != NULL ? ask_helper(helper, server, c, err) : 0;
}

int
gv_registry_header(const char *server, char **header, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	struct gv_credentials c;
	struct gv_jsonout j;

	*header = NULL;
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
	gv_str_release(&j.out);
	gv_credentials_release(&c);
	return 0;
}
