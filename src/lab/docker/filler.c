/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <time.h>

#include "cell/paths.h"
#include "docker/inner.h"
#include "util/alloc.h"
#include "util/auto.h"

#define FILLER_S (24 * 3600) /* longer than any run */

static void
filler_body(struct gv_jsonout *j, const struct gv_docker *d, const char *image, const struct gv_strv *volumes)
{
	gv_autofree char *deadline = gv_xasprintf("%" PRId64, (int64_t)time(NULL) + FILLER_S);

	gv_jsonout_begin(j);
	gv_jsonout_open(j, NULL, '{');
	gv_jsonout_str(j, "Image", image);
	gv_jsonout_open(j, "Entrypoint", '[');
	gv_jsonout_str(j, NULL, GV_CELL_AGENT);
	gv_jsonout_close(j, ']');
	gv_jsonout_open(j, "Labels", '{');
	gv_jsonout_str(j, GV_DOCKER_FILLER, volumes->v[0]);
	gv_jsonout_str(j, "dev.gover.deadline", deadline);
	gv_jsonout_str(j, "dev.gover.owner", d->owner);
	gv_jsonout_close(j, '}');
	gv_jsonout_open(j, "HostConfig", '{');
	gv_jsonout_str(j, "NetworkMode", "none");
	gv_jsonout_open(j, "Mounts", '[');
	for (size_t i = 0; i < volumes->n; i++) {
		gv_autofree char *target = gv_xasprintf("/v%zu", i);

		gv_jsonout_open(j, NULL, '{');
		gv_jsonout_str(j, "Type", "volume");
		gv_jsonout_str(j, "Source", volumes->v[i]);
		gv_jsonout_str(j, "Target", target);
		gv_jsonout_close(j, '}');
	}
	gv_jsonout_close(j, ']');
	gv_jsonout_close(j, '}');
	gv_jsonout_close(j, '}');
}

char *
gv_docker_filler(const struct gv_docker *d, struct gv_api *api, const char *image, const struct gv_strv *volumes,
		 struct gv_err *err)
{
	gv_autojson struct gv_json reply = { 0 };
	const char *id;
	struct gv_jsonout j;

	filler_body(&j, d, image, volumes);
	if (gv_api_call(api, &(struct gv_api_request){ .method = "POST", .path = "/containers/create", .body = &j },
			&reply, NULL, err) < 0 ||
	    gv_json_str(&reply, "Id", &id, err) < 0)
		return NULL;
	return gv_xstrdup(id);
}
