/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "project/project.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "project/root.h"
#include "resolve/resolve.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/path.h"
#include "util/text.h"
#include "version/gomod.h"

#define MODULES_MAX 1000  /* modules in one repository */
#define DEPTH_MAX   40    /* levels searched below the root */
#define DIRS_MAX    50000 /* directories searched: more than any repository has, fewer than a disk has */

void
gv_project_release(struct gv_project *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->modules[i].dir);
		free(p->modules[i].path);
	}
	free(p->modules);
	free(p->root);
	free(p->workspace);
	free(p->note);
	memset(p, 0, sizeof(*p));
}

/* The nearest ancestor of `dir` (itself included) that has an entry `name`; caller frees. */
static char *
ancestor_with(const char *dir, const char *name)
{
	gv_autofree char *at = gv_xstrdup(dir);

	do {
		gv_autofree char *file = gv_path_join(at, name);

		if (gv_fs_exists(file))
			return gv_steal_ptr(&at);
	} while (gv_path_parent(at));
	return NULL;
}

/* The first word after a directive at the start of a line, quotes removed: `module "x"` -> x. */
static char *
directive_value(const char *text, const char *verb)
{
	size_t len = strlen(verb);
	struct gv_lines in;

	gv_lines_init(&in, text, strlen(text), GV_LINES_LF); /* a CR ends the word */
	while (gv_lines_next(&in)) {
		const char *p = in.line + strspn(in.line, " \t");

		if (strncmp(p, verb, len) == 0 && (p[len] == ' ' || p[len] == '\t')) {
			p += len;
			p += strspn(p, " \t\"`(");
			size_t n = strcspn(p, " \t\r\n\"`/");

			while (p[n] == '/' && p[n + 1] != '/')
				n += 1 + strcspn(p + n + 1, " \t\r\n\"`/");
			return gv_xstrndup(p, n);
		}
	}
	return gv_xstrdup("");
}

static void
raise_go(struct gv_project *p, const char *go)
{
	if (go[0] != '\0' && gv_version_cmp(go, p->go) > 0)
		gv_text_fit(p->go, sizeof(p->go), "%s", go);
}

/* Read the version lines of a go.mod or go.work. Caller frees `*text`. */
static int
read_mod_file(const char *path, struct gv_gomod *lines, char **text, struct gv_err *err)
{
	unsigned bad = 0;
	size_t len;

	if (gv_fs_read(AT_FDCWD, path, GV_GOMOD_MAX, text, &len, err) < 0)
		return -1;
	/* If we cannot parse a line, the go command under test judges it. */
	if (gv_gomod_scan(lines, *text, len, &bad, err) < 0) {
		memset(lines, 0, sizeof(*lines));
		gv_err_clear(err);
	}
	return 0;
}

/* Whether go would use the vendor directory of a module with this go line. */
static bool
uses_vendor(const struct gv_project *p, const char *go)
{
	return p->workspace == NULL && go[0] != '\0' && gv_version_cmp(go, "1.14") >= 0;
}

/* Whether a replace directive leads out of root: it has more "../" than the module's directory `rel` has parts. */
static bool
leaves(const char *rel, const char *text)
{
	int depth = strcmp(rel, ".") != 0;
	struct gv_lines in;

	for (const char *p = rel; (p = strchr(p, '/')) != NULL; p++)
		depth++;
	gv_lines_init(&in, text, strlen(text), GV_LINES_LF);
	while (gv_lines_next(&in)) {
		const char *p = strstr(in.line, "=>");
		int up = 0;

		p = p != NULL ? p + 2 + strspn(p + 2, " \t\"`") : "";
		for (; strncmp(p, "..", 2) == 0 && (p[2] == '/' || strchr(" \t\r\"`", p[2]) != NULL);
		     p += p[2] == '/' ? 3 : 2)
			up++;
		if (up > depth)
			return true;
	}
	return false;
}

