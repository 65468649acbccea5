/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "docker/image.h"
#include "docker/inner.h"
#include "docker/login.h"
#include "resolve/dirs.h"
#include "util/alloc.h"
#include "util/auto.h"

#define PULL_IDLE_S 300 /* a registry can be silent while the engine unpacks */

/* Whether the engine has the image: 1, 0, -1 on failure. */
static int
has_image(struct gv_api *api, const char *name, struct gv_err *err)
{
	gv_autofree char *escaped = gv_unix_escape(name), *path = gv_xasprintf("/images/%s/json", escaped);
	long status = 0;

	if (gv_api_call(api, &(struct gv_api_request){ .method = "GET", .path = path, .also = 404 }, NULL, &status,
			err) < 0)
		return -1;
	return status != 404;
}

/* Load our image. */
static int
load(struct gv_docker *d, struct gv_api *api, bool libc, struct gv_err *err)
{
	struct gv_image img = { 0 };
	int rc = gv_image_make(&img, d->base.agent, strchr(gv_platform_host(), '-') + 1, d->base.info.uid, libc, err);
	int there = rc == 0 ? has_image(api, img.id, err) : -1;

	if (there == 0) {
		rc = gv_api_progress(
		    api,
		    &(struct gv_api_request){
			.method = "POST", .path = "/images/load?quiet=1", .tar = img.tar.buf, .tar_len = img.tar.len },
		    err);
		there = rc == 0 ? has_image(api, img.id, err) : -1;
		if (there == 0)
			gv_err_set(err, GV_EFAIL, "the engine loaded the image of a cell, but does not list '%s'",
				   img.id);
	}
	if (there == 1)
		d->image[libc] = gv_xstrdup(img.id);
	gv_image_release(&img);
	return there == 1 ? 0 : gv_err_wrap(err, "loading the image of a cell");
}

/* Pull "golang:1.22", "host:5000/x" or "x@sha256:...". An empty tag would pull all tags. */
static int
pull_as(struct gv_api *api, const char *image, const char *header, struct gv_err *err)
{
	const char *slash = strrchr(image, '/'), *last = slash != NULL ? slash + 1 : image;
	gv_autofree char *escaped = gv_unix_escape(image), *path = NULL;
	bool tagged = strchr(last, ':') != NULL || strchr(image, '@') != NULL;

	path = gv_xasprintf("/images/create?fromImage=%s%s", escaped, tagged ? "" : "&tag=latest");
	return gv_api_progress(
	    api, &(struct gv_api_request){ .method = "POST", .path = path, .header = header, .idle_s = PULL_IDLE_S },
	    err);
}

/* Without credentials, try anyway: a public image needs none. If the pull fails, report the credential error. */
static int
pull(struct gv_docker *d, struct gv_api *api, const char *image, struct gv_err *err)
{
	gv_autofree char *header = NULL, *server = gv_registry_server(image);
	struct gv_err nobody = GV_ERR_INIT;
	bool usual = strcmp(server, GV_REGISTRY_DOCKER) == 0;

	/* Podman's own settings say which registries a name without a host means; it has auth.json for them. */
	if ((!d->api.podman || gv_registry_is_named(image)) && gv_registry_header(server, &header, &nobody) < 0 &&
	    nobody.code == GV_EINTR) {
		*err = nobody;
		return -1;
	}
	if (pull_as(api, image, header, err) == 0)
		return 0;
	if (nobody.code != GV_OK && err->code == GV_EFAIL)
		*err = nobody;
	else if (header == NULL && err->code == GV_EFAIL)
		gv_err_help(err, "if the image is private, log in first: docker login%s%s", usual ? "" : " ",
			    usual ? "" : server);
	return gv_err_wrap(err, "pulling '%s'", image);
}

static int
ensure(struct gv_docker *d, struct gv_api *api, const struct gv_cell_spec *spec, bool libc, struct gv_err *err)
{
	int there;

	if (spec->image == NULL)
		return d->image[libc] != NULL ? 0 : load(d, api, libc, err);
	there = has_image(api, spec->image, err);
	return there < 0 ? -1 : there == 1 ? 0 : pull(d, api, spec->image, err);
}

const char *
gv_docker_image(struct gv_docker *d, struct gv_api *api, const struct gv_cell_spec *spec, struct gv_err *err)
{
	bool libc;
	int rc;

	pthread_mutex_lock(&d->lock);
	/* Only a remote engine needs libc in the image; others mount it. */
	libc = spec->libc && d->base.info.remote;
	rc = ensure(d, api, spec, libc, err);
	pthread_mutex_unlock(&d->lock);
	if (rc < 0)
		return NULL;
	return spec->image != NULL ? spec->image : d->image[libc];
}
