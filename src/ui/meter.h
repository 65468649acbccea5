/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_METER_H
#define GV_UI_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text of a progress line: no terminal, no clock, no state. */

struct gv_meter {
	const char *name;  /* "go1.22.3" */
	const char *phase; /* "download", or NULL */
	uint64_t done;     /* bytes */
	uint64_t total;    /* bytes; 0 = unknown */
	double rate;       /* bytes per second; 0 = unknown */
	size_t name_width; /* names of several lines are padded to this */
	unsigned seconds;  /* since the phase began, for a phase without bytes */
};

/* "512 B", "1.5 KiB", "71.5 MiB" */
void gv_meter_bytes(char *out, size_t size, uint64_t bytes);

/* "0:07", "12:34", "1:02:03"; "-:--" above 99 hours */
void gv_meter_time(char *out, size_t size, double seconds);

/* One line of at most `columns` characters, for a terminal; no newline. */
void gv_meter_bar(char *out, size_t size, const struct gv_meter *m, size_t columns);

/* "go1.22.3: download 34.1 of 71.5 MiB", "go1.22.3: test 0:20" for logs; no newline. */
void gv_meter_plain(char *out, size_t size, const struct gv_meter *m);

#endif
