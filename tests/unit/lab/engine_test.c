/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/unit/lab/cells.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* Real cells, in bubblewrap if the kernel allows it, and on the host. */
static bool daemon_engine;

static void
test_both(struct gv_engine *e)
{
	struct gv_cell_spec s;
	struct gv_cell_end end;
	gv_autofree char *a = NULL;

	spec_init(&s, "both");
	spec_phase(&s, "look", "cat main.go; pwd; echo $HOME; touch $HOME/x $TMPDIR/y new && echo written; exit 3");
	spec_phase(&s, "leave", "sleep 1000 & setsid sleep 1000 & echo");
	a = cell_run(e, &s, &end);
	ok(end.exit == 0 && !end.vanished, "%s: a cell ends in order", cells_kind);
	ok(has(a, "package main") && has(a, "written"), "%s: phases run in a writable copy", cells_kind);
	ok(has(a, "\"phase\":\"look\",\"exit\":3"), "%s: their status arrives", cells_kind);
	ok(nothing_left(), "%s: nothing is left", cells_kind);

	free(a);
	spec_init(&s, "missing");
	free(s.binds[0].source);
	s.binds[0].source = gv_path_join(cells_work, "nowhere");
	spec_phase(&s, "x", "echo never");
	a = cell_run(e, &s, &end);
	ok(has(a, "/nowhere' is missing") && nothing_left(), "%s: a source that is missing", cells_kind);

	free(a);
	spec_init(&s, "../evil");
	spec_phase(&s, "x", "echo never");
	a = cell_run(e, &s, &end);
	ok(has(a, "is not a cell name") && nothing_left(), "%s: a name that is a path", cells_kind);
}

/* The project lies at `path`, which the spec takes. */
static void
move_project(struct gv_cell_spec *s, const char *path)
{
	char **all[] = { &s->binds[0].source, &s->tmpfs.v[s->tmpfs.n - 1], &s->plan.copy_to, &s->plan.dir };

	for (size_t i = 0; i < GV_ARRAY_LEN(all); i++) {
		free(*all[i]);
		*all[i] = gv_xstrdup(path);
	}
}

/* Whoever names directories of a project can make one path look like two, the second of which is a place in the cell. */
static void
test_colon(struct gv_engine *e)
{
	gv_autofree char *dir = gv_path_join(cells_work, "a,b=c:/tmp"), *file = gv_path_join(dir, "main.go"), *a = NULL;
	gv_autofree char *line = gv_xasprintf("at %s\\u000a", dir);
	struct gv_err err = GV_ERR_INIT;
	struct gv_plan_phase *ph;
	struct gv_cell_spec s;
	struct gv_cell_end end;

	tap_need(gv_fs_mkdir_p(dir, &err) == 0 && gv_fs_replace(file, "package colon\n", 14, 0644, &err) == 0,
		 "a project below a directory with a colon");
	spec_init(&s, "colon");
	move_project(&s, dir);
	gv_strv_add(&s.plan.env, "MINE=/tmp/x:/home/gover");
	gv_strv_add(&s.plan.env, "ALSO=/home/gover/y");
	spec_phase(&s, "look", "cat main.go && echo new >new && echo written; echo mine=$MINE also=$ALSO words=$0,$1");
	ph = &s.plan.phases[s.plan.n_phases - 1];
	gv_strv_add(&ph->argv, "/tmp/x:/tmp");
	gv_strv_add(&ph->argv, "-run=/home/gover");
	if (strcmp(cells_kind, "host") != 0)
		spec_phase(&s, "where", "echo at $PWD");
	a = cell_run(e, &s, &end);
	if (strcmp(cells_kind, "podman") == 0) {
		ok(has(a, "Podman cannot mount") && nothing_left(), "%s: a path with a colon is refused by name",
		   cells_kind);
		return;
	}
	ok(end.exit == 0 && has(a, "package colon") && has(a, "written"), "%s: a project's path with a colon",
	   cells_kind);
	ok(strcmp(cells_kind, "host") == 0 || has(a, line), "%s: is one path", cells_kind);
	ok(has(a, "mine=/tmp/x:/home/gover also=/home/gover/y words=/tmp/x:/tmp,-run=/home/gover"),
	   "%s: a user's variables and words stay", cells_kind);
	ok(nothing_left() && entries(cells_work, "a,b=c:") == 1 && entries(dir, ".") == 1,
	   "%s: and nothing is left in it, or beside it", cells_kind);
	if (strcmp(cells_kind, "host") != 0)
		return;

	free(a);
	spec_init(&s, "store");
	s.binds[s.n_binds++] = (struct gv_bind){ .source = gv_xstrdup(dir), .target = gv_xstrdup("/gover/sdk") };
	free(s.plan.env.v[0]);
	s.plan.env.v[0] = gv_xstrdup("PATH=/gover/sdk/bin:/usr/bin:/bin");
	spec_phase(&s, "x", "echo never");
	a = cell_run(e, &s, &end);
	ok(has(a, "PATH cannot name '") && has(a, "it holds a colon") && nothing_left(),
	   "%s: a store that PATH cannot name is an error, not a verdict", cells_kind);
}

