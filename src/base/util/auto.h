/* SPDX-License-Identifier: MIT */
#ifndef GV_UTIL_AUTO_H
#define GV_UTIL_AUTO_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Attributes that free or close a variable when it goes out of scope. Initialise the variable where you declare it.
 * Errors of close(2) are ignored here, so after writing a file close it yourself and check the result. The cleanup does
 * not run on exit, abort or execv.
 *
 *	gv_autofree char *path = gv_path_join(dir, name);
 *	gv_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
 */
static inline void
gv_auto_free_(void *p)
{
	free(*(void **)p);
}

static inline void
gv_auto_fd_(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void
gv_auto_dir_(DIR **d)
{
	if (*d != NULL)
		closedir(*d);
}

static inline void
gv_auto_file_(FILE **f)
{
	if (*f != NULL)
		fclose(*f);
}

#define gv_autofree __attribute__((cleanup(gv_auto_free_)))
#define gv_autofd   __attribute__((cleanup(gv_auto_fd_)))
#define gv_autodir  __attribute__((cleanup(gv_auto_dir_)))
#define gv_autofile __attribute__((cleanup(gv_auto_file_)))

/* Return the value and reset the variable, so that its cleanup does nothing. The caller owns the value. */
static inline int
gv_steal_fd(int *fd)
{
	int v = *fd;

	*fd = -1;
	return v;
}

static inline void *
gv_steal_ptr_(void *pp)
{
	void *v = *(void **)pp;

	*(void **)pp = NULL;
	return v;
}

#define gv_steal_ptr(pp) ((__typeof__(*(pp)))gv_steal_ptr_(pp))

#define GV_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
