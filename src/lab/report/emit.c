/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "report/writers.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

#define STEP_SUMMARY_MAX (1u << 20) /* bytes; GitHub refuses a longer summary of a step */

static int
unknown_format(const char *name, struct gv_err *err)
{
	gv_autostr struct gv_str known = GV_STR_INIT(256);

	for (size_t i = 0; i < gv_report_formats_len; i++)
		gv_str_addf(&known, "%s%s", i == 0 ? "" : ", ", gv_report_formats[i].name);
	gv_err_set(err, GV_EUSAGE, "unknown report format '%s'", name);
	return gv_err_help(err, "one of %s", gv_str_text(&known));
}

int
gv_report_next_target(struct gv_report_target *t, char **rest, struct gv_err *err)
{
	char *item = strsep(rest, ","), *equals;

	if (item == NULL)
		return 0;
	equals = strchr(item, '=');
	if (equals != NULL)
		*equals = '\0';
	t->format = gv_report_find(item);
	t->file = equals != NULL ? equals + 1 : NULL;
	if (t->format == NULL)
		return unknown_format(item, err);
	if (t->file != NULL && t->file[0] == '\0')
		return gv_err_set(err, GV_EUSAGE, "report format '%s' has no file after '='", item);
	if (t->file != NULL && strcmp(t->file, "-") == 0)
		t->file = NULL;
	return 1;
}

bool
gv_report_is_streamed(const struct gv_report_format *format)
{
	return format->write == gv_write_ndjson;
}

static int
emit_one(const struct gv_report_target *t, const struct gv_run_result *r, struct gv_err *err)
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
each_target(const char *spec, const struct gv_run_result *r, bool streamed, struct gv_err *err)
{
	gv_autofree char *copy = gv_xstrdup(spec);
	char *rest = copy;
	struct gv_report_target t;
	int rc;

	while ((rc = gv_report_next_target(&t, &rest, err)) > 0)
		if (r != NULL && !(streamed && gv_report_is_streamed(t.format)) && emit_one(&t, r, err) < 0)
			return -1;
	return rc;
}

int
gv_report_check(const char *spec, struct gv_err *err)
{
	return each_target(spec, NULL, false, err);
}

int
gv_report_emit(const char *spec, const struct gv_run_result *r, bool streamed, struct gv_err *err)
{
	if (gv_report_check(spec, err) < 0)
		return -1;
	return each_target(spec, r, streamed, err);
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
