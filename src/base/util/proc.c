/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/auto.h"
#include "util/num.h"
#include "util/text.h"

/* Field `n` (from 1) after the name, or NULL. */
static const char *
stat_field(const char *s, int n)
{
	for (; s != NULL && n > 0; n--) {
		s = strchr(s, ' ');
		s = s != NULL ? s + 1 : NULL;
	}
	return s;
}

int
gv_proc_read(struct gv_proc *p, pid_t pid, struct gv_err *err)
{
	char path[32], buf[1024];
	const char *open_paren, *close_paren, *ppid, *start;
	uint64_t parent, ticks;
	gv_autofd int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (n = read(fd, buf, sizeof(buf) - 1)) <= 0)
		return gv_err_sys(err, GV_ENOTFOUND, "no process %ld", (long)pid);
	buf[n] = '\0';
	/* The name may contain blanks and parentheses, so it ends at the last ')'. */
	open_paren = strchr(buf, '(');
	close_paren = strrchr(buf, ')');
	ppid = stat_field(close_paren, 2);
	start = stat_field(close_paren, 20);
	if (open_paren == NULL || start == NULL || close_paren < open_paren ||
	    gv_num_prefix(ppid, INT32_MAX, &parent) == NULL || gv_num_prefix(start, UINT64_MAX, &ticks) == NULL)
		return gv_err_set(err, GV_EFORMAT, "'%s' has an unknown format", path);
	p->pid = pid;
	p->ppid = (pid_t)parent;
	p->start = ticks;
	gv_text_cut(p->comm, sizeof(p->comm), "%.*s", (int)(close_paren - open_paren - 1), open_paren + 1);
	return 0;
}

/* Whether /proc belongs to our own pid namespace, so that it shows processes by the numbers that we use. */
static bool
shows_ours(void)
{
	static const char key[] = "\nNSpid:\t";
	char buf[4096];
	gv_autofd int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, buf, sizeof(buf) - 1) : 0;
	const char *at;
	uint64_t pid;

	buf[n > 0 ? n : 0] = '\0';
	at = strstr(buf, key);
	/* The line has one number for each pid namespace from that of /proc down to ours. We want exactly one. */
	at = at != NULL ? gv_num_prefix(at + strlen(key), INT32_MAX, &pid) : NULL;
	return at != NULL && *at == '\n' && (pid_t)pid == getpid();
}

bool
gv_proc_is_gone(pid_t pid, uint64_t start)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc p;

	if (kill(pid, 0) < 0 && errno == ESRCH)
		return true;
	return shows_ours() && gv_proc_read(&p, pid, &err) == 0 && p.start != start;
}

bool
gv_proc_world(char world[GV_PROC_WORLD_MAX])
{
	char boot[GV_PROC_BOOT_MAX];
	struct stat pids, time = { 0 };

	world[0] = '\0';
	if (!gv_proc_boot(boot) || stat("/proc/self/ns/pid", &pids) < 0 || !shows_ours())
		return false;
	/* Start times are relative to the reader's time namespace. Older kernels have no time namespaces. */
	if (stat("/proc/self/ns/time", &time) < 0)
		time.st_ino = 0;
	gv_text_fit(world, GV_PROC_WORLD_MAX, "%s:%" PRIuMAX ":%" PRIuMAX, boot, (uintmax_t)pids.st_ino,
		    (uintmax_t)time.st_ino);
	return true;
}

bool
gv_proc_boot(char id[GV_PROC_BOOT_MAX])
{
	gv_autofd int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, id, GV_PROC_BOOT_MAX - 1) : 0;

	id[n > 0 ? n : 0] = '\0';
	id[strcspn(id, " \n")] = '\0';
	return id[0] != '\0';
}
