/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_ALLOC_H
#define GV_UTIL_ALLOC_H

#include <stddef.h>

/*
 * Allocation that aborts when memory is out. What is merely too big is an error of whoever
 * accepted the size: every size from outside has a limit before it comes here.
 */
#define GV_OWNED __attribute__((warn_unused_result, malloc, returns_nonnull))

void *gv_xmalloc(size_t size) GV_OWNED;
void *gv_xcalloc(size_t n, size_t size) GV_OWNED;
void *gv_xrealloc(void *p, size_t size) __attribute__((warn_unused_result, returns_nonnull));
void *gv_xreallocarray(void *p, size_t n, size_t size) __attribute__((warn_unused_result, returns_nonnull));
char *gv_xstrdup(const char *s) GV_OWNED;
char *gv_xstrndup(const char *s, size_t len) GV_OWNED;
void *gv_xmemdup(const void *p, size_t len) GV_OWNED;
char *gv_xasprintf(const char *fmt, ...) __attribute__((warn_unused_result, malloc, returns_nonnull, format(printf, 1, 2)));

#endif
