/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "shell/quote.h"
#include "tests/tap.h"
#include "util/auto.h"

int
main(void)
{
	static const struct {
		enum gv_shell shell;
		const char *name, *value, *want;
	} cases[] = {
		{ GV_SHELL_POSIX, "A", "b c", "export A='b c';\n" },
		{ GV_SHELL_POSIX, "A", "", "export A='';\n" },
		{ GV_SHELL_POSIX, "A", "it's", "export A='it'\\''s';\n" },
		{ GV_SHELL_POSIX, "A", "\\$`\"!\n", "export A='\\$`\"!\n';\n" },
		{ GV_SHELL_POSIX, "PATH", "/a:/b", "export PATH='/a:/b';\n" },
		{ GV_SHELL_FISH, "A", "it's \\", "set -gx A 'it\\'s \\\\';\n" },
		{ GV_SHELL_FISH, "A", "/a:/b", "set -gx A '/a:/b';\n" },
		{ GV_SHELL_FISH, "PATH", "/a:/b c:", "set -gx PATH '/a' '/b c' '';\n" },
	};
	static const struct {
		const char *name;
		enum gv_shell shell;
	} shells[] = {
		{ "bash", GV_SHELL_POSIX }, { "-zsh", GV_SHELL_POSIX }, { "busybox", GV_SHELL_POSIX },
		{ "fish", GV_SHELL_FISH },  { "-fish", GV_SHELL_FISH }, { "tcsh", GV_SHELL_UNKNOWN },
		{ "", GV_SHELL_UNKNOWN },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autostr struct gv_str out = GV_STR_INIT(256);

		gv_quote_set(&out, cases[i].shell, cases[i].name, cases[i].value);
		ok(strcmp(gv_str_text(&out), cases[i].want) == 0, "quoting case %zu", i);
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(shells); i++)
		ok(gv_shell_of(shells[i].name) == shells[i].shell, "the shell '%s'", shells[i].name);
	return tap_done();
}
