/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "local/mounts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/hostfiles.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

void
gv_mounts_release(struct gv_mounts *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->m[i].source);
		free(m->m[i].target);
	}
	free(m->m);
	m->m = NULL;
	m->n = 0;
}

static struct gv_mount *
add(struct gv_mounts *m, enum gv_mount_kind kind, const char *source, const char *target)
{
	m->m = gv_xreallocarray(m->m, m->n + 1, sizeof(*m->m));
	m->m[m->n] = (struct gv_mount){
		.kind = kind,
		.source = source != NULL ? gv_xstrdup(source) : NULL,
		.target = gv_xstrdup(target),
	};
	return &m->m[m->n++];
}

void
gv_mounts_bind(struct gv_mounts *m, const char *source, const char *target, bool writable)
{
	add(m, GV_MOUNT_BIND, source, target)->writable = writable;
}

void
gv_mounts_tmpfs(struct gv_mounts *m, const char *target, uint64_t size)
{
	add(m, GV_MOUNT_TMPFS, NULL, target)->size = size;
}

void
gv_mounts_base(struct gv_mounts *m, unsigned uid, unsigned gid, uint64_t shm_size)
{
	static const char *const dirs[] = { "/mnt", "/opt",       "/root",    "/run",
					    "/srv", "/var/cache", "/var/lib", "/var/log" };
	gv_autofree char *passwd = gv_hostfiles_passwd(uid, gid), *group = gv_hostfiles_group(gid);

	add(m, GV_MOUNT_PROC, NULL, "/proc");
	add(m, GV_MOUNT_DEV, NULL, "/dev");
	gv_mounts_tmpfs(m, "/dev/shm", shm_size);
	add(m, GV_MOUNT_FILE, passwd, "/etc/passwd");
	add(m, GV_MOUNT_FILE, group, "/etc/group");
	add(m, GV_MOUNT_FILE, "127.0.0.1 localhost gover\n::1 localhost ip6-localhost ip6-loopback gover\n",
	    "/etc/hosts");
	add(m, GV_MOUNT_FILE, GV_CELL_NSSWITCH, "/etc/nsswitch.conf");
	add(m, GV_MOUNT_FILE, GV_CELL_RESOLV, "/etc/resolv.conf");
	add(m, GV_MOUNT_FILE, GV_CELL_MACHINE_ID, "/etc/machine-id");
	add(m, GV_MOUNT_LINK, "/proc/self/mounts", "/etc/mtab");
	for (size_t i = 0; i < GV_ARRAY_LEN(dirs); i++)
		add(m, GV_MOUNT_DIR, NULL, dirs[i]);
	add(m, GV_MOUNT_LINK, "/run", "/var/run");
	gv_mounts_tmpfs(m, "/var/tmp", shm_size);
}

void
gv_mounts_host(struct gv_mounts *m, bool tools)
{
	struct gv_hostfiles h = { 0 };

	if (tools)
		gv_hostfiles_tools(&h);
	else
		gv_hostfiles_libc(&h);
	for (size_t i = 0; i < h.n_binds; i++)
		gv_mounts_bind(m, h.binds[i].source, h.binds[i].target, false);
	for (size_t i = 0; i + 1 < h.links.n; i += 2)
		add(m, GV_MOUNT_LINK, h.links.v[i], h.links.v[i + 1]);
	gv_hostfiles_release(&h);
}

/* Order by path, so that "/a" comes before "/a/b". qsort is not stable, so equal paths are ordered by position. */
static int
compare(const void *a, const void *b)
{
	const struct gv_mount *x = *(const struct gv_mount *const *)a, *y = *(const struct gv_mount *const *)b;
	int order = strcmp(x->target, y->target);

	return order != 0 ? order : x < y ? -1 : x > y;
}

/* The read end of a pipe that holds the whole text; -1 on failure. */
static int
text_fd(const char *text)
{
	int fd[2];
	size_t len = strlen(text);

	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	if (write(fd[1], text, len) != (ssize_t)len || fcntl(fd[0], F_SETFL, 0) < 0) {
		close(fd[0]);
		fd[0] = -1;
	}
	close(fd[1]);
	return fd[0];
}

