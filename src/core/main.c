/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "core/core.h"
#include "ui/cmd.h"
#include "util/auto.h"
#include "util/sig.h"

/* clang-format off */
#define DECLARE_CORE(id) extern const struct gv_cmd gv_cmd_##id;
#define DECLARE_LOCAL(id)
#define X(id, name, summary, program) DECLARE_##program(id)
#include "cmds.def"
#undef X
#define ENTRY_CORE(id) &gv_cmd_##id,
#define ENTRY_LOCAL(id)
#define X(id, name, summary, program) ENTRY_##program(id)
static const struct gv_cmd *const commands[] = {
#include "cmds.def"
};
#undef X
/* clang-format on */

int
main(int argc, char **argv)
{
	gv_sig_catch();
	if (argc > 1 && strcmp(argv[1], "__shim") == 0)
		return gv_core_shim(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "__refresh") == 0)
		return gv_core_refresh(argc - 1, argv + 1);
	return gv_cmd_main(argc, argv, commands, GV_ARRAY_LEN(commands), NULL);
}
