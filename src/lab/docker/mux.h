/* SPDX-License-Identifier: MIT */
#ifndef GV_DOCKER_MUX_H
#define GV_DOCKER_MUX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Docker's stream of a container without a terminal: frames of an 8-byte header "type 0 0 0 length" (32 bits,
 * big-endian) and data. Type 1 is stdout, 2 stderr, 3 an error of the daemon (moby api/pkg/stdcopy). A frame may span
 * reads; its data is returned as it arrives.
 */
struct gv_mux {
	uint8_t head[8];
	size_t head_len;
	uint32_t left; /* bytes left of the current frame */
};

/*
 * Take the next piece from *data and advance *data. Returns its stream (1, 2, 3) and the piece in *piece (borrowed), 0
 * when all bytes are taken, -1 when the bytes are no such stream.
 */
int gv_mux_next(struct gv_mux *m, const char **data, size_t *len, const char **piece, size_t *piece_len);

#endif
