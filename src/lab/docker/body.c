/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "docker/inner.h"
#include "util/alloc.h"
#include "util/auto.h"

#define KEEP_S     (7 * 24 * 3600) /* the longest time for which a cell is kept */
#define NOFILE_MAX 65536
#define NPROC      4096

/* The agent needs these to change its user, and drops them then. */
static char *const agent_caps[] = { (char[]){ "CHOWN" }, (char[]){ "SETUID" }, (char[]){ "SETGID" },
				    (char[]){ "SETPCAP" } };

void
gv_docker_labels(struct gv_jsonout *j, const struct gv_docker_cell *c, const struct gv_cell_spec *spec)
{
	const struct gv_docker *d = (const struct gv_docker *)c->base.engine;
	char deadline[32];

	snprintf(deadline, sizeof(deadline), "%" PRId64,
		 (int64_t)time(NULL) + spec->plan.deadline_s + (spec->keep ? KEEP_S : 120));
	gv_jsonout_open(j, "Labels", '{');
	gv_jsonout_str(j, "dev.gover.run", spec->run);
	gv_jsonout_str(j, "dev.gover.cell", spec->name);
	gv_jsonout_str(j, "dev.gover.deadline", deadline);
	gv_jsonout_str(j, "dev.gover.owner", d->owner);
	gv_jsonout_close(j, '}');
}

static void
ulimit(struct gv_jsonout *j, const char *name, int64_t value)
{
	gv_jsonout_open(j, NULL, '{');
	gv_jsonout_str(j, "Name", name);
	gv_jsonout_int(j, "Soft", value);
	gv_jsonout_int(j, "Hard", value);
	gv_jsonout_close(j, '}');
}

static void
list(struct gv_jsonout *j, const char *key, char *const *values, size_t n)
{
	gv_jsonout_open(j, key, '[');
	for (size_t i = 0; i < n; i++)
		gv_jsonout_str(j, NULL, values[i]);
	gv_jsonout_close(j, ']');
}

static void
list1(struct gv_jsonout *j, const char *key, const char *value)
{
	gv_jsonout_open(j, key, '[');
	gv_jsonout_str(j, NULL, value);
	gv_jsonout_close(j, ']');
}

/*
 * Uses HostConfig.Tmpfs, because a mount of type tmpfs is always noexec, and go test runs what it builds in /tmp. A
 * cell that may be kept has volumes instead, see gv_docker_places().
 */
static void
add_tmpfs(struct gv_jsonout *j, const struct gv_docker *d, const struct gv_cell_spec *spec)
{
	uint64_t size = gv_scratch_bytes(spec);

	gv_jsonout_open(j, "Tmpfs", '{');
	for (size_t i = 0; i < spec->tmpfs.n && !spec->keep; i++) {
		bool shared = strcmp(spec->tmpfs.v[i], "/tmp") == 0 || d->api.podman || d->base.info.rootless;
		gv_autofree char *own = shared ? gv_xstrdup("mode=1777")
					       : gv_xasprintf("mode=0755,uid=%u,gid=%u", d->base.info.uid,
							      d->base.info.gid);
		/* Podman copies the image's directory there, with its mode. */
		gv_autofree char *options = gv_xasprintf("rw,exec,nosuid,nodev,size=%" PRIu64 ",%s%s", size, own,
							 d->api.podman ? ",notmpcopyup" : "");

		gv_jsonout_str(j, spec->tmpfs.v[i], options);
	}
	gv_jsonout_close(j, '}');
}

static void
add_mounts(struct gv_jsonout *j, const struct gv_docker_mounts *ms)
{
	gv_jsonout_open(j, "Mounts", '[');
	for (size_t i = 0; i < ms->n; i++) {
		const struct gv_docker_mount *m = &ms->m[i];

		gv_jsonout_open(j, NULL, '{');
		gv_jsonout_str(j, "Type", m->volume != NULL ? "volume" : "bind");
		gv_jsonout_str(j, "Source", m->volume != NULL ? m->volume : m->source);
		gv_jsonout_str(j, "Target", m->target);
		gv_jsonout_bool(j, "ReadOnly", !m->writable);
		gv_jsonout_close(j, '}');
	}
	gv_jsonout_close(j, ']');
}

