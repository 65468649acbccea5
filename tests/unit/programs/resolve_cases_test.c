/* SPDX-License-Identifier: MIT */
/*
 * Runs every tests/data/resolve/NAME.txt twice: once with the library itself in a child process, and once with the
 * built program (`gover which --json`).
 */
#include <config.h>

#include "resolve/resolve.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/unit/programs/casecheck.h"
#include "tests/unit/programs/casefile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/text.h"

#define NOBODY     65534
#define LIMIT_S    20 /* a case that takes longer hangs */
#define OUTPUT_MAX (4u << 20)

extern char **environ;

static char *program; /* the built gover */

static void
must(bool done, const char *what)
{
	tap_need(done, "%s: %s", what, strerror(errno));
}

static void
make_parents(const char *path)
{
	gv_autofree char *dir = gv_xstrdup(path);
	struct gv_err err = GV_ERR_INIT;

	must(!gv_path_parent(dir) || gv_fs_mkdir_p(dir, &err) == 0, dir);
}

static void
put_file(const char *root, const char *path, const char *text, size_t len, mode_t mode)
{
	gv_autofree char *full = below(root, path);
	struct gv_err err = GV_ERR_INIT;
	int fd;

	make_parents(full);
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	must(fd >= 0 && gv_fs_write_all(fd, text, len, &err) == 0 && fchmod(fd, mode) == 0 && close(fd) == 0, full);
}

static void
put_go(const char *root, const char *path, const char *version)
{
	gv_autofree char *text = gv_xasprintf("#!/bin/sh\necho 'go version go%s linux/amd64'\n", version);

	put_file(root, path, text, strlen(text), 0755);
}

static void
put_fill(const char *root, const char *path, const char *rest)
{
	unsigned long n = strtoul(rest, NULL, 10);
	const char *c = strchr(rest, ' ');
	char *text = gv_xmalloc(n + 1);

	memset(text, c != NULL ? c[1] : 'x', n);
	put_file(root, path, text, n, 0644);
	free(text);
}

static void
append_lines(const char *path, const char *rest)
{
	unsigned long n = strtoul(rest, NULL, 10);
	const char *text = strchr(rest, ' ');
	FILE *f = fopen(path, "a");

	must(f != NULL, path);
	while (n-- > 0)
		fprintf(f, "%s\n", text != NULL ? text + 1 : "");
	must(fclose(f) == 0, path);
}

static void
make_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	must(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0, path);
	close(fd);
}

/* Do a step that changes the tree. The child does the steps that change the process. */
static void
do_step(const struct test_case *c, const char *root, const char *step, bool *drop)
{
	gv_autostrv struct gv_strv w = GV_STRV_INIT;
	gv_autofree char *path = NULL, *name = NULL;
	struct gv_err err = GV_ERR_INIT;
	const char *rest = step;

	split_words(&w, step);
	for (int skip = 0; skip < 2 && *rest != '\0'; skip++) {
		rest += strcspn(rest, " ");
		rest += strspn(rest, " ");
	}
	if (w.n < 2 || strncmp(w.v[0], "pwd", 3) == 0)
		return;
	name = case_path(c, strcmp(w.v[0], "chmod") == 0 || strcmp(w.v[0], "symlink") == 0 ? w.v[w.n - 1] : w.v[1]);
	path = below(root, name);
	make_parents(path);
	if (strcmp(w.v[0], "mkdir") == 0) {
		must(gv_fs_mkdir_p(path, &err) == 0, path);
	} else if (strcmp(w.v[0], "chmod") == 0) {
		must(chmod(path, (mode_t)strtoul(w.v[1], NULL, 8)) == 0, path);
		*drop = true;
	} else if (strcmp(w.v[0], "symlink") == 0) {
		must(symlink(w.v[1], path) == 0, path);
	} else if (strcmp(w.v[0], "fill") == 0) {
		put_fill(root, name, rest);
	} else if (strcmp(w.v[0], "append-lines") == 0) {
		append_lines(path, rest);
	} else if (strcmp(w.v[0], "fifo") == 0) {
		must(mkfifo(path, 0644) == 0, path);
	} else if (strcmp(w.v[0], "socket") == 0) {
		make_socket(path);
	} else {
		tap_need(false, "unknown step '%s'", step);
	}
}