static void
test_memory(struct gv_engine *e)
{
	struct gv_cell_spec s;
	struct gv_cell_end end;
	gv_autofree char *a = NULL;

	spec_init(&s, "memory");
	s.memory_bytes = 64 << 20;
	/* tail keeps its input in memory until it is killed. Then the writer has no reader. */
	spec_phase(&s, "fill",
		   "{ head -c 200000000 /dev/zero; while printf x; do sleep 0.05; done; } | tail -n 1 | wc -c");
	spec_phase(&s, "small", "echo fine");
	a = cell_run(e, &s, &end);
	ok(end.exit == 0 && has(a, "\"timeout\":false,\"oom\":true"), "%s: memory is limited", cells_kind);
	ok(has(a, "\"phase\":\"small\",\"exit\":0"), "%s: and the cell goes on", cells_kind);

	free(a);
	spec_init(&s, "pids");
	s.pids = 30;
	spec_phase(&s, "forks", "for i in $(seq 100); do sleep 100 & done; wait");
	a = cell_run(e, &s, &end);
	ok(end.exit == 0 && (strstr(a, "Resource temporarily unavailable") != NULL || has(a, "Cannot fork")),
	   "%s: processes are limited", cells_kind);
}

struct parallel {
	pthread_t thread;
	struct gv_engine *e;
	unsigned number;
	bool good;
};

static void *
one_of_many(void *arg)
{
	struct parallel *p = arg;
	gv_autofree char *name = gv_xasprintf("many-%u", p->number),
			 *script = gv_xasprintf("echo this is %u; exit %u", p->number, p->number),
			 *want = gv_xasprintf("this is %u\\u000a", p->number),
			 *status = gv_xasprintf("\"exit\":%u,", p->number);
	gv_autofree char *a = NULL;
	struct gv_cell_end end;
	struct gv_cell_spec s;

	spec_init(&s, name);
	spec_phase(&s, "x", script);
	a = cell_run(p->e, &s, &end);
	p->good = end.exit == 0 && has(a, want) && has(a, status);
	return NULL;
}

static void
test_parallel(struct gv_engine *e)
{
	struct parallel p[5];
	bool good = true;

	for (unsigned i = 0; i < GV_ARRAY_LEN(p); i++) {
		p[i] = (struct parallel){ .e = e, .number = i };
		tap_need(pthread_create(&p[i].thread, NULL, one_of_many, &p[i]) == 0, "a thread");
	}
	for (unsigned i = 0; i < GV_ARRAY_LEN(p); i++) {
		pthread_join(p[i].thread, NULL);
		good = good && p[i].good;
	}
	ok(good && nothing_left(), "%s: several cells at once", cells_kind);
}

