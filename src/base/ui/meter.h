/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_METER_H
#define GV_UI_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text of a progress line. These functions use no terminal and no clock and keep no state. */

struct gv_meter {
	const char *name;  /* "go1.22.3" */
	const char *phase; /* "download", or NULL */
	uint64_t done;     /* bytes */
	uint64_t total;    /* bytes; 0 = unknown */
	double rate;       /* bytes per second; 0 = unknown */
	size_t name_width; /* pad the name to this many characters, so that several lines align */
	unsigned seconds;  /* since the phase began; shown for a phase without bytes */
};

/* "512 B", "1.5 KiB", "71.5 MiB". For tests. */
void gv_meter_bytes(char *out, size_t size, uint64_t bytes);

/* "0:07", "12:34", "1:02:03"; "-:--" from 100 hours on. */
void gv_meter_time(char *out, size_t size, double seconds);

/* One line of at most `columns` characters for a terminal, without a newline. */
void gv_meter_bar(char *out, size_t size, const struct gv_meter *m, size_t columns);

/* One line for a log, without a newline: "go1.22.3: download 34.1 of 71.5 MiB", "go1.22.3: test 0:20". */
void gv_meter_plain(char *out, size_t size, const struct gv_meter *m);

#endif
