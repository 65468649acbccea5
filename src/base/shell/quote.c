/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "shell/quote.h"

#include <string.h>

#include "util/auto.h"

enum gv_shell
gv_shell_of(const char *name)
{
	static const char *const posix[] = { "sh",    "bash", "dash", "zsh",     "ksh",
					     "ksh93", "mksh", "ash",  "busybox", "posix" };

	name += name[0] == '-';
	if (strcmp(name, "fish") == 0)
		return GV_SHELL_FISH;
	for (size_t i = 0; i < GV_ARRAY_LEN(posix); i++)
		if (strcmp(name, posix[i]) == 0)
			return GV_SHELL_POSIX;
	return GV_SHELL_UNKNOWN;
}

/* Inside single quotes, POSIX shells have no escapes; fish has \\ and \'. */
static void
quote(struct gv_str *out, enum gv_shell shell, const char *value, size_t len)
{
	gv_str_addc(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (shell == GV_SHELL_POSIX && value[i] == '\'') {
			gv_str_add(out, "'\\''");
			continue;
		}
		if (shell == GV_SHELL_FISH && (value[i] == '\'' || value[i] == '\\'))
			gv_str_addc(out, '\\');
		gv_str_addc(out, value[i]);
	}
	gv_str_addc(out, '\'');
}

static void
quote_list(struct gv_str *out, enum gv_shell shell, const char *value)
{
	for (;;) {
		size_t n = strcspn(value, ":");

		quote(out, shell, value, n);
		if (value[n] == '\0')
			break;
		gv_str_addc(out, ' ');
		value += n + 1;
	}
}

void
gv_quote_set(struct gv_str *out, enum gv_shell shell, const char *name, const char *value)
{
	gv_str_addf(out, shell == GV_SHELL_FISH ? "set -gx %s " : "export %s=", name);
	if (shell == GV_SHELL_FISH && strcmp(name, "PATH") == 0)
		quote_list(out, shell, value);
	else
		quote(out, shell, value, strlen(value));
	/* An unquoted `eval $(…)` turns newlines into blanks, so a newline cannot end the command; ';' does. */
	gv_str_add(out, ";\n");
}

void
gv_quote_unset(struct gv_str *out, enum gv_shell shell, const char *name)
{
	gv_str_addf(out, shell == GV_SHELL_FISH ? "set -e %s;\n" : "unset %s;\n", name);
}
