/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/unpack.h"
#include "fetch/fetch.h"
#include "store/adopt.h"
#include "store/commit.h"
#include "store/lock.h"
#include "store/private.h"
#include "store/proof.h"
#include "store/staging.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/text.h"

/* One install, passed from step to step. */
struct install {
	struct gv_store *store;
	const char *version, *platform;
	char *name; /* "go1.22.3" */
	struct gv_origins *origins;
	struct gv_http *http;
	struct gv_progress_job *job; /* may be NULL */
	struct gv_str *report;
	struct gv_install_result *out;
};

static void
phase(const struct install *in, const char *what)
{
	if (in->job != NULL)
		gv_progress_phase(in->job, what);
}

static void
on_progress(void *arg, uint64_t done, uint64_t kept, uint64_t total)
{
	const struct install *in = arg;

	if (in->job != NULL)
		gv_progress_set(in->job, done, kept, total);
}

static void
describe(struct gv_install_result *out, const struct gv_manifest *m)
{
	gv_text_cut(out->origin, sizeof(out->origin), "%s", m->origin);
	memcpy(out->h1, m->h1, sizeof(out->h1));
	out->proof = m->proof;
	gv_text_cut(out->witness, sizeof(out->witness), "%s", m->witness != NULL ? m->witness : "");
	out->record = m->record;
	out->tree_size = m->tree_size;
}

/* Compare the archive with what the index says about it. */
static int
check_archive(const struct gv_download *dl, const struct gv_unpack_out *got, struct gv_err *err)
{
	if (dl->sha256 != NULL && strcmp(dl->sha256, got->sha256) != 0) {
		gv_err_set(err, GV_EPROOF, "checksum mismatch for '%s': the index says %s, but found %s", dl->shown,
			   dl->sha256, got->sha256);
		return gv_err_help(err, "nothing was installed; if it happens again, '%s' serves bad files",
				   dl->origin);
	}
	if (dl->size >= 0 && (uint64_t)dl->size != got->archive_bytes)
		return gv_err_set(err, GV_EPROOF, "'%s' has %llu bytes where the index says %lld", dl->shown,
				  (unsigned long long)got->archive_bytes, (long long)dl->size);
	return 0;
}

static int
unpack(const struct gv_download *dl, struct gv_source *src, const struct gv_staging *staging, struct gv_proof *proof,
       struct gv_unpack_out *got, struct gv_err *err)
{
	gv_autofree char *module_prefix = gv_xasprintf("%s@%s/", dl->module, dl->modversion);
	struct gv_unpack_in in = {
		.src = src,
		.kind = dl->kind,
		.prefix = dl->prefix,
		.module_prefix = module_prefix,
		.outside = dl->official,
		.dest_fd = staging->fd,
	};

	if (gv_unpack(&in, got, err) < 0) {
		if (err->code == GV_EPROOF)
			gv_proof_damaged(proof, err);
		return -1;
	}
	return check_archive(dl, got, err);
}

/* Without a go, the SDK would be written and still count as not installed. */
static int
check_go(const struct gv_unpack_out *got, const struct gv_download *dl, struct gv_err *err)
{
	for (size_t i = 0; i < got->n; i++)
		if (strcmp(got->files[i].path, "bin/go") == 0 || strcmp(got->files[i].path, "bin/go.exe") == 0)
			return 0;
	return gv_err_set(err, GV_EPROOF, "'%s' is not a Go toolchain: it has no bin/go", dl->shown);
}

/* Whether the next run can use the bytes fetched so far. */
static bool
is_resumable(const struct gv_err *err)
{
	return err->code == GV_ENET || err->code == GV_EINTR;
}

static char *
part_path(const struct install *in, enum gv_archive_kind kind)
{
	return gv_xasprintf("%s/go%s.%s.%s.part", in->store->dirs->downloads, in->version, in->platform,
			    kind == GV_ARCHIVE_ZIP ? "zip" : "tar.gz");
}

