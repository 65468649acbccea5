/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/help.h"

#include <stdio.h>
#include <string.h>

#include "ui/entries.h"
#include "util/text.h"

#define COLUMN_MAX 28 /* a wider left column gets a line of its own */

static void
left_column(char *out, size_t size, const struct gv_opt *row)
{
	char short_name[] = "    ";

	if (row->short_name != 0)
		snprintf(short_name, sizeof(short_name), "-%c, ", row->short_name);
	gv_text_cut(out, size, "%s--%s%s%s", short_name, row->name, row->arg != NULL ? " " : "",
		    row->arg != NULL ? row->arg : "");
}

static void
print_options(const char *title, const struct gv_opt *rows)
{
	char left[80];
	size_t width = 0;

	if (rows == NULL || rows->type == GV_OPT_TYPE_END)
		return;
	for (const struct gv_opt *row = rows; row->type != GV_OPT_TYPE_END; row++) {
		size_t len;

		left_column(left, sizeof(left), row);
		len = strlen(left);
		if (len > width && len <= COLUMN_MAX)
			width = len;
	}
	printf("\n%s:\n", title);
	for (const struct gv_opt *row = rows; row->type != GV_OPT_TYPE_END; row++) {
		left_column(left, sizeof(left), row);
		if (strlen(left) > width)
			printf("  %s\n  %*s  %s\n", left, (int)width, "", row->help);
		else
			printf("  %-*s  %s\n", (int)width, left, row->help);
	}
}

void
gv_help_program(const struct gv_opt *general)
{
	int width = 0;

	for (size_t i = 0; i < gv_cmd_entries_len; i++) {
		int len = (int)strlen(gv_cmd_entries[i].name);

		width = len > width ? len : width;
	}
	puts("usage: gover [OPTION]... COMMAND [ARGUMENT]...\n\ncommands:");
	for (size_t i = 0; i < gv_cmd_entries_len; i++)
		printf("  %-*s  %s\n", width, gv_cmd_entries[i].name, gv_cmd_entries[i].summary);
	print_options("options", general);
	puts("\nFor one command: gover help COMMAND.");
}

void
gv_help_command(const struct gv_cmd *cmd, const char *summary, const struct gv_opt *general)
{
	const char *args = cmd->args != NULL ? cmd->args : "";

	printf("usage: gover %s [OPTION]...%s%s\n", cmd->name, args[0] != '\0' ? " " : "", args);
	if (summary != NULL)
		printf("\n%s.\n", summary);
	if (cmd->details != NULL)
		printf("\n%s%s", cmd->details, cmd->details[strlen(cmd->details) - 1] == '\n' ? "" : "\n");
	print_options("options", cmd->opts);
	print_options("general options", general);
}