/* Make the tree of a case. Sets *drop when the case must run as an ordinary user. */
static void
make_tree(const struct test_case *c, const char *root, bool *drop)
{
	static const char *const tools[] = { "sh", "cat", "ls" };
	gv_autofree char *home = below(root, "home/."), *shims = below(root, "gover/shims/go"),
			 *bin = below(root, "bin/.");

	make_parents(home);
	make_parents(shims);
	make_parents(bin);
	must(symlink(program, shims) == 0, shims);
	for (size_t i = 0; i < GV_ARRAY_LEN(tools); i++) {
		gv_autofree char *from = gv_xasprintf("/bin/%s", tools[i]),
				 *to = gv_xasprintf("%s/bin/%s", root, tools[i]);

		must(symlink(from, to) == 0, to);
	}
	for (size_t i = 0; i < c->installed.n; i++) {
		gv_autofree char *path = gv_xasprintf("%s/gover/sdks/go%s/bin/go", root, c->installed.v[i]);

		make_parents(path);
		must(symlink("/bin/true", path) == 0, path);
	}
	if (c->def != NULL) {
		/* Write the file ourselves, because `gover default` would wait for the disk. */
		gv_autofree char *line = gv_xasprintf("%s\n", c->def);

		put_file(root, "gover/default", line, strlen(line), 0644);
	}
	if (c->system != NULL)
		put_go(root, "bin/go", c->system);
	for (size_t i = 0; i < c->n_files; i++) {
		gv_autofree char *path = case_path(c, c->files[i].path);

		put_file(root, path, c->files[i].text, c->files[i].len, 0644);
	}
	for (size_t i = 0; i < c->steps.n; i++)
		do_step(c, root, c->steps.v[i], drop);
}

/* Make the working directory. Call it before each run, because a run may remove it. */
static void
make_cwd(const struct test_case *c, const char *root)
{
	gv_autofree char *name = case_path(c, c->cwd), *cwd = below(root, name);
	struct gv_err err = GV_ERR_INIT;

	must(gv_fs_mkdir_p(cwd, &err) == 0, cwd);
}

/* In the child, set the environment, the working directory and the user of a case. */
static void
enter(const struct test_case *c, const char *root, bool drop)
{
	gv_autofree char *cwd_name = case_path(c, c->cwd), *cwd = below(root, cwd_name), *home = below(root, "home"),
			 *gover = below(root, "gover"), *path = below(root, "bin");

	clearenv();
	must(chdir(cwd) == 0, cwd);
	setenv("PWD", cwd, 1);
	setenv("HOME", home, 1);
	setenv("GOVER_ROOT", gover, 1);
	setenv("PATH", path, 1);
	if (c->session != NULL)
		setenv("GOVER_SESSION", c->session, 1);
	for (size_t i = 0; i < c->env.n; i++) {
		char *equals = strchr(c->env.v[i], '='), *at = strstr(equals, "@ROOT@");
		gv_autofree char *value = at == NULL ? gv_xstrdup(equals + 1)
						     : gv_xasprintf("%.*s%s%s", (int)(at - equals - 1), equals + 1,
								    root, at + 6);

		*equals = '\0';
		setenv(c->env.v[i], value, 1);
	}
	for (size_t i = 0; i < c->steps.n; i++) {
		const char *step = c->steps.v[i];

		if (strcmp(step, "rmcwd") == 0) {
			must(rmdir(cwd) == 0, cwd);
		} else if (strcmp(step, "pwd -") == 0) {
			unsetenv("PWD");
		} else if (strncmp(step, "pwd-raw ", 8) == 0) {
			setenv("PWD", step + 8, 1);
		} else if (strncmp(step, "pwd ", 4) == 0) {
			gv_autofree char *pwd = below(root, step + 4);

			setenv("PWD", pwd, 1);
		} else if (strcmp(step, "shims") == 0) {
			gv_autofree char *shims_first = gv_xasprintf("%s/gover/shims:%s/bin", root, root);

			setenv("PATH", shims_first, 1);
		}
	}
	if (drop && geteuid() == 0)
		must(setgid(NOBODY) == 0 && setuid(NOBODY) == 0, "becoming nobody");
	alarm(LIMIT_S);
}

/* Do the same as `gover which --json`, with the library. */
static int
library_which(const struct test_case *c)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autoresolution struct gv_resolution r = { 0 };
	struct gv_resolve_how how = { .explain = true };
	char file[3 * 4096] = "";
	json_t *out, *warnings;

	for (size_t i = 0; i < c->args.n; i++)
		how.argument = c->args.v[i] + 1;
	if (gv_dirs_init(&d, &err) < 0 || gv_resolve(&r, &d, &how, &err) < 0) {
		fprintf(stderr, "gover: %s\n", err.msg);
		return err.code == GV_EFORMAT ? 2 : err.code == GV_ENOTFOUND ? 3 : 1;
	}
	warnings = json_array();
	for (size_t i = 0; i < r.warnings.n; i++)
		json_array_append_new(warnings, json_string(r.warnings.v[i]));
	if (r.file != NULL && gv_utf8_valid(r.file, strlen(r.file)))
		snprintf(file, sizeof(file), "%s", r.file);
	else if (r.file != NULL) /* JSON cannot hold it */
		gv_text_clean(file, sizeof(file), r.file, strlen(r.file));
	out = json_pack("{s:s, s:s, s:s, s:i, s:o}", "version", r.version, "source", gv_level_name(r.level), "file",
			file, "line", (int)r.line, "warnings", warnings);
	json_dumpf(out, stdout, 0);
	fflush(stdout);
	json_decref(out);
	return r.installed ? 0 : 3;
}

