/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "agent/frame.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/jsonw.h"

#define ALIVE_MS 10000
#define TEXT_MAX (32u << 10) /* bytes of output in one frame */

static int64_t last_ms = INT64_MAX; /* after this time no frame is written */
static int64_t sent_ms;             /* when the last frame was written */
static void (*end_cell)(void);

void
agent_frame_deadline(uint64_t ms)
{
	last_ms = (int64_t)ms;
}

void
agent_frame_unheard(void (*end)(void))
{
	end_cell = end;
}

static _Noreturn void
give_up(void)
{
	if (end_cell != NULL)
		end_cell();
	_exit(AGENT_EXIT_UNHEARD);
}

/*
 * When poll() says that a pipe is writable, it takes PIPE_BUF bytes without blocking. So we can keep the deadline
 * without O_NONBLOCK, which would also affect every other process that shares this open file.
 */
static void
put(const char *data, size_t len)
{
	sent_ms = gv_clock_ms();
	while (len > 0) {
		struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };
		int64_t now = gv_clock_ms();
		int wait_ms = last_ms <= now ? 0 : last_ms - now > INT_MAX ? INT_MAX : (int)(last_ms - now);
		int rc = poll(&p, 1, wait_ms);
		ssize_t n;

		if (rc < 0 && errno == EINTR)
			continue;
		if (rc <= 0)
			give_up();
		n = write(STDOUT_FILENO, data, len < PIPE_BUF ? len : PIPE_BUF);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			give_up();
		data += n;
		len -= (size_t)n;
	}
}

static void
begin(struct gv_jsonout *j, const char *event)
{
	gv_jsonout_begin(j);
	gv_jsonout_open(j, NULL, '{');
	gv_jsonout_str(j, "event", event);
}

static void
finish(struct gv_jsonout *j)
{
	char head[32];
	int n;

	gv_jsonout_close(j, '}');
	n = snprintf(head, sizeof(head), "GV1 %zu\n", j->out.len);
	put(head, (size_t)n);
	gv_str_addc(&j->out, '\n');
	put(gv_str_text(&j->out), j->out.len);
	gv_str_release(&j->out);
}

void
agent_frame_alive(void)
{
	if (gv_clock_ms() - sent_ms >= ALIVE_MS)
		put("GV1 0\n\n", 7);
}

void
agent_frame_hello(const char *goversion, int cgroup)
{
	struct gv_jsonout j;

	begin(&j, "hello");
	gv_jsonout_str(&j, "agent", PACKAGE_VERSION);
	gv_jsonout_str(&j, "goversion", goversion);
	gv_jsonout_int(&j, "cgroup", cgroup);
	finish(&j);
}

void
agent_frame_note(const char *detail)
{
	struct gv_jsonout j;

	begin(&j, "note");
	gv_jsonout_str(&j, "detail", detail);
	finish(&j);
}

void
agent_frame_start(const char *phase)
{
	struct gv_jsonout j;

	begin(&j, "start");
	gv_jsonout_str(&j, "phase", phase);
	finish(&j);
}

void
agent_frame_output(const char *phase, int stream, const char *data, size_t len)
{
	while (len > 0) {
		size_t n = len < TEXT_MAX ? len : TEXT_MAX;
		char text[TEXT_MAX + 1];
		struct gv_jsonout j;

		/* Do not cut inside a character. */
		while (n < len && n > TEXT_MAX - 4 && ((unsigned char)data[n] & 0xc0) == 0x80)
			n--;
		memcpy(text, data, n);
		text[n] = '\0';
		for (char *nul = text; (nul = memchr(nul, '\0', n - (size_t)(nul - text))) != NULL;)
			*nul = '\xff';
		begin(&j, "output");
		gv_jsonout_str(&j, "phase", phase);
		gv_jsonout_int(&j, "stream", stream);
		gv_jsonout_str(&j, "text", text);
		finish(&j);
		data += n;
		len -= n;
	}
}

void
agent_frame_cut(const char *phase, uint64_t bytes)
{
	struct gv_jsonout j;

	begin(&j, "cut");
	gv_jsonout_str(&j, "phase", phase);
	gv_jsonout_int(&j, "bytes", (int64_t)bytes);
	finish(&j);
}

static void
end_frame(const char *phase, const struct agent_end *end, bool skipped)
{
	struct gv_jsonout j;

	begin(&j, "end");
	gv_jsonout_str(&j, "phase", phase);
	gv_jsonout_int(&j, "exit", end->exit);
	gv_jsonout_int(&j, "signal", end->signal);
	gv_jsonout_bool(&j, "timeout", end->timeout);
	gv_jsonout_bool(&j, "oom", end->oom);
	gv_jsonout_int(&j, "wall_ms", (int64_t)end->wall_ms);
	gv_jsonout_int(&j, "cpu_ms", (int64_t)end->cpu_ms);
	gv_jsonout_int(&j, "peak_rss", (int64_t)end->peak_rss);
	gv_jsonout_bool(&j, "skipped", skipped);
	finish(&j);
}

void
agent_frame_end(const char *phase, const struct agent_end *end)
{
	end_frame(phase, end, false);
}

void
agent_frame_skipped(const char *phase)
{
	end_frame(phase, &(struct agent_end){ 0 }, true);
}

void
agent_frame_fault(const char *what, const char *fmt, ...)
{
	char detail[2048];
	struct gv_jsonout j;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	begin(&j, "fault");
	gv_jsonout_str(&j, "what", what);
	gv_jsonout_str(&j, "detail", detail);
	finish(&j);
}

void
agent_frame_done(uint64_t peak_rss, uint64_t peak_cgroup, bool oom)
{
	struct gv_jsonout j;

	begin(&j, "done");
	gv_jsonout_int(&j, "peak_rss", (int64_t)peak_rss);
	gv_jsonout_int(&j, "peak_cgroup", (int64_t)peak_cgroup);
	gv_jsonout_bool(&j, "oom", oom);
	finish(&j);
}
