/* SPDX-License-Identifier: MIT */
#include <config.h>

/* Engines that cannot mount our files, and images of the user. Arguments and daemons come from engines.sh. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/tap.h"
#include "tests/unit/cells.h"
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
	gv_strv_free(&s.plan.env);
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
	gv_strv_free(&s.plan.env);
	gv_strv_add(&s.plan.env, "PATH=/gover/sdk");
	spec_phase(&s, "x", script);
	return cell_run(e, &s, end);
}

static void
test_remote(struct gv_engine *e)
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
	/* What is cached is not sent again: so a change here is not seen there. */
	copy_program(bin, "/bin/cat", "later");
	a = run_remote(e, "r2", bin,
		       "cat /gover/cache/x; test -e new || echo clean; test -e /gover/sdk/later || echo same", &end);
	ok(end.exit == 0 && has(a, "kept") && has(a, "clean"), "%s: caches stay, projects do not", cells_kind);
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
			test_remote(e);
		test_image(e);
		gv_engine_close(e);
	}
	cells_clean();
	return tap_done();
}