/* Read both pipes to their ends. */
static void
collect(int out_fd, int err_fd, struct result *r)
{
	struct pollfd p[2] = { { .fd = out_fd, .events = POLLIN }, { .fd = err_fd, .events = POLLIN } };
	char **buf[] = { &r->out, &r->err };
	size_t *len[] = { &r->out_len, &r->err_len };

	r->out = gv_xcalloc(1, OUTPUT_MAX);
	r->err = gv_xcalloc(1, OUTPUT_MAX);
	while (p[0].fd >= 0 || p[1].fd >= 0) {
		must(poll(p, 2, -1) >= 0 || errno == EINTR, "poll");
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (p[i].fd < 0 || p[i].revents == 0)
				continue;
			n = read(p[i].fd, *buf[i] + *len[i], OUTPUT_MAX - 1 - *len[i]);
			if (n <= 0)
				p[i].fd = -1;
			else
				*len[i] += (size_t)n;
		}
	}
}

/* Run the library, or a command line of the program, within a case. */
static struct result
run(const struct test_case *c, const char *root, bool drop, char *const argv[])
{
	struct result r = { 0 };
	int out[2], err[2], status;
	pid_t pid;

	must(pipe(out) == 0 && pipe(err) == 0, "pipe");
	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0) {
		dup2(out[1], 1);
		dup2(err[1], 2);
		for (int i = 0; i < 2; i++) {
			close(out[i]);
			close(err[i]);
		}
		enter(c, root, drop);
		if (argv == NULL)
			_exit(library_which(c));
		execv(argv[0], argv);
		_exit(125);
	}
	close(out[1]);
	close(err[1]);
	collect(out[0], err[0], &r);
	close(out[0]);
	close(err[0]);
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	r.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return r;
}

static void
one_run(const struct test_case *c, const char *root, bool drop, const char *name, bool with_program)
{
	gv_autostrv struct gv_strv argv = GV_STRV_INIT;
	struct result r;

	gv_strv_add(&argv, program);
	gv_strv_add(&argv, "which");
	gv_strv_add(&argv, "--json");
	for (size_t i = 0; i < c->args.n; i++)
		gv_strv_add(&argv, c->args.v[i]);
	make_cwd(c, root);
	r = run(c, root, drop, with_program ? argv.v : NULL);
	check_case(c, root, &r, name, with_program ? "program" : "library");
	free(r.out);
	free(r.err);
}

static void
one_case(const char *name, const char *file, bool program_answers)
{
	char root[] = "/tmp/gover-case-XXXXXX";
	struct test_case c = case_read(file);
	struct gv_err err = GV_ERR_INIT;
	bool drop = false;

	must(mkdtemp(root) != NULL && chmod(root, 0755) == 0, root);
	make_tree(&c, root, &drop);
	one_run(&c, root, drop, name, false);
	if (program_answers)
		one_run(&c, root, drop, name, true);
	case_free(&c);
	if (gv_fs_remove_tree(AT_FDCWD, root, &err) < 0)
		printf("# %s\n", err.msg);
}

/* Whether the built program works at all. If not, its half of the test is skipped. */
static bool
program_answers(void)
{
	char *argv[] = { program, (char *)"which", (char *)"--help", NULL };
	struct test_case plain = { .cwd = (char *)"." };
	struct result r = run(&plain, "/", false, argv);
	bool answers = r.status == 0 && strstr(r.out, "--json") != NULL;

	free(r.out);
	free(r.err);
	return answers;
}

/* Copy the program to a place where an ordinary user can run it: the checkout may be closed to others. */
static char *
copy_program(char *dir)
{
	const char *top = getenv("top_builddir");
	gv_autofree char *built = gv_xasprintf("%s/gover", top != NULL ? top : "."), *data = NULL;
	char *copy = gv_path_join(dir, "gover");
	struct gv_err err = GV_ERR_INIT;
	size_t len = 0;

	must(chmod(dir, 0755) == 0, dir);
	must(gv_fs_read(AT_FDCWD, built, 256u << 20, &data, &len, &err) == 0, err.msg);
	must(gv_fs_replace(copy, data, len, 0755, &err) == 0, err.msg);
	return copy;
}

int
main(void)
{
	char bin[] = "/tmp/gover-cases-XXXXXX";
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *dir = vectors_path("tests/data/resolve");
	gv_autostrv struct gv_strv names = GV_STRV_INIT;
	gv_autodir DIR *d = opendir(dir);
	const struct dirent *e;
	bool answers;

	must(mkdtemp(bin) != NULL, bin);
	program = copy_program(bin);
	must(d != NULL, dir);
	while ((e = readdir(d)) != NULL)
		if (strlen(e->d_name) > 4 && strcmp(e->d_name + strlen(e->d_name) - 4, ".txt") == 0)
			gv_strv_add(&names, e->d_name);
	gv_strv_sort(&names, strcmp);
	answers = program_answers();
	if (!answers)
		ok(true, "the program # SKIP gover has no command 'which' yet");
	for (size_t i = 0; i < names.n; i++) {
		gv_autofree char *file = gv_xasprintf("tests/data/resolve/%s", names.v[i]);

		one_case(names.v[i], file, answers);
	}
	ok(names.n > 0, "there are cases");
	ok(gv_fs_remove_tree(AT_FDCWD, bin, &err) == 0, "the copy is removed");
	free(program);
	return tap_done();
}