static void
add_args(struct gv_strv *argv, const char *a, const char *b, const char *c)
{
	gv_strv_add(argv, a);
	if (b != NULL)
		gv_strv_add(argv, b);
	if (c != NULL)
		gv_strv_add(argv, c);
}

static bool
for_all(const char *dir)
{
	return strcmp(dir, "/tmp") == 0 || strcmp(dir, "/var/tmp") == 0 || gv_path_is_below(dir, "/dev");
}

static int
mount_args(const struct gv_mounts *m, const struct gv_mount *x, struct gv_strv *argv, int *fds, size_t *n_fds,
	   struct gv_err *err)
{
	char text[32];

	switch (x->kind) {
	case GV_MOUNT_BIND:
		add_args(argv, x->writable ? "--bind" : "--ro-bind", x->source, x->target);
		break;
	case GV_MOUNT_TMPFS:
		snprintf(text, sizeof(text), "%" PRIu64, x->size);
		add_args(argv, "--perms", for_all(x->target) ? "1777" : "0755", NULL);
		if (x->size > 0 && m->sizes)
			add_args(argv, "--size", text, NULL);
		add_args(argv, "--tmpfs", x->target, NULL);
		break;
	case GV_MOUNT_FILE:
		if (*n_fds == GV_MOUNT_FILES_MAX || (fds[*n_fds] = text_fd(x->source)) < 0)
			return gv_err_sys(err, GV_EIO, "cannot make '%s' for a cell", x->target);
		snprintf(text, sizeof(text), "%d", fds[(*n_fds)++]);
		add_args(argv, "--perms", "0644", NULL);
		add_args(argv, "--ro-bind-data", text, x->target);
		break;
	case GV_MOUNT_LINK:
		add_args(argv, "--symlink", x->source, x->target);
		break;
	case GV_MOUNT_DIR:
		add_args(argv, "--perms", "0755", "--dir");
		gv_strv_add(argv, x->target);
		break;
	case GV_MOUNT_PROC:
		add_args(argv, "--proc", x->target, NULL);
		break;
	case GV_MOUNT_DEV:
		add_args(argv, "--dev", x->target, NULL);
		break;
	}
	return 0;
}

static bool
seen(const struct gv_strv *list, const char *path, size_t len)
{
	for (size_t i = list->n; i > 0; i--)
		if (strncmp(list->v[i - 1], path, len) == 0 && list->v[i - 1][len] == '\0')
			return true;
	return false;
}

/* bwrap makes missing parents with mode 0700. If root made them, the cell's user could not enter them. */
static void
add_parents(const char *target, struct gv_strv *argv, struct gv_strv *made)
{
	for (const char *p = target + 1; (p = strchr(p, '/')) != NULL; p++) {
		if (seen(made, target, (size_t)(p - target)))
			continue;
		gv_strv_addn(made, target, (size_t)(p - target));
		add_args(argv, "--perms", "0755", "--dir");
		gv_strv_addn(argv, target, (size_t)(p - target));
	}
	gv_strv_add(made, target);
}

int
gv_mounts_bwrap(struct gv_mounts *m, struct gv_strv *argv, int *fds, size_t *n_fds, struct gv_err *err)
{
	gv_autofree const struct gv_mount **order = gv_xcalloc(m->n + 1, sizeof(*order));
	gv_autostrv struct gv_strv made = GV_STRV_INIT;

	*n_fds = 0;
	for (size_t i = 0; i < m->n; i++)
		order[i] = &m->m[i];
	qsort(order, m->n, sizeof(*order), compare);
	for (size_t i = 0; i < m->n; i++) {
		add_parents(order[i]->target, argv, &made);
		if (mount_args(m, order[i], argv, fds, n_fds, err) < 0)
			return -1;
	}
	add_args(argv, "--remount-ro", "/dev", NULL);
	add_args(argv, "--remount-ro", "/", NULL);
	return 0;
}
