/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/pin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

#define RECORD_MAX    512 /* bytes */
#define BOOT_ID_MAX   64
#define ANCESTORS_MAX 1024 /* a chain longer than this is a fault of /proc */
#define FOREIGN_DAYS  7    /* how long the record of another boot, host or container is left alone */

/* Where a pid means something: this boot, this pid namespace. */
struct place {
	char boot[BOOT_ID_MAX];
	uint64_t pid_ns; /* inode */
};

struct record {
	struct gv_pin pin;
	struct place place;
};

/* A pid and start time, as a file is named after them. */
struct name {
	pid_t pid;
	uint64_t start;
};

/* False without a usable /proc; then there are no pins. */
static bool
place_here(struct place *p)
{
	gv_autofd int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	if (fd < 0 || stat("/proc/self/ns/pid", &st) < 0 || (n = read(fd, p->boot, sizeof(p->boot) - 1)) <= 0)
		return false;
	p->boot[n] = '\0';
	p->boot[strcspn(p->boot, " \n")] = '\0';
	p->pid_ns = st.st_ino;
	return p->boot[0] != '\0';
}

static bool
same_place(const struct place *a, const struct place *b)
{
	return a->pid_ns == b->pid_ns && strcmp(a->boot, b->boot) == 0;
}

/* "812-4711" */
static bool
name_parse(struct name *out, const char *s)
{
	char *end;
	long pid;

	if (*s < '1' || *s > '9')
		return false;
	errno = 0;
	pid = strtol(s, &end, 10);
	if (errno != 0 || *end != '-' || pid > INT32_MAX || end[1] < '0' || end[1] > '9')
		return false;
	out->pid = (pid_t)pid;
	out->start = strtoull(end + 1, &end, 10);
	return errno == 0 && *end == '\0';
}

static char *
record_path(const struct gv_dirs *d, pid_t pid, uint64_t start)
{
	return gv_xasprintf("%s/%ld-%" PRIu64, d->pins, (long)pid, start);
}

static int
record_parse(struct record *out, const char *text, struct gv_err *err)
{
	struct record r = { .pin.version = "" };
	unsigned format;
	long pid;
	int used = 0;

	if (sscanf(text, "gover-pin %u\n", &format) != 1)
		return gv_err_set(err, GV_EFORMAT, "not a pin");
	if (format != 1)
		return gv_err_set(err, GV_EFORMAT, "format %u is newer than this gover", format);
	if (sscanf(text, "gover-pin 1\n%63[^\n]\n%ld %" SCNu64 " %63s %" SCNu64 "\n%n", r.pin.version, &pid,
		   &r.pin.owner.start, r.place.boot, &r.place.pid_ns, &used) != 5 ||
	    text[used] != '\0' || pid <= 0 || pid > INT32_MAX)
		return gv_err_set(err, GV_EFORMAT, "malformed");
	if (!gv_version_valid(r.pin.version) && strcmp(r.pin.version, "system") != 0)
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a Go version", r.pin.version);
	r.pin.owner.pid = (pid_t)pid;
	*out = r;
	return 0;
}

/* 1 read, 0 gone, -1 an unusable record. */
static int
record_read(struct record *out, const char *path, struct gv_err *err)
{
	struct gv_err failure = GV_ERR_INIT;
	gv_autofree char *text = NULL;
	size_t len = 0;

	if (gv_fs_read(AT_FDCWD, path, RECORD_MAX, &text, &len, &failure) < 0) {
		if (failure.sys == ENOENT)
			return 0;
		*err = failure;
		return -1;
	}
	if (record_parse(out, text, err) < 0) {
		gv_err_wrap(err, "pin '%s'", path);
		return gv_err_help(err, "'gover use V' writes it anew, 'gover use --clear' removes it");
	}
	return 1;
}

bool
gv_pin_is_shell(const char *comm)
{
	static const char *const shells[] = { "sh",          "bash",  "dash",  "ash",         "busybox",    "zsh",
					      "fish",        "ksh",   "ksh93", "mksh",        "lksh",       "oksh",
					      "loksh",       "pdksh", "rksh",  "yash",        "posh",       "rbash",
					      "rzsh",        "tcsh",  "csh",   "elvish",      "nu",         "xonsh",
					      "pwsh",        "osh",   "ysh",   "bash-static", "zsh-static", "static-sh",
					      "mksh-static", "rc",    "es",    "hush",        "toybox" };

	comm += *comm == '-';
	for (size_t i = 0; i < GV_ARRAY_LEN(shells); i++)
		if (strcmp(comm, shells[i]) == 0)
			return true;
	return false;
}

