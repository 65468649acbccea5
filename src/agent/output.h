/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_OUTPUT_H
#define GV_AGENT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The output of one phase: both streams, in the order of arrival. Its head is sent in frames at once. Of the rest, only
 * the last bytes are kept, in a ring, so a phase that prints for ever needs no more memory.
 */
struct agent_output {
	const char *phase; /* borrowed; NULL: keep the output but send no frames */
	size_t head_max, tail_max;
	bool remember; /* keep the head for agent_output_holds() */

	size_t head_len;
	char *head;
	char *ring;          /* tail_max bytes */
	char *ring_stream;   /* the stream of each byte in `ring` */
	uint64_t ring_total; /* number of bytes ever put into the ring */
	char carry[2][4];    /* for each stream, the beginning of a character that a read cut */
	size_t carry_len[2];
};

/* Free the contents, not `o`. */
void agent_output_release(struct agent_output *o);
/* Add bytes of `stream` (1 stdout, 2 stderr). Those of the head are sent at once; the others are put into the ring. */
void agent_output_add(struct agent_output *o, int stream, const char *data, size_t len);
/* Send the frame "cut", if bytes were dropped, and the tail. */
void agent_output_finish(struct agent_output *o);
/* Whether the kept bytes contain `text`. Call it after agent_output_finish(). */
bool agent_output_holds(const struct agent_output *o, const char *text);

#endif
