/* SPDX-License-Identifier: MIT */
#include <config.h>

/* Engines that cannot mount our files, and images of the user. Arguments and daemons come from engines.sh. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "docker/inner.h"
#include "tests/tap.h"
#include "tests/unit/lab/cells.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* An image that the user names: it has its own programs, the agent is mounted into it. */
static void
test_image(struct gv_engine *e)
{
	struct gv_cell_spec s;
	struct gv_cell_end end;
	gv_autofree char *a = NULL;

	spec_init(&s, "image");
	s.image = "gover-test-image:1";
	s.tools = false;
	gv_strv_release(&s.plan.env);
	gv_strv_add(&s.plan.env, "PATH=/bin");
	spec_phase(&s, "x", "read first <main.go; echo \"got $first\"; test -e /usr/bin/env || echo alone; exit 4");
	a = cell_run(e, &s, &end);
	ok(end.exit == 0 && has(a, "got package main") && has(a, "alone") && has(a, "\"exit\":4"), "%s: another image",
	   cells_kind);

	free(a);
	spec_init(&s, "no-image");
	s.image = "localhost:1/gover-test-nowhere";
	spec_phase(&s, "x", "echo never");
	a = cell_run(e, &s, &end);
	ok(has(a, "error: pulling 'localhost:1/gover-test-nowhere': ") && nothing_left(), "%s: one that nobody has",
	   cells_kind);
}

static void
copy_program(const char *dir, const char *from, const char *name)
{
	gv_autofree char *data = NULL, *path = gv_path_join(dir, name);
	struct gv_err err = GV_ERR_INIT;
	size_t len;

	if (gv_fs_read(AT_FDCWD, from, 16 << 20, &data, &len, &err) < 0 ||
	    gv_fs_replace(path, data, len, 0755, &err) < 0)
		abort();
}

/* An engine that does not see our files: everything goes there in volumes, the host's libc in the image. */
static char *
run_remote(struct gv_engine *e, const char *name, const char *bin, const char *script, struct gv_cell_end *end)
{
	struct gv_cell_spec s;

	spec_init(&s, name);
	s.tools = false;
	s.libc = true;
	s.binds[s.n_binds++] =
	    (struct gv_bind){ .source = gv_xstrdup(bin), .target = gv_xstrdup("/gover/sdk"), .cache = true };
	s.binds[s.n_binds++] = (struct gv_bind){ .source = gv_xstrdup(cells_dirs.cache),
						 .target = gv_xstrdup("/gover/cache"),
						 .writable = true,
						 .cache = true };
	gv_strv_release(&s.plan.env);
	gv_strv_add(&s.plan.env, "PATH=/gover/sdk");
	spec_phase(&s, "x", script);
	return cell_run(e, &s, end);
}

/* The volumes that outlive cells and are only read, sorted, each followed by a blank. Caller frees. */
static char *
volumes(struct gv_engine *e)
{
	gv_autojson struct gv_json reply = { 0 };
	gv_autostrv struct gv_strv names = GV_STRV_INIT;
	gv_autostr struct gv_str all = GV_STR_INIT(64 << 10);
	struct gv_err err = GV_ERR_INIT;
	struct gv_json list, one;
	const char *name;

	if (gv_api_call(&((struct gv_docker *)e)->api, &(struct gv_api_request){ .method = "GET", .path = "/volumes" },
			&reply, NULL, &err) < 0)
		return gv_xasprintf("error: %s", err.msg);
	if (gv_json_array(&reply, "Volumes", &list, &err) == 0)
		for (size_t i = 0; i < gv_json_len(&list); i++)
			if (gv_json_at(&list, i, &one, &err) == 0 && gv_json_str(&one, "Name", &name, &err) == 0 &&
			    strncmp(name, "gover-cache-", 12) == 0 && strchr(name + 12, '-') != NULL)
				gv_strv_add(&names, name);
	gv_strv_sort(&names, strcmp);
	for (size_t i = 0; i < names.n; i++)
		gv_str_addf(&all, "%s ", names.v[i]);
	return gv_xstrdup(gv_str_text(&all));
}

/* How many containers hold such volumes. */
static size_t
holders(struct gv_engine *e)
{
	static const char path[] = "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22" GV_DOCKER_FILLER
				   "%22%5D%7D";
	gv_autojson struct gv_json reply = { 0 };
	struct gv_err err = GV_ERR_INIT;

	if (gv_api_call(&((struct gv_docker *)e)->api, &(struct gv_api_request){ .method = "GET", .path = path },
			&reply, NULL, &err) < 0)
		return 0;
	return gv_json_len(&reply);
}

static size_t
count(const char *names)
{
	size_t n = 0;

	for (; *names != '\0'; names++)
		n += *names == ' ';
	return n;
}

