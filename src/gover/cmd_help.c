/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/cmd.h"

const struct gv_cmd gv_cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.max_args = 1,
	.help = true,
};
