/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "docker/image.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "archive/pack.h"
#include "cell/paths.h"
#include "engine/hostfiles.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/jsonw.h"
#include "util/path.h"
#include "verify/hash.h"

#define FILE_MAX  (16u << 20) /* bytes of one file in the image: libc and libstdc++ have about 2 MB */
#define IMAGE_MAX (64u << 20)

void
gv_image_release(struct gv_image *img)
{
	free(img->id);
	free(img->tag);
	gv_str_release(&img->tar);
	img->id = img->tag = NULL;
}

static void
sha256_hex(char *hex, const struct gv_str *s)
{
	uint8_t sum[GV_SHA256_LEN];

	gv_sha256_of(s->buf, s->len, sum);
	gv_hex(hex, sum, sizeof(sum));
}

static int
add_file(struct gv_str *t, const char *name, mode_t mode, const char *path, struct gv_err *err)
{
	gv_autofree char *data = NULL;
	size_t len;

	if (gv_fs_read(AT_FDCWD, path, FILE_MAX, &data, &len, err) < 0)
		return -1;
	gv_tar_file(t, name, mode, data, len);
	return 0;
}

/* Add the parents of `path` that the image does not have yet. */
static void
add_parents(struct gv_str *t, struct gv_strv *made, const char *path)
{
	for (const char *p = path; (p = strchr(p, '/')) != NULL; p++) {
		gv_autofree char *dir = gv_xstrndup(path, (size_t)(p - path));
		bool known = dir[0] == '\0';

		for (size_t i = 0; i < made->n && !known; i++)
			known = strcmp(made->v[i], dir) == 0;
		if (known)
			continue;
		gv_tar_dir(t, dir, 0755, 0);
		gv_strv_add(made, dir);
	}
}

/*
 * An engine refuses a path that occurs twice. Most distributions have /bin, /lib ... as links into /usr, so the image
 * has them too, and the loader's path leads into /usr.
 */
static int
add_libc(struct gv_str *t, struct gv_strv *made, struct gv_err *err)
{
	struct gv_hostfiles h = { 0 };
	int rc = 0;

	gv_hostfiles_libc(&h);
	for (size_t i = 0; i < h.n_binds && rc == 0; i++) {
		const char *target = h.binds[i].target;
		gv_autofree char *name = strncmp(target, "/lib", 4) == 0 ? gv_xasprintf("usr%s", target)
									 : gv_xstrdup(target + 1);

		add_parents(t, made, name);
		rc = add_file(t, name, 0755, h.binds[i].source, err);
	}
	gv_hostfiles_release(&h);
	return rc;
}

/* Add /gover/bin of engine/hostfiles.h. Its links are dangling until the host's /usr is mounted. */
static void
add_commands(struct gv_str *t)
{
	for (const char *const *c = gv_hostfiles_commands; *c != NULL; c++) {
		gv_autofree char *name = gv_path_join("gover/bin", *c), *target = gv_path_join("/usr/bin", *c);

		gv_tar_link(t, name, target);
	}
}

static int
make_layer(struct gv_str *t, const char *agent, unsigned uid, bool libc, struct gv_err *err)
{
	static const char *const dirs[] = { "dev", "etc",       "gover",   "gover/bin", "gover/src", "home", "mnt",
					    "opt", "proc",      "root",    "run",       "srv",       "sys",  "usr",
					    "var", "var/cache", "var/lib", "var/log",   "var/tmp" };
	static const char *const links[] = { "bin", "lib", "lib64", "sbin" };
	gv_autostrv struct gv_strv made = GV_STRV_INIT;
	gv_autofree char *passwd = gv_hostfiles_passwd(uid, uid), *group = gv_hostfiles_group(uid);

	for (size_t i = 0; i < GV_ARRAY_LEN(dirs); i++) {
		gv_tar_dir(t, dirs[i], 0755, 0);
		gv_strv_add(&made, dirs[i]);
	}
	/*
	 * A new volume takes the owner and mode of the directory that it covers, and runc's tmpfs takes its mode. So
	 * the image has no /home/gover.
	 */
	gv_tar_dir(t, "tmp", 01777, 0);
	gv_tar_dir(t, "gover/cache", 01777, 0);
	for (size_t i = 0; i < GV_ARRAY_LEN(links); i++) {
		gv_autofree char *target = gv_path_join("usr", links[i]);

		gv_tar_link(t, links[i], target);
	}
	gv_tar_file(t, "etc/passwd", 0644, passwd, strlen(passwd));
	gv_tar_file(t, "etc/group", 0644, group, strlen(group));
	gv_tar_file(t, "etc/nsswitch.conf", 0644, GV_CELL_NSSWITCH, sizeof(GV_CELL_NSSWITCH) - 1);
	/* Docker replaces it. Podman provides none for a cell without a network. */
	gv_tar_file(t, "etc/resolv.conf", 0644, GV_CELL_RESOLV, sizeof(GV_CELL_RESOLV) - 1);
	gv_tar_file(t, "etc/machine-id", 0644, GV_CELL_MACHINE_ID, sizeof(GV_CELL_MACHINE_ID) - 1);
	gv_tar_link(t, "etc/mtab", "/proc/self/mounts");
	add_commands(t);
	if (add_file(t, "gover/agent", 0755, agent, err) < 0 || (libc && add_libc(t, &made, err) < 0))
		return -1;
	return gv_tar_end(t, err) < 0 ? gv_err_wrap(err, "the image of a cell") : 0;
}