static void
test_interrupt(struct gv_engine *e)
{
	struct gv_cell_spec s;
	struct gv_err err = GV_ERR_INIT;
	struct gv_cell *c;
	char *json = NULL;
	size_t len;
	time_t began = time(NULL);

	spec_init(&s, "stop");
	s.keep = false;
	spec_phase(&s, "x", "trap '' TERM; sleep 1000 & sleep 1000");
	c = gv_cell_start(e, &s, &err);
	ok(c != NULL && gv_cell_read(c, &json, &len, &err) == 1, "%s: a cell that sleeps for ever", cells_kind);
	free(json);
	gv_cell_destroy(c);
	ok(nothing_left() && time(NULL) - began < 40, "%s: is destroyed at once", cells_kind);
	spec_free(&s);
}

/* A gover that is killed in the middle. */
static void
test_killed(struct gv_engine *e)
{
	struct gv_cell_spec s;
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *fifo = gv_path_join(cells_work, "alive");
	int fd, pipe_fd[2];
	char c;
	pid_t pid;

	tap_need(mkfifo(fifo, 0666) == 0 && chmod(fifo, 0666) == 0 && pipe(pipe_fd) == 0, "a FIFO and a pipe");
	spec_init(&s, "killed");
	s.keep = true;
	s.binds[s.n_binds++] =
	    (struct gv_bind){ .source = gv_xstrdup(fifo), .target = gv_xstrdup("/gover/alive"), .writable = true };
	/* The FIFO has a writer as long as a process of the cell runs. */
	spec_phase(&s, "x",
		   strcmp(cells_kind, "host") == 0 ? "exec 9>\"$ALIVE\"; sleep 1000 & sleep 1000"
						   : "exec 9>/gover/alive; sleep 1000 & sleep 1000");
	/* A host has no mounts. */
	gv_strv_take(&s.plan.env, gv_xasprintf("ALIVE=%s", strcmp(cells_kind, "host") == 0 ? fifo : "/gover/alive"));
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		char *json = NULL;
		size_t len;
		gv_autostrv struct gv_strv why = GV_STRV_INIT;
		struct gv_engine *own = cells_again(&why, &err);
		struct gv_cell *cell = own != NULL ? gv_cell_start(own, &s, &err) : NULL;

		while (cell != NULL && gv_cell_read(cell, &json, &len, &err) > 0 && strstr(json, "\"start\"") == NULL)
			;
		if (write(pipe_fd[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(pipe_fd[1]);
	tap_need(pid > 0 && read(pipe_fd[0], &c, 1) == 1, "a gover of our own");
	fd = open(fifo, O_RDONLY | O_NONBLOCK);
	fcntl(fd, F_SETFL, 0);
	ok(fd >= 0 && entries(cells_dirs.state, "cells") == 1, "%s: a cell of a gover that is killed", cells_kind);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* A container outlives its gover; the reaper notices that this gover has ended. */
	if (daemon_engine)
		gv_engine_reap(e);
	ok(read(fd, &c, 1) == 0, "%s: ends with it", cells_kind);
	close(fd);
	gv_engine_reap(e);
	ok(nothing_left(), "%s: and the next gover removes what it left", cells_kind);
	unlink(fifo);
	close(pipe_fd[0]);
	spec_free(&s);
}

/* In rootless Docker, root inside is always the caller outside. */
static bool
caller_is_zero(const struct gv_engine *e)
{
	return strcmp(gv_engine_info(e)->name, "docker") == 0 && gv_engine_info(e)->rootless;
}

static void
test_keep(struct gv_engine *e)
{
	struct gv_cell_spec s;
	struct gv_cell_end end;
	struct gv_err err = GV_ERR_INIT;
	struct gv_cell *c;
	gv_autofree char *a = NULL, *id = NULL;
	char script[] = "test -f made && test $X = y && test $(id -u) != 0 && exit 7", sh[] = "sh", dash_c[] = "-c";
	int status = 0;

	spec_init(&s, "kept");
	s.keep = true;
	gv_strv_add(&s.plan.env, "X=y");
	spec_phase(&s, "x", "touch made; exit 1");
	c = gv_cell_start(e, &s, &err);
	a = c != NULL ? cell_frames(c, &end) : gv_xstrdup(err.msg);
	ok(c != NULL && has(a, "\"exit\":1") && gv_cell_keep(c, (int64_t)time(NULL) + 3600, &err) == 0,
	   "%s: a failed cell is kept", cells_kind);
	if (c == NULL) {
		spec_free(&s);
		return;
	}
	id = gv_xstrdup(gv_cell_id(c));
	gv_cell_destroy(c);
	gv_engine_reap(e);
	ok(entries(cells_dirs.state, "cells") == 1 && entries(cells_dirs.cache, "scratch") == !daemon_engine,
	   "%s: until its time", cells_kind);
	if (strcmp(cells_kind, "host") == 0 || caller_is_zero(e))
		memcpy(strstr(script, "!= 0"), "!= x", 4);
	ok(gv_engine_enter(e, id, (char *const[]){ sh, dash_c, script, NULL }, &status, &err) == 0 && status == 7,
	   "%s: it can be entered: %s", cells_kind, err.msg);
	ok(gv_engine_enter(e, "no-such", NULL, &status, &err) < 0, "%s: one that is not there cannot", cells_kind);

	spec_free(&s);
	spec_init(&s, "kept2");
	s.keep = true;
	c = gv_cell_start(e, &s, &err);
	free(a);
	a = c != NULL ? cell_frames(c, &end) : gv_xstrdup(err.msg);
	ok(c != NULL && gv_cell_keep(c, (int64_t)time(NULL) - 1, &err) == 0, "%s: a cell that exceeds its deadline",
	   cells_kind);
	gv_cell_destroy(c);
	gv_engine_reap(e);
	ok(entries(cells_dirs.state, "cells") == 1 && entries(cells_dirs.cache, "scratch") == !daemon_engine,
	   "%s: is swept", cells_kind);
	spec_free(&s);
}

/* Properties that only a sandbox has. */
static void
test_sandbox(struct gv_engine *e)
{
	struct gv_cell_spec s;
	struct gv_cell_end end;
	gv_autofree char *a = NULL;
	const char *missing;

	spec_init(&s, "sandbox");
	s.memory_bytes = 1 << 30;
	spec_phase(
	    &s, "who",
	    "echo uid=$(id -u):$(id -g) $(id -un); grep -E '^(Cap|NoNewPrivs)' /proc/self/status | tr -d '\\t\\n'");
	spec_phase(&s, "net", "cat /proc/net/dev | grep -c :");
	spec_phase(&s, "root",
		   "for f in /x /gover/src/x /usr/x /etc/x /gover/x; do echo >$f && echo WROTE $f; done; echo done");
	if (!caller_is_zero(e)) /* whose /dev is */
		spec_phase(&s, "dev", "echo >/dev/x && echo WROTE; echo done");
	spec_phase(&s, "sysctl",
		   "f=/proc/sys/vm/overcommit_ratio; cat $f >/tmp/v; cat /tmp/v >$f && echo WROTE; echo done");
	spec_phase(&s, "disk",
		   "head -c 200000000 /dev/zero >/tmp/big; head -c 200000000 /dev/zero >/dev/shm/big; rm -f /tmp/big "
		   "/dev/shm/big");
	spec_phase(&s, "run", "printf '#!/bin/sh\\necho ran\\n' >/tmp/a; chmod +x /tmp/a; /tmp/a");
	spec_phase(&s, "see",
		   "find /root /work /run -mindepth 1 2>/dev/null; ls -d /home/*; ls /proc | grep -c '^[0-9]'; "
		   "head -c 12 /proc/1/cmdline");
	spec_phase(&s, "usual",
		   "id -u daemon nobody || echo NO users; getent group tty users || echo NO groups; "
		   "ls /sys/class/net/lo || echo NO sys; "
		   "getent hosts localhost || echo NO hosts; [ -e /etc/resolv.conf ] || echo NO resolv.conf");
	spec_phase(&s, "forge", "echo forged >/proc/1/fd/1; kill -9 1; kill -TERM 1; echo alive");
	spec_phase(&s, "cc", "PATH=/gover/bin; type git sh >/dev/null && ! type cc gcc clang ld");
	a = cell_run(e, &s, &end);
	ok(end.exit == 0, "%s: a full cell", cells_kind);
	if (geteuid() == 0)
		ok(has(a, "uid=1000:1000 gover"), "%s: root's cell is uid 1000", cells_kind);
	else
		ok((strstr(a, "uid=0:0 ") != NULL) == caller_is_zero(e), "%s: the cell is the caller", cells_kind);
	ok(has(a, "CapInh:0000000000000000CapPrm:0000000000000000CapEff:0000000000000000CapBnd:0000000000000000") &&
	       has(a, "NoNewPrivs:1"),
	   "%s: no capabilities, no new privileges", cells_kind);
	ok(has(a, "\"phase\":\"net\",\"stream\":1,\"text\":\"1\\u000a\""), "%s: lo is the only interface", cells_kind);
	ok(strstr(a, "WROTE") == NULL && has(a, "Read-only file system"),
	   "%s: all but scratch is read-only, /proc/sys too", cells_kind);
	ok(has(a, "o space left on device"), "%s: scratch is limited", cells_kind);
	ok(has(a, "ran\\u000a"), "%s: programs run from /tmp", cells_kind);
	ok(has(a, "\"phase\":\"see\",\"stream\":1,\"text\":\"/home/gover"), "%s: the cell has no other directories",
	   cells_kind);
	missing = strstr(a, "NO ");
	ok(missing == NULL, "%s: users, groups, names and devices that every system has", cells_kind);
	if (missing != NULL)
		printf("# %.40s\n", missing);
	ok(has(a, "alive") && strstr(a, "forged") == NULL, "%s: the project cannot reach the agent", cells_kind);
	ok(has(a, "\"phase\":\"cc\",\"exit\":0"), "%s: /gover/bin has git, but no compiler", cells_kind);
	ok(has(a, geteuid() == 0 && access("/sys/fs/cgroup/memory/cgroup.procs", W_OK) == 0 ? "\"cgroup\":1"
											    : "\"cgroup\":"),
	   "%s: hello reports the control groups", cells_kind);

	free(a);
	spec_init(&s, "bare");
	s.tools = false;
	spec_phase(&s, "x", "echo never");
	a = cell_run(e, &s, &end);
	ok(end.exit == 0 && has(a, "\"exit\":127"), "%s: without tools there is no shell", cells_kind);

	free(a);
	spec_init(&s, "libc");
	s.tools = false;
	s.libc = true;
	s.binds[s.n_binds++] = (struct gv_bind){ .source = gv_xstrdup("/bin/cat"), .target = gv_xstrdup("/gover/cat") };
	s.plan.phases = NULL;
	gv_strv_add(&gv_plan_add(&s.plan, "x", 30, "always")->argv, "/gover/cat");
	gv_strv_add(&s.plan.phases[0].argv, "/etc/passwd");
	a = cell_run(e, &s, &end);
	ok(end.exit == 0 && has(a, "gover:x:"), "%s: the host's libc runs a dynamic program", cells_kind);

	free(a);
	spec_init(&s, "proc");
	gv_strv_add(&s.tmpfs, "/proc/x");
	spec_phase(&s, "x", "echo never");
	a = cell_run(e, &s, &end);
	ok(has(a, "'/proc/x' cannot be a mount point in a cell"), "%s: a path that no cell may have is refused",
	   cells_kind);
}

static void
test_engine(const char *arg)
{
	struct gv_engine *e = cells_open(arg);

	if (e == NULL) {
		ok(true, "%s # SKIP not here", cells_kind);
		return;
	}
	daemon_engine = gv_engine_info(e)->daemon;
	test_both(e);
	test_colon(e);
	test_memory(e);
	test_parallel(e);
	test_interrupt(e);
	test_killed(e);
	if (strcmp(cells_kind, "host") != 0)
		test_sandbox(e);
	test_keep(e);
	gv_engine_close(e);
}

int
main(int argc, char **argv)
{
	tap_need(cells_setup(), "a project, and the agent");
	for (int i = 1; i < argc; i++)
		test_engine(argv[i]);
	if (argc == 1) {
		test_engine("bwrap");
		test_engine("host");
	}
	cells_clean();
	return tap_done();
}
