/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/cgroup.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "util/auto.h"
#include "util/num.h"

/* Read the number after `key` in a file of the group; 0 when that fails. */
static uint64_t
read_number(const struct agent_cgroup *c, const char *name, const char *key)
{
	gv_autofd int fd = openat(c->fd, name, O_RDONLY | O_CLOEXEC);
	char buf[512];
	ssize_t n = fd >= 0 ? read(fd, buf, sizeof(buf) - 1) : -1;
	const char *at;
	uint64_t number;

	buf[n > 0 ? n : 0] = '\0';
	at = strstr(buf, key);
	return at != NULL && gv_num_prefix(at + strlen(key), UINT64_MAX, &number) != NULL ? number : 0;
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
	if (c->version == 0)
		return 0;
	return read_number(c, c->version == 2 ? "memory.events" : "memory.oom_control", "oom_kill ");
}

uint64_t
agent_cgroup_peak(const struct agent_cgroup *c)
{
	if (c->version == 0)
		return 0;
	return read_number(c, c->version == 2 ? "memory.peak" : "memory.max_usage_in_bytes", "");
}