static int
add_module(struct gv_project *p, const char *rel, struct gv_err *err)
{
	gv_autofree char *dir = strcmp(rel, ".") == 0 ? gv_xstrdup(p->root) : gv_path_join(p->root, rel);
	gv_autofree char *file = gv_path_join(dir, "go.mod"), *vendor = gv_path_join(dir, "vendor/modules.txt"),
			 *text = NULL;
	struct gv_gomod lines = { 0 };
	struct gv_module *m;

	if (p->n >= MODULES_MAX)
		return gv_err_set(err, GV_ETOOBIG, "more than %d modules below '%s'", MODULES_MAX, p->root);
	if (gv_fs_exists(file) && read_mod_file(file, &lines, &text, err) < 0)
		return -1;
	p->modules = gv_xreallocarray(p->modules, p->n + 1, sizeof(*p->modules));
	m = &p->modules[p->n++];
	*m = (struct gv_module){ .dir = gv_xstrdup(rel),
				 .path = text != NULL ? directive_value(text, "module") : gv_xstrdup(""),
				 .vendored = uses_vendor(p, lines.go) && gv_fs_exists(vendor) };
	gv_text_fit(m->go, sizeof(m->go), "%s", lines.go);
	raise_go(p, lines.go);
	p->leaves = p->leaves || (text != NULL && leaves(rel, text));
	return 0;
}

static bool
searched(const char *name)
{
	return name[0] != '.' && name[0] != '_' && strcmp(name, "vendor") != 0 && strcmp(name, "testdata") != 0 &&
	       strcmp(name, "node_modules") != 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Add the modules strictly below root/rel; `*dirs` counts the directories seen. */
static int
add_nested(struct gv_project *p, const char *rel, int depth, unsigned *dirs, struct gv_err *err)
{
	gv_autofree char *dir = strcmp(rel, ".") == 0 ? gv_xstrdup(p->root) : gv_path_join(p->root, rel);
	struct dirent **list = NULL;
	int n = scandir(dir, &list, NULL, by_name), rc = 0;

	if (++*dirs > DIRS_MAX) {
		rc = gv_err_set(err, GV_EUSAGE, "more than %d directories below '%s'", DIRS_MAX, p->root);
		gv_err_help(err, "run gover in the directory of a Go module");
	}

	for (int i = 0; i < n; i++) {
		gv_autofree char *sub = strcmp(rel, ".") == 0 ? gv_xstrdup(list[i]->d_name)
							      : gv_path_join(rel, list[i]->d_name);
		gv_autofree char *abs = gv_path_join(p->root, sub), *mod = gv_path_join(abs, "go.mod");
		struct stat st;

		if (rc == 0 && depth < DEPTH_MAX && searched(list[i]->d_name) && lstat(abs, &st) == 0 &&
		    S_ISDIR(st.st_mode)) {
			if (gv_fs_exists(mod))
				rc = add_module(p, sub, err);
			if (rc == 0)
				rc = add_nested(p, sub, depth + 1, dirs, err);
		}
		free(list[i]);
	}
	free(list);
	return rc;
}

/* `dir` relative to root ("." for root itself). `dir` must be root or below it. */
static const char *
below(const char *root, const char *dir)
{
	const char *rest = dir + strlen(root);

	rest += strspn(rest, "/");
	return *rest != '\0' ? rest : ".";
}

static char *
clean_use(const char *work_rel, const char *use, size_t len)
{
	gv_autofree char *rel = gv_xstrndup(use, len);
	char *p = rel;

	while (strncmp(p, "./", 2) == 0)
		p += 2 + strspn(p + 2, "/");
	for (size_t n = strlen(p); n > 1 && p[n - 1] == '/'; n--)
		p[n - 1] = '\0';
	if (*p == '\0' || strcmp(p, ".") == 0)
		return gv_xstrdup(work_rel);
	return strcmp(work_rel, ".") == 0 ? gv_xstrdup(p) : gv_path_join(work_rel, p);
}

/* Add the modules of `use DIR` lines and `use ( ... )` blocks. */
static int
add_used(struct gv_project *p, const char *work_rel, char *text, struct gv_err *err)
{
	bool block = false;
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		char *comment = strstr(line, "//"), *s = line + strspn(line, " \t\r");

		if (comment != NULL)
			*comment = '\0';
		if (!block) {
			if (strncmp(s, "use", 3) != 0 || strchr(" \t(", s[3]) == NULL)
				continue;
			s += 3 + strspn(s + 3, " \t");
			if (*s == '(') {
				block = true;
				continue;
			}
		} else if (*s == ')') {
			block = false;
			continue;
		}
		s += strspn(s, "\"`");
		size_t len = strcspn(s, " \t\r\"`");

		if (len == 0)
			continue;
		gv_autofree char *rel = clean_use(work_rel, s, len);

		if (add_module(p, rel, err) < 0)
			return -1;
	}
	return 0;
}

