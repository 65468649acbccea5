/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/http.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "net/xfer.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/sig.h"

/* One GET with its retries. */
struct job {
	struct gv_xfer x;
	struct gv_retry retry;
	int64_t due_ms; /* of the next try, while JOB_WAITING */
	enum { JOB_RUNNING, JOB_WAITING, JOB_ENDED } state;
	struct gv_failure failure;
	struct gv_err err; /* GV_OK on success */
};

static void
global_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
}

struct gv_http *
gv_http_new(struct gv_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const curl_version_info_data *info;
	struct gv_http *h;

	pthread_once(&once, global_init);
	info = curl_version_info(CURLVERSION_NOW);
	h = gv_xcalloc(1, sizeof(*h));
	if (gv_netrc_load(&h->netrc, err) < 0) {
		free(h);
		return NULL;
	}
	h->multi = curl_multi_init();
	if (h->multi == NULL)
		abort();
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 8L);
	h->limits = gv_http_limits_default;
	gv_proxies_init(&h->proxies);
	gv_certs_init(&h->certs, info->cainfo);
	return h;
}

void
gv_http_free(struct gv_http *h)
{
	if (h == NULL)
		return;
	curl_multi_cleanup(h->multi);
	gv_proxies_release(&h->proxies);
	gv_netrc_release(&h->netrc);
	gv_certs_release(&h->certs);
	free(h);
}

void
gv_http_set_limits(struct gv_http *h, const struct gv_http_limits *limits)
{
	h->limits = *limits;
}

static void
job_start(struct job *j)
{
	j->state = gv_xfer_restart(&j->x, &j->err) < 0 ? JOB_ENDED : JOB_RUNNING;
}

/* The transfer is over: follow the redirect, try again later, or end. */
static void
job_done(struct job *j, int64_t now_ms)
{
	int64_t delay;
	int rc = gv_xfer_redirect(&j->x, &j->err);

	if (rc > 0)
		return;
	j->state = JOB_ENDED;
	if (rc < 0 || gv_xfer_verdict(&j->x, &j->failure, &j->err) == 0)
		return;
	delay = gv_retry_delay(&j->retry, &j->x.h->limits, &j->failure);
	if (delay < 0)
		return;
	gv_err_clear(&j->err);
	j->due_ms = now_ms + delay;
	j->state = JOB_WAITING;
}

static size_t
step(struct job *jobs, size_t n, int64_t *wait_ms)
{
	int64_t now_ms = gv_clock_ms();
	size_t open = 0;

	for (size_t i = 0; i < n; i++) {
		struct job *j = &jobs[i];

		if (j->state == JOB_WAITING && j->due_ms <= now_ms)
			job_start(j);
		gv_xfer_check_stall(&j->x, now_ms);
		if (j->state == JOB_RUNNING && j->x.done)
			job_done(j, now_ms);
		if (j->state == JOB_WAITING && j->due_ms - now_ms < *wait_ms)
			*wait_ms = j->due_ms - now_ms;
		open += j->state != JOB_ENDED;
	}
	return open;
}

static void
interrupt(struct job *jobs, size_t n, const struct gv_err *why)
{
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].state == JOB_ENDED)
			continue;
		gv_xfer_stop(&jobs[i].x);
		jobs[i].state = JOB_ENDED;
		jobs[i].err = *why;
	}
}

static void
run_jobs(struct gv_http *h, struct job *jobs, size_t n)
{
	struct gv_err why = GV_ERR_INIT;

	for (size_t i = 0; i < n; i++) {
		gv_retry_init(&jobs[i].retry);
		if (jobs[i].state == JOB_RUNNING)
			job_start(&jobs[i]);
	}
	for (;;) {
		int64_t wait_ms = gv_net_slice(h);

		gv_net_perform(h);
		if (step(jobs, n, &wait_ms) == 0)
			return;
		if (gv_sig_check(&why) < 0) {
			interrupt(jobs, n, &why);
			return;
		}
		gv_net_wait(h, wait_ms);
	}
}

int
gv_http_get(struct gv_http *h, const struct gv_http_request *req, struct gv_http_head *head, char **body, size_t *len,
	    struct gv_err *err)
{
	gv_autofree struct job *j = gv_xcalloc(1, sizeof(*j));
	int rc = -1;

	if (gv_xfer_init(&j->x, h, req, false, err) < 0)
		return -1;
	run_jobs(h, j, 1);
	if (j->err.code == GV_OK) {
		*len = j->x.body.len;
		*body = gv_str_finish(&j->x.body, &j->err);
		rc = 0;
	} else {
		h->last = j->failure;
		*err = j->err;
	}
	if (rc == 0 && head != NULL) {
		*head = j->x.head;
		memset(&j->x.head, 0, sizeof(j->x.head));
	}
	gv_xfer_release(&j->x);
	return rc;
}

void
gv_http_get_many(struct gv_http *h, const char *const *urls, size_t n, size_t max_body, struct gv_http_body *bodies)
{
	struct job *jobs = gv_xcalloc(n, sizeof(*jobs));

	for (size_t i = 0; i < n; i++) {
		struct gv_http_request req = { .url = urls[i], .max_body = max_body };

		if (gv_xfer_init(&jobs[i].x, h, &req, false, &jobs[i].err) < 0)
			jobs[i].state = JOB_ENDED;
	}
	run_jobs(h, jobs, n);
	for (size_t i = 0; i < n; i++) {
		memset(&bodies[i], 0, sizeof(bodies[i]));
		bodies[i].err = jobs[i].err;
		bodies[i].code = jobs[i].err.code;
		if (bodies[i].code == GV_OK) {
			bodies[i].len = jobs[i].x.body.len;
			bodies[i].data = gv_str_finish(&jobs[i].x.body, &bodies[i].err);
		}
		gv_xfer_release(&jobs[i].x);
	}
	free(jobs);
}
