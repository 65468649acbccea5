/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gover/local.h"
#include "ui/cmd.h"

/* `help X` is `X --help`, wherever X runs. */
static int
help_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	char *again[] = { (char *)"gover", argc > 0 ? argv[0] : (char *)"--help", argc > 0 ? (char *)"--help" : NULL,
			  NULL };

	(void)g;
	(void)opts;
	return gv_local_run(argc > 0 ? 3 : 2, again);
}

const struct gv_cmd gv_cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.max_args = 1,
	.run = help_run,
};
