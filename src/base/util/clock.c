/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/clock.h"

#include <string.h>
#include <time.h>

#include "util/num.h"

int64_t
gv_clock_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
gv_clock_ms(void)
{
	return gv_clock_us() / 1000;
}

struct field {
	char before; /* the character before it; 0: none */
	unsigned char digits;
	unsigned short max;
};

/* Parse `n` fields, each with a fixed number of digits. Returns the text after them, or NULL when one is malformed. */
static const char *
take_fields(const char *text, const struct field *fields, size_t n, int *out)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t v = 0;

		if (fields[i].before != '\0' && *text++ != fields[i].before)
			return NULL;
		if (strnlen(text, fields[i].digits) < fields[i].digits ||
		    gv_num_span(text, fields[i].digits, fields[i].max, &v) < 0)
			return NULL;
		out[i] = (int)v;
		text += fields[i].digits;
	}
	return text;
}

int
gv_clock_parse(const char *text, int64_t *out)
{
	static const struct field time[] = { { 0, 4, 9999 }, { '-', 2, 12 }, { '-', 2, 31 },
					     { 'T', 2, 23 }, { ':', 2, 59 }, { ':', 2, 60 } };
	static const struct field zone[] = { { 0, 2, 23 }, { ':', 2, 59 } };
	int t[6] = { 0 }, z[2] = { 0 }, sign = 0;
	const char *at = take_fields(text, time, 6, t);
	struct tm tm;

	if (at != NULL && at[0] == '.' && at[1] >= '0' && at[1] <= '9')
		at += 1 + strspn(at + 1, "0123456789");
	if (at != NULL && (*at == '+' || *at == '-')) {
		sign = *at == '+' ? 1 : -1;
		at = take_fields(at + 1, zone, 2, z);
	} else if (at != NULL) {
		at = *at == 'Z' ? at + 1 : NULL;
	}
	if (at == NULL || *at != '\0' || t[1] == 0 || t[2] == 0)
		return -1;
	tm = (struct tm){ .tm_year = t[0] - 1900,
			  .tm_mon = t[1] - 1,
			  .tm_mday = t[2],
			  .tm_hour = t[3],
			  .tm_min = t[4],
			  .tm_sec = t[5] };
	*out = (int64_t)timegm(&tm) - sign * (z[0] * 3600 + z[1] * 60);
	return 0;
}
