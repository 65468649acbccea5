/* SPDX-License-Identifier: MIT */
#ifndef GV_AGENT_OUTPUT_H
#define GV_AGENT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What one phase prints, both streams in the order of arrival. The head goes out in frames as it comes; of the rest the last
 * bytes are kept in a ring, so a phase that prints without end costs no memory.
 */
struct agent_output {
	const char *phase; /* borrowed; NULL: no frames, only kept */
	size_t head_max, tail_max;
	bool remember; /* keep the head for agent_output_holds() */

	size_t head_len;
	char *head;
	char *ring; /* tail_max bytes, and beside each its stream */
	char *ring_stream;
	uint64_t ring_total; /* bytes ever put into the ring */
	char carry[2][4];    /* the beginning of a character that a read cut */
	size_t carry_len[2];
};

void agent_output_free(struct agent_output *o);
void agent_output_add(struct agent_output *o, int stream, const char *data, size_t len);
/* Send what is held back: the cut and the tail. */
void agent_output_finish(struct agent_output *o);
/* Whether the kept bytes hold `text`; after finish. */
bool agent_output_holds(const struct agent_output *o, const char *text);

#endif
