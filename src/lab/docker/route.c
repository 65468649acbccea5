/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "docker/endpoint.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/sig.h"
#include "util/spawn.h"
#include "util/text.h"

#define TUNNEL_TRIES  300 /* of 50 ms each; allows for a slow line */
#define DOCKER_SOCKET "/var/run/docker.sock"

static char *
pem(const char *dir, const char *name)
{
	char *path = gv_path_join(dir, name);

	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static int
open_tcp(struct gv_route *r, const struct gv_endpoint *e, struct gv_err *err)
{
	const char *where = strstr(e->host, "://") + 3;

	if (e->unverified) {
		gv_err_set(err, GV_EUSAGE, "%s asks for TLS without verification", e->from);
		return gv_err_help(err, "add a ca.pem to the context and turn its SkipTLSVerify off");
	}
	if (e->tls == NULL) {
		gv_err_set(err, GV_EUSAGE, "'%s' without TLS: anyone on the way could run anything as root there",
			   e->host);
		return gv_err_help(err, "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use ssh://");
	}
	r->url = gv_xasprintf("https://%.*s", (int)strcspn(where, "/"), where);
	r->ca = pem(e->tls, "ca.pem");
	r->cert = pem(e->tls, "cert.pem");
	r->key = pem(e->tls, "key.pem");
	r->remote = true;
	return 0;
}

/* Turn "ssh://[user@]host[:port][/socket]" into ssh's arguments. No part of it may look like an option. */
static int
ssh_argv(struct gv_strv *a, const char *host, struct gv_route *r, struct gv_err *err)
{
	const char *where = host + strlen("ssh://");
	size_t n = strcspn(where, "/");
	gv_autofree char *target = gv_xstrndup(where, n);
	char *at = strrchr(target, '@'), *name = at != NULL ? at + 1 : target;
	char *port = name[0] == '[' ? strstr(name, "]:") : strchr(name, ':');

	if (name[0] == '\0' || name[0] == '-' || target[0] == '-')
		return gv_err_set(err, GV_EUSAGE, "'%s' names no host", host);
	gv_strv_add(a, "-nNT");
	for (const char *const *o = (const char *const[]){ "BatchMode=yes", "ExitOnForwardFailure=yes",
							   "StreamLocalBindUnlink=yes", "ConnectTimeout=15", NULL };
	     *o != NULL; o++) {
		gv_strv_add(a, "-o");
		gv_strv_add(a, *o);
	}
	if (port != NULL) {
		port += name[0] == '[';
		*port++ = '\0';
		gv_strv_add(a, "-p");
		gv_strv_add(a, port);
	}
	if (name[0] == '[' && name[strlen(name) - 1] == ']') {
		name[strlen(name) - 1] = '\0';
		memmove(name, name + 1, strlen(name));
	}
	r->far = gv_xstrdup(where[n] == '/' && where[n + 1] != '\0' ? where + n : DOCKER_SOCKET);
	gv_strv_add(a, "-L");
	gv_strv_take(a, gv_xasprintf("%s:%s", r->socket, r->far));
	gv_strv_add(a, "--");
	gv_strv_add(a, target);
	return 0;
}

static bool
answers(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	gv_autofd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(sa.sun_path))
		return false;
	memcpy(sa.sun_path, path, strlen(path) + 1);
	return connect(fd, (const struct sockaddr *)&sa, sizeof(sa)) == 0;
}

/* The last line that ssh printed, without the newline, or "". */
static void
last_words(const struct gv_route *r, char *text, size_t size)
{
	gv_autofree char *path = gv_path_join(r->tunnel_dir, "log"), *all = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len;
	char *line;

	text[0] = '\0';
	if (gv_fs_read(AT_FDCWD, path, 1 << 20, &all, &len, &err) < 0)
		return;
	while (len > 0 && (all[len - 1] == '\n' || all[len - 1] == '\r'))
		all[--len] = '\0';
	line = strrchr(all, '\n');
	gv_text_cut(text, size, "%s", line != NULL ? line + 1 : all);
}

