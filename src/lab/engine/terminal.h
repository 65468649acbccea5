/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_TERMINAL_H
#define GV_ENGINE_TERMINAL_H

#include <stdbool.h>
#include <sys/ioctl.h>

/*
 * The user's terminal while the user is inside a kept cell. The cell never gets that terminal: a program that has it
 * could type commands into it (TIOCSTI), which the user's shell would run later. The cell gets a terminal of its own,
 * and gover copies bytes between the two. Meanwhile the user's terminal is raw, so that Ctrl-C is a byte like any
 * other.
 */
struct gv_terminal {
	bool raw;            /* and the user's settings are kept */
	struct winsize size; /* at the last gv_terminal_resized() */
};

/* Whether stdin and stdout are both terminals: then an entered cell gets a terminal. */
bool gv_terminal_is_there(void);

/*
 * Make the terminal of stdin raw, if possible. Call gv_terminal_restore() afterwards; a second signal that ends gover does
 * it, too (util/sig.h). One terminal at a time.
 */
void gv_terminal_raw(struct gv_terminal *t);

/* Restore the settings. Drop input that was not read: it was meant for the cell. */
void gv_terminal_restore(struct gv_terminal *t);

/* True when the size changed since the last call, also at the first; `t->size` is then the new one. */
bool gv_terminal_resized(struct gv_terminal *t);

#endif
