/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/msg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/exit.h"
#include "util/fs.h"
#include "util/str.h"
#include "util/text.h"

#define MSG_MAX 4096 /* bytes of one message */

static struct {
	const char *program;
	enum gv_color color;
	bool quiet;
	int verbose;
	void (*print)(void *arg, const char *text, size_t len);
	void *arg;
} self = { .program = "gover" };

void
gv_msg_setup(const char *program, enum gv_color color, bool quiet, int verbose)
{
	self.program = program;
	self.color = color;
	self.quiet = quiet;
	self.verbose = verbose;
}

void
gv_msg_divert(void (*print)(void *arg, const char *text, size_t len), void *arg)
{
	self.print = print;
	self.arg = arg;
}

static bool
env_is_set(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0';
}

static bool
env_forces(const char *name)
{
	return env_is_set(name) && strcmp(getenv(name), "0") != 0;
}

bool
gv_msg_color(int fd)
{
	const char *term = getenv("TERM");

	if (self.color != GV_COLOR_AUTO)
		return self.color == GV_COLOR_ALWAYS;
	if (env_is_set("NO_COLOR"))
		return false;
	if (env_forces("FORCE_COLOR") || env_forces("CLICOLOR_FORCE"))
		return true;
	if (term != NULL && strcmp(term, "dumb") == 0)
		return false;
	return isatty(fd) != 0;
}

bool
gv_msg_quiet(void)
{
	return self.quiet;
}

int
gv_msg_verbose(void)
{
	return self.verbose;
}

/* Append `before`, then the label in its colour, then ": ". */
static void
add_label(struct gv_str *s, const char *before, const char *label, const char *sgr)
{
	if (gv_msg_color(STDERR_FILENO))
		gv_str_addf(s, "%s\x1b[%sm%s:\x1b[0m ", before, sgr, label);
	else
		gv_str_addf(s, "%s%s: ", before, label);
}

static void
add_clean(struct gv_str *s, const char *text)
{
	char clean[MSG_MAX];

	gv_text_clean(clean, sizeof(clean), text, strlen(text));
	gv_str_add(s, clean);
	gv_str_addc(s, '\n');
}

/* Write once, so that lines of several processes and threads do not mix. A failure is ignored: we cannot report it. */
static void
emit(struct gv_str *s)
{
	struct gv_err ignored = GV_ERR_INIT;

	if (self.print != NULL)
		self.print(self.arg, gv_str_text(s), s->len);
	else if (gv_fs_write_all(STDERR_FILENO, gv_str_text(s), s->len, &ignored) < 0)
		gv_err_clear(&ignored);
}

static void
emit_error(const char *msg, const char *help)
{
	gv_autostr struct gv_str s = GV_STR_INIT(3 * MSG_MAX);

	gv_str_addf(&s, "%s: ", self.program);
	add_label(&s, "", "error", "1;31");
	add_clean(&s, msg);
	if (help != NULL && help[0] != '\0') {
		add_label(&s, "", "help", "1;36");
		add_clean(&s, help);
	}
	emit(&s);
}

void
gv_msg_error(const struct gv_err *err)
{
	emit_error(err->msg, err->help);
}

int
gv_msg_fail(const struct gv_err *err)
{
	gv_msg_error(err);
	return gv_exit_of(err);
}

void
gv_msg_errorf(const char *help, const char *fmt, ...)
{
	char raw[MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	emit_error(raw, help);
}

void
gv_msg_warn(const char *fmt, ...)
{
	gv_autostr struct gv_str s = GV_STR_INIT(2 * MSG_MAX);
	char raw[MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	gv_str_addf(&s, "%s: ", self.program);
	add_label(&s, "", "warning", "1;33");
	add_clean(&s, raw);
	emit(&s);
}

void
gv_msg_info(const char *fmt, ...)
{
	gv_autostr struct gv_str s = GV_STR_INIT(2 * MSG_MAX);
	char raw[MSG_MAX];
	va_list ap;

	if (self.quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	add_clean(&s, raw);
	emit(&s);
}

void
gv_msg_debug(const char *fmt, ...)
{
	gv_autostr struct gv_str s = GV_STR_INIT(2 * MSG_MAX);
	char raw[MSG_MAX];
	va_list ap;

	if (self.verbose == 0)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	gv_str_addf(&s, "%s: ", self.program);
	add_label(&s, "", "debug", "2");
	add_clean(&s, raw);
	emit(&s);
}