/* Fetch, unpack into staging, prove, commit. */
static int
from_archive(struct install *in, const struct gv_download *dl, struct gv_manifest *m, struct gv_err *err)
{
	const struct gv_store *s = in->store;
	gv_autofree char *part = part_path(in, dl->kind);
	struct gv_fetch_progress progress = { .set = on_progress, .arg = in };
	struct gv_staging staging = GV_STAGING_INIT;
	struct gv_unpack_out got = { 0 };
	struct gv_proof *proof = NULL;
	struct gv_source *src;
	int rc = -1;

	phase(in, "download");
	src = gv_fetch_open(in->http, dl, part, &progress, err);
	if (src != NULL) {
		/* Start it only now: if there is nothing to download, the log is not asked. */
		proof = gv_proof_begin(s->dirs, s->config, in->origins, dl, err);
		if (proof != NULL && gv_staging_make(&staging, s->dirs, err) == 0)
			rc = unpack(dl, src, &staging, proof, &got, err);
		src->close(src);
	}
	if (rc == 0) {
		phase(in, "verify");
		rc = gv_proof_check(proof, got.h1, m, in->report, err);
	}
	if (rc == 0)
		rc = check_go(&got, dl, err);
	/* Remove it before the commit, whose sync would otherwise write it to disk. */
	if (rc == 0 || !is_resumable(err))
		gv_fetch_discard(part);
	if (rc == 0) {
		m->files = gv_steal_ptr(&got.files);
		m->n_files = got.n;
		got.n = 0;
		in->out->bytes = got.archive_bytes;
		rc = gv_commit(s->dirs, in->name, &staging, m, err);
	}
	gv_proof_free(proof);
	gv_staging_remove(&staging);
	gv_unpack_out_release(&got);
	return rc;
}

static int
from_download(struct install *in, const struct gv_download *dl, struct gv_err *err)
{
	struct gv_manifest m = {
		.version = gv_xstrdup(in->version),
		.platform = gv_xstrdup(in->platform),
		.origin = gv_xstrdup(dl->origin),
		.source = gv_xstrdup(dl->shown),
	};
	int rc;

	if (dl->kind == GV_ARCHIVE_TREE)
		rc = gv_adopt(in->store, in->name, dl, &m, in->report, err);
	else
		rc = from_archive(in, dl, &m, err);
	if (rc == 0)
		describe(in->out, &m);
	gv_manifest_release(&m);
	return rc;
}

/* As in Go, report another failure rather than "not found". */
static void
keep_better(struct gv_err *kept, const struct gv_err *err)
{
	if (kept->code == GV_OK || (kept->code == GV_ENOTFOUND && err->code != GV_ENOTFOUND))
		*kept = *err;
}

static int
from_origins(struct install *in, struct gv_err *err)
{
	struct gv_err kept = GV_ERR_INIT;
	struct gv_download dl = { 0 };
	size_t pos = 0;
	int rc;

	while ((rc = gv_origins_next(in->origins, in->http, in->version, in->platform, &pos, &dl, err)) != 0) {
		if (rc > 0) {
			rc = from_download(in, &dl, err);
			gv_download_release(&dl);
			if (rc == 0)
				return 0;
		}
		keep_better(&kept, err);
		if (!gv_origins_may_go_on(in->origins, pos, err))
			break;
	}
	if (kept.code != GV_OK && kept.code != GV_ENOTFOUND) {
		*err = kept;
		return -1;
	}
	gv_err_set(err, GV_ENOTFOUND, "no source has go%s for %s", in->version, in->platform);
	return gv_err_help(err, "see 'gover list --remote'");
}

static bool
is_there(const struct gv_dirs *d, const char *name)
{
	static const char *const programs[] = { "go", "go.exe" };

	for (size_t i = 0; i < GV_ARRAY_LEN(programs); i++) {
		gv_autofree char *path = gv_xasprintf("%s/%s/bin/%s", d->sdks, name, programs[i]);

		if (gv_fs_exists(path))
			return true;
	}
	return false;
}

