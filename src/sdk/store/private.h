/* SPDX-License-Identifier: MIT */
#ifndef GV_STORE_PRIVATE_H
#define GV_STORE_PRIVATE_H

#include <pthread.h>

#include "fetch/origin.h"
#include "store/store.h"

struct gv_store {
	const struct gv_dirs *dirs;
	const struct gv_config *config;
	pthread_mutex_t lock;
	struct gv_origins *origins; /* made when first needed, under `lock` */
};

/* Where releases come from; shared by all installs. Borrowed. */
struct gv_origins *gv_store_origins(struct gv_store *s, struct gv_err *err) GV_MUST_CHECK;

/* The name of SDK, manifest and lock: "go1.22.3", or "go1.22.3.linux-arm64" for another platform. Caller frees. */
char *gv_store_name(const struct gv_store *s, const char *version, const char *platform) GV_MUST_CHECK;

#endif