/* Add the module at the top and those below it. If there are none, add the top itself, as a module without go.mod. */
static int
add_found(struct gv_project *p, const char *rel, const char *top, struct gv_err *err)
{
	gv_autofree char *mod = gv_path_join(top, "go.mod");
	unsigned dirs = 0;

	if (gv_fs_exists(mod) && add_module(p, rel, err) < 0)
		return -1;
	if (add_nested(p, rel, 0, &dirs, err) < 0)
		return -1;
	return p->n == 0 ? add_module(p, rel, err) : 0;
}

/*
 * Say why the repository around root is not copied. If it is a home directory, and no replace directive leads out of
 * root, nobody misses it, so say nothing.
 */
static void
set_note(struct gv_project *p, const struct gv_project_root *at)
{
	if (at->passed == NULL || (!at->foreign && !p->leaves))
		return;
	p->note = gv_xasprintf("only '%s' is copied, not the repository '%s' around it: %s", p->root, at->passed,
			       at->foreign ? "that is another user's" : "that is a home directory");
}

int
gv_project_find(struct gv_project *p, const char *dir, struct gv_err *err)
{
	__attribute__((cleanup(gv_project_root_release))) struct gv_project_root at = { 0 };
	gv_autoproject struct gv_project found = { 0 };
	gv_autofree char *text = NULL;

	if (gv_project_root_find(&at, dir, err) < 0)
		return -1;
	found.root = gv_xstrdup(at.root);
	if (at.workspace != NULL) {
		struct gv_gomod lines = { 0 };

		found.workspace = gv_xstrdup(at.workspace);
		if (read_mod_file(found.workspace, &lines, &text, err) < 0)
			return -1;
		raise_go(&found, lines.go);
		found.leaves = leaves(below(found.root, at.top), text);
		if (add_used(&found, below(found.root, at.top), text, err) < 0)
			return -1;
	}
	if (found.n == 0 && add_found(&found, below(found.root, at.top), at.top, err) < 0)
		return -1;
	set_note(&found, &at);
	*p = found;
	memset(&found, 0, sizeof(found));
	return 0;
}

static int
versions_of_file(const char *dir, struct gv_strv *out, struct gv_err *err)
{
	gv_autofree char *at = ancestor_with(dir, ".go-version"), *file = NULL;
	unsigned line = 0;

	if (at == NULL)
		return 0;
	file = gv_path_join(at, ".go-version");
	return gv_go_version_file(file, out, &line, err);
}

int
gv_project_versions(const struct gv_project *p, const char *dir, const struct gv_strv *known, struct gv_strv *out,
		    struct gv_err *err)
{
	gv_autostrv struct gv_strv lines = GV_STRV_INIT, newest = GV_STRV_INIT;
	char floor[GV_VERSION_MAX];

	if (versions_of_file(dir, &lines, err) < 0)
		return -1;
	if (lines.n > 1) {
		for (size_t i = 0; i < lines.n; i++)
			gv_strv_add(out, lines.v[i]);
		return 0;
	}
	gv_text_fit(floor, sizeof(floor), "%s", p->go[0] != '\0' ? p->go : "1.16");
	for (size_t i = 0; i < known->n; i++) {
		char lang[GV_VERSION_MAX], last[GV_VERSION_MAX] = "";
		const char *v = known->v[i];

		if (gv_version_is_prerelease(v) || gv_version_cmp(v, floor) < 0)
			continue;
		gv_version_lang(lang, sizeof(lang), v);
		if (newest.n > 0)
			gv_version_lang(last, sizeof(last), newest.v[newest.n - 1]);
		/* `known` is in ascending order, so the last version of a minor is its newest patch. */
		if (strcmp(lang, last) == 0) {
			free(newest.v[newest.n - 1]);
			newest.v[newest.n - 1] = gv_xstrdup(v);
		} else {
			gv_strv_add(&newest, v);
		}
	}
	if (newest.n == 0)
		return gv_err_set(err, GV_ENOTFOUND, "no known Go version is new enough for the go line %s", floor);
	for (size_t i = 0; i < newest.n; i++)
		gv_strv_add(out, newest.v[i]);
	return 0;
}
