/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "resolve/names.h"
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
	char ns[64]; /* "pid:[4026531836]" */
	ssize_t n = readlink("/proc/self/ns/pid", ns, sizeof(ns) - 1);

	if (n < 6 || memcmp(ns, "pid:[", 5) != 0)
		return false;
	ns[n] = '\0';
	p->pid_ns = strtoull(ns + 5, NULL, 10);
	if (fd < 0 || (n = read(fd, p->boot, sizeof(p->boot) - 1)) <= 0)
		return false;
	p->boot[n] = '\0';
	p->boot[strcspn(p->boot, " \n")] = '\0';
	return p->boot[0] != '\0';
}

static bool
same_place(const struct place *a, const struct place *b)
{
	return a->pid_ns == b->pid_ns && strcmp(a->boot, b->boot) == 0;
}

/*
 * A shim comes through here on its way to go, so numbers are read and written without scanf and printf.
 */

/* A decimal number and nothing else. */
static bool
number_parse(uint64_t *out, const char *s)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && *end == '\0' && errno == 0;
}

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
	const char *dash = strchr(s, '-');
	char pid[16] = "";
	uint64_t n;

	if (dash == NULL || dash - s >= (ptrdiff_t)sizeof(pid))
		return false;
	memcpy(pid, s, (size_t)(dash - s));
	if (!number_parse(&n, pid) || n > INT32_MAX || !number_parse(&out->start, dash + 1))
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

/* Cut a field, ended by `end`, out of the text in place. */
static char *
cut_field(char **text, char end)
{
	char *field = *text, *stop = field != NULL ? strchr(field, end) : NULL;

	*text = stop != NULL ? stop + 1 : NULL;
	if (stop == NULL)
		return NULL;
	*stop = '\0';
	return field;
}

/* The text is cut up. */
static int
record_parse(struct record *out, char *text, struct gv_err *err)
{
	static const char magic[] = "gover-pin ";
	const char *head = cut_field(&text, '\n'), *version = cut_field(&text, '\n'), *pid = cut_field(&text, ' '),
		   *start = cut_field(&text, ' '), *boot = cut_field(&text, ' '), *ns = cut_field(&text, '\n');
	struct record r = { .pin.version = "" };
	uint64_t n;

	if (head == NULL || strncmp(head, magic, sizeof(magic) - 1) != 0)
		return gv_err_set(err, GV_EFORMAT, "not a pin");
	if (strcmp(head + sizeof(magic) - 1, "1") != 0)
		return gv_err_set(err, GV_EFORMAT, "format '%s' is newer than this gover", head + sizeof(magic) - 1);
	if (ns == NULL || *text != '\0' || !number_parse(&n, pid) || n > INT32_MAX ||
	    !number_parse(&r.pin.owner.start, start) || strlen(boot) >= sizeof(r.place.boot) ||
	    !number_parse(&r.place.pid_ns, ns))
		return gv_err_set(err, GV_EFORMAT, "malformed");
	if (strlen(version) >= sizeof(r.pin.version) || (!gv_version_valid(version) && strcmp(version, "system") != 0))
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a Go version", version);
	r.pin.owner.pid = (pid_t)n;
	memcpy(r.pin.version, version, strlen(version) + 1);
	memcpy(r.place.boot, boot, strlen(boot) + 1);
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

/* The names of all records; NULL and 0 when there is none. Caller frees. */
static struct name *
list_names(const struct gv_dirs *d, size_t *n)
{
	struct gv_err err = GV_ERR_INIT; /* a directory that cannot be read holds no pins for us */
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
