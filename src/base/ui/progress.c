/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "ui/meter.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/fs.h"
#include "util/str.h"
#include "util/text.h"

#define TICK_MS      100
#define QUIET_MS     500   /* show no bar for anything shorter */
#define HEARTBEAT_MS 10000 /* print a line this often, so that a CI log shows that we work */
#define LINE_MAX_    512
#define BARS_MAX     16
#define SCREEN_MAX   (1u << 20) /* bytes of one drawing */

struct gv_progress_job {
	struct gv_progress *meter;
	struct gv_progress_job *next;
	char name[64];
	const char *phase;
	int64_t phase_ms; /* when the phase began */
	int64_t said_ms;  /* when its last plain line was printed; 0 = none */
	bool over;
	double rate;        /* bytes per second, smoothed */
	uint64_t rate_done; /* bytes that had arrived at rate_ms */
	int64_t rate_ms;
	_Atomic uint64_t done, kept, total; /* written by the job's thread without the lock */
};

/* `lock` guards everything except done, kept and total. */
struct gv_progress {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t ticker;
	bool ticking;
	bool stop;
	bool bars; /* draw bars; false: print lines */
	bool silent;
	int64_t begin_ms;
	void (*panel)(void *arg, struct gv_str *out, size_t columns, int rows);
	void *panel_arg;
	int drawn;           /* number of lines on the screen */
	size_t columns;      /* width of the screen when they were drawn */
	struct gv_str shown; /* their text */
	struct gv_progress_job *first, **last;
};

static void
put(const char *text, size_t len)
{
	struct gv_err ignored = GV_ERR_INIT;

	/* Go on working when the terminal is gone. */
	if (gv_fs_write_all(STDERR_FILENO, text, len, &ignored) < 0)
		gv_err_clear(&ignored);
}

static struct gv_meter
snapshot(const struct gv_progress_job *job)
{
	return (struct gv_meter){
		.name = job->name,
		.phase = job->phase,
		.done = atomic_load_explicit(&job->done, memory_order_relaxed),
		.total = atomic_load_explicit(&job->total, memory_order_relaxed),
		.rate = job->rate,
	};
}

static void
update_rate(struct gv_progress_job *job, int64_t now)
{
	uint64_t done = atomic_load_explicit(&job->done, memory_order_relaxed);
	uint64_t kept = atomic_load_explicit(&job->kept, memory_order_relaxed), came = done > kept ? done - kept : 0;
	double seconds = (double)(now - job->rate_ms) / 1000, rate, weight;

	if (seconds <= 0)
		return;
	rate = came > job->rate_done ? (double)(came - job->rate_done) / seconds : 0;
	/* Average over about three seconds. */
	weight = job->rate > 0 ? seconds / (seconds + 3) : 1;
	job->rate += (rate - job->rate) * weight;
	job->rate_done = came;
	job->rate_ms = now;
}

static void
screen_size(size_t *columns, int *rows)
{
	struct winsize ws = { 0 };

	*columns = 80;
	*rows = 24;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 && ws.ws_row > 0) {
		*columns = ws.ws_col;
		*rows = ws.ws_row;
	}
}

static int
count_lines(const struct gv_str *s)
{
	int n = 0;

	for (size_t i = 0; i < s->len; i++)
		n += s->buf[i] == '\n';
	return n;
}

/* Append a bar for each running job: at most `rows` of them, and then a line with the number of the others. */
static void
add_bars(struct gv_progress *p, struct gv_str *out, size_t columns, int rows)
{
	size_t width = 0;
	int more = 0;
	char line[LINE_MAX_];

	rows = rows < BARS_MAX ? rows : BARS_MAX;
	for (struct gv_progress_job *job = p->first; job != NULL; job = job->next)
		if (!job->over && strlen(job->name) > width)
			width = strlen(job->name);
	for (struct gv_progress_job *job = p->first; job != NULL; job = job->next) {
		struct gv_meter m = snapshot(job);

		if (job->over)
			continue;
		if (rows <= 0) {
			more++;
			continue;
		}
		m.name_width = width;
		gv_meter_bar(line, sizeof(line), &m, columns);
		gv_str_addf(out, "%s\n", line);
		rows--;
	}
	if (more > 0)
		gv_str_addf(out, "and %d more\n", more);
}

static int
running_jobs(const struct gv_progress *p)
{
	int n = 0;

	for (const struct gv_progress_job *job = p->first; job != NULL; job = job->next)
		n += !job->over;
	return n;
}

