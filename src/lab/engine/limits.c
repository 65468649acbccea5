/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/num.h"
#include "util/path.h"

#define PROC_MAX  (1u << 20) /* bytes of a file in /proc */
#define PERIOD_US 100000u

void
gv_cgroup_places_release(struct gv_cgroup_places *p)
{
	free(p->memory);
	free(p->pids);
	free(p->cpu);
	*p = (struct gv_cgroup_places){ 0 };
}

/* Whether `word` is one of the words of `list`, which are separated by `sep`. */
static bool
has_word(const char *list, size_t len, const char *word, char sep)
{
	size_t n = strlen(word);

	for (const char *at = list; at + n <= list + len; at++)
		if (memcmp(at, word, n) == 0 && (at == list || at[-1] == sep) &&
		    (at + n == list + len || at[n] == sep || at[n] == '\n'))
			return true;
	return false;
}

/*
 * Our path in the hierarchy of `controller` (version 2: ""), from /proc/self/cgroup with lines "ID:CONTROLLERS:PATH".
 * Caller frees.
 */
static char *
own_path(const char *text, const char *controller)
{
	struct gv_lines in;

	gv_lines_init(&in, text, strlen(text), GV_LINES_LF);
	while (gv_lines_next(&in)) {
		const char *end = in.line + in.len, *a = memchr(in.line, ':', in.len),
			   *b = a != NULL ? memchr(a + 1, ':', (size_t)(end - a - 1)) : NULL;

		if (b != NULL &&
		    (controller[0] == '\0' ? b == a + 1 : has_word(a + 1, (size_t)(b - a - 1), controller, ',')))
			return gv_xstrndup(b + 1, (size_t)(end - b - 1));
	}
	return NULL;
}

/*
 * Where our group of that hierarchy is mounted, from /proc/self/mountinfo with lines "ID PARENT DEV ROOT POINT OPTIONS
 * ... - TYPE SOURCE SUPER". ROOT is the part of the hierarchy that the mount shows. Caller frees.
 */
static char *
own_dir(const char *mounts, const char *path, const char *controller)
{
	struct gv_lines in;

	gv_lines_init(&in, mounts, strlen(mounts), GV_LINES_LF);
	while (gv_lines_next(&in)) {
		gv_autofree char *l = gv_xstrndup(in.line, in.len);
		char *sep = strstr(l, " - "), root[512], point[512], type[64], super[512];

		if (sep == NULL || sscanf(l, "%*s %*s %*s %511s %511s", root, point) != 2 ||
		    sscanf(sep + 3, "%63s %*s %511s", type, super) != 2)
			continue;
		if (controller[0] == '\0'
			? strcmp(type, "cgroup2") != 0
			: strcmp(type, "cgroup") != 0 || !has_word(super, strlen(super), controller, ','))
			continue;
		if (strcmp(root, "/") == 0)
			return gv_path_join(point, path + strspn(path, "/"));
		if (strncmp(path, root, strlen(root)) == 0)
			return gv_path_join(point, path + strlen(root) + strspn(path + strlen(root), "/"));
		return gv_xstrdup(point);
	}
	return NULL;
}

static bool
can_make(const char *dir)
{
	gv_autofree char *procs = gv_path_join(dir, "cgroup.procs");

	return access(dir, W_OK) == 0 && access(procs, W_OK) == 0;
}

/* Version 1: our own directory in the hierarchy, if we can make groups there. */
static char *
place_v1(const char *groups, const char *mounts, const char *controller)
{
	gv_autofree char *path = own_path(groups, controller), *dir = NULL;

	if (path == NULL)
		return NULL;
	dir = own_dir(mounts, path, controller);
	return dir != NULL && can_make(dir) ? gv_steal_ptr(&dir) : NULL;
}

static bool
hands_on(const char *dir, const char *controller)
{
	gv_autofree char *path = gv_path_join(dir, "cgroup.subtree_control"), *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len;

	return gv_fs_read(AT_FDCWD, path, 4096, &text, &len, &err) == 0 && has_word(text, len, controller, ' ');
}

