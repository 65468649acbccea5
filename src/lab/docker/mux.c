/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "docker/mux.h"

#include <string.h>

int
gv_mux_next(struct gv_mux *m, const char **data, size_t *len, const char **piece, size_t *piece_len)
{
	while (*len > 0) {
		size_t n;

		if (m->left > 0) {
			*piece = *data;
			*piece_len = m->left < *len ? m->left : *len;
			m->left -= (uint32_t)*piece_len;
			*data += *piece_len;
			*len -= *piece_len;
			return m->head[0];
		}
		n = sizeof(m->head) - m->head_len < *len ? sizeof(m->head) - m->head_len : *len;
		memcpy(m->head + m->head_len, *data, n);
		m->head_len += n;
		*data += n;
		*len -= n;
		if (m->head_len < sizeof(m->head))
			return 0;
		if (m->head[0] < 1 || m->head[0] > 3 || m->head[1] != 0 || m->head[2] != 0 || m->head[3] != 0)
			return -1;
		m->head_len = 0;
		m->left = (uint32_t)m->head[4] << 24 | (uint32_t)m->head[5] << 16 | (uint32_t)m->head[6] << 8 |
			  m->head[7];
	}
	return 0;
}
