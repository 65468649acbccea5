/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "tests/tap.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/num.h"

static void
test_whole(void)
{
	static const struct {
		const char *text;
		uint64_t max;
		int rc;
		uint64_t n;
	} rows[] = {
		{ "0", 0, 0, 0 },
		{ "7", 7, 0, 7 },
		{ "8", 7, -1, 0 },
		{ "10", 9, -1, 0 },
		{ "007", 7, 0, 7 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -1, 0 },
		{ "99999999999999999999999", UINT64_MAX, -1, 0 },
		{ "9223372036854775808", INT64_MAX, -1, 0 },
		{ "", UINT64_MAX, -1, 0 },
		{ "-1", UINT64_MAX, -1, 0 },
		{ "+1", UINT64_MAX, -1, 0 },
		{ " 1", UINT64_MAX, -1, 0 },
		{ "1 ", UINT64_MAX, -1, 0 },
		{ "1\n", UINT64_MAX, -1, 0 },
		{ "0x10", UINT64_MAX, -1, 0 },
		{ "1.5", UINT64_MAX, -1, 0 },
		{ "1e3", UINT64_MAX, -1, 0 },
		{ "12a", UINT64_MAX, -1, 0 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		uint64_t n = 42;
		int rc = gv_num_u64(rows[i].text, rows[i].max, &n);

		ok(rc == rows[i].rc && n == (rc == 0 ? rows[i].n : 42), "'%s' up to %llu", rows[i].text,
		   (unsigned long long)rows[i].max);
	}
}

static void
test_parts(void)
{
	uint64_t n = 42;
	const char *end;

	ok(gv_num_span("1234", 2, 99, &n) == 0 && n == 12, "a number without a NUL after it");
	n = 42;
	ok(gv_num_span("12\0"
		       "4",
		       4, 9999, &n) == -1 &&
	       gv_num_span("", 0, 9, &n) == -1 && n == 42,
	   "all of the bytes must be digits, and there must be one");
	end = gv_num_prefix("90s", 100, &n);
	ok(end != NULL && strcmp(end, "s") == 0 && n == 90, "the digits before a unit are the number");
	n = 42;
	ok(gv_num_prefix("101s", 100, &n) == NULL && gv_num_prefix("s", 100, &n) == NULL &&
	       gv_num_prefix("-1", 100, &n) == NULL && n == 42,
	   "a number above the maximum and a text without digits are refused");
	ok(gv_num_hex('0') == 0 && gv_num_hex('a') == 10 && gv_num_hex('F') == 15 && gv_num_hex('g') == -1 &&
	       gv_num_hex('\0') == -1 && gv_num_hex('/') == -1 && gv_num_hex(':') == -1,
	   "hexadecimal digits");
}

static void
test_time(void)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: refused */
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-24T15:09:00Z", 1795532940 },
		{ "2026-11-24T15:09:00.123456789Z", 1795532940 },
		{ "2026-11-24T15:09:00+01:30", 1795532940 - 5400 },
		{ "2026-11-24T15:09:00.5-02:00", 1795532940 + 7200 },
		{ "2016-12-31T23:59:60Z", 1483228800 },
		{ "2026-11-24", -1 },
		{ "2026-11-24T15:09:00", -1 },
		{ "2026-11-24T15:09:00.Z", -1 },
		{ "2026-11-24T15:09:00ZZ", -1 },
		{ "2026-11-24T15:09:00+01", -1 },
		{ "2026-11-24 15:09:00Z", -1 },
		{ "2026-00-24T15:09:00Z", -1 },
		{ "2026-13-24T15:09:00Z", -1 },
		{ "2026-11-00T15:09:00Z", -1 },
		{ "2026-11-24T24:09:00Z", -1 },
		{ "2026-1-24T15:09:00Z", -1 },
		{ "-026-11-24T15:09:00Z", -1 },
		{ "yesterday", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		int64_t when = -1;
		int rc = gv_clock_parse(rows[i].text, &when);

		ok(when == rows[i].want && rc == (when < 0 ? -1 : 0), "the time '%s'", rows[i].text);
	}
}

int
main(void)
{
	test_whole();
	test_parts();
	test_time();
	return tap_done();
}
