/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/inflate.h"
#include "tests/fuzz/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is the tar. It is wrapped in gzip's stored blocks here, so that a mutation does not break the gzip. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { BLOCK = 0xffff };
	static const uint8_t head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };
	uint8_t *gz = calloc(1, sizeof(head) + size + (size / BLOCK + 1) * 5 + 8);
	size_t at = sizeof(head);
	const uint32_t trailer[2] = { gv_crc32(0, data, size), (uint32_t)size };

	if (gz == NULL)
		abort();
	memcpy(gz, head, sizeof(head));
	do {
		size_t n = size < BLOCK ? size : BLOCK;
		const uint8_t block[5] = { n == size, n & 255, n >> 8 & 255, ~n & 255, ~n >> 8 & 255 };

		memcpy(gz + at, block, sizeof(block));
		if (n > 0)
			memcpy(gz + at + sizeof(block), data, n);
		at += sizeof(block) + n;
		data += n;
		size -= n;
	} while (size > 0);
	for (size_t i = 0; i < 8; i++)
		gz[at++] = (uint8_t)(trailer[i / 4] >> 8 * (i % 4));
	unpack_all(GV_ARCHIVE_TAR_GZ, "go/", gz, at);
	free(gz);
	return 0;
}
