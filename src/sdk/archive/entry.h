/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_ENTRY_H
#define GV_ARCHIVE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/*
 * Which names an archive may hold: the rules of module zips (golang.org/x/mod/zip and module.CheckFilePath).
 *
 * A name is valid UTF-8 and a clean relative path. Its elements hold only letters, digits, space and
 * !#$%&()+,-.=@[]^_{}~ ; they are not all dots, do not end in a dot and are not reserved Windows names.
 * Errors: GV_EPROOF naming the entry.
 */
int gv_entry_check_name(const char *name, size_t len, struct gv_err *err) GV_MUST_CHECK;

/* The mode of an SDK's file: 0555 or 0444. `path` is relative to the SDK. */
unsigned gv_entry_mode(const char *path);

/*
 * All names seen so far, with their parent directories. Adding a name fails with GV_EPROOF if it is a duplicate, if it
 * equals another name under Unicode case folding, or if a file would also be a directory.
 */
struct gv_entry_set;
struct gv_entry_set *gv_entry_set_new(void);
void gv_entry_set_free(struct gv_entry_set *s);
int gv_entry_set_add(struct gv_entry_set *s, const char *name, struct gv_err *err) GV_MUST_CHECK;

#endif
