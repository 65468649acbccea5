/* SPDX-License-Identifier: MIT */
#ifndef GV_TAP_H
#define GV_TAP_H

/*
 * Test output for automake's TAP driver. Call ok(condition, "name %s", ...) for each check. End main with
 * `return tap_done();`, which prints the plan and returns 1 when any check failed.
 * Use tap_need(condition, "why %s", ...) for everything that the checks need: when it is false, the test fails and
 * ends at once. tap_skip_without("python3") skips the whole test when that program is missing.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int tap_count, tap_failed;

static bool __attribute__((format(printf, 2, 3), unused)) ok(bool pass, const char *fmt, ...)
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

static void __attribute__((format(printf, 2, 3), unused)) tap_need(bool got, const char *fmt, ...)
{
	va_list ap;

	if (got)
		return;
	printf("not ok %d - needed: ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed++;
	exit(tap_done());
}

static void __attribute__((unused)) tap_skip_without(const char *program)
{
	char command[128];

	snprintf(command, sizeof(command), "command -v '%.64s' >/dev/null", program);
	if (system(command) == 0)
		return;
	printf("1..0 # SKIP %s not found\n", program);
	exit(0);
}

#endif