/* Append the panel, and below it the bars. Leave one line free for the cursor. */
static void
add_lines(struct gv_progress *p, struct gv_str *out, size_t columns, int rows)
{
	int bars = running_jobs(p);

	if (p->panel != NULL) {
		bars = bars < rows / 4 ? bars : rows / 4;
		p->panel(p->panel_arg, out, columns, rows - 1 - bars);
	}
	add_bars(p, out, columns, rows - 2 - count_lines(out));
}

/* Draw over the old lines. Erase the rest of each line only after writing it, so that nothing flickers. */
static void
add_drawing(struct gv_progress *p, struct gv_str *out)
{
	gv_autostr struct gv_str lines = GV_STR_INIT(SCREEN_MAX);
	size_t columns;
	int rows;

	screen_size(&columns, &rows);
	/* Leave the last column free, because some terminals wrap there. */
	add_lines(p, &lines, columns - 1, rows);
	/* When the screen gets narrower, some terminals wrap old lines and others cut them. So leave those there. */
	if (columns < p->columns)
		p->drawn = 0;
	if (p->drawn > 0 && columns == p->columns && strcmp(gv_str_text(&lines), gv_str_text(&p->shown)) == 0)
		return;
	if (p->drawn > 0)
		gv_str_addf(out, "\x1b[%dA\r", p->drawn);
	for (const char *s = gv_str_text(&lines), *end; (end = strchr(s, '\n')) != NULL; s = end + 1) {
		gv_str_addn(out, s, (size_t)(end - s));
		gv_str_add(out, "\x1b[K\n");
	}
	gv_str_add(out, "\x1b[J");
	p->drawn = count_lines(&lines);
	p->columns = columns;
	gv_str_clear(&p->shown);
	gv_str_addn(&p->shown, gv_str_text(&lines), lines.len);
}

/* Print lines above the drawing, then draw that again if it was there. */
static void
print_above(struct gv_progress *p, const char *text, size_t len)
{
	gv_autostr struct gv_str out = GV_STR_INIT(2 * SCREEN_MAX);
	bool again = p->drawn > 0;

	if (p->drawn > 0)
		gv_str_addf(&out, "\x1b[%dA\r\x1b[J", p->drawn);
	p->drawn = 0;
	gv_str_addn(&out, text, len);
	if (again && !p->stop)
		add_drawing(p, &out);
	if (out.len > 0)
		put(gv_str_text(&out), out.len);
}

static void
print_line(struct gv_progress *p, const char *line)
{
	char clean[LINE_MAX_];
	size_t len;

	gv_text_clean(clean, sizeof(clean) - 1, line, strlen(line));
	len = strlen(clean);
	clean[len] = '\n';
	print_above(p, clean, len + 1);
}

static void
tick_bars(struct gv_progress *p, int64_t now)
{
	gv_autostr struct gv_str out = GV_STR_INIT(2 * SCREEN_MAX);

	if (now - p->begin_ms < QUIET_MS)
		return;
	add_drawing(p, &out);
	if (out.len > 0)
		put(gv_str_text(&out), out.len);
}

static void
tick_plain(struct gv_progress *p, struct gv_progress_job *job, int64_t now)
{
	struct gv_meter m = snapshot(job);
	char line[LINE_MAX_];

	if (now - (job->said_ms > 0 ? job->said_ms : job->phase_ms) < (job->said_ms > 0 ? HEARTBEAT_MS : QUIET_MS))
		return;
	job->said_ms = now;
	m.seconds = (unsigned)((now - job->phase_ms) / 1000);
	gv_meter_plain(line, sizeof(line), &m);
	print_line(p, line);
}

static void
tick(struct gv_progress *p)
{
	int64_t now = gv_clock_ms();

	for (struct gv_progress_job *job = p->first; job != NULL; job = job->next) {
		if (job->over)
			continue;
		update_rate(job, now);
		if (!p->bars)
			tick_plain(p, job, now);
	}
	if (p->bars)
		tick_bars(p, now);
}

static void *
ticker_main(void *arg)
{
	struct gv_progress *p = arg;

	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		int64_t due = gv_clock_ms() + TICK_MS;
		struct timespec ts = { .tv_sec = (time_t)(due / 1000), .tv_nsec = (long)(due % 1000) * 1000000 };

		if (pthread_cond_timedwait(&p->wake, &p->lock, &ts) != 0 && !p->stop)
			tick(p);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Block all signals in the ticker, because the working threads must get them. */
static bool
start_ticker(struct gv_progress *p)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&p->ticker, NULL, ticker_main, p) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