static void
add_limits(struct gv_jsonout *j, const struct gv_docker *d, const struct gv_cell_spec *spec)
{
	if (spec->memory_bytes > 0) {
		gv_jsonout_int(j, "Memory", (int64_t)spec->memory_bytes);
		gv_jsonout_int(j, "MemorySwap", (int64_t)spec->memory_bytes);
	}
	if (spec->cpus_milli > 0)
		gv_jsonout_int(j, "NanoCpus", (int64_t)spec->cpus_milli * 1000000);
	if (spec->pids > 0)
		gv_jsonout_int(j, "PidsLimit", spec->pids);
	gv_jsonout_open(j, "Ulimits", '[');
	ulimit(j, "core", 0);
	if (d->api.podman) {
		struct rlimit files;

		/*
		 * Podman's default can exceed what its service may set (measured, 4.3). Our own limit is likely
		 * allowed.
		 */
		if (getrlimit(RLIMIT_NOFILE, &files) == 0)
			ulimit(j, "nofile", files.rlim_max < NOFILE_MAX ? (int64_t)files.rlim_max : NOFILE_MAX);
		ulimit(j, "nproc", NPROC);
	}
	gv_jsonout_close(j, ']');
}

void
gv_docker_body(struct gv_jsonout *j, const struct gv_docker_cell *c, const struct gv_cell_spec *spec,
	       const struct gv_docker_mounts *ms, const struct gv_docker_command *cmd)
{
	const struct gv_docker *d = (const struct gv_docker *)c->base.engine;
	bool zero = c->from_root ||
		    (d->base.info.rootless && !d->keep_id); /* rootless: root inside is the caller outside */
	gv_autofree char *user = gv_xasprintf("%u:%u", zero ? 0 : d->base.info.uid, zero ? 0 : d->base.info.gid);

	gv_jsonout_begin(j);
	gv_jsonout_open(j, NULL, '{');
	gv_jsonout_str(j, "Image", cmd->image);
	list1(j, "Entrypoint", cmd->argv->v[0]);
	list(j, "Cmd", cmd->argv->v + 1, cmd->argv->n - 1);
	if (cmd->env != NULL)
		list(j, "Env", cmd->env->v, cmd->env->n);
	gv_jsonout_str(j, "WorkingDir", cmd->dir);
	gv_jsonout_str(j, "User", user);
	gv_jsonout_str(j, "Hostname", "gover");
	gv_jsonout_bool(j, "Tty", cmd->terminal);
	gv_jsonout_bool(j, "OpenStdin", cmd->input);
	gv_jsonout_bool(j, "StdinOnce", cmd->input);
	gv_docker_labels(j, c, spec);
	gv_jsonout_open(j, "HostConfig", '{');
	gv_jsonout_bool(j, "ReadonlyRootfs", true);
	list1(j, "CapDrop", "ALL");
	if (c->from_root)
		list(j, "CapAdd", agent_caps, GV_ARRAY_LEN(agent_caps));
	list1(j, "SecurityOpt", "no-new-privileges");
	gv_jsonout_str(j, "NetworkMode", "none");
	if (d->keep_id)
		gv_jsonout_str(j, "UsernsMode", "keep-id");
	gv_jsonout_open(j, "LogConfig", '{');
	gv_jsonout_str(j, "Type", "none");
	gv_jsonout_close(j, '}');
	gv_jsonout_int(j, "ShmSize", (int64_t)gv_scratch_bytes(spec));
	add_tmpfs(j, d, spec);
	add_mounts(j, ms);
	add_limits(j, d, spec);
	gv_jsonout_close(j, '}');
	gv_jsonout_close(j, '}');
}
