/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

static void GV_PRINTF(3, 0) set_clean(char *dst, size_t size, const char *fmt, va_list ap)
{
	char raw[2048];

	vsnprintf(raw, sizeof(raw), fmt, ap);
	gv_text_clean(dst, size, raw, strlen(raw));
}

int
gv_err_set(struct gv_err *err, enum gv_code code, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	err->sys = 0;
	err->help[0] = '\0';
	va_start(ap, fmt);
	set_clean(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return -1;
}

int
gv_err_sys(struct gv_err *err, enum gv_code code, const char *fmt, ...)
{
	int sys = errno;
	size_t len;
	va_list ap;

	err->code = code;
	err->sys = sys;
	err->help[0] = '\0';
	va_start(ap, fmt);
	set_clean(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	gv_text_cut(err->msg + len, sizeof(err->msg) - len, ": %s", strerror(sys));
	return -1;
}

int
gv_err_wrap(struct gv_err *err, const char *fmt, ...)
{
	char old[sizeof(err->msg)];
	size_t len;
	va_list ap;

	memcpy(old, err->msg, sizeof(old));
	va_start(ap, fmt);
	set_clean(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	gv_text_cut(err->msg + len, sizeof(err->msg) - len, ": %.*s", (int)(sizeof(old) - 1), old);
	return -1;
}

int
gv_err_help(struct gv_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_clean(err->help, sizeof(err->help), fmt, ap);
	va_end(ap);
	return -1;
}

void
gv_err_clear(struct gv_err *err)
{
	memset(err, 0, sizeof(*err));
}
