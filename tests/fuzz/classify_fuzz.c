/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "validate/classify.h"
#include "validate/diag.h"
#include "validate/gotest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes that XML, TAP and Markdown may hold, whatever was printed. */
static void
check_clean(const struct gv_run_result *r, const char *format)
{
	gv_autostr struct gv_str out = GV_STR_INIT(GV_REPORT_MAX);
	struct gv_err err = GV_ERR_INIT;

	if (gv_report_find(format)->write(r, &out, &err) < 0)
		abort();
	for (const unsigned char *s = (const unsigned char *)gv_str_text(&out); *s != '\0'; s++)
		if ((*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f)
			abort();
}

/* The first byte chooses phase and version, the rest is what was printed. The result has to survive every writer. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const phases[] = { "fetch", "build", "vet", "test", "race", "debug", "test-novet" };
	static const char *const versions[] = { "1.13.15", "1.18.10", "1.22.3", "1.27.3" };
	unsigned char first = size > 0 ? data[0] : 0;
	gv_autofree char *text = gv_xstrndup(size > 0 ? (const char *)data + 1 : "", size > 0 ? size - 1 : 0);
	struct gv_phase_output in = { .phase = phases[first % GV_ARRAY_LEN(phases)],
				      .text = text,
				      .exit = first >= 0x80,
				      .version = versions[first % GV_ARRAY_LEN(versions)],
				      .module = "example.com/x",
				      .moduledir = "/home/gopher/x",
				      .goroot = "/usr/local/go" };
	struct gv_run_result r = { 0 };
	struct gv_cell_result *c = gv_run_result_add(&r);
	struct gv_phase_result *p = gv_cell_result_add(c);

	gv_classify(&in, p);
	gv_result_set(&p->log, text);
	gv_classify_cell(c);
	if (p->class_ == NULL || p->line == NULL || p->hint == NULL || strlen(p->line) > 2 * GV_DIAG_LINE_MAX ||
	    p->n_diags > GV_DIAG_MAX || p->n_tests > GV_GOTEST_MAX)
		abort();
	if ((p->outcome == GV_FAIL || p->outcome == GV_UNKNOWN) && p->class_[0] == '\0')
		abort();
	for (size_t i = 0; i < gv_report_formats_len; i++)
		if (strcmp(gv_report_formats[i].name, "gitlab") != 0)
			check_clean(&r, gv_report_formats[i].name);
	gv_run_result_free(&r);
	return 0;
}
