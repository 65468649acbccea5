/* SPDX-License-Identifier: MIT */
#ifndef GV_TAP_H
#define GV_TAP_H

/*
 * Test output for automake's TAP driver: ok(condition, "name %s", ...) for each check,
 * `return tap_done();` at the end of main, which prints the plan and is 1 when anything failed.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failed;

static bool __attribute__((format(printf, 2, 3), unused))
ok(bool pass, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - ", pass ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed += !pass;
	return pass;
}

static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif
