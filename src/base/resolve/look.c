/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/look.h"

#include <stdlib.h>

void
gv_ask_release(struct gv_ask *a)
{
	free(a->file);
	*a = (struct gv_ask){ 0 };
}

void
gv_look_release(struct gv_look *look)
{
	free(look->wd);
	look->wd = NULL;
}

const char *
gv_look_dir(struct gv_look *look, struct gv_err *err)
{
	if (look->wd == NULL && look->how->dir != NULL)
		look->wd = realpath(look->how->dir, NULL);
	if (look->wd == NULL)
		look->wd = gv_working_dir(err);
	return look->wd;
}
