/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "core/reportfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/report.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/str.h"

#define REPORT_MAX (256u << 20) /* bytes */

static int
read_stdin(char **text, size_t *len, struct gv_err *err)
{
	gv_autostr struct gv_str s = GV_STR_INIT(REPORT_MAX);
	char buf[65536];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0)
		gv_str_addn(&s, buf, (size_t)n);
	if (n < 0)
		return gv_err_sys(err, GV_EIO, "cannot read standard input");
	*len = s.len;
	*text = gv_str_finish(&s, err);
	return *text != NULL ? 0 : -1;
}

int
gv_report_load(struct gv_run_result *r, const char *file, struct gv_err *err)
{
	gv_autofree char *text = NULL;
	size_t len = 0;
	int rc;

	if (file[0] == '-' && file[1] == '\0')
		rc = read_stdin(&text, &len, err);
	else
		rc = gv_fs_read(AT_FDCWD, file, REPORT_MAX, &text, &len, err);
	if (rc < 0)
		return -1;
	return gv_report_read(r, text, len, err) < 0 ? gv_err_wrap(err, "'%s'", file) : 0;
}
