/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_CLOCK_H
#define GV_UTIL_CLOCK_H

#include <stdint.h>

#include "util/err.h"

/* The monotonic clock in milliseconds, for durations and deadlines within this process. */
int64_t gv_clock_ms(void);

/* The same clock in microseconds. */
int64_t gv_clock_us(void);

/*
 * Parse an RFC 3339 time such as "2026-11-24T15:09:00.25+01:00" into seconds since 1970. The fraction is dropped.
 * Returns -1 when `text` is no such time; *out is then unchanged.
 */
int gv_clock_parse(const char *text, int64_t *out) GV_MUST_CHECK;

#endif
