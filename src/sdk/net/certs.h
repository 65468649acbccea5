/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_CERTS_H
#define GV_NET_CERTS_H

#include <stddef.h>

/*
 * Certificate authorities as Go's crypto/x509 finds them on Unix: SSL_CERT_FILE replaces the list of well-known
 * files, and SSL_CERT_DIR (a colon list) replaces the list of well-known directories. Go reads every file in a
 * directory. libcurl finds only files that are named by a hash, so this room reads the others.
 */
struct gv_certs {
	char *file; /* for CURLOPT_CAINFO, NULL: libcurl's default */
	char *dirs; /* for CURLOPT_CAPATH, a colon list, NULL: libcurl's default */
	char *blob; /* PEM of `file` and of the files that libcurl would miss; NULL when it misses none */
	size_t blob_len;
};

/* Find them; gv_certs_release() frees the contents. `fallback` is the file that libcurl uses by default, or NULL. */
void gv_certs_init(struct gv_certs *c, const char *fallback);
void gv_certs_release(struct gv_certs *c);

#endif
