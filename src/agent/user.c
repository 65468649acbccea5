/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/user.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/num.h"

/*
 * Capabilities in the inheritable set survive a change of user, so drop them. musl has neither a wrapper nor a header
 * for this call.
 */
static void
drop_inheritable(void)
{
	struct {
		uint32_t version;
		int pid;
	} header = { 0x20080522, 0 }; /* _LINUX_CAPABILITY_VERSION_3 */
	const uint32_t none[2][3] = { { 0 } };

	syscall(SYS_capset, &header, none);
}

int
agent_become_user(uid_t uid, gid_t gid, struct gv_err *err)
{
	for (unsigned long cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
		;
	if (setgroups(0, NULL) < 0 || setgid(gid) < 0 || setuid(uid) < 0)
		return gv_err_sys(err, GV_EIO, "cannot become user %u", (unsigned)uid);
	if (setuid(0) == 0)
		return gv_err_set(err, GV_EFAIL, "user %u can become root again", (unsigned)uid);
	drop_inheritable();
	return 0;
}

static void
take_terminal(void)
{
	setpgid(0, 0);
	/* Until this is done we are in the background, where tcsetpgrp() raises SIGTTOU. */
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(STDIN_FILENO, getpgrp());
	signal(SIGTTOU, SIG_DFL);
}

int
agent_enter(const char *user, char *const argv[])
{
	struct gv_err err = GV_ERR_INIT;
	uint64_t uid, gid;
	const char *colon = gv_num_prefix(user, UINT32_MAX - 1, &uid);

	if (colon == NULL || *colon != ':' || gv_num_u64(colon + 1, UINT32_MAX - 1, &gid) < 0)
		return 2;
	if (isatty(STDIN_FILENO))
		take_terminal();
	if (uid > 0 && agent_become_user((uid_t)uid, (gid_t)gid, &err) < 0) {
		dprintf(STDERR_FILENO, "gover-agent: %s\n", err.msg);
		return 126;
	}
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "gover-agent: cannot run '%s': %s\n", argv[0], strerror(errno));
	return 127;
}
