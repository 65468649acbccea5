/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "archive/pack.h"
#include "archive/tarwrite.h"
#include "docker/inner.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/fs.h"
#include "util/num.h"
#include "verify/hash.h"

/*
 * Volumes that outlive cells, for an engine that does not see our files. A read-only volume is named after its content
 * and a random number, and is filled once. The last file put into it is the mark, which says that the volume is
 * complete and when it was last used. A gover that finds a volume without a mark leaves it alone and fills another,
 * because another gover may still be filling it. So two govers never disturb each other's cells. A container that never
 * starts holds each volume: it gives access to the volume's files and keeps others from removing it.
 */
#define MARK     ".gover-complete"
#define DAY_S    (24 * 3600)
#define UNUSED_S (7 * DAY_S)
#define LOOK_MAX 8 /* volumes checked by one gv_engine_reap() */
#define LOST_S   5

static char *
key_hex(const struct gv_bind *b)
{
	gv_autofree char *key = NULL;
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX];
	struct stat st = { 0 };

	if (b->key != NULL)
		key = gv_xasprintf("2 %s", b->key);
	else if (b->writable || stat(b->source, &st) < 0)
		key = gv_xasprintf("2 cache %s", b->source);
	else
		key = gv_xasprintf("2 %s %" PRIdMAX " %" PRIdMAX, b->source, (intmax_t)st.st_ino,
				   (intmax_t)st.st_ctime);
	gv_sha256_of(key, strlen(key), sum);
	gv_hex(hex, sum, sizeof(sum));
	return gv_xstrndup(hex, 24);
}

static int
create_volume(struct gv_api *api, const char *name, const char *key, struct gv_err *err)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "Name", name);
	gv_jsonout_open(&j, "Labels", '{');
	gv_jsonout_str(&j, GV_DOCKER_CACHE, key);
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, '}');
	return gv_api_call(api, &(struct gv_api_request){ .method = "POST", .path = "/volumes/create", .body = &j },
			   NULL, NULL, err);
}

void
gv_docker_discard(struct gv_api *api, const char *kind, const char *name)
{
	gv_autofree char *path = gv_xasprintf("/%s/%s", kind, name);
	struct gv_err ignored = GV_ERR_INIT;

	/* Without force, so that a volume stays that another container holds. */
	if (gv_api_call(api,
			&(struct gv_api_request){
			    .method = "DELETE", .path = path, .also = 404, .cleanup = true, .idle_s = LOST_S },
			NULL, NULL, &ignored) < 0)
		gv_err_clear(&ignored);
}

/* When volume `i` of the container was last used; 0 if it has no mark, -1 on failure. */
static int64_t
last_used(struct gv_api *api, const char *holder, size_t i, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("/containers/%s/archive?path=/v%zu/" MARK, holder, i), *tar = NULL;
	long status = 0;
	uint64_t used;
	size_t len;

	if (gv_api_bytes(api, &(struct gv_api_request){ .method = "GET", .path = path, .also = 404 }, &tar, &len,
			 &status, err) < 0)
		return -1;
	/*
	 * The text is the block after its header. An engine may put other headers before, so look for the text.
	 */
	for (size_t at = 0; status != 404 && at + 512 <= len; at += 512)
		if (strncmp(tar + at, "used ", 5) == 0 && gv_num_prefix(tar + at + 5, INT64_MAX, &used) != NULL)
			return (int64_t)used;
	return 0;
}

static int
mark(struct gv_api *api, const char *holder, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("/containers/%s/archive?path=/v0", holder);
	gv_autofree char *text = gv_xasprintf("used %" PRId64 "\n", (int64_t)time(NULL));
	gv_autostr struct gv_str tar = GV_STR_INIT(64 << 10);

	gv_tar_file(&tar, MARK, 0444, text, strlen(text));
	if (gv_tar_end(&tar, err) < 0)
		return -1;
	return gv_api_call(
	    api,
	    &(struct gv_api_request){
		.method = "PUT", .path = path, .tar = tar.buf, .tar_len = tar.len, .idle_s = GV_DOCKER_PUT_S },
	    NULL, NULL, err);
}

