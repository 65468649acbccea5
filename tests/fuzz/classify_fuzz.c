/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "judge/assemble.h"
#include "judge/diag.h"
#include "judge/gotest.h"
#include "report/report.h"
#include "util/alloc.h"
#include "util/auto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Checks that a report holds only bytes that XML, TAP and Markdown allow. */
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

/* The first byte chooses phase and version, the rest is a phase's output. Every writer must cope with the result. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const phases[] = { "fetch", "build", "vet", "test", "race", "debug", "test-novet" };
	static const char *const versions[] = { "1.13.15", "1.18.10", "1.22.3", "1.27.3" };
	unsigned char first = size > 0 ? data[0] : 0;
	gv_autofree char *text = gv_xstrndup(size > 0 ? (const char *)data + 1 : "", size > 0 ? size - 1 : 0);
	struct gv_collected_phase did = { .name = (char *)(uintptr_t)phases[first % GV_ARRAY_LEN(phases)],
					  .exit = first >= 0x80,
					  .ended = true };
	struct gv_collected got = { .goversion = (char[]){ "go1.22.3" }, .phases = &did, .n = 1, .done = true };
	struct gv_cell_outcome o = {
		.got = &got, .module = "example.com/x", .moduledir = "/home/gopher/x", .goroot = "/usr/local/go"
	};
	const char *version = versions[first % GV_ARRAY_LEN(versions)];
	struct gv_run_result r;
	const struct gv_phase_result *p;

	did.text.max = size + 1;
	gv_str_add(&did.text, text);
	gv_assemble_run(&r, &(struct gv_run_facts){ .module = "example.com/x" });
	gv_assemble_add(&r, &(struct gv_cell_facts){ .version = version, .wanted = true });
	gv_assemble_cell(&r.cells[0], &o);
	p = &r.cells[0].phases[1];
	if (p->cause == NULL || p->line == NULL || p->hint == NULL || strlen(p->line) > 2 * GV_DIAG_LINE_MAX ||
	    p->n_diags > GV_DIAG_MAX || p->n_tests > GV_GOTEST_MAX)
		abort();
	if ((p->outcome == GV_FAIL || p->outcome == GV_UNKNOWN) && p->cause[0] == '\0')
		abort();
	for (size_t i = 0; i < gv_report_formats_len; i++)
		if (strcmp(gv_report_formats[i].name, "gitlab") != 0)
			check_clean(&r, gv_report_formats[i].name);
	gv_str_release(&did.text);
	gv_run_result_release(&r);
	return 0;
}
