/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/proof.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/goproxy.h"
#include "fetch/sumdbnet.h"
#include "resolve/resolve.h"
#include "store/sumfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "verify/sumdb.h"
#include "verify/sumdbdisk.h"

#define REPORT_MAX (256u << 10) /* bytes of a fork report: two notes and some hashes */

struct gv_proof {
	const struct gv_dirs *dirs;
	struct gv_origins *origins;
	const struct gv_download *dl;
	enum gv_proof_kind kind;   /* LOG, or NONE */
	struct gv_sumfile_pin pin; /* its file is NULL when no gover.sum demands a hash */
	/* for LOG; only the thread uses these until it is joined */
	struct gv_sumdb_key key;
	pthread_t thread;
	bool started;
	int rc;
	struct gv_err err;
	struct gv_str report;
	struct gv_sumdb_answer answer;
};

/* How the client reaches network and disk, for struct gv_sumdb_io. */
struct log_io {
	struct gv_sumdbnet *net;
	struct gv_sumdbdisk disk;
};

static void
io_get(void *arg, const char *const *paths, size_t n, struct gv_sumdb_blob *blobs)
{
	struct log_io *io = arg;
	gv_autofree struct gv_http_body *bodies = gv_xcalloc(n, sizeof(*bodies));

	gv_sumdbnet_get(io->net, paths, n, bodies);
	for (size_t i = 0; i < n; i++) {
		blobs[i].code = bodies[i].code;
		blobs[i].data = bodies[i].data;
		blobs[i].len = bodies[i].len;
		blobs[i].err = bodies[i].err;
	}
}

static bool
io_cache_read(void *arg, const char *path, char **data, size_t *len)
{
	return gv_sumdbdisk_cache_read(&((struct log_io *)arg)->disk, path, data, len);
}

static void
io_cache_write(void *arg, const char *path, const void *data, size_t len)
{
	gv_sumdbdisk_cache_write(&((struct log_io *)arg)->disk, path, data, len);
}

static int
io_head_read(void *arg, char **note, struct gv_err *err)
{
	return gv_sumdbdisk_head_read(&((struct log_io *)arg)->disk, note, err);
}

static int
io_head_swap(void *arg, const char *old, const char *note, struct gv_err *err)
{
	return gv_sumdbdisk_head_swap(&((struct log_io *)arg)->disk, old, note, err);
}

static int
ask_log(struct gv_proof *p, struct gv_err *err)
{
	struct log_io arg = { .net = NULL };
	struct gv_sumdb_io io = {
		.arg = &arg,
		.get = io_get,
		.cache_read = io_cache_read,
		.cache_write = io_cache_write,
		.head_read = io_head_read,
		.head_swap = io_head_swap,
	};
	struct gv_http *http = gv_http_new(err);
	int rc = -1;

	if (http == NULL)
		return -1;
	gv_sumdbdisk_init(&arg.disk, p->dirs, p->key.name);
	io.head_name = arg.disk.head_file;
	arg.net = gv_sumdbnet_new(p->origins, http, p->key.name, p->key.url, p->key.explicit_url, err);
	if (arg.net != NULL) {
		rc = gv_sumdb_lookup(&p->answer, &p->key, &io, p->dl->module, p->dl->modversion, &p->report, err);
		gv_sumdbnet_free(arg.net);
	}
	gv_sumdbdisk_release(&arg.disk);
	gv_http_free(http);
	return rc;
}

static void *
log_thread(void *arg)
{
	struct gv_proof *p = arg;

	p->rc = ask_log(p, &p->err);
	return NULL;
}

/*
 * cmd/go's exception (modfetch/sumdb.go, useSumDB): if GOPROXY is a single file URL, as when testing an unpublished
 * release, GOSUMDB=off and GONOSUMDB apply to toolchains too.
 */
static bool
is_exempt(struct gv_origins *o, const struct gv_download *dl)
{
	const char *proxy = gv_origins_goenv(o, "GOPROXY"), *no = gv_origins_goenv(o, "GONOSUMDB");

	if (strcmp(dl->origin, "goproxy") != 0 || strncmp(proxy, "file://", 7) != 0 || strpbrk(proxy, ",|") != NULL)
		return false;
	if (*no == '\0')
		no = gv_origins_goenv(o, "GOPRIVATE");
	return strcmp(gv_origins_goenv(o, "GOSUMDB"), "off") == 0 || gv_goproxy_match(no, dl->module);
}