/* A cell with one more directory, which the engine keeps by the name of its content. */
static char *
run_kept(struct gv_engine *e, const char *bin, const char *key, const char *script)
{
	struct gv_cell_spec s;
	struct gv_cell_end end;

	spec_init(&s, "kept");
	s.tools = false;
	s.libc = true;
	s.binds[s.n_binds++] = (struct gv_bind){
		.source = gv_xstrdup(bin), .target = gv_xstrdup("/gover/sdk"), .cache = true, .key = "the shell"
	};
	s.binds[s.n_binds++] = (struct gv_bind){
		.source = gv_xstrdup(bin), .target = gv_xstrdup("/gover/mod"), .cache = true, .key = key
	};
	gv_strv_release(&s.plan.env);
	gv_strv_add(&s.plan.env, "PATH=/gover/sdk");
	spec_phase(&s, "x", script);
	return cell_run(e, &s, &end);
}

static void
test_kept(struct gv_engine *e, const char *address, const char *bin)
{
	static const char look[] = "cd /gover/mod; for i in *; do echo \"there: $i\"; done";
	gv_autofree char *a = NULL, *b = NULL, *c = NULL, *before = volumes(e), *after = NULL, *again = NULL,
			 *other = NULL;
	struct gv_engine *second;

	a = run_kept(e, bin, "one", look);
	after = volumes(e);
	ok(has(a, "there: cat"), "%s: a directory is sent", cells_kind);
	ok(count(after) == count(before) + 2, "%s: each content is a volume", cells_kind);
	free(run_kept(e, bin, "one", look));
	second = cells_open(address);
	b = run_kept(second, bin, "one", look);
	again = volumes(second);
	ok(has(b, "there: cat") && strcmp(after, again) == 0, "%s: another run sends nothing again", cells_kind);
	c = run_kept(second, bin, "two", look);
	other = volumes(second);
	ok(has(c, "there: sh") && count(other) == count(again) + 1, "%s: another content does not replace the first",
	   cells_kind);
	gv_engine_close(second);
}

/* A gover that is killed while it sends a gigabyte of nothing. */
static void
test_killed(struct gv_engine *e, const char *address, const char *bin)
{
	gv_autofree char *big = gv_path_join(bin, "zeros"), *before = volumes(e), *during = NULL, *after = NULL,
			 *a = NULL;
	int fd = open(big, O_WRONLY | O_CREAT | O_CLOEXEC, 0644), status, tries = 0;
	size_t held = holders(e);
	pid_t pid;

	if (fd < 0 || ftruncate(fd, 1 << 30) < 0)
		abort();
	close(fd);
	pid = fork();
	if (pid == 0) {
		struct gv_engine *own = cells_open(address);

		free(own != NULL ? run_kept(own, bin, "big", "echo never") : NULL);
		_exit(0);
	}
	/* It sends once a container holds the new volume. */
	for (during = volumes(e); (count(during) <= count(before) || holders(e) <= held) && tries < 2000; tries++) {
		free(during);
		usleep(5000);
		during = volumes(e);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ok(count(during) == count(before) + 1 && WIFSIGNALED(status), "%s: a gover that is killed while it sends",
	   cells_kind);
	unlink(big);
	a = run_kept(e, bin, "big", "cd /gover/mod; for i in *; do echo \"there: $i\"; done");
	ok(has(a, "there: cat") && strstr(a, "zeros") == NULL, "%s: what it has sent is not used", cells_kind);
	gv_engine_reap(e);
	after = volumes(e);
	ok(count(after) == count(before) + 1 && strcmp(after, during) != 0, "%s: and goes away", cells_kind);
}

static void
test_remote(struct gv_engine *e, const char *address)
{
	gv_autofree char *bin = gv_path_join(cells_work, "bin"), *a = NULL;
	struct gv_cell_end end;

	ok(gv_engine_info(e)->remote, "%s: is known to be elsewhere", cells_kind);
	if (mkdir(bin, 0755) < 0)
		abort();
	copy_program(bin, "/bin/sh", "sh");
	copy_program(bin, "/bin/cat", "cat");
	a = run_remote(e, "r1", bin,
		       "cat main.go; echo kept >/gover/cache/x; echo x >new; echo x >/gover/sdk/y; exit 3", &end);
	ok(end.exit == 0 && has(a, "package main"), "%s: the project arrives", cells_kind);
	ok(has(a, "sdk/y: Read-only file system") && has(a, "\"exit\":3"), "%s: what is read-only stays so",
	   cells_kind);
	free(a);
	a = run_remote(e, "r2", bin, "cat /gover/cache/x; test -e new || echo clean", &end);
	ok(end.exit == 0 && has(a, "kept") && has(a, "clean"), "%s: caches stay, projects do not", cells_kind);
	test_kept(e, address, bin);
	test_killed(e, address, bin);
}

int
main(int argc, char **argv)
{
	if (!cells_setup())
		return 1;
	for (int i = 1; i < argc; i++) {
		struct gv_engine *e = cells_open(argv[i]);

		if (e == NULL)
			continue;
		if (gv_engine_info(e)->remote)
			test_remote(e, argv[i]);
		test_image(e);
		gv_engine_close(e);
	}
	cells_clean();
	return tap_done();
}
