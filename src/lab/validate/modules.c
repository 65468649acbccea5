/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "validate/modules.h"

#include <stdlib.h>
#include <string.h>

#include "shell/goenv.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "validate/collect.h"

void
gv_fetched_release(struct gv_fetched *f)
{
	free(f->log);
	memset(f, 0, sizeof(*f));
}

static void
add_phase(struct gv_plan *plan, const struct gv_cellspec_in *in, const char *name, const char *const *words)
{
	struct gv_plan_phase *p = gv_plan_add(plan, name, in->opts->timeout_s, "always");

	gv_strv_take(&p->argv, gv_path_join(in->goroot, "bin/go"));
	for (; *words != NULL; words++)
		gv_strv_add(&p->argv, *words);
}

static int
make_spec(struct gv_cell_spec *spec, const struct gv_cellspec_in *in, struct gv_err *err)
{
	struct gv_plan *plan = &spec->plan;

	if (gv_fs_mkdir_p(in->dirs->modcache, err) < 0)
		return -1;
	spec->run = gv_xstrdup(in->run);
	spec->name = gv_xasprintf("fetch-go%s-%u", in->cell->version, in->number);
	/* The copy has paths of a cell. The host engine replaces them by real paths. */
	gv_cellspec_copy(spec, in);
	plan->deadline_s = in->opts->timeout_s * 3;
	gv_goenv_fetch(&plan->env, in->dirs->modcache, in->project->workspace);
	/* Only GOWORK holds a path in the cell. The other variables are the caller's, for this host. */
	gv_strv_add(&spec->env_paths, "GOWORK");
	/*
	 * The first phase fetches the build list. The second fetches what only building and testing needs, which is
	 * more before Go 1.17.
	 */
	add_phase(plan, in, "download", (const char *[]){ "mod", "download", NULL });
	add_phase(plan, in, "list", (const char *[]){ "list", "-e", "-deps", "-test", "./...", NULL });
	return 0;
}

int
gv_modules_fetch(struct gv_fetched *out, struct gv_engine *host, const struct gv_cellspec_in *in, struct gv_err *err)
{
	struct gv_cell_spec spec = { 0 };
	struct gv_collected got = { 0 };
	struct gv_str log = GV_STR_INIT(1u << 20);
	struct gv_cell *cell = NULL;
	int rc = -1;

	if (make_spec(&spec, in, err) == 0 && (cell = gv_cell_start(host, &spec, err)) != NULL)
		rc = gv_collect(&got, cell, NULL, err);
	gv_cell_destroy(cell);
	gv_cellspec_release(&spec);
	if (rc < 0) {
		gv_collected_release(&got);
		return -1;
	}
	*out = (struct gv_fetched){ .failed = got.fault != NULL };
	if (got.fault != NULL)
		gv_str_addf(&log, "%s\n", got.fault);
	for (size_t i = 0; i < got.n; i++) {
		out->failed = out->failed || got.phases[i].exit != 0;
		if (got.phases[i].exit != 0)
			gv_str_add(&log, gv_str_text(&got.phases[i].text));
	}
	out->log = gv_xstrdup(gv_str_text(&log));
	gv_str_release(&log);
	gv_collected_release(&got);
	return 0;
}
