/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_ALLOC_H
#define GV_UTIL_ALLOC_H

#include <stddef.h>

/*
 * Allocation that aborts when memory runs out. The caller limits every size that comes from outside before it calls
 * these, and reports a size above the limit as an error.
 */
#define GV_OWNED __attribute__((warn_unused_result, malloc, returns_nonnull))

/* Like malloc(3), calloc, realloc, reallocarray and strdup, but never NULL, not even for 0 bytes. The caller frees. */
void *gv_xmalloc(size_t size) GV_OWNED;
void *gv_xcalloc(size_t n, size_t size) GV_OWNED;
void *gv_xrealloc(void *p, size_t size) __attribute__((warn_unused_result, returns_nonnull));
void *gv_xreallocarray(void *p, size_t n, size_t size) __attribute__((warn_unused_result, returns_nonnull));
char *gv_xstrdup(const char *s) GV_OWNED;
/* Copy exactly `len` bytes and add a NUL. `s` must have that many bytes. The caller frees. */
char *gv_xstrndup(const char *s, size_t len) GV_OWNED;
/* Copy `len` bytes. `p` may be NULL when `len` is 0. The caller frees. */
void *gv_xmemdup(const void *p, size_t len) GV_OWNED;
/* Like asprintf(3), but returns the string. The caller frees. */
char *gv_xasprintf(const char *fmt, ...)
    __attribute__((warn_unused_result, malloc, returns_nonnull, format(printf, 1, 2)));

#endif
