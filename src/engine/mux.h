/* SPDX-License-Identifier: MIT */
#ifndef GV_ENGINE_MUX_H
#define GV_ENGINE_MUX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Docker's stream of a container without a terminal: frames of 8 bytes "type 0 0 0 length" (32 bits, big-endian) and data; type
 * 1 stdout, 2 stderr, 3 an error of the daemon (moby api/pkg/stdcopy). Frames straddle reads, and data is handed on before a frame
 * is whole.
 */
struct gv_mux {
	uint8_t head[8];
	size_t head_len;
	uint32_t left; /* bytes of the current frame */
};

/*
 * Take bytes from *data, which moves on. Returns the stream (1, 2, 3) with a piece in *piece, 0 when all is taken, -1 when the bytes
 * are no such stream.
 */
int gv_mux_next(struct gv_mux *m, const char **data, size_t *len, const char **piece, size_t *piece_len);

#endif
