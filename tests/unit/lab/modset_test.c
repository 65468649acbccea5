/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "project/modset.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* The part of a module cache that a project needs. */
static char *work, *cache;

static void
put(const char *name, const char *text)
{
	put_file(work, name, text, 0644);
}

static struct gv_modset
find(struct gv_project *p)
{
	struct gv_modset s;
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_modset_find(&s, p, cache, &err) == 0, "%s", err.msg);
	return s;
}

static bool
lists(const struct gv_modset *s, const char *path)
{
	return gv_strv_has(&s->paths, path);
}

static void
test_set(struct gv_project *p)
{
	struct gv_modset s = find(p);

	ok(lists(&s, "example.com/!a/b@v1.2.3") && lists(&s, "cache/download/example.com/!a/b/@v/v1.2.3.ziphash") &&
	       lists(&s, "cache/download/example.com/!a/b/@v/v1.2.3.info"),
	   "a module that is required, its capitals as the cache spells them");
	ok(lists(&s, "cache/download/example.com/deep/@v/v0.1.0-!r!c1.mod") &&
	       !lists(&s, "example.com/deep@v0.1.0-!r!c1"),
	   "of a module that its go.mod requires, the go.mod, because the cache has no more");
	ok(lists(&s, "cache/download/example.com/new/@v/v2.0.0+incompatible.mod"), "a module that replaces another");
	ok(lists(&s, "cache/download/example.com/work/@v/v1.0.0.mod"), "a module that the workspace names");
	ok(!lists(&s, "cache/download/example.com/other/@v/v1.0.0.mod") &&
	       !lists(&s, "cache/download/example.com/comment/@v/v1.0.0.mod"),
	   "no module that is only in the cache, or only in a comment");
	ok(s.paths.n == 3 * 4 + 1, "nothing else, %zu", s.paths.n);
	gv_modset_release(&s);
}

static void
test_key(struct gv_project *p)
{
	struct gv_modset a = find(p), b = find(p), c, d;

	ok(strcmp(a.key, b.key) == 0, "the same content, the same key");
	put("cache/cache/download/example.com/other/@v/v1.1.0.mod", "module example.com/other\n");
	gv_modset_release(&b);
	b = find(p);
	ok(strcmp(a.key, b.key) == 0, "a module of another project does not change it");
	put("cache/cache/download/example.com/!a/b/@v/v1.2.3.ziphash", "h1:another");
	c = find(p);
	ok(strcmp(a.key, c.key) != 0, "other content of a module does");
	put("cache/cache/download/example.com/work/@v/v1.0.0.ziphash", "h1:work");
	d = find(p);
	ok(strcmp(c.key, d.key) != 0 && lists(&d, "example.com/work@v1.0.0"), "and so does one that arrived");
	gv_modset_release(&a);
	gv_modset_release(&b);
	gv_modset_release(&c);
	gv_modset_release(&d);
}

/* A directory that replaces a module needs modules of its own, and may replace others. */
static void
test_replaced(struct gv_project *p)
{
	struct gv_modset s;

	put("project/go.mod",
	    "module example.com/m\n\nreplace example.com/r => ./_r\nreplace (\n\texample.com/q v1.0.0 => \"../q\"\n)\n");
	put("project/_r/go.mod",
	    "module example.com/r\nrequire example.com/other v1.0.0\nreplace example.com/m => ../\n");
	put("q/go.mod", "module example.com/q\nrequire example.com/comment v1.0.0\n");
	s = find(p);
	ok(lists(&s, "cache/download/example.com/other/@v/v1.0.0.mod") &&
	       lists(&s, "cache/download/example.com/comment/@v/v1.0.0.mod"),
	   "what a replacing directory needs is in the set");
	gv_modset_release(&s);
}

/* Module names become paths, so a hostile one must not lead elsewhere. */
static void
test_hostile(struct gv_project *p)
{
	struct gv_modset s;

	free(p->workspace);
	p->workspace = NULL;
	put("cache/evil.mod", "module evil\n");
	put("project/go.mod",
	    "module example.com/m\n\nrequire (\n\t../../../evil v1.0.0\n\t/etc v1.0.0\n\ta/../../b v1.0.0\n"
	    "\texample.com/x v1/../../../../../evil\n\texample.com/x v1..\n\tv1.0.0\n\t@ v1\n)\nrequire");
	s = find(p);
	ok(s.paths.n == 0, "a name that leads out of the cache is ignored, %zu", s.paths.n);
	gv_modset_release(&s);
}

int
main(void)
{
	static char dir[] = "/tmp/gover-modset-test-XXXXXX";
	char dot[] = ".", name[] = "example.com/m", none[] = "";
	struct gv_module modules[] = { { .dir = dot, .path = name }, { .dir = dot, .path = none } };
	struct gv_project p = { .modules = modules, .n = 2 };
	struct gv_err err = GV_ERR_INIT;

	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	cache = gv_path_join(work, "cache");
	p.root = gv_path_join(work, "project");
	p.workspace = gv_path_join(work, "project/go.work");
	put("project/go.mod", "module example.com/m\n\ngo 1.22\n\nrequire (\n\texample.com/A/b v1.2.3 // indirect\n"
			      "\t// example.com/comment v1.0.0\n\texample.com/gone v1.0.0\n)\n"
			      "replace \"example.com/old\" => example.com/new v2.0.0+incompatible\nretract v1.0.0");
	put("project/go.work", "go 1.22\nuse .\nreplace example.com/work v0.9.0 => example.com/work v1.0.0\n");
	put("cache/cache/download/example.com/!a/b/@v/v1.2.3.mod",
	    "module example.com/A/b\r\nrequire example.com/deep v0.1.0-RC1\r\n");
	put("cache/cache/download/example.com/!a/b/@v/v1.2.3.ziphash", "h1:x");
	put("cache/cache/download/example.com/deep/@v/v0.1.0-!r!c1.mod",
	    "module example.com/deep\nrequire example.com/A/b v1.2.3\n");
	put("cache/cache/download/example.com/new/@v/v2.0.0+incompatible.mod", "module example.com/new\n");
	put("cache/cache/download/example.com/work/@v/v1.0.0.mod", "module example.com/work\n");
	put("cache/cache/download/example.com/other/@v/v1.0.0.mod", "module example.com/other\n");
	put("cache/cache/download/example.com/comment/@v/v1.0.0.mod", "module example.com/comment\n");
	test_set(&p);
	test_key(&p);
	test_replaced(&p);
	test_hostile(&p);
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		printf("# %s\n", err.msg);
	free(cache);
	free(p.root);
	free(p.workspace);
	return tap_done();
}