static char *
place_v2(const char *groups, const char *mounts)
{
	gv_autofree char *path = own_path(groups, ""), *dir = NULL;

	if (path == NULL || (dir = own_dir(mounts, path, "")) == NULL)
		return NULL;
	do {
		if (hands_on(dir, "memory") && can_make(dir))
			return gv_steal_ptr(&dir);
	} while (gv_path_parent(dir) && strlen(dir) > 1 && can_make(dir));
	return NULL;
}

static bool
set_value(const char *dir, const char *name, const char *value)
{
	gv_autofree char *path = gv_path_join(dir, name);
	gv_autofd int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
}

static bool
set_number(const char *dir, const char *name, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return set_value(dir, name, text);
}

/* Make the cell's directory below `place`. Borrowed; NULL on failure. */
static const char *
make_dir(struct gv_cgroup *g, const char *place, const char *name)
{
	gv_autofree char *leaf = gv_xasprintf("gover-%s", name), *dir = NULL;

	if (place == NULL)
		return NULL;
	dir = gv_path_join(place, leaf);
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return NULL;
	gv_strv_take(&g->dirs, gv_steal_ptr(&dir));
	return g->dirs.v[g->dirs.n - 1];
}

static void
make_v1(struct gv_cgroup *g, const struct gv_cgroup_places *p, const char *name, uint64_t memory_bytes,
	unsigned cpus_milli, unsigned pids)
{
	const char *dir;

	g->memory = make_dir(g, p->memory, name);
	if (g->memory != NULL && memory_bytes > 0) {
		g->limits_memory = set_number(g->memory, "memory.limit_in_bytes", memory_bytes);
		set_number(g->memory, "memory.memsw.limit_in_bytes", memory_bytes);
	}
	dir = pids > 0 ? make_dir(g, p->pids, name) : NULL;
	g->limits_pids = dir != NULL && set_number(dir, "pids.max", pids);
	dir = cpus_milli > 0 ? make_dir(g, p->cpu, name) : NULL;
	if (dir != NULL && set_number(dir, "cpu.cfs_period_us", PERIOD_US))
		set_number(dir, "cpu.cfs_quota_us", (uint64_t)cpus_milli * PERIOD_US / 1000);
}

static void
make_v2(struct gv_cgroup *g, const struct gv_cgroup_places *p, const char *name, uint64_t memory_bytes,
	unsigned cpus_milli, unsigned pids)
{
	char text[64];

	g->memory = make_dir(g, p->memory, name);
	if (g->memory == NULL)
		return;
	if (memory_bytes > 0) {
		g->limits_memory = set_number(g->memory, "memory.max", memory_bytes);
		set_number(g->memory, "memory.swap.max", 0);
	}
	g->limits_pids = pids > 0 && set_number(g->memory, "pids.max", pids);
	snprintf(text, sizeof(text), "%u %u", cpus_milli * (PERIOD_US / 1000), PERIOD_US);
	if (cpus_milli > 0)
		set_value(g->memory, "cpu.max", text);
}

void
gv_cgroup_make(struct gv_cgroup *g, const struct gv_cgroup_places *p, const char *name, uint64_t memory_bytes,
	       unsigned cpus_milli, unsigned pids)
{
	*g = (struct gv_cgroup){ .version = p->version };
	if (p->version == 1)
		make_v1(g, p, name, memory_bytes, cpus_milli, pids);
	else if (p->version == 2)
		make_v2(g, p, name, memory_bytes, cpus_milli, pids);
}