int
gv_pin_write(const struct gv_dirs *d, const struct gv_proc *owner, const char *version, struct gv_err *err)
{
	gv_autofree char *path = record_path(d, owner->pid, owner->start);
	/* No name of this form is taken for a record. No fsync: a pin does not outlive the boot. */
	gv_autofree char *tmp = gv_xasprintf("%s/.tmp-%ld", d->pins, (long)getpid());
	gv_autofree char *text = NULL;
	gv_autofd int fd = -1;
	struct place here;

	if (!place_here(&here)) {
		gv_err_set(err, GV_EFAIL, "cannot pin: /proc does not tell the boot id and the pid namespace");
		return gv_err_help(err, "set GOVER_VERSION=%s instead", version);
	}
	if (gv_fs_mkdir_p(d->pins, err) < 0)
		return -1;
	text = gv_xasprintf("gover-pin 1\n%s\n%ld %" PRIu64 " %s %" PRIu64 "\n", version, (long)owner->pid,
			    owner->start, here.boot, here.pid_ns);
	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", tmp);
	if (gv_fs_write_all(fd, text, strlen(text), err) < 0) {
		gv_err_wrap(err, "'%s'", tmp);
		unlink(tmp);
		return -1;
	}
	if (fchmod(fd, 0600) < 0 || close(gv_steal_fd(&fd)) < 0 || rename(tmp, path) < 0) {
		gv_err_sys(err, GV_EIO, "cannot write '%s'", path);
		unlink(tmp);
		return -1;
	}
	return 0;
}

int
gv_pin_clear(const struct gv_dirs *d, const struct gv_proc *owner, bool *had, struct gv_err *err)
{
	gv_autofree char *path = record_path(d, owner->pid, owner->start);

	if (unlink(path) < 0 && errno != ENOENT)
		return gv_err_sys(err, GV_EIO, "cannot remove '%s'", path);
	*had = errno != ENOENT;
	return 0;
}

/* The names of all records; NULL and 0 when there is none. Caller frees. */
static struct name *
list_names(const struct gv_dirs *d, size_t *n)
{
	gv_autodir DIR *dir = opendir(d->pins);
	struct name *names = NULL, one;
	const struct dirent *e;
	size_t cap = 0;

	*n = 0;
	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if (!name_parse(&one, e->d_name))
			continue;
		if (*n == cap)
			names = gv_xreallocarray(names, cap = cap ? cap * 2 : 16, sizeof(*names));
		names[(*n)++] = one;
	}
	return names;
}

/* The pin of one living process: 1, 0 none, -1. */
static int
find_of(const struct gv_dirs *d, const struct gv_proc *proc, struct gv_pin *out, struct gv_err *err)
{
	gv_autofree char *path = record_path(d, proc->pid, proc->start);
	struct record r;
	struct place here;
	int rc = record_read(&r, path, err);

	if (rc <= 0)
		return rc;
	if (r.pin.owner.pid != proc->pid || r.pin.owner.start != proc->start || !place_here(&here) ||
	    !same_place(&here, &r.place))
		return 0;
	*out = r.pin;
	out->owner = *proc;
	return 1;
}

int
gv_pin_find(const struct gv_dirs *d, struct gv_pin *out, struct gv_err *err)
{
	size_t n;
	gv_autofree struct name *names = list_names(d, &n);
	struct gv_proc proc;
	pid_t pid = getppid(), self = getpid();

	/* `sh -c 'gover use V; go build'` may exec its last command, which then is the process that was pinned. */
	for (size_t i = 0; i < n; i++)
		if (names[i].pid == self)
			pid = self;
	for (int depth = 0; n > 0 && pid > 0 && depth < ANCESTORS_MAX; depth++, pid = proc.ppid) {
		struct gv_err hidden = GV_ERR_INIT; /* hidepid, or no /proc: beyond it nothing can be seen */

		if (gv_proc_read(&proc, pid, &hidden) < 0)
			return 0;
		for (size_t i = 0; i < n; i++) {
			int rc;

			if (names[i].pid != pid || names[i].start != proc.start)
				continue;
			rc = find_of(d, &proc, out, err);
			if (rc != 0)
				return rc;
		}
	}
	return 0;
}

static bool
is_alive(const struct name *name)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc proc;

	return gv_proc_read(&proc, name->pid, &err) == 0 && proc.start == name->start;
}

static bool
is_older(const char *path, long seconds)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_mtime < time(NULL) - seconds;
}

void
gv_pin_sweep(const struct gv_dirs *d)
{
	size_t n;
	gv_autofree struct name *names = list_names(d, &n);
	struct place here;

	if (n == 0 || !place_here(&here))
		return;
	for (size_t i = 0; i < n; i++) {
		gv_autofree char *path = record_path(d, names[i].pid, names[i].start);
		struct gv_err err = GV_ERR_INIT;
		struct record r;

		if (record_read(&r, path, &err) != 1)
			continue;
		/* A host or container that shares this directory has pids of its own, which we cannot see. */
		if (same_place(&here, &r.place) ? !is_alive(&names[i]) : is_older(path, FOREIGN_DAYS * 86400L))
			unlink(path);
	}
}