/* A run that was killed just after its commit may have left files. */
static void
tidy(const struct install *in)
{
	static const enum gv_archive_kind kinds[] = { GV_ARCHIVE_ZIP, GV_ARCHIVE_TAR_GZ };
	gv_autofree char *new_manifest = gv_xasprintf("%s/%s" GV_MANIFEST_NEW, in->store->dirs->manifests, in->name);

	unlink(new_manifest);
	gv_staging_sweep(in->store->dirs);
	for (size_t i = 0; i < GV_ARRAY_LEN(kinds); i++) {
		gv_autofree char *part = part_path(in, kinds[i]);

		gv_fetch_discard(part);
	}
}

/* This needs no lock: another process may hold it to install again, and the store may be read-only. */
static int
already(struct install *in, struct gv_lock *lock, struct gv_err *err)
{
	const struct gv_dirs *d = in->store->dirs;
	struct gv_manifest m = { 0 };

	if (lock->fd >= 0 || gv_lock_try(lock, d->locks, in->name))
		tidy(in);
	in->out->already = true;
	if (gv_manifest_read(&m, d->manifests, in->name, false, err) == 0) {
		describe(in->out, &m);
		gv_manifest_release(&m);
		return 0;
	}
	if (err->sys == ENOENT) {
		gv_err_clear(err);
		in->out->unknown = true;
		return 0;
	}
	return err->help[0] != '\0' ? -1 : gv_err_help(err, "run 'gover install --force %s'", in->name + 2);
}

struct waiting {
	struct gv_progress_job *job;
	const struct gv_install_opts *opts;
	const char *version;
};

static void
on_waiting(void *arg, long pid)
{
	const struct waiting *w = arg;

	if (w->job != NULL)
		gv_progress_phase(w->job, "waiting");
	if (w->opts->waiting != NULL)
		w->opts->waiting(w->opts->arg, w->version, pid);
}

static int
run(struct install *in, struct gv_err *err)
{
	int rc;

	gv_staging_sweep(in->store->dirs);
	in->origins = gv_store_origins(in->store, err);
	if (in->origins == NULL)
		return -1;
	in->http = gv_http_new(err);
	if (in->http == NULL)
		return -1;
	rc = from_origins(in, err);
	gv_http_free(in->http);
	if (rc < 0 && (err->sys == ENOSPC || err->sys == EDQUOT))
		gv_err_help(err, "make room below '%s': an SDK takes 200 to 500 MB; nothing was installed",
			    in->store->dirs->data);
	if (rc < 0 && err->sys == EXDEV)
		gv_err_help(err, "'%s' and '%s' must be on one file system", in->store->dirs->staging,
			    in->store->dirs->sdks);
	return rc;
}

int
gv_store_install(struct gv_store *s, const char *version, const struct gv_install_opts *opts,
		 struct gv_progress_job *job, struct gv_install_result *out, struct gv_str *report, struct gv_err *err)
{
	const char *platform = opts->platform != NULL ? opts->platform : gv_platform_host();
	gv_autofree char *name = gv_store_name(s, version, platform);
	gv_autolock struct gv_lock lock = GV_LOCK_INIT;
	struct waiting who = { .job = job, .opts = opts, .version = version };
	struct gv_lock_waiting waiting = { .say = on_waiting, .arg = &who };
	struct gv_install_result got = { .already = false };
	struct install in = {
		.store = s,
		.version = version,
		.platform = platform,
		.name = name,
		.job = job,
		.report = report,
		.out = &got,
	};
	int64_t begin_ms = gv_clock_ms();
	int rc;

	if (!opts->force && is_there(s->dirs, name))
		rc = already(&in, &lock, err);
	else if (gv_lock_take(&lock, s->dirs->locks, name, &waiting, err) < 0)
		rc = -1;
	else if (!opts->force && is_there(s->dirs, name))
		rc = already(&in, &lock, err);
	else
		rc = run(&in, err);
	got.seconds = (double)(gv_clock_ms() - begin_ms) / 1000;
	if (rc == 0)
		*out = got;
	return rc;
}