static int
wait_tunnel(struct gv_route *r, const char *host, struct gv_err *err)
{
	char said[256];

	for (int i = 0; i < TUNNEL_TRIES; i++) {
		int status;

		if (answers(r->socket))
			return 0;
		if (gv_sig_check(err) < 0)
			return -1;
		if (waitpid(r->ssh, &status, WNOHANG) == r->ssh) {
			r->ssh = 0;
			last_words(r, said, sizeof(said));
			gv_err_set(err, GV_ENET, "ssh made no tunnel to '%s': %s", host, said);
			return gv_err_help(err, "set up a login without a password: gover runs ssh with BatchMode=yes");
		}
		usleep(50000);
	}
	return gv_err_set(err, GV_ENET, "ssh made no tunnel to '%s' in time", host);
}

/*
 * Start ssh so that it ends with the thread that opened the engine. A Ctrl-C at the terminal must not reach it, because
 * gover still needs the tunnel to remove cells.
 */
static int
start_ssh(struct gv_route *r, const struct gv_strv *argv, struct gv_err *err)
{
	gv_autofree char *path = gv_path_join(r->tunnel_dir, "log");
	gv_autofd int log = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (log < 0)
		return gv_err_sys(err, GV_EIO, "cannot make '%s'", path);
	return gv_spawn_start(&r->ssh,
			      &(struct gv_spawn){ .argv = argv->v,
						  .in = GV_SPAWN_NULL,
						  .out = GV_SPAWN_NULL,
						  .err = log,
						  .session = true,
						  .ends_with_us = true },
			      err);
}

static int
open_ssh(struct gv_route *r, const struct gv_endpoint *e, struct gv_err *err)
{
	gv_autostrv struct gv_strv a = GV_STRV_INIT;
	const char *path = getenv("PATH");
	char *ssh, dir[] = "/tmp/gover-ssh-XXXXXX";

	gv_strv_add(&a, "ssh"); /* replaced by its path below, once the address is checked */
	if (mkdtemp(dir) == NULL)
		return gv_err_sys(err, GV_EIO, "cannot make a directory in '/tmp'");
	r->tunnel_dir = gv_xstrdup(dir);
	r->socket = gv_path_join(dir, "d.sock");
	r->url = gv_xstrdup("http://d");
	r->remote = true;
	if (ssh_argv(&a, e->host, r, err) < 0)
		return -1;
	ssh = gv_path_program(&path, "ssh");
	if (ssh == NULL)
		return gv_err_set(err, GV_EUSAGE, "no program 'ssh' on PATH; '%s' needs it", e->host);
	free(a.v[0]);
	a.v[0] = ssh;
	if (start_ssh(r, &a, err) < 0)
		return -1;
	return wait_tunnel(r, e->host, err);
}

int
gv_route_open(struct gv_route *r, const struct gv_endpoint *e, struct gv_err *err)
{
	int rc = 0;

	*r = (struct gv_route){ 0 };
	if (strncmp(e->host, "unix://", 7) == 0) {
		r->socket = gv_xstrdup(e->host + 7);
		r->url = gv_xstrdup("http://d");
	} else if (strncmp(e->host, "tcp://", 6) == 0 || strncmp(e->host, "https://", 8) == 0) {
		rc = open_tcp(r, e, err);
	} else if (strncmp(e->host, "ssh://", 6) == 0) {
		rc = open_ssh(r, e, err);
	} else {
		rc = gv_err_set(err, GV_EUSAGE, "'%s' is not the address of an engine", e->host);
		gv_err_help(err, "use unix:///path, tcp://host:2376 or ssh://user@host");
	}
	r->ep = (struct gv_unix_endpoint){
		.socket = r->socket, .url = r->url, .ca = r->ca, .cert = r->cert, .key = r->key
	};
	if (rc < 0)
		gv_route_close(r);
	return rc;
}

void
gv_route_close(struct gv_route *r)
{
	struct gv_err err = GV_ERR_INIT;

	if (r->ssh > 0) {
		kill(r->ssh, SIGTERM);
		while (waitpid(r->ssh, NULL, 0) < 0 && errno == EINTR)
			;
	}
	/* Ignore a failure: it leaves only an empty directory in /tmp. */
	if (r->tunnel_dir != NULL && gv_fs_remove_tree(AT_FDCWD, r->tunnel_dir, &err) < 0)
		gv_err_clear(&err);
	free(r->tunnel_dir);
	free(r->far);
	free(r->socket);
	free(r->url);
	free(r->ca);
	free(r->cert);
	free(r->key);
	*r = (struct gv_route){ 0 };
}
