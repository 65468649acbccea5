/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/repeat.h"

#include <stdbool.h>
#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-";

/* Append `s` as a shell word. */
static void
word(struct gv_str *out, const char *s)
{
	gv_str_addc(out, ' ');
	if (s[0] != '\0' && strspn(s, plain) == strlen(s)) {
		gv_str_add(out, s);
		return;
	}
	gv_str_addc(out, '\'');
	for (; *s != '\0'; s++)
		gv_str_add(out, *s == '\'' ? "'\\''" : (char[]){ *s, '\0' });
	gv_str_addc(out, '\'');
}

void
gv_repeat_option(struct gv_str *out, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	gv_str_addf(out, " %s", name);
	word(out, value);
}

/*
 * Whether a shell takes the text for plain words. A report may come from anybody, and people copy the command from it,
 * so the text must not begin a second command.
 */
static bool
is_words(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			s = strchr(s + 1, '\'');
		else if (*s == '\\')
			s = s[1] == '\'' ? s + 1 : NULL;
		else if (*s != ' ' && strchr(plain, *s) == NULL)
			s = NULL;
		if (s == NULL)
			return false;
	}
	return true;
}

/* The id of a cell has a platform and a module only if the run has several (project/matrix.h). */
void
gv_repeat_command(struct gv_str *out, const struct gv_cell_result *c)
{
	gv_autostr struct gv_str only = GV_STR_INIT(65536);
	const char *id = gv_result_text(c->id);

	if ((c->verdict != GV_INCOMPATIBLE && c->verdict != GV_INCONCLUSIVE) || !is_words(gv_result_text(c->options)))
		return;
	gv_str_add(out, "gover validate");
	word(out, gv_result_text(c->version));
	if (gv_result_text(c->options)[0] != '\0')
		gv_str_addf(out, " %s", c->options);
	if (id[strcspn(id, "/:@#")] == '/')
		gv_repeat_option(out, "--platform", c->platform);
	gv_repeat_option(out, "--tags", c->tags);
	gv_repeat_option(out, "--env", c->env);
	if (strchr(id, '#') != NULL) {
		gv_str_addf(&only, "go%s#%s", gv_result_text(c->version), gv_result_text(c->moduledir));
		gv_repeat_option(out, "--only", gv_str_text(&only));
	}
}
