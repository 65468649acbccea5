/* SPDX-License-Identifier: MIT */
#ifndef GV_JUDGE_DIAG_H
#define GV_JUDGE_DIAG_H

#include <stddef.h>

#include "judge/phase.h"

/* Places in source files, from what was printed. At most GV_DIAG_MAX are kept for a phase. */
#define GV_DIAG_MAX      100
#define GV_DIAG_LINE_MAX 1000 /* bytes kept of a message or of a deciding line */

/* "[vet: ]FILE:LINE[:COL]: MESSAGE" lines of the go command; lines that begin with a tab continue the message. */
void gv_diag_from_go(struct gv_finding *out, const struct gv_phase_output *in, const char *text);

/* "    a_test.go:15: MESSAGE" lines of failed tests, in the directory of their package. */
void gv_diag_from_tests(struct gv_finding *out, const struct gv_phase_output *in);

/* After a crash or data race: the first stack frame in the project. `message` is the deciding line. */
void gv_diag_from_stack(struct gv_finding *out, const struct gv_phase_output *in, const char *text,
			const char *message);

/* The line as people see it: trimmed, with blanks for tabs, with $SRC and $GOROOT, without "vet: ". Caller frees. */
char *gv_diag_line(const struct gv_phase_output *in, const char *line, size_t len);

#endif