static void
print_diverted(void *arg, const char *text, size_t len)
{
	struct gv_progress *p = arg;

	pthread_mutex_lock(&p->lock);
	print_above(p, text, len);
	pthread_mutex_unlock(&p->lock);
}

/* Whether stderr is a terminal that can move its cursor, and this is no CI job. */
static bool
can_draw(void)
{
	const char *term = getenv("TERM"), *ci = getenv("CI");

	if (ci != NULL && ci[0] != '\0' && strcmp(ci, "0") != 0 && strcmp(ci, "false") != 0)
		return false;
	return isatty(STDERR_FILENO) && gv_msg_verbose() == 0 && term != NULL && strcmp(term, "dumb") != 0;
}

struct gv_progress *
gv_progress_new(void)
{
	struct gv_progress *p = gv_xcalloc(1, sizeof(*p));
	pthread_condattr_t attr;

	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &attr);
	pthread_condattr_destroy(&attr);
	p->last = &p->first;
	p->begin_ms = gv_clock_ms();
	p->silent = gv_msg_quiet();
	p->bars = can_draw();
	p->shown = (struct gv_str)GV_STR_INIT(SCREEN_MAX);
	p->ticking = !p->silent && start_ticker(p);
	gv_msg_divert(print_diverted, p);
	return p;
}

void
gv_progress_free(struct gv_progress *p)
{
	struct gv_progress_job *next;

	if (p == NULL)
		return;
	gv_msg_divert(NULL, NULL);
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	if (p->ticking)
		pthread_join(p->ticker, NULL);
	print_above(p, "", 0);
	gv_str_release(&p->shown);
	for (struct gv_progress_job *job = p->first; job != NULL; job = next) {
		next = job->next;
		free(job);
	}
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void
gv_progress_lines(struct gv_progress *p)
{
	pthread_mutex_lock(&p->lock);
	p->bars = false;
	pthread_mutex_unlock(&p->lock);
}

bool
gv_progress_panel(struct gv_progress *p, void (*draw)(void *arg, struct gv_str *out, size_t columns, int rows),
		  void *arg)
{
	if (p->silent || !p->bars)
		return false;
	pthread_mutex_lock(&p->lock);
	p->panel = draw;
	p->panel_arg = arg;
	pthread_mutex_unlock(&p->lock);
	return true;
}

struct gv_progress_job *
gv_progress_add(struct gv_progress *p, const char *name)
{
	struct gv_progress_job *job = gv_xcalloc(1, sizeof(*job));

	job->meter = p;
	gv_text_clean(job->name, sizeof(job->name), name, strlen(name));
	job->phase_ms = job->rate_ms = gv_clock_ms();
	pthread_mutex_lock(&p->lock);
	*p->last = job;
	p->last = &job->next;
	pthread_mutex_unlock(&p->lock);
	return job;
}

void
gv_progress_phase(struct gv_progress_job *job, const char *phase)
{
	if (job == NULL)
		return;
	pthread_mutex_lock(&job->meter->lock);
	if (job->phase == NULL || strcmp(job->phase, phase) != 0) {
		job->phase = phase;
		job->phase_ms = job->rate_ms = gv_clock_ms();
		job->said_ms = 0;
		job->rate = 0;
		job->rate_done = 0;
		atomic_store_explicit(&job->done, 0, memory_order_relaxed);
		atomic_store_explicit(&job->kept, 0, memory_order_relaxed);
		atomic_store_explicit(&job->total, 0, memory_order_relaxed);
	}
	pthread_mutex_unlock(&job->meter->lock);
}

void
gv_progress_set(struct gv_progress_job *job, uint64_t done, uint64_t kept, uint64_t total)
{
	if (job == NULL)
		return;
	atomic_store_explicit(&job->kept, kept, memory_order_relaxed);
	atomic_store_explicit(&job->done, done, memory_order_relaxed);
	atomic_store_explicit(&job->total, total, memory_order_relaxed);
}

void
gv_progress_end(struct gv_progress_job *job, const char *line)
{
	struct gv_progress *p;

	if (job == NULL)
		return;
	p = job->meter;
	pthread_mutex_lock(&p->lock);
	job->over = true;
	if (line != NULL && !p->silent)
		print_line(p, line);
	pthread_mutex_unlock(&p->lock);
}

void
gv_progress_note(struct gv_progress *p, const char *line)
{
	pthread_mutex_lock(&p->lock);
	if (!p->silent)
		print_line(p, line);
	pthread_mutex_unlock(&p->lock);
}