static int
fill(struct gv_api *api, const char *holder, const struct gv_bind *b, struct gv_err *err)
{
	gv_autofree char *path = gv_xasprintf("/containers/%s/archive?path=/v0", holder);
	gv_autosource struct gv_source *tree = gv_tar_tree(b->source, gv_fs_is_dir(b->source) ? NULL : "agent", NULL, 0,
							   0, err);

	if (tree == NULL || gv_api_call(api,
					&(struct gv_api_request){
					    .method = "PUT", .path = path, .source = tree, .idle_s = GV_DOCKER_PUT_S },
					NULL, NULL, err) < 0)
		return gv_err_wrap(err, "copying '%s' to the engine", b->source);
	return 0;
}

/* List the volumes with that label, sorted, so that every gover tries the same one first. */
static int
find(struct gv_api *api, const char *key, struct gv_strv *names, struct gv_err *err)
{
	gv_autofree char *filter = gv_xasprintf("{\"label\":[\"" GV_DOCKER_CACHE "=%s\"]}", key);
	gv_autofree char *escaped = gv_unix_escape(filter), *path = gv_xasprintf("/volumes?filters=%s", escaped);
	gv_autojson struct gv_json reply = { 0 };
	struct gv_err ignored = GV_ERR_INIT;
	struct gv_json list, one;
	const char *name;

	if (gv_api_call(api, &(struct gv_api_request){ .method = "GET", .path = path }, &reply, NULL, err) < 0)
		return -1;
	/* The engine sends null when there are none. */
	if (gv_json_array(&reply, "Volumes", &list, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < gv_json_len(&list); i++)
		if (gv_json_at(&list, i, &one, &ignored) == 0 && gv_json_str(&one, "Name", &name, &ignored) == 0)
			gv_strv_add(names, name);
	gv_strv_sort(names, strcmp);
	return 0;
}

static char *
hold_one(const struct gv_docker *d, struct gv_api *api, const char *image, const char *volume, struct gv_err *err)
{
	gv_autostrv struct gv_strv volumes = GV_STRV_INIT;

	gv_strv_add(&volumes, volume);
	return gv_docker_filler(d, api, image, &volumes, err);
}

static const char *
hold(struct gv_docker *d, const char *key, const char *volume, char *holder)
{
	d->held = gv_xreallocarray(d->held, d->n_held + 1, sizeof(*d->held));
	d->held[d->n_held] =
	    (struct gv_docker_held){ .key = gv_xstrdup(key), .volume = gv_xstrdup(volume), .holder = holder };
	return d->held[d->n_held++].volume;
}

/*
 * Hold the volume, update its mark, and return 1. A writable volume may have no mark yet. A read-only volume without a
 * mark is incomplete: let it go and return 0. -1 on failure.
 */
static int
take(struct gv_docker_cell *c, const struct gv_bind *b, const char *image, const char *key, const char *volume,
     const char **taken, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;
	gv_autofree char *holder = hold_one(d, &c->api, image, volume, err);
	int64_t used = holder != NULL ? last_used(&c->api, holder, 0, err) : -1;
	bool whole = used > 0 || b->writable;
	int rc = used < 0 ? -1 : whole ? 1 : 0;

	if (rc == 1 && time(NULL) - used > DAY_S && mark(&c->api, holder, err) < 0)
		rc = -1;
	if (rc == 1)
		*taken = hold(d, key, volume, gv_steal_ptr(&holder));
	else if (holder != NULL)
		gv_docker_discard(&c->api, "containers", holder);
	return rc;
}

static const char *
make(struct gv_docker_cell *c, const struct gv_bind *b, const char *image, const char *key, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;
	unsigned random = (unsigned)getpid();
	gv_autofree char *volume = NULL, *holder = NULL;

	if (getentropy(&random, sizeof(random)) < 0)
		random ^= (unsigned)time(NULL);
	volume = gv_xasprintf("gover-cache-%s-%08x", key, random);
	if (create_volume(&c->api, volume, key, err) < 0)
		return NULL;
	holder = hold_one(d, &c->api, image, volume, err);
	if (holder != NULL && fill(&c->api, holder, b, err) == 0 && mark(&c->api, holder, err) == 0)
		return hold(d, key, volume, gv_steal_ptr(&holder));
	if (holder != NULL)
		gv_docker_discard(&c->api, "containers", holder);
	gv_docker_discard(&c->api, "volumes", volume);
	return NULL;
}

const char *
gv_docker_cache(struct gv_docker_cell *c, const struct gv_bind *b, const char *image, struct gv_err *err)
{
	struct gv_docker *d = (struct gv_docker *)c->base.engine;
	gv_autofree char *key = key_hex(b);
	gv_autostrv struct gv_strv names = GV_STRV_INIT;
	const char *taken = NULL;

	for (size_t i = 0; i < d->n_held; i++)
		if (strcmp(d->held[i].key, key) == 0)
			return d->held[i].volume;
	if (b->writable) {
		gv_strv_take(&names, gv_xasprintf("gover-cache-%s", key));
		if (create_volume(&c->api, names.v[0], "written", err) < 0)
			return NULL;
	} else if (find(&c->api, key, &names, err) < 0) {
		return NULL;
	}
	for (size_t i = 0; i < names.n && taken == NULL; i++)
		if (take(c, b, image, key, names.v[i], &taken, err) < 0)
			return NULL;
	return taken != NULL ? taken : make(c, b, image, key, err);
}

void
gv_docker_let_go(struct gv_docker *d)
{
	for (size_t i = 0; i < d->n_held; i++) {
		if (d->api.conn != NULL)
			gv_docker_discard(&d->api, "containers", d->held[i].holder);
		free(d->held[i].key);
		free(d->held[i].volume);
		free(d->held[i].holder);
	}
	free(d->held);
	d->held = NULL;
	d->n_held = 0;
}

/* The gover that was filling this volume may have been killed. Then the volume has no mark, and nobody can use it. */
void
gv_docker_cache_orphan(struct gv_api *api, const char *holder, const char *volume)
{
	struct gv_err ignored = GV_ERR_INIT;
	int64_t used = last_used(api, holder, 0, &ignored);

	gv_docker_discard(api, "containers", holder);
	if (used == 0 && strrchr(volume, '-') - volume > (ptrdiff_t)strlen("gover-cache-"))
		gv_docker_discard(api, "volumes", volume);
}

/* When the volume was made; 0 if that cannot be read. */
static int64_t
created(const struct gv_json *volume)
{
	struct gv_err ignored = GV_ERR_INIT;
	const char *text;
	int64_t when;

	return gv_json_str(volume, "CreatedAt", &text, &ignored) == 0 && gv_clock_parse(text, &when) == 0 ? when : 0;
}

static int
list_old(struct gv_api *api, struct gv_strv *names, struct gv_err *err)
{
	gv_autojson struct gv_json reply = { 0 };
	struct gv_json list, one;
	size_t n, from;
	const char *name;

	if (gv_api_call(api,
			&(struct gv_api_request){ .method = "GET",
						  .path = "/volumes?filters=%7B%22label%22%3A%5B%22" GV_DOCKER_CACHE
							  "%22%5D%7D" },
			&reply, NULL, err) < 0 ||
	    gv_json_array(&reply, "Volumes", &list, err) < 0)
		return -1;
	n = gv_json_len(&list);
	/* If there are many, check another part each time. */
	from = n > 0 ? (size_t)time(NULL) % n : 0;
	for (size_t i = 0; i < n && names->n < LOOK_MAX; i++)
		if (gv_json_at(&list, (from + i) % n, &one, err) == 0 && gv_json_str(&one, "Name", &name, err) == 0 &&
		    created(&one) > 0 && created(&one) + UNUSED_S < (int64_t)time(NULL))
			gv_strv_add(names, name);
	return 0;
}

/* Remove volumes that were unused for a week. */
void
gv_docker_cache_sweep(struct gv_docker *d)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostrv struct gv_strv old = GV_STRV_INIT;
	gv_autofree char *holder = NULL;
	int64_t used[LOOK_MAX];
	const char *image;

	if (list_old(&d->api, &old, &err) < 0 || old.n == 0)
		return;
	image = gv_docker_image(d, &d->api, &(struct gv_cell_spec){ 0 }, &err);
	holder = image != NULL ? gv_docker_filler(d, &d->api, image, &old, &err) : NULL;
	if (holder == NULL)
		return;
	for (size_t i = 0; i < old.n; i++)
		used[i] = last_used(&d->api, holder, i, &err);
	gv_docker_discard(&d->api, "containers", holder);
	for (size_t i = 0; i < old.n; i++)
		if (used[i] >= 0 && used[i] + UNUSED_S < (int64_t)time(NULL))
			gv_docker_discard(&d->api, "volumes", old.v[i]);
}
