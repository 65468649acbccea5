/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/cgroup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/auto.h"

static const char *
read_file(const struct agent_cgroup *c, const char *name, char *buf, size_t size)
{
	gv_autofd int fd = openat(c->fd, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, buf, size - 1) : -1;

	buf[n > 0 ? n : 0] = '\0';
	return buf;
}

static int
try_dir(struct agent_cgroup *c, const char *dir)
{
	c->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->fd < 0)
		return 0;
	if (faccessat(c->fd, "memory.events", R_OK, 0) == 0)
		return 2;
	if (faccessat(c->fd, "memory.oom_control", R_OK, 0) == 0)
		return 1;
	close(c->fd);
	c->fd = -1;
	return 0;
}

void
agent_cgroup_open(struct agent_cgroup *c, const char *dir)
{
	c->fd = -1;
	c->version = try_dir(c, dir != NULL ? dir : "/sys/fs/cgroup");
	if (c->version == 0 && dir == NULL)
		c->version = try_dir(c, "/sys/fs/cgroup/memory");
}

uint64_t
agent_cgroup_oom_kills(const struct agent_cgroup *c)
{
	char buf[512];
	const char *at;

	if (c->version == 0)
		return 0;
	at = strstr(read_file(c, c->version == 2 ? "memory.events" : "memory.oom_control", buf, sizeof(buf)),
		    "oom_kill ");
	return at != NULL ? strtoull(at + 9, NULL, 10) : 0;
}

uint64_t
agent_cgroup_peak(const struct agent_cgroup *c)
{
	char buf[64];

	if (c->version == 0)
		return 0;
	return strtoull(read_file(c, c->version == 2 ? "memory.peak" : "memory.max_usage_in_bytes", buf, sizeof(buf)),
			NULL, 10);
}
