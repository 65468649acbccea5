/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_CERTS_H
#define GV_NET_CERTS_H

#include <stddef.h>

/*
 * Certificate authorities as Go's crypto/x509 finds them on Unix: SSL_CERT_FILE replaces the list of well-known
 * files, SSL_CERT_DIR (a colon list) the list of well-known directories, and every file of a directory counts.
 * libcurl's own directories know only names that are hashes, looked up when needed; so files without such a
 * name are read here.
 */
struct gv_certs {
	char *file; /* for CURLOPT_CAINFO, NULL: libcurl's default */
	char *dirs; /* for CURLOPT_CAPATH, a colon list, NULL: libcurl's default */
	char *blob; /* PEM of everything that must be read, the file included; NULL when there is nothing to add */
	size_t blob_len;
};

/* `fallback`: the file libcurl uses by default, or NULL. */
void gv_certs_init(struct gv_certs *c, const char *fallback);
void gv_certs_free(struct gv_certs *c);

#endif
