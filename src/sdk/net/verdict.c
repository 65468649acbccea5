/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <ctype.h>
#include <string.h>

#include "net/xfer.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"

static const char *
reason(long status)
{
	static const struct {
		long status;
		const char *text;
	} known[] = {
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 407, "Proxy Authentication Required" },
		{ 408, "Request Timeout" },
		{ 410, "Gone" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(known); i++)
		if (known[i].status == status)
			return known[i].text;
	return "";
}

static bool
transient_status(long status)
{
	return status == 408 || status == 429 || status / 100 == 5;
}

/* Module proxies explain an error in their first line of plain text. */
static void
add_note(const struct gv_xfer *x, struct gv_err *err)
{
	size_t used = strlen(err->msg), n = strcspn(x->note, "\r\n");
	struct gv_err with = *err;

	if (!x->plain_text || n == 0 || used + n + 4 > sizeof(err->msg))
		return;
	gv_err_set(&with, err->code, "%s: %.*s", err->msg, (int)n, x->note);
	*err = with;
}

static void
help_status(const struct gv_xfer *x, struct gv_err *err)
{
	switch (x->head.status) {
	case 401:
	case 403:
		gv_err_help(err, "credentials come from the URL (https://user:password@host) or from the netrc file");
		break;
	case 407:
		gv_err_help(err,
			    "the proxy wants a password: put it into HTTPS_PROXY (http://user:password@host:port)");
		break;
	case 429:
		gv_err_help(err, "too many requests; try again later");
		break;
	default:
		break;
	}
}

static int
verdict_status(const struct gv_xfer *x, struct gv_failure *f, struct gv_err *err)
{
	long status = x->head.status;
	const char *text = reason(status), *gap = text[0] != '\0' ? " " : "";

	f->transient = transient_status(status);
	f->retry_after_ms = f->transient ? x->retry_after_ms : 0;
	if (x->hops > 0)
		gv_err_set(err, GV_ENET, "cannot fetch '%s': '%s' answered %ld%s%s", x->first.plain, x->url.plain,
			   status, gap, text);
	else
		gv_err_set(err, GV_ENET, "cannot fetch '%s': HTTP status %ld%s%s", x->first.plain, status, gap, text);
	if (status == 404 || status == 410)
		err->code = GV_ENOTFOUND;
	add_note(x, err);
	help_status(x, err);
	return -1;
}

/* The server sent nothing, or only a part. */
static void
help_connection(const struct gv_xfer *x, struct gv_err *err)
{
	gv_autofree char *shown = x->proxy != NULL ? gv_url_shown(x->proxy) : NULL;

	if (shown != NULL)
		gv_err_help(err, "this went through the proxy '%s'; see HTTP_PROXY, HTTPS_PROXY and NO_PROXY", shown);
	else
		gv_err_help(err, "check the network, and set HTTPS_PROXY if this machine needs a proxy");
}

static void
classify(const struct gv_xfer *x, struct gv_failure *f, struct gv_err *err)
{
	long connect_status = 0;

	/* clang-format off */
	switch ((int)x->code) {
	case CURLE_COULDNT_RESOLVE_HOST: case CURLE_COULDNT_RESOLVE_PROXY: case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
		f->transient = f->brief = true;
		help_connection(x, err);
		break;
	case CURLE_OPERATION_TIMEDOUT: case CURLE_GOT_NOTHING: case CURLE_SEND_ERROR: case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE: case CURLE_HTTP2: case CURLE_HTTP2_STREAM:
		f->transient = true;
		help_connection(x, err);
		break;
	case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CACERT_BADFILE: case CURLE_SSL_CERTPROBLEM:
		gv_err_help(err, "if this network has a certificate authority of its own, "
				 "name its file in SSL_CERT_FILE");
		break;
	default:
		break;
	}
	/* clang-format on */
	curl_easy_getinfo(x->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
	if (connect_status >= 400 && !transient_status(connect_status))
		f->transient = false;
}

static int
verdict_curl(const struct gv_xfer *x, struct gv_failure *f, struct gv_err *err)
{
	char text[CURL_ERROR_SIZE];

	gv_text_cut(text, sizeof(text), "%s", x->errbuf[0] != '\0' ? x->errbuf : curl_easy_strerror(x->code));
	/* Lower-case "Could not resolve", but not "SSL certificate problem". */
	if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
		text[0] = (char)tolower((unsigned char)text[0]);
	text[strcspn(text, "\r\n")] = '\0';
	gv_err_set(err, GV_ENET, "cannot fetch '%s': %s", x->first.plain, text);
	classify(x, f, err);
	return -1;
}

int
gv_xfer_verdict(const struct gv_xfer *x, struct gv_failure *f, struct gv_err *err)
{
	memset(f, 0, sizeof(*f));
	if (x->too_big)
		return gv_err_set(err, GV_ETOOBIG, "'%s' is larger than %zu bytes", x->first.plain, x->req.max_body);
	if (x->head_done && !gv_xfer_wanted(x))
		return verdict_status(x, f, err);
	if (x->stalled) {
		f->transient = true;
		gv_err_set(err, GV_ENET, "cannot fetch '%s': stalled, less than %u bytes a second for %u s",
			   x->first.plain, x->h->limits.stall_rate, (x->h->limits.stall_ms + 999) / 1000);
		help_connection(x, err);
		return -1;
	}
	if (x->code != CURLE_OK && x->head.status != 416)
		return verdict_curl(x, f, err);
	return 0;
}
