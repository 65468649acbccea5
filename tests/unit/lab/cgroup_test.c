/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/limits.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* Control groups in an imitated tree. Real ones: engine_test. */
static char *work;

static void
put(const char *dir, const char *name, const char *text)
{
	gv_autofree char *group = gv_path_join(work, dir);

	put_file(group, name, text, 0644);
}

static void
group(const char *dir, const char *handed_on)
{
	put(dir, "cgroup.procs", "");
	put(dir, "cgroup.subtree_control", handed_on);
}

static char *
mounts_of(const char *line)
{
	return gv_xasprintf("22 1 0:20 / /proc rw - proc proc rw\n%s\n", line);
}

/* The path below `work`, "" for NULL. */
static const char *
place(const struct gv_cgroup_places *p, const char *dir)
{
	return dir != NULL && strncmp(dir, work, strlen(work)) == 0 ? dir + strlen(work)
	       : p->version > 0 && dir != NULL                      ? dir
								    : "";
}

static void
test_second(void)
{
	gv_autofree char *line = gv_xasprintf("30 1 0:26 / %s rw,nosuid - cgroup2 cgroup2 rw,nsdelegate", work),
			 *mounts = mounts_of(line),
			 *inside = gv_xasprintf("30 1 0:26 /user.slice %s rw - cgroup2 cgroup2 rw", work),
			 *part = mounts_of(inside);
	struct gv_cgroup_places p;

	group("", "cpu memory pids\n");
	group("user.slice", "cpu memory pids\n");
	group("user.slice/app.slice", "memory pids\n");
	group("user.slice/app.slice/x.scope", "");
	group("app.slice", "memory\n");
	group("app.slice/x.scope", "");
	group("user.slice/other.slice", "cpu pids\n");
	group("user.slice/other.slice/y.scope", "");
	gv_cgroup_look(&p, "0::/user.slice/app.slice/x.scope\n", mounts);
	ok(p.version == 2 && strcmp(place(&p, p.memory), "/user.slice/app.slice") == 0,
	   "version 2: below the parent, which passes memory on: '%s'", place(&p, p.memory));
	gv_cgroup_places_release(&p);
	gv_cgroup_look(&p, "1:name=systemd:/x\n0::/user.slice/other.slice/y.scope\n", mounts);
	ok(p.version == 2 && strcmp(place(&p, p.memory), "/user.slice") == 0,
	   "a group that does not pass memory on is skipped: '%s'", place(&p, p.memory));
	gv_cgroup_places_release(&p);
	gv_cgroup_look(&p, "0::/user.slice/app.slice/x.scope\n", part);
	ok(p.version == 2 && strcmp(place(&p, p.memory), "/app.slice") == 0, "a mount that shows a part: '%s'",
	   place(&p, p.memory));
	gv_cgroup_places_release(&p);
	gv_cgroup_look(&p, "0::/nowhere/else\n", mounts);
	ok(p.version == 0 && p.memory == NULL, "a path that is not there is no place");
	gv_cgroup_places_release(&p);
	gv_cgroup_look(&p, "nonsense\n\n:::\n0::", "also nonsense - \n - cgroup2\n");
	ok(p.version == 0 && p.memory == NULL, "nor is nonsense");
	gv_cgroup_places_release(&p);
}

/* A user who may not make groups. */
static void
test_forbidden(void)
{
	gv_autofree char *line = gv_xasprintf("30 1 0:26 / %s rw - cgroup2 cgroup2 rw", work),
			 *mounts = mounts_of(line), *dir = gv_path_join(work, "user.slice/app.slice");
	struct gv_cgroup_places p;

	if (geteuid() == 0) {
		printf("ok %d - a group of somebody else # SKIP root may write it\n", ++tap_count);
		return;
	}
	chmod(dir, 0555);
	gv_cgroup_look(&p, "0::/user.slice/app.slice/x.scope\n", mounts);
	ok(p.version == 0, "the search ends at a group of another user");
	gv_cgroup_places_release(&p);
	chmod(dir, 0755);
}

static void
test_first(void)
{
	gv_autofree char *memory = gv_xasprintf("31 1 0:27 / %s/memory rw - cgroup cgroup rw,memory", work),
			 *cpu = gv_xasprintf("32 1 0:28 / %s/cpu rw - cgroup cgroup rw,cpu,cpuacct", work),
			 *both = gv_xasprintf("%s\n%s", memory, cpu), *mounts = mounts_of(both);
	struct gv_cgroup_places p;

	group("memory/a", "");
	group("cpu/b", "");
	gv_cgroup_look(&p, "5:memory:/a\n4:cpu,cpuacct:/b\n3:pids:/c\n0::/\n", mounts);
	ok(p.version == 1 && strcmp(place(&p, p.memory), "/memory/a") == 0 && strcmp(place(&p, p.cpu), "/cpu/b") == 0 &&
	       p.pids == NULL,
	   "version 1: each controller where it is mounted");
	gv_cgroup_places_release(&p);
}

static bool
holds(const char *name, const char *text)
{
	gv_autofree char *path = gv_xasprintf("%s/place/gover-x/%s", work, name), *got = NULL;
	struct gv_err err = GV_ERR_INIT;
	size_t len;

	if (gv_fs_read(AT_FDCWD, path, 4096, &got, &len, &err) < 0)
		return false;
	if (strcmp(got, text) != 0)
		printf("# %s is '%s', not '%s'\n", name, got, text);
	return strcmp(got, text) == 0;
}

static void
test_make(void)
{
	gv_autofree char *dir = gv_path_join(work, "place");
	struct gv_cgroup_places p = { .version = 2, .memory = dir };
	struct gv_cgroup g;

	put("place/gover-x", "memory.max", "");
	put("place/gover-x", "memory.swap.max", "");
	put("place/gover-x", "cpu.max", "");
	gv_cgroup_make(&g, &p, "x", 1u << 30, 1500, 200);
	ok(g.limits_memory && holds("memory.max", "1073741824") && holds("memory.swap.max", "0"),
	   "version 2 limits memory, without swap");
	ok(holds("cpu.max", "150000 100000"), "and processors");
	ok(!g.limits_pids, "and tells that it cannot limit processes where that controller is missing");
	gv_strv_release(&g.dirs);
	put("place/gover-x", "pids.max", "");
	gv_cgroup_make(&g, &p, "x", 0, 0, 200);
	ok(g.limits_pids && holds("pids.max", "200") && !g.limits_memory, "what is not asked for is not limited");
	gv_strv_release(&g.dirs);
}

int
main(void)
{
	static char dir[] = "/tmp/gover-cgroup-test-XXXXXX";
	struct gv_err err = GV_ERR_INIT;

	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	test_second();
	test_forbidden();
	test_first();
	test_make();
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
