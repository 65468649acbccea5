/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "json/json.h"
#include "judge/gotest.h"
#include "util/auto.h"
#include "util/lines.h"

#define TEXT_MAX (16u << 20) /* bytes; the events are longer than their text */

/* Add the text of an event; false when the line is not an event (cmd/test2json, "go help buildjson"). */
static bool
add_event(struct gv_str *out, const char *line, size_t len)
{
	gv_autojson struct gv_json root = { 0 };
	struct gv_err err = GV_ERR_INIT;
	const char *action = NULL, *output = NULL;

	if (len < 2 || line[0] != '{' || gv_json_parse(&root, line, len, &err) < 0 ||
	    gv_json_want_object(&root, &err) < 0)
		return false;
	if (gv_json_str(&root, "Action", &action, &err) < 0 || gv_json_str_opt(&root, "Output", &output, &err) < 0)
		return false;
	if (output != NULL && (strcmp(action, "output") == 0 || strcmp(action, "build-output") == 0))
		gv_str_add(out, output);
	return true;
}

char *
gv_gotest_plain(const char *text)
{
	gv_autostr struct gv_str out = GV_STR_INIT(TEXT_MAX);
	struct gv_err err = GV_ERR_INIT;
	struct gv_lines in;
	bool any = false;

	if (strstr(text, "\"Action\":\"") == NULL)
		return NULL;
	gv_lines_init(&in, text, strlen(text), GV_LINES_LF);
	while (gv_lines_next(&in)) {
		if (add_event(&out, in.line, in.len))
			any = true;
		else
			gv_str_addn(&out, in.line, (size_t)(in.rest - in.line));
	}
	return any ? gv_str_finish(&out, &err) : NULL;
}
