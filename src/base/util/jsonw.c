/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/jsonw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

#define JSON_MAX (64u << 20) /* bytes; the whole release list takes about 60 KiB */

static void
add_string(struct gv_str *out, const char *s)
{
	size_t len = strlen(s);

	gv_str_addc(out, '"');
	while (len > 0) {
		unsigned cp = 0;
		size_t n = gv_utf8_decode(s, len, &cp);

		if (n == 0) {
			gv_str_add(out, "\xef\xbf\xbd");
			n = 1;
		} else if (cp == '"' || cp == '\\') {
			gv_str_addc(out, '\\');
			gv_str_addc(out, (char)cp);
		} else if (cp <= 0xffff && (gv_text_is_control(cp) || (cp == '#' && s[1] == '#'))) {
			/* Most are legal in JSON, but a terminal obeys them, and a CI system what begins with "##". */
			gv_str_addf(out, "\\u%04x", cp);
		} else {
			gv_str_addn(out, s, n);
		}
		s += n;
		len -= n;
	}
	gv_str_addc(out, '"');
}

static void
begin_value(struct gv_jsonout *j, const char *key)
{
	if (j->comma)
		gv_str_addc(&j->out, ',');
	j->comma = true;
	if (key != NULL) {
		add_string(&j->out, key);
		gv_str_addc(&j->out, ':');
	}
}

void
gv_jsonout_begin(struct gv_jsonout *j)
{
	*j = (struct gv_jsonout){ .out = GV_STR_INIT(JSON_MAX) };
}

void
gv_jsonout_open(struct gv_jsonout *j, const char *key, char bracket)
{
	begin_value(j, key);
	gv_str_addc(&j->out, bracket);
	j->comma = false;
}

void
gv_jsonout_close(struct gv_jsonout *j, char bracket)
{
	gv_str_addc(&j->out, bracket);
	j->comma = true;
}

void
gv_jsonout_str(struct gv_jsonout *j, const char *key, const char *value)
{
	begin_value(j, key);
	if (value != NULL)
		add_string(&j->out, value);
	else
		gv_str_add(&j->out, "null");
}

void
gv_jsonout_int(struct gv_jsonout *j, const char *key, int64_t value)
{
	begin_value(j, key);
	gv_str_addf(&j->out, "%" PRId64, value);
}

void
gv_jsonout_bool(struct gv_jsonout *j, const char *key, bool value)
{
	begin_value(j, key);
	gv_str_add(&j->out, value ? "true" : "false");
}

void
gv_jsonout_take(struct gv_jsonout *j, struct gv_str *out)
{
	gv_str_addn(out, gv_str_text(&j->out), j->out.len);
	gv_str_addc(out, '\n');
	out->over = out->over || j->out.over;
	gv_str_release(&j->out);
}

void
gv_jsonout_print(struct gv_jsonout *j)
{
	printf("%s\n", gv_str_text(&j->out));
	gv_str_release(&j->out);
}
