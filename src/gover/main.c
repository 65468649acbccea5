/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <sys/auxv.h>
#include <unistd.h>

#include "gover/common.h"
#include "resolve/programs.h"
#include "resolve/shims.h"
#include "shims/shim.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/auto.h"
#include "util/path.h"

/* clang-format off */
#define DECLARE_LOCAL(id) extern const struct gv_cmd gv_cmd_##id;
#define DECLARE_CORE(id)
#define X(id, name, summary, program) DECLARE_##program(id)
#include "cmds.def"
#undef X
#define ENTRY_LOCAL(id) &gv_cmd_##id,
#define ENTRY_CORE(id)
#define X(id, name, summary, program) ENTRY_##program(id)
static const struct gv_cmd *const commands[] = {
#include "cmds.def"
};
/* clang-format on */

/* Become gover-core, with the same arguments. */
static int
hand_to_core(const char *name, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *core = gv_program_core(&err);

	if (core == NULL)
		return gv_msg_fail(&err);
	execv(core, argv);
	gv_err_sys(&err, GV_EFAIL, "cannot run '%s' for '%s'", core, name);
	return gv_msg_fail(&err);
}

/*
 * The name we were called by. With GOTOOLCHAIN=go1.21.6+path, cmd/go runs the go1.21.6 that it finds on PATH, but
 * with "go" as argv[0]. So the name of the executed file wins over argv[0].
 */
static const char *
called_as(int argc, char **argv)
{
	const char *file = (const char *)getauxval(AT_EXECFN);

	if (file != NULL && gv_shims_is_name(gv_path_base(file)))
		return gv_path_base(file);
	return argc > 0 ? gv_path_base(argv[0]) : "gover";
}

int
main(int argc, char **argv)
{
	const char *name = called_as(argc, argv);

	if (gv_shims_is_name(name))
		return gv_shim_main(name, argc, argv);
	return gv_cmd_main(argc, argv, commands, GV_ARRAY_LEN(commands), hand_to_core);
}
