/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "local/bwrap.h"
#include "util/alloc.h"
#include "util/auto.h"

void
gv_bwrap_args(struct gv_strv *a, const struct bwrap *b, bool session)
{
	static const char *const all[] = {
		"--unshare-pid", "--unshare-net", "--unshare-ipc",     "--unshare-uts", "--hostname",
		"gover",         "--clearenv",    "--die-with-parent", "--cap-drop",    "ALL"
	};

	gv_strv_add(a, b->program);
	for (size_t i = 0; i < GV_ARRAY_LEN(all); i++)
		gv_strv_add(a, all[i]);
	if (session)
		gv_strv_add(a, "--new-session");
	if (b->root) {
		static const char *const caps[] = { "CAP_CHOWN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP" };

		/* The agent needs these to change its user, and drops them then. */
		for (size_t i = 0; i < GV_ARRAY_LEN(caps); i++) {
			gv_strv_add(a, "--cap-add");
			gv_strv_add(a, caps[i]);
		}
		return;
	}
	gv_strv_add(a, "--unshare-user");
	if (b->disable_userns)
		gv_strv_add(a, "--disable-userns");
	gv_strv_add(a, "--uid");
	gv_strv_take(a, gv_xasprintf("%u", b->base.info.uid));
	gv_strv_add(a, "--gid");
	gv_strv_take(a, gv_xasprintf("%u", b->base.info.gid));
}
