/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/part.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/fetch.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/lines.h"
#include "util/num.h"
#include "util/path.h"
#include "util/proc.h"
#include "util/str.h"

#define META_MAX ((size_t)16384)

/* If the system does not tell its boot id, "-" stands for every boot. */
static void
this_boot(char id[GV_PROC_BOOT_MAX])
{
	if (!gv_proc_boot(id))
		memcpy(id, "-", sizeof("-"));
}

/* Whether PART holds bytes of `url` from this boot. Fills validator and total. */
static bool
read_meta(struct gv_part *p, const char *url)
{
	gv_autofree char *text = NULL;
	struct gv_err err = GV_ERR_INIT;
	char boot[GV_PROC_BOOT_MAX];
	char *rest, *magic, *of, *validator, *total, *when;
	uint64_t bytes;
	size_t len = 0;

	if (gv_fs_read(AT_FDCWD, p->meta, META_MAX, &text, &len, &err) < 0)
		return false;
	this_boot(boot);
	rest = text;
	magic = gv_lines_cut(&rest, '\n');
	of = gv_lines_cut(&rest, '\n');
	validator = gv_lines_cut(&rest, '\n');
	total = gv_lines_cut(&rest, '\n');
	when = gv_lines_cut(&rest, '\n');
	if (when == NULL || strcmp(magic, "gover-part 1") != 0 || strcmp(of, url) != 0 || strcmp(when, boot) != 0 ||
	    validator[0] == '\0')
		return false;
	if (strcmp(total, "-1") != 0) {
		if (gv_num_u64(total, INT64_MAX, &bytes) < 0)
			return false;
		p->total = (int64_t)bytes;
	}
	p->validator = gv_xstrdup(validator);
	return true;
}

int
gv_part_open(struct gv_part *p, const char *path, const char *url, struct gv_err *err)
{
	gv_autofree char *dir = gv_xstrdup(path);
	struct stat st;

	*p = (struct gv_part){ .fd = -1, .total = -1 };
	if (gv_path_parent(dir) && gv_fs_mkdir_p(dir, err) < 0)
		return -1;
	p->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (p->fd < 0 || fstat(p->fd, &st) < 0) {
		gv_err_sys(err, GV_EIO, "cannot open '%s'", path);
		gv_part_close(p);
		return -1;
	}
	p->path = gv_xstrdup(path);
	p->meta = gv_xasprintf("%s.meta", path);
	if (S_ISREG(st.st_mode) && st.st_size > 0 && read_meta(p, url) && (p->total < 0 || st.st_size <= p->total))
		p->kept = (uint64_t)st.st_size;
	return 0;
}

void
gv_part_close(struct gv_part *p)
{
	if (p->fd >= 0)
		close(p->fd);
	free(p->path);
	free(p->meta);
	free(p->validator);
	*p = (struct gv_part){ .fd = -1 };
}

int
gv_part_reset(struct gv_part *p, const char *url, const char *validator, int64_t total, struct gv_err *err)
{
	gv_autostr struct gv_str s = GV_STR_INIT(META_MAX);
	char boot[GV_PROC_BOOT_MAX];
	gv_autofd int fd = -1;

	/* Keep this order. Otherwise a crash in between leaves old bytes with the new validator. */
	if (unlink(p->meta) < 0 && errno != ENOENT)
		return gv_err_sys(err, GV_EIO, "cannot remove '%s'", p->meta);
	if (ftruncate(p->fd, 0) < 0 || lseek(p->fd, 0, SEEK_SET) < 0)
		return gv_err_sys(err, GV_EIO, "cannot empty '%s'", p->path);
	p->kept = 0;
	free(p->validator);
	p->validator = validator != NULL && strchr(validator, '\n') == NULL ? gv_xstrdup(validator) : NULL;
	p->total = total;
	if (p->validator == NULL)
		return 0;
	this_boot(boot);
	gv_str_addf(&s, "gover-part 1\n%s\n%s\n%" PRId64 "\n%s\n", url, p->validator, total, boot);
	if (s.over)
		return 0;
	fd = open(p->meta, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return gv_err_sys(err, GV_EIO, "cannot write '%s'", p->meta);
	if (gv_fs_write_all(fd, s.buf, s.len, err) < 0)
		return gv_err_wrap(err, "'%s'", p->meta);
	return 0;
}

const char *
gv_part_validator(const char *etag, const char *last_modified)
{
	if (etag != NULL && etag[0] == '"')
		return etag;
	return last_modified;
}

void
gv_fetch_discard(const char *part_path)
{
	gv_autofree char *meta = gv_xasprintf("%s.meta", part_path);

	unlink(meta);
	unlink(part_path);
}