bool
gv_cgroup_join(const struct gv_cgroup *g)
{
	bool all = true;

	for (size_t i = 0; i < g->dirs.n; i++) {
		int dir = open(g->dirs.v[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		int fd = dir >= 0 ? openat(dir, "cgroup.procs", O_WRONLY | O_CLOEXEC) : -1;

		all = fd >= 0 && write(fd, "0", 1) == 1 && all;
		if (fd >= 0)
			close(fd);
		if (dir >= 0)
			close(dir);
	}
	return all;
}

static void
kill_members(const char *dir)
{
	gv_autofree char *procs = gv_path_join(dir, "cgroup.procs"), *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	uint64_t pid;
	size_t len;

	if (set_value(dir, "cgroup.kill", "1") || gv_fs_read(AT_FDCWD, procs, PROC_MAX, &text, &len, &err) < 0)
		return;
	for (const char *at = text; (at = gv_num_prefix(at, INT_MAX, &pid)) != NULL; at += strspn(at, "\n"))
		if (pid > 1)
			kill((pid_t)pid, SIGKILL);
}

bool
gv_cgroup_is_ours(const char *dir)
{
	const char *leaf = strrchr(dir, '/');

	return dir[0] == '/' && strncmp(leaf + 1, "gover-", 6) == 0 && strstr(dir, "/../") == NULL;
}

void
gv_cgroup_remove_dir(const char *dir)
{
	useconds_t pause_us = 500;

	/* Processes need a moment to die. 500 us doubled eleven times is about two seconds in all. */
	for (int i = 0; i < 12 && rmdir(dir) < 0 && errno == EBUSY; i++) {
		kill_members(dir);
		usleep(pause_us);
		pause_us *= 2;
	}
}

void
gv_cgroup_release(struct gv_cgroup *g)
{
	for (size_t i = 0; i < g->dirs.n; i++)
		gv_cgroup_remove_dir(g->dirs.v[i]);
	gv_strv_release(&g->dirs);
	*g = (struct gv_cgroup){ 0 };
}

/* A delegated tree may let us make a group but not move a process into it. */
static bool
works(const struct gv_cgroup_places *p)
{
	struct gv_cgroup g;
	char name[32];
	int status = 1;
	pid_t pid;

	snprintf(name, sizeof(name), "try-%ld", (long)getpid());
	gv_cgroup_make(&g, p, name, 1u << 30, 1000, 100);
	pid = g.limits_memory ? fork() : -1;
	if (pid == 0)
		_exit(gv_cgroup_join(&g) ? 0 : 1);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	gv_cgroup_release(&g);
	return pid > 0 && status == 0;
}

void
gv_cgroup_look(struct gv_cgroup_places *p, const char *groups, const char *mounts)
{
	*p = (struct gv_cgroup_places){ .memory = place_v1(groups, mounts, "memory"),
					.pids = place_v1(groups, mounts, "pids"),
					.cpu = place_v1(groups, mounts, "cpu") };
	p->version = p->memory != NULL ? 1 : 0;
	if (p->version == 0 && (p->memory = place_v2(groups, mounts)) != NULL)
		p->version = 2;
}

static void
tell(const struct gv_cgroup_places *p, bool second, struct gv_strv *why)
{
	bool pids = p->version == 1 ? p->pids != NULL : p->version == 2 && hands_on(p->memory, "pids");
	bool cpu = p->version == 1 ? p->cpu != NULL : p->version == 2 && hands_on(p->memory, "cpu");

	if (p->version > 0)
		gv_strv_take(why, gv_xasprintf("cgroup: version %d, cells get groups below '%s'%s%s", p->version,
					       p->memory, pids ? "" : "; the agent watches the number of processes",
					       cpu ? "" : "; processors are not limited"));
	else
		gv_strv_take(
		    why,
		    gv_xasprintf("cgroup: cannot make groups here; the agent watches memory and the number of "
				 "processes; processors are not limited%s",
				 second && geteuid() != 0 && gv_fs_is_dir("/run/systemd/system")
				     ? " (run gover under 'systemd-run --user --scope -p Delegate=yes' to limit them)"
				     : ""));
}

void
gv_cgroup_find(struct gv_cgroup_places *p, struct gv_strv *why)
{
	gv_autofree char *groups = NULL, *mounts = NULL, *second = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len;

	*p = (struct gv_cgroup_places){ 0 };
	if (gv_fs_read(AT_FDCWD, "/proc/self/cgroup", PROC_MAX, &groups, &len, &err) == 0 &&
	    gv_fs_read(AT_FDCWD, "/proc/self/mountinfo", PROC_MAX, &mounts, &len, &err) == 0) {
		gv_cgroup_look(p, groups, mounts);
		second = own_path(groups, "");
	}
	if (p->version > 0 && !works(p))
		gv_cgroup_places_release(p);
	tell(p, second != NULL, why);
}
