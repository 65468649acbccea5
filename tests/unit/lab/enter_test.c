/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "docker/docker.h"
#include "engine/ledger.h"
#include "resolve/dirs.h"
#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/*
 * A user enters a kept cell of an engine with a daemon, and types a lot into a program that never reads its stdin. Then
 * the program prints something and ends with status 7.
 */
#define FULL 65536 /* unread bytes, well below what a socket holds */

#ifdef __aarch64__
#define FAKE_ARCH "arm64"
#else
#define FAKE_ARCH "amd64"
#endif

static char *work;

/* Read one request, head and body, and keep its first line. */
static bool
read_request(int fd, char *head, size_t size)
{
	size_t n = 0, body;
	const char *length;
	char c;

	while (n + 1 < size && read(fd, &head[n], 1) == 1) {
		head[++n] = '\0';
		if (n < 4 || strcmp(head + n - 4, "\r\n\r\n") != 0)
			continue;
		length = strstr(head, "Content-Length: ");
		for (body = length != NULL ? strtoul(length + 16, NULL, 10) : 0; body > 0; body--)
			if (read(fd, &c, 1) != 1)
				return false;
		return true;
	}
	return false;
}

static void
answer(int fd, const char *json)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(json),
		json);
}

/* The program in the container: it waits until its stdin is full, prints, and ends. Its stdin stays open until then. */
static void
attached(int fd)
{
	static const char out[] = "\1\0\0\0\0\0\0\5done\n";
	int unread = 0;

	dprintf(fd, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
	while (unread < FULL) {
		ioctl(fd, FIONREAD, &unread);
		usleep(1000);
	}
	if (write(fd, out, sizeof(out) - 1) > 0)
		shutdown(fd, SHUT_WR);
}

static void *
serve(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char head[4096];

	while (read_request(fd, head, sizeof(head))) {
		if (strstr(head, "/attach") != NULL) {
			attached(fd);
			return NULL; /* the test ends it */
		}
		answer(fd, strstr(head, "/version ") != NULL ? "{\"ApiVersion\":\"1.41\"}"
			   : strstr(head, "/info ") != NULL  ? "{\"OSType\":\"linux\",\"Architecture\":\"" FAKE_ARCH
							      "\",\"SecurityOptions\":[]}"
			   : strstr(head, "/create") != NULL ? "{\"Id\":\"c1\"}"
			   : strstr(head, "/wait") != NULL   ? "{\"StatusCode\":7}"
							     : "{}");
	}
	close(fd);
	return NULL;
}

static void *
take_calls(void *arg)
{
	int listener = (int)(intptr_t)arg, fd;
	pthread_t t;

	while ((fd = accept(listener, NULL, NULL)) >= 0)
		if (pthread_create(&t, NULL, serve, (void *)(intptr_t)fd) == 0)
			pthread_detach(t);
	return NULL;
}

/* In a child: enter the cell as the command does, with endless input. */
static void
enter(const char *state, const char *out)
{
	gv_autostrv struct gv_strv why = GV_STRV_INIT;
	struct gv_dirs d = { .state = gv_xstrdup(state), .cache = gv_xstrdup(state) };
	struct gv_err err = GV_ERR_INIT;
	struct gv_engine *e;
	int in = open("/dev/zero", O_RDONLY), to = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), status = -1;

	alarm(120);
	dup2(in, STDIN_FILENO);
	dup2(to, STDOUT_FILENO);
	e = gv_docker_open("/bin/true", &d, &why, &err);
	if (e == NULL || gv_engine_enter(e, "kept-1", (char *[]){ (char[]){ "x" }, NULL }, &status, &err) < 0)
		dprintf(STDERR_FILENO, "%s\n", err.msg);
	_exit(status & 0xff);
}

static void
keep_cell(void)
{
	struct gv_ledger l = GV_LEDGER_INIT;
	struct gv_err err = GV_ERR_INIT;

	l.engine = gv_xstrdup("docker");
	l.image = gv_xstrdup("test:1");
	tap_need(gv_ledger_create(&l, work, "kept-1", &err) == 0 && gv_ledger_keep(&l, INT64_MAX, &err) == 0, "%s",
		 err.msg);
	gv_ledger_release(&l);
}

int
main(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/gover-enter-XXXXXX";
	gv_autofree char *out = NULL, *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), status = -1;
	pthread_t t;
	size_t len;
	pid_t pid;

	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	keep_cell();
	out = gv_path_join(work, "out");
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/s", work);
	tap_need(bind(listener, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(listener, 8) == 0, "a socket");
	{
		gv_autofree char *host = gv_xasprintf("unix://%s", at.sun_path);

		setenv("DOCKER_HOST", host, 1);
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		enter(work, out);
	tap_need(pid > 0 && pthread_create(&t, NULL, take_calls, (void *)(intptr_t)listener) == 0, "an engine");
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 7,
	   "typing into a cell that does not read does not end the session");
	ok(gv_fs_read(AT_FDCWD, out, 4096, &text, &len, &err) == 0 && strcmp(text, "done\n") == 0,
	   "and what the cell prints is shown");
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		gv_err_clear(&err);
	return tap_done();
}
