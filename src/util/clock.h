/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_CLOCK_H
#define GV_UTIL_CLOCK_H

#include <stdint.h>

/* Milliseconds of the monotonic clock: for spans and deadlines within this process. */
int64_t gv_clock_ms(void);

#endif
