/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/netrc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

#define NETRC_MAX ((size_t)1 << 20)

static void
entry_free(struct gv_netrc_entry *e)
{
	free(e->machine);
	free(e->login);
	free(e->password);
	memset(e, 0, sizeof(*e));
}

void
gv_netrc_release(struct gv_netrc *n)
{
	for (size_t i = 0; i < n->n; i++)
		entry_free(&n->entries[i]);
	free(n->entries);
	memset(n, 0, sizeof(*n));
}

static void
replace(char **slot, const char *value)
{
	free(*slot);
	*slot = gv_xstrdup(value);
}

static void
take_pair(struct gv_netrc *n, struct gv_netrc_entry *open, const char *key, const char *value, bool *in_macro)
{
	if (strcmp(key, "machine") == 0) {
		entry_free(open);
		open->machine = gv_xstrdup(value);
	} else if (strcmp(key, "login") == 0) {
		replace(&open->login, value);
	} else if (strcmp(key, "password") == 0) {
		replace(&open->password, value);
	} else if (strcmp(key, "macdef") == 0) {
		*in_macro = true;
	}
	if (open->machine != NULL && open->login != NULL && open->password != NULL) {
		n->entries = gv_xreallocarray(n->entries, n->n + 1, sizeof(*n->entries));
		n->entries[n->n++] = *open;
		memset(open, 0, sizeof(*open));
	}
}

/* False: the line holds `default`. */
static bool
take_line(struct gv_netrc *n, struct gv_netrc_entry *open, char *line, bool *in_macro)
{
	char *save = NULL, *key, *value;

	while ((key = strtok_r(line, " \t\r\v\f", &save)) != NULL) {
		line = NULL;
		if (strcmp(key, "default") == 0)
			return false;
		value = strtok_r(NULL, " \t\r\v\f", &save);
		if (value == NULL)
			return true;
		take_pair(n, open, key, value, in_macro);
	}
	return true;
}

void
gv_netrc_parse(struct gv_netrc *n, const char *text, size_t len)
{
	gv_autofree char *copy = gv_xstrndup(text, len);
	struct gv_netrc_entry open = { 0 };
	struct gv_netrc got = { 0 };
	bool in_macro = false, more = true;

	for (char *line = copy, *next; line != NULL && more; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (!in_macro)
			more = take_line(&got, &open, line, &in_macro);
		else if (line[0] == '\0')
			in_macro = false;
	}
	entry_free(&open);
	*n = got;
}

int
gv_netrc_load(struct gv_netrc *n, struct gv_err *err)
{
	const char *named = getenv("NETRC"), *home = getenv("HOME");
	gv_autofree char *path = NULL, *text = NULL;
	struct gv_err e = GV_ERR_INIT;
	size_t len = 0;

	memset(n, 0, sizeof(*n));
	if (named != NULL && named[0] != '\0')
		path = gv_xstrdup(named);
	else if (home != NULL && home[0] != '\0')
		path = gv_path_join(home, ".netrc");
	else
		return 0;
	if (gv_fs_read(AT_FDCWD, path, NETRC_MAX, &text, &len, &e) == 0) {
		gv_netrc_parse(n, text, len);
		return 0;
	}
	if (e.sys == ENOENT || e.sys == ENOTDIR)
		return 0;
	*err = e;
	return gv_err_help(err, "this is the netrc file; set NETRC to use another one");
}

/* How many characters match, 0 when the machine does not. */
static size_t
prefix_match(const char *machine, const char *host, const char *path)
{
	size_t h = strlen(host), m = strlen(machine);

	if (strncmp(machine, host, h) != 0)
		return 0;
	machine += h;
	if (machine[0] == '\0')
		return m;
	m -= h;
	while (m > 0 && machine[m - 1] == '/')
		m--;
	if (strncmp(machine, path, m) != 0 || (path[m] != '\0' && path[m] != '/'))
		return 0;
	return h + m;
}

const struct gv_netrc_entry *
gv_netrc_find(const struct gv_netrc *n, const struct gv_url *u)
{
	const struct gv_netrc_entry *best = NULL;
	gv_autofree char *with_port = gv_xasprintf("%s:%s", u->host, u->port);
	size_t best_len = 0;

	if (strcmp(u->scheme, "https") != 0)
		return NULL;
	for (size_t i = 0; i < n->n; i++) {
		const char *machine = n->entries[i].machine;
		size_t len = prefix_match(machine, with_port, u->path);

		if (len == 0 && strcmp(u->port, "443") == 0)
			len = prefix_match(machine, u->host, u->path);
		if (len > best_len) {
			best = &n->entries[i];
			best_len = len;
		}
	}
	return best;
}
