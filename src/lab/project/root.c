/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "project/root.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/num.h"
#include "util/path.h"

#define GITFILE_MAX (64u << 10) /* bytes; a path and a word */

void
gv_project_root_release(struct gv_project_root *r)
{
	free(r->root);
	free(r->top);
	free(r->workspace);
	free(r->passed);
	memset(r, 0, sizeof(*r));
}

/* The user who called sudo; root if nobody did. */
static uid_t
sudo_uid(void)
{
	const char *text = getenv("SUDO_UID");
	uint64_t uid;

	return text != NULL && gv_num_u64(text, (uid_t)-1, &uid) == 0 ? (uid_t)uid : 0;
}

static bool
is_ours(uid_t uid)
{
	return uid == geteuid() || (geteuid() == 0 && uid == sudo_uid());
}

/* Whether the entry itself is ours, not what it may link to: whoever made the link chose its target. */
static bool
owns(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && is_ours(st.st_uid);
}

/* Whether the .git file of a worktree or a submodule leads to a directory of ours, or nowhere. */
static bool
owns_target(const char *dir, const char *file)
{
	static const char key[] = "gitdir: ";
	gv_autofree char *text = NULL, *target = NULL;
	struct gv_err err = GV_ERR_INIT;
	const char *name;
	struct stat st;
	size_t len;

	if (gv_fs_read(AT_FDCWD, file, GITFILE_MAX, &text, &len, &err) < 0 || strncmp(text, key, strlen(key)) != 0)
		return false;
	text[strcspn(text, "\r\n")] = '\0';
	name = text + strlen(key);
	target = name[0] == '/' ? gv_xstrdup(name) : gv_path_join(dir, name);
	return lstat(target, &st) == 0 ? is_ours(st.st_uid) : errno == ENOENT;
}

static bool
is_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool
is_home_of(const char *dir, uid_t uid)
{
	const struct passwd *p = getpwuid(uid);

	return p != NULL && is_same(dir, p->pw_dir);
}

/* Whether `dir` is / or a home directory. Under sudo HOME may be root's, so the caller's home directory counts, too. */
static bool
is_home(const char *dir)
{
	const char *home = getenv("HOME");

	return strcmp(dir, "/") == 0 || (home != NULL && is_same(dir, home)) || is_home_of(dir, geteuid()) ||
	       (geteuid() == 0 && is_home_of(dir, sudo_uid()));
}

/* The nearest repository that counts; NULL: none. Notes in `r` the nearest around `top` that does not. Caller frees. */
static char *
find_repository(struct gv_project_root *r, const char *dir)
{
	gv_autofree char *at = gv_xstrdup(dir);

	do {
		gv_autofree char *git = gv_path_join(at, ".git");
		bool home = is_home(at);

		if (!gv_fs_exists(git))
			continue;
		if (!home && owns(git) && owns(at) && (gv_fs_is_dir(git) || owns_target(at, git)))
			return gv_steal_ptr(&at);
		if (r->passed == NULL && strcmp(at, r->top) != 0 && gv_path_is_below(r->top, at)) {
			r->passed = gv_xstrdup(at);
			r->foreign = !home;
		}
	} while (gv_path_parent(at));
	return NULL;
}

/* Whether `at` is a directory above `dir` where anybody can write, and a stranger put `file` there. */
static bool
is_planted(const char *file, const char *at, const char *dir)
{
	struct stat st, parent, start;

	if (strcmp(at, dir) == 0)
		return false;
	if (lstat(file, &st) < 0 || stat(at, &parent) < 0 || stat(dir, &start) < 0)
		return true; /* somebody has just removed it */
	return (parent.st_mode & S_IWOTH) != 0 && !is_ours(st.st_uid) && st.st_uid != 0 && st.st_uid != start.st_uid;
}

/* The nearest ancestor of `dir` (itself included) whose `name` counts; caller frees. */
static char *
find_file(const char *dir, const char *name)
{
	gv_autofree char *at = gv_xstrdup(dir);

	do {
		gv_autofree char *file = gv_path_join(at, name);

		if (gv_fs_exists(file) && !is_planted(file, at, dir))
			return gv_steal_ptr(&at);
	} while (gv_path_parent(at));
	return NULL;
}

/* The go.work that governs `dir`, or NULL; caller frees. */
static char *
find_workspace(const char *dir)
{
	const char *gowork = getenv("GOWORK");
	gv_autofree char *at = NULL;

	if (gowork != NULL && strcmp(gowork, "off") == 0)
		return NULL;
	if (gowork != NULL && gowork[0] == '/')
		return gv_xstrdup(gowork);
	at = find_file(dir, "go.work");
	return at != NULL ? gv_path_join(at, "go.work") : NULL;
}

/* Refuse a home directory that is no project: the user did not mean to test all that is in it. */
static int
check_root(const struct gv_project_root *r, struct gv_err *err)
{
	gv_autofree char *mod = gv_path_join(r->root, "go.mod");

	if (r->workspace != NULL || gv_fs_exists(mod) || !is_home(r->root))
		return 0;
	gv_err_set(err, GV_EUSAGE, "'%s' is not a Go project", r->root);
	return gv_err_help(err, "run it in the directory of a Go module");
}

int
gv_project_root_find(struct gv_project_root *r, const char *dir, struct gv_err *err)
{
	gv_autofree char *module = find_file(dir, "go.mod"), *repo = NULL;

	*r = (struct gv_project_root){ .workspace = find_workspace(dir) };
	r->top = gv_xstrdup(r->workspace != NULL ? r->workspace : module != NULL ? module : dir);
	if (r->workspace != NULL)
		gv_path_parent(r->top);
	repo = find_repository(r, dir);
	/* The repository is copied whole: replace directives and tests reach outside their module. */
	r->root = gv_xstrdup(repo != NULL && gv_path_is_below(r->top, repo) ? repo : r->top);
	return check_root(r, err);
}
