/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/meter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

#define BAR_MIN 8 /* characters; a narrower bar is omitted */
#define BAR_MAX 30

void
gv_meter_bytes(char *out, size_t size, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes;
	size_t unit = 0;

	if (bytes < 1024) {
		snprintf(out, size, "%" PRIu64 " B", bytes);
		return;
	}
	value /= 1024;
	/* From 1023.95 on, the number would round to 1024.0. */
	while (value >= 1023.95 && unit < 3) {
		value /= 1024;
		unit++;
	}
	gv_text_cut(out, size, "%.1f %s", value, units[unit]);
}

void
gv_meter_time(char *out, size_t size, double seconds)
{
	long s;

	if (!(seconds >= 0 && seconds < 360000)) {
		snprintf(out, size, "-:--");
		return;
	}
	s = (long)(seconds + 0.5);
	if (s < 3600)
		snprintf(out, size, "%ld:%02ld", s / 60, s % 60);
	else
		snprintf(out, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
}

/* "34.1 of 71.5 MiB": the unit is printed once when both numbers have the same. */
static void
amount(char *out, size_t size, const struct gv_meter *m, const char *between)
{
	char done[32], total[32], *blank;

	gv_meter_bytes(done, sizeof(done), m->done);
	if (m->total == 0) {
		gv_text_cut(out, size, "%s", done);
		return;
	}
	gv_meter_bytes(total, sizeof(total), m->total);
	blank = strchr(done, ' ');
	if (blank != NULL && strcmp(blank, strchr(total, ' ')) == 0)
		*blank = '\0';
	gv_text_cut(out, size, "%s%s%s", done, between, total);
}

/* " [=====>    ]" in at most `width` characters; "" when that is too narrow. */
static void
bar(char *out, size_t size, const struct gv_meter *m, size_t width)
{
	size_t inside = width < 3 ? 0 : width - 3, full, at = 0;

	out[0] = '\0';
	if (m->total == 0 || inside < BAR_MIN)
		return;
	inside = inside > BAR_MAX ? BAR_MAX : inside;
	if (inside + 4 > size)
		return;
	full = m->done >= m->total ? inside : (size_t)((double)m->done / (double)m->total * (double)inside);
	out[at++] = ' ';
	out[at++] = '[';
	for (size_t i = 0; i < inside; i++)
		out[at++] = i < full ? '=' : i == full ? '>' : ' ';
	out[at++] = ']';
	out[at] = '\0';
}

void
gv_meter_bar(char *out, size_t size, const struct gv_meter *m, size_t columns)
{
	char left[128], right[128] = "", sum[72], rate[32], eta[24], middle[BAR_MAX + 8];
	size_t used;

	amount(sum, sizeof(sum), m, "/");
	gv_text_cut(left, sizeof(left), "%-*s  %-8s", (int)m->name_width, m->name, m->phase != NULL ? m->phase : "");
	if (m->done > 0 || m->total > 0)
		gv_text_cut(right, sizeof(right), "  %s", sum);
	if (m->rate > 0) {
		gv_meter_bytes(rate, sizeof(rate), (uint64_t)m->rate);
		used = strlen(right);
		gv_text_cut(right + used, sizeof(right) - used, "  %s/s", rate);
		if (m->total > m->done) {
			gv_meter_time(eta, sizeof(eta), (double)(m->total - m->done) / m->rate);
			used = strlen(right);
			gv_text_cut(right + used, sizeof(right) - used, "  %s", eta);
		}
	}
	used = strlen(left) + strlen(right);
	bar(middle, sizeof(middle), m, used < columns ? columns - used : 0);
	gv_text_cut(out, size < columns + 1 ? size : columns + 1, "%s%s%s", left, middle, right);
}

void
gv_meter_plain(char *out, size_t size, const struct gv_meter *m)
{
	char sum[72] = "";

	if (m->done > 0 || m->total > 0)
		amount(sum, sizeof(sum), m, " of ");
	else if (m->seconds > 0)
		gv_meter_time(sum, sizeof(sum), m->seconds);
	gv_text_cut(out, size, "%s: %s%s%s", m->name, m->phase != NULL ? m->phase : "working",
		    sum[0] != '\0' ? " " : "", sum);
}
