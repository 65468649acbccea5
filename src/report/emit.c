/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

#define STEP_SUMMARY_MAX (1u << 20) /* bytes that GitHub takes of one step; more is refused as a whole */

struct target {
	const struct gv_report_format *format;
	const char *file; /* NULL: stdout */
};

/* The next "FORMAT[=FILE]" of the copy that `*rest` walks through; 1, 0 at the end, -1. A file name holds no comma. */
static int
next_target(struct target *t, char **rest, struct gv_err *err)
{
	char *item = strsep(rest, ","), *equals;

	if (item == NULL)
		return 0;
	equals = strchr(item, '=');
	if (equals != NULL)
		*equals = '\0';
	t->format = gv_report_find(item);
	t->file = equals != NULL ? equals + 1 : NULL;
	if (t->format == NULL) {
		gv_err_set(err, GV_EUSAGE, "unknown report format '%s'", item);
		return gv_err_help(
		    err, "one of json, ndjson, junit, tap, markdown, github, gitlab, codequality, sarif, badge");
	}
	if (t->file != NULL && t->file[0] == '\0')
		return gv_err_set(err, GV_EUSAGE, "report format '%s' has no file behind '='", item);
	if (t->file != NULL && strcmp(t->file, "-") == 0)
		t->file = NULL;
	return 1;
}

static int
emit_one(const struct target *t, const struct gv_run_result *r, struct gv_err *err)
{
	gv_autostr struct gv_str out = GV_STR_INIT(GV_REPORT_MAX);

	if (t->format->write(r, &out, err) < 0)
		return gv_err_wrap(err, "report '%s'", t->format->name);
	if (out.over)
		return gv_err_set(err, GV_ETOOBIG, "report '%s' is longer than %u bytes", t->format->name,
				  GV_REPORT_MAX);
	if (t->file != NULL)
		return gv_fs_replace(t->file, gv_str_text(&out), out.len, 0644, err);
	if (gv_fs_write_all(STDOUT_FILENO, gv_str_text(&out), out.len, err) < 0)
		return gv_err_wrap(err, "report '%s' to standard output", t->format->name);
	return 0;
}

static int
each_target(const char *spec, const struct gv_run_result *r, struct gv_err *err)
{
	gv_autofree char *copy = gv_xstrdup(spec);
	char *rest = copy;
	struct target t;
	int rc;

	while ((rc = next_target(&t, &rest, err)) > 0)
		if (r != NULL && emit_one(&t, r, err) < 0)
			return -1;
	return rc;
}

int
gv_report_check(const char *spec, struct gv_err *err)
{
	return each_target(spec, NULL, err);
}

int
gv_report_emit(const char *spec, const struct gv_run_result *r, struct gv_err *err)
{
	if (gv_report_check(spec, err) < 0)
		return -1;
	return each_target(spec, r, err);
}

int
gv_report_step_summary(const struct gv_run_result *r, struct gv_err *err)
{
	const char *file = getenv("GITHUB_STEP_SUMMARY"), *actions = getenv("GITHUB_ACTIONS");
	gv_autostr struct gv_str out = GV_STR_INIT(STEP_SUMMARY_MAX);

	if (file == NULL || file[0] == '\0' || actions == NULL || strcmp(actions, "true") != 0)
		return 0;
	if (gv_report_find("markdown")->write(r, &out, err) < 0)
		return -1;
	if (out.over)
		return gv_err_set(err, GV_ETOOBIG, "the step summary is longer than %u bytes", STEP_SUMMARY_MAX);

	gv_autofd int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot open '%s'", file);
	if (gv_fs_write_all(fd, gv_str_text(&out), out.len, err) < 0)
		return gv_err_wrap(err, "step summary '%s'", file);
	return 0;
}
