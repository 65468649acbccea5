/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "resolve/names.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/num.h"

#define RECORD_MAX    512  /* bytes */
#define ANCESTORS_MAX 1024 /* stop here: no real chain is longer, so /proc must be wrong */
#define FOREIGN_DAYS  7    /* how long to keep a record of another boot, host or container */

/* A pid identifies a process only within one boot and one pid namespace. */
struct place {
	char boot[GV_PROC_BOOT_MAX];
	uint64_t pid_ns; /* inode */
};

struct record {
	struct gv_pin pin;
	struct place place;
};

/* The pid and start time in a record's file name. */
struct name {
	pid_t pid;
	uint64_t start;
};

/* False without a usable /proc. Then there are no pins. */
static bool
place_here(struct place *p)
{
	char ns[64]; /* "pid:[4026531836]" */
	ssize_t n = readlink("/proc/self/ns/pid", ns, sizeof(ns) - 1);

	if (n < 6 || memcmp(ns, "pid:[", 5) != 0)
		return false;
	ns[n] = '\0';
	if (gv_num_prefix(ns + 5, UINT64_MAX, &p->pid_ns) == NULL)
		return false;
	return gv_proc_boot(p->boot);
}

static bool
same_place(const struct place *a, const struct place *b)
{
	return a->pid_ns == b->pid_ns && strcmp(a->boot, b->boot) == 0;
}

/* Without printf, for speed: every shim call runs this. */
static char *
number_put(char *end, uint64_t n)
{
	char digits[20];
	size_t i = sizeof(digits);

	do
		digits[--i] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	return mempcpy(end, digits + i, sizeof(digits) - i);
}

/* "812-4711" */
static bool
name_parse(struct name *out, const char *s)
{
	uint64_t n;
	const char *dash = gv_num_prefix(s, INT32_MAX, &n);

	if (dash == NULL || *dash != '-' || gv_num_u64(dash + 1, UINT64_MAX, &out->start) < 0)
		return false;
	out->pid = (pid_t)n;
	return true;
}

static char *
record_path(const struct gv_dirs *d, pid_t pid, uint64_t start)
{
	size_t len = strlen(d->pins);
	char *path = gv_xmalloc(len + 48), *end = mempcpy(path, d->pins, len);

	*end++ = '/';
	end = number_put(end, (uint64_t)pid);
	*end++ = '-';
	*number_put(end, start) = '\0';
	return path;
}

/* Changes `text`. */
static int
record_parse(struct record *out, char *text, struct gv_err *err)
{
	const char *head = gv_lines_cut(&text, '\n'), *version = gv_lines_cut(&text, '\n'),
		   *pid = gv_lines_cut(&text, ' '), *start = gv_lines_cut(&text, ' '), *boot = gv_lines_cut(&text, ' '),
		   *ns = gv_lines_cut(&text, '\n');
	struct record r = { .pin.version = "" };
	uint64_t n;

	if (gv_lines_format(head, "gover-pin", 1, err) < 0)
		return -1;
	if (ns == NULL || *text != '\0' || gv_num_u64(pid, INT32_MAX, &n) < 0 ||
	    gv_num_u64(start, UINT64_MAX, &r.pin.owner.start) < 0 || strlen(boot) >= sizeof(r.place.boot) ||
	    gv_num_u64(ns, UINT64_MAX, &r.place.pid_ns) < 0)
		return gv_err_set(err, GV_EFORMAT, "malformed");
	if (strlen(version) >= sizeof(r.pin.version) || (!gv_version_valid(version) && strcmp(version, "system") != 0))
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a Go version", version);
	r.pin.owner.pid = (pid_t)n;
	memcpy(r.pin.version, version, strlen(version) + 1);
	memcpy(r.place.boot, boot, strlen(boot) + 1);
	*out = r;
	return 0;
}

/* Returns 1, or 0 when the file is gone, or -1 when the record is unusable. */
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
		return gv_err_help(err, "'gover use V' replaces it, 'gover use --clear' removes it");
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
	/* Readers ignore a name like this. No fsync: a pin is useless after a reboot. */
	gv_autofree char *tmp = gv_xasprintf("%s/.tmp-%ld", d->pins, (long)getpid());
	gv_autofree char *text = NULL;
	gv_autofd int fd = -1;
	struct place here;

	if (!place_here(&here)) {
		gv_err_set(err, GV_EFAIL, "cannot pin: cannot read the boot id and the pid namespace from /proc");
		return gv_err_help(err, "set GOVER_VERSION=%s instead", version);
	}
	if (gv_fs_mkdir_p(d->pins, err) < 0)
		return gv_err_help(err, "set GOVER_VERSION=%s instead", version);
	text = gv_xasprintf("gover-pin 1\n%s\n%ld %" PRIu64 " %s %" PRIu64 "\n", version, (long)owner->pid,
			    owner->start, here.boot, here.pid_ns);
	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		gv_err_sys(err, GV_EIO, "cannot write '%s'", tmp);
		return gv_err_help(err, "set GOVER_VERSION=%s instead", version);
	}
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

	bool removed = unlink(path) == 0;

	if (!removed && errno != ENOENT)
		return gv_err_sys(err, GV_EIO, "cannot remove '%s'", path);
	*had = removed;
	return 0;
}

/* The names of all records; NULL with *n = 0 when there are none. Caller frees. */
static struct name *
list_names(const struct gv_dirs *d, size_t *n)
{
	struct gv_err err = GV_ERR_INIT; /* ignored: treat an unreadable directory as empty */
	gv_autonames struct gv_names in = { .fd = -1 };
	struct name *names = NULL, one;
	size_t cap = 0;
	const char *s;

	*n = 0;
	if (gv_names_open(&in, d->pins, &err) <= 0)
		return NULL;
	while (gv_names_next(&in, &s, &err) > 0) {
		if (!name_parse(&one, s))
			continue;
		if (*n == cap)
			names = gv_xreallocarray(names, cap = cap ? cap * 2 : 16, sizeof(*names));
		names[(*n)++] = one;
	}
	return names;
}

/* Find the pin of one living process. Returns 1, or 0 when it has none, or -1. */
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

	/* In `sh -c 'gover use V; go build'`, sh may exec its last command. Then this shim is the pinned process. */
	for (size_t i = 0; i < n; i++)
		if (names[i].pid == self)
			pid = self;
	for (int depth = 0; n > 0 && pid > 0 && depth < ANCESTORS_MAX; depth++, pid = proc.ppid) {
		struct gv_err hidden = GV_ERR_INIT; /* with hidepid or without /proc, we cannot look any further */

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
		if (same_place(&here, &r.place) ? gv_proc_is_gone(names[i].pid, names[i].start)
						: is_older(path, FOREIGN_DAYS * 86400L))
			unlink(path);
	}
}