/* The image's configuration. It has no time stamp, so that the same build gives the same image. */
static void
make_config(struct gv_str *out, const char *arch, const char *layer_hex)
{
	gv_autofree char *diff = gv_xasprintf("sha256:%s", layer_hex);
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "architecture", arch);
	gv_jsonout_str(&j, "os", "linux");
	gv_jsonout_str(&j, "created", "1970-01-01T00:00:00Z");
	gv_jsonout_open(&j, "config", '{');
	gv_jsonout_str(&j, "WorkingDir", "/");
	gv_jsonout_open(&j, "Cmd", '[');
	gv_jsonout_str(&j, NULL, GV_CELL_AGENT);
	gv_jsonout_close(&j, ']');
	gv_jsonout_open(&j, "Labels", '{');
	gv_jsonout_str(&j, "dev.gover.agent", PACKAGE_VERSION);
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, '}');
	gv_jsonout_open(&j, "rootfs", '{');
	gv_jsonout_str(&j, "type", "layers");
	gv_jsonout_open(&j, "diff_ids", '[');
	gv_jsonout_str(&j, NULL, diff);
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, '}');
	gv_str_addn(out, gv_str_text(&j.out), j.out.len);
	gv_str_release(&j.out);
}

static void
make_manifest(struct gv_str *out, const char *tag)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '[');
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_str(&j, "Config", "config.json");
	gv_jsonout_open(&j, "RepoTags", '[');
	gv_jsonout_str(&j, NULL, tag);
	gv_jsonout_close(&j, ']');
	gv_jsonout_open(&j, "Layers", '[');
	gv_jsonout_str(&j, NULL, "layer.tar");
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_close(&j, ']');
	gv_str_addn(out, gv_str_text(&j.out), j.out.len);
	gv_str_release(&j.out);
}

int
gv_image_make(struct gv_image *img, const char *agent, const char *arch, unsigned uid, bool libc, struct gv_err *err)
{
	gv_autostr struct gv_str layer = GV_STR_INIT(IMAGE_MAX), config = GV_STR_INIT(64 << 10),
				 manifest = GV_STR_INIT(64 << 10);
	char hex[GV_SHA256_HEX];

	*img = (struct gv_image){ .tar = GV_STR_INIT(IMAGE_MAX + (1u << 20)) };
	if (make_layer(&layer, agent, uid, libc, err) < 0)
		return -1;
	sha256_hex(hex, &layer);
	make_config(&config, arch, hex);
	sha256_hex(hex, &config);
	img->id = gv_xasprintf("sha256:%s", hex);
	img->tag = gv_xasprintf("gover-cell:%.12s", hex);
	make_manifest(&manifest, img->tag);
	gv_tar_file(&img->tar, "layer.tar", 0644, layer.buf, layer.len);
	gv_tar_file(&img->tar, "config.json", 0644, config.buf, config.len);
	gv_tar_file(&img->tar, "manifest.json", 0644, manifest.buf, manifest.len);
	return gv_tar_end(&img->tar, err) < 0 ? gv_err_wrap(err, "the image of a cell") : 0;
}