/* Find what the project demands, and whether the log must prove it. These do not depend on each other. */
static int
choose(struct gv_proof *p, const struct gv_config *c, struct gv_err *err)
{
	struct gv_err no_cwd = GV_ERR_INIT;
	gv_autofree char *cwd = gv_working_dir(&no_cwd);

	if (cwd != NULL && gv_sumfile_find(&p->pin, cwd, p->dl->module, p->dl->modversion, err) < 0)
		return -1;
	p->kind = GV_PROOF_LOG;
	if (gv_config_is(c, "verify", "off") || is_exempt(p->origins, p->dl)) {
		p->kind = GV_PROOF_NONE;
		return 0;
	}
	if (gv_sumdb_key_parse(&p->key, gv_origins_goenv(p->origins, "GOSUMDB"), err) < 0)
		return -1;
	if (!p->key.off)
		return 0;
	gv_err_set(err, GV_EPROOF, "cannot prove %s %s: checksum database disabled by GOSUMDB=off", p->dl->module,
		   p->dl->modversion);
	return gv_err_help(err, "unset GOSUMDB, or accept unproven SDKs with 'gover config set verify off'");
}

struct gv_proof *
gv_proof_begin(const struct gv_dirs *d, const struct gv_config *c, struct gv_origins *o, const struct gv_download *dl,
	       struct gv_err *err)
{
	struct gv_proof *p = gv_xcalloc(1, sizeof(*p));
	int rc;

	p->dirs = d;
	p->origins = o;
	p->dl = dl;
	p->report.max = REPORT_MAX;
	if (choose(p, c, err) < 0)
		goto fail;
	if (p->kind == GV_PROOF_LOG) {
		rc = pthread_create(&p->thread, NULL, log_thread, p);
		if (rc != 0) {
			errno = rc;
			gv_err_sys(err, GV_EFAIL, "cannot start a thread");
			goto fail;
		}
		p->started = true;
	}
	return p;
fail:
	gv_proof_free(p);
	return NULL;
}

static int
mismatch(const struct gv_proof *p, const char *who, const char *expected, const char *found, struct gv_err *err)
{
	gv_err_set(err, GV_EPROOF, "checksum mismatch for %s %s from %s: %s says %s, but found %s", p->dl->module,
		   p->dl->modversion, p->dl->shown, who, expected, found);
	return gv_err_help(err, "nothing was installed; if it happens again, '%s' serves bad files", p->dl->origin);
}

static int
log_mismatch(const struct gv_proof *p, const char *found, struct gv_err *err)
{
	mismatch(p, p->key.name, p->answer.h1, found, err);
	if (p->pin.file == NULL || strcmp(p->pin.h1, found) != 0)
		return -1;
	return gv_err_help(err, "nothing was installed; trust neither '%s' nor %s:%d, which demands those bad files",
			   p->dl->origin, p->pin.file, p->pin.line);
}

/* `logged`: the log has the hash that was found. */
static int
pin_mismatch(const struct gv_proof *p, const char *found, bool logged, struct gv_err *err)
{
	gv_autofree char *who = gv_xasprintf("%s:%d", p->pin.file, p->pin.line);

	mismatch(p, who, p->pin.h1, found, err);
	if (!logged)
		return -1;
	return gv_err_help(err, "nothing was installed; the hash that was found is in %s: correct or remove that line",
			   p->key.name);
}

static int
join(struct gv_proof *p)
{
	if (p->started)
		pthread_join(p->thread, NULL);
	p->started = false;
	return p->rc;
}

int
gv_proof_check(struct gv_proof *p, const char *h1, struct gv_manifest *m, struct gv_str *report, struct gv_err *err)
{
	bool logged = p->kind == GV_PROOF_LOG && join(p) == 0;

	if (logged && strcmp(p->answer.h1, h1) != 0)
		return log_mismatch(p, h1, err);
	/* Report a lying log rather than a wrong pin, but a wrong pin rather than an unreachable log. */
	if (p->pin.file != NULL && strcmp(p->pin.h1, h1) != 0 && p->err.code != GV_EPROOF)
		return pin_mismatch(p, h1, logged, err);
	if (p->kind == GV_PROOF_LOG && !logged) {
		*err = p->err;
		gv_str_add(report, gv_str_text(&p->report));
		/* Without a record there is no proof, and another source cannot change that. */
		if (err->code == GV_ENOTFOUND)
			err->code = GV_EPROOF;
		return -1;
	}
	m->proof = p->kind;
	memcpy(m->h1, h1, strlen(h1) + 1);
	if (logged) {
		m->witness = gv_xstrdup(p->key.name);
		m->record = p->answer.record;
		m->tree_size = p->answer.tree_size;
	}
	return 0;
}

void
gv_proof_damaged(struct gv_proof *p, struct gv_err *err)
{
	const struct gv_err why = *err;
	gv_autofree char *found = gv_xasprintf("a damaged archive: %s", why.msg);

	if (p->kind == GV_PROOF_LOG && join(p) == 0) {
		log_mismatch(p, found, err);
	} else if (p->pin.file != NULL) {
		pin_mismatch(p, found, false, err);
	} else {
		gv_err_wrap(err, "'%s'", p->dl->shown);
		return;
	}
	memcpy(err->help, why.help, sizeof(err->help));
}

void
gv_proof_free(struct gv_proof *p)
{
	if (p == NULL)
		return;
	join(p);
	free(p->pin.file);
	gv_str_release(&p->report);
	free(p);
}
