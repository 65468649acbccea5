/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "report/writers.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/str.h"

struct sink {
	char *name; /* named in messages */
	int fd;
	bool failed;
};

struct gv_stream {
	struct sink *sinks;
	size_t n;
	bool *told; /* by cell */
	size_t n_cells;
	struct gv_err err; /* set by the writer; read it after the join */
	pthread_t writer;
	pthread_mutex_t lock; /* guards the members below */
	pthread_cond_t wake;
	struct gv_str waiting; /* whole lines, not yet written */
	bool lost;             /* a line had no room, so no later line is written */
	bool closing;
};

static void
write_lines(struct gv_stream *s, const struct gv_str *lines)
{
	for (size_t i = 0; i < s->n; i++) {
		struct sink *sink = &s->sinks[i];
		struct gv_err err = GV_ERR_INIT;

		if (sink->failed || gv_fs_write_all(sink->fd, lines->buf, lines->len, &err) == 0)
			continue;
		sink->failed = true;
		gv_err_wrap(&err, "report 'ndjson' to %s", sink->name);
		if (s->err.code == GV_OK)
			s->err = err;
	}
}

static void *
writer(void *arg)
{
	struct gv_stream *s = arg;

	pthread_mutex_lock(&s->lock);
	while (s->waiting.len > 0 || !s->closing) {
		struct gv_str lines = s->waiting;

		if (lines.len == 0) {
			pthread_cond_wait(&s->wake, &s->lock);
			continue;
		}
		s->waiting = (struct gv_str)GV_STR_INIT(GV_REPORT_MAX);
		pthread_mutex_unlock(&s->lock);
		write_lines(s, &lines);
		gv_str_release(&lines);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/*
 * The writer blocks all signals, so that other threads take them. If the reader has ended, write() fails instead of a
 * SIGPIPE ending gover and its cells.
 */
static int
start_writer(struct gv_stream *s, struct gv_err *err)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&s->writer, NULL, writer, s);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = rc;
	return rc == 0 ? 0 : gv_err_sys(err, GV_EFAIL, "cannot start a thread");
}

static int
add_sink(struct gv_stream *s, const char *file, struct gv_err *err)
{
	int fd = file == NULL ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
			      : open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "report 'ndjson': cannot open '%s'", file != NULL ? file : "-");
	s->sinks = gv_xreallocarray(s->sinks, s->n + 1, sizeof(*s->sinks));
	s->sinks[s->n++] = (struct sink){
		.name = file != NULL ? gv_xasprintf("'%s'", file) : gv_xstrdup("standard output"),
		.fd = fd,
	};
	return 0;
}

static int
add_sinks(struct gv_stream *s, const char *spec, struct gv_err *err)
{
	gv_autofree char *copy = gv_xstrdup(spec);
	char *rest = copy;
	struct gv_report_target t;
	int rc;

	while ((rc = gv_report_next_target(&t, &rest, err)) > 0)
		if (gv_report_is_streamed(t.format) && add_sink(s, t.file, err) < 0)
			return -1;
	return rc;
}

static void
release(struct gv_stream *s)
{
	for (size_t i = 0; i < s->n; i++) {
		close(s->sinks[i].fd);
		free(s->sinks[i].name);
	}
	free(s->sinks);
	free(s->told);
	gv_str_release(&s->waiting);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

int
gv_stream_open(struct gv_stream **out, const struct gv_strv *specs, struct gv_err *err)
{
	struct gv_stream *s = gv_xcalloc(1, sizeof(*s));
	int rc = 0;

	s->err = (struct gv_err)GV_ERR_INIT;
	s->waiting = (struct gv_str)GV_STR_INIT(GV_REPORT_MAX);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	for (size_t i = 0; i < specs->n && rc == 0; i++)
		rc = add_sinks(s, specs->v[i], err);
	if (rc == 0 && s->n > 0)
		rc = start_writer(s, err);
	if (rc < 0 || s->n == 0) {
		release(s);
		s = NULL;
	}
	if (rc == 0)
		*out = s;
	return rc;
}

bool
gv_stream_is_seen(const struct gv_stream *s)
{
	for (size_t i = 0; s != NULL && i < s->n; i++)
		if (isatty(s->sinks[i].fd))
			return true;
	return false;
}

static void
say(struct gv_stream *s, const struct gv_str *line)
{
	pthread_mutex_lock(&s->lock);
	s->lost = s->lost || line->over || line->len > s->waiting.max - s->waiting.len;
	if (!s->lost)
		gv_str_addn(&s->waiting, line->buf, line->len);
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
}

void
gv_stream_run(struct gv_stream *s, const struct gv_run_result *r)
{
	gv_autostr struct gv_str line = GV_STR_INIT(GV_REPORT_MAX);

	if (s == NULL)
		return;
	s->told = gv_xcalloc(r->n_cells + 1, sizeof(*s->told));
	s->n_cells = r->n_cells;
	gv_ndjson_run(r, &line);
	say(s, &line);
}

void
gv_stream_phase(struct gv_stream *s, const char *cell, const struct gv_collected_phase *p)
{
	gv_autostr struct gv_str line = GV_STR_INIT(GV_REPORT_MAX);

	if (s == NULL)
		return;
	gv_ndjson_phase(cell, p, &line);
	say(s, &line);
}

void
gv_stream_cell(struct gv_stream *s, size_t i, const struct gv_cell_result *c)
{
	gv_autostr struct gv_str line = GV_STR_INIT(GV_REPORT_MAX);

	if (s == NULL)
		return;
	gv_ndjson_cell(c, &line);
	say(s, &line);
	s->told[i] = true;
}

void
gv_stream_again(struct gv_stream *s, size_t i)
{
	if (s != NULL)
		s->told[i] = false;
}

static void
say_rest(struct gv_stream *s, const struct gv_run_result *r)
{
	gv_autostr struct gv_str line = GV_STR_INIT(GV_REPORT_MAX);

	for (size_t i = 0; i < s->n_cells; i++)
		if (!s->told[i])
			gv_stream_cell(s, i, &r->cells[i]);
	gv_ndjson_summary(r, &line);
	say(s, &line);
}

int
gv_stream_close(struct gv_stream *s, const struct gv_run_result *r, struct gv_err *err)
{
	int rc = 0;

	if (s == NULL)
		return 0;
	if (r != NULL)
		say_rest(s, r);
	pthread_mutex_lock(&s->lock);
	s->closing = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->writer, NULL);
	if (s->err.code != GV_OK) {
		*err = s->err;
		rc = -1;
	} else if (s->lost) {
		rc = gv_err_set(err, GV_ETOOBIG, "report 'ndjson': more than %u bytes waited for a reader",
				GV_REPORT_MAX);
	}
	release(s);
	return rc;
}
