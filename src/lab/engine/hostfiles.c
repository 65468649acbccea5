/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/hostfiles.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cell/paths.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* Libraries that programs built by cgo, or linked to libc alone, load at run time. */
static const char *const libs[] = {
	"libc.so.6",      "libpthread.so.0",   "libdl.so.2",      "librt.so.1",    "libm.so.6",
	"libresolv.so.2", "libnss_files.so.2", "libnss_dns.so.2", "libgcc_s.so.1", "libstdc++.so.6",
};

/* The POSIX commands that tests use, and other common ones. Compilers and linkers are left out on purpose. */
const char *const gv_hostfiles_commands[] = {
	"[",       "awk",      "base64",  "basename", "bash",     "bunzip2",   "bzip2",     "cat",      "chgrp",
	"chmod",   "chown",    "cksum",   "clear",    "cmp",      "comm",      "cp",        "curl",     "cut",
	"date",    "dd",       "df",      "diff",     "dirname",  "du",        "echo",      "ed",       "egrep",
	"env",     "expand",   "expr",    "factor",   "false",    "fgrep",     "file",      "find",     "fold",
	"getconf", "getent",   "git",     "grep",     "groups",   "gunzip",    "gzip",      "head",     "hostname",
	"iconv",   "id",       "infocmp", "install",  "join",     "kill",      "less",      "link",     "ln",
	"locale",  "logger",   "logname", "ls",       "m4",       "make",      "md5sum",    "mkdir",    "mkfifo",
	"mktemp",  "more",     "mv",      "nice",     "nl",       "nohup",     "nproc",     "od",       "openssl",
	"paste",   "patch",    "pathchk", "perl",     "pgrep",    "pkill",     "pr",        "printenv", "printf",
	"ps",      "pwd",      "python3", "readlink", "realpath", "rev",       "rm",        "rmdir",    "rsync",
	"sed",     "seq",      "setsid",  "sh",       "sha1sum",  "sha256sum", "sha512sum", "shuf",     "sleep",
	"sort",    "split",    "ssh",     "stat",     "stdbuf",   "stty",      "sum",       "sync",     "tac",
	"tail",    "tar",      "tee",     "test",     "time",     "timeout",   "touch",     "tput",     "tr",
	"true",    "truncate", "tsort",   "tty",      "uname",    "unexpand",  "uniq",      "unlink",   "unxz",
	"unzip",   "users",    "vi",      "wc",       "wget",     "which",     "who",       "whoami",   "xargs",
	"xz",      "xzcat",    "yes",     "zcat",     "zip",      "zsh",       NULL,
};

char *
gv_hostfiles_passwd(unsigned uid, unsigned gid)
{
	return gv_xasprintf("root:x:0:0:root:/root:/bin/sh\n"
			    "daemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
			    "bin:x:2:2:bin:/bin:/bin/false\n"
			    "sys:x:3:3:sys:/dev:/bin/false\n"
			    "mail:x:8:8:mail:/var/mail:/bin/false\n"
			    "gover:x:%u:%u:gover:/home/gover:/bin/sh\n"
			    "nobody:x:65534:65534:nobody:/:/bin/false\n",
			    uid, gid);
}

char *
gv_hostfiles_group(unsigned gid)
{
	return gv_xasprintf("root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nmail:x:8:\n"
			    "staff:x:50:\nusers:x:100:\ngover:x:%u:\nnogroup:x:65534:\n",
			    gid);
}

void
gv_hostfiles_release(struct gv_hostfiles *h)
{
	for (size_t i = 0; i < h->n_binds; i++) {
		free(h->binds[i].source);
		free(h->binds[i].target);
	}
	free(h->binds);
	gv_strv_release(&h->links);
	*h = (struct gv_hostfiles){ 0 };
}

static void
add_bind(struct gv_hostfiles *h, char *source, const char *target)
{
	h->binds = gv_xreallocarray(h->binds, h->n_binds + 1, sizeof(*h->binds));
	h->binds[h->n_binds++] = (struct gv_bind){ .source = source, .target = gv_xstrdup(target) };
}

char *
gv_elf_interp(const char *path)
{
	gv_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	char text[PATH_MAX];

	if (fd < 0 || pread(fd, &eh, sizeof(eh), 0) != (ssize_t)sizeof(eh) ||
	    memcmp(eh.e_ident, ELFMAG, SELFMAG) != 0 || eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh.e_phentsize != sizeof(ph) || eh.e_phoff > INT32_MAX)
		return NULL;
	for (unsigned i = 0; i < eh.e_phnum; i++) {
		if (pread(fd, &ph, sizeof(ph), (off_t)(eh.e_phoff + i * sizeof(ph))) != (ssize_t)sizeof(ph))
			return NULL;
		if (ph.p_type != PT_INTERP)
			continue;
		if (ph.p_filesz < 2 || ph.p_filesz > sizeof(text) || ph.p_offset > INT32_MAX ||
		    pread(fd, text, ph.p_filesz, (off_t)ph.p_offset) != (ssize_t)ph.p_filesz ||
		    text[ph.p_filesz - 1] != '\0' || text[0] != '/')
			return NULL;
		return gv_xstrdup(text);
	}
	return NULL;
}

/* The directory from which this program loaded its own libc. Caller frees. */
static char *
libc_dir(void)
{
	gv_autofile FILE *maps = fopen("/proc/self/maps", "re");
	char line[PATH_MAX + 128];

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		char *path = strchr(line, '/'), *end = path != NULL ? strstr(path, "/libc.so.6\n") : NULL;

		if (end == NULL)
			end = path != NULL ? strstr(path, "/libc-2.") : NULL;
		if (end != NULL)
			return gv_xstrndup(path, (size_t)(end - path));
	}
	return NULL;
}

void
gv_hostfiles_libc(struct gv_hostfiles *h)
{
	gv_autofree char *dir = libc_dir(), *loader = gv_elf_interp("/proc/self/exe");
	char *real = loader != NULL ? realpath(loader, NULL) : NULL;

	if (real != NULL)
		add_bind(h, real, loader);
	for (size_t i = 0; dir != NULL && i < GV_ARRAY_LEN(libs); i++) {
		gv_autofree char *path = gv_path_join(dir, libs[i]);

		real = realpath(path, NULL);
		if (real != NULL)
			add_bind(h, real, path);
	}
}

void
gv_hostfiles_tools(struct gv_hostfiles *h)
{
	static const char *const tops[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" };
	static const char *const etc[] = {
		"/etc/alternatives",   "/etc/ld.so.cache", "/etc/ssl",
		"/etc/mime.types",     "/etc/services",    "/etc/protocols",
		"/etc/localtime",      "/etc/timezone",    "/etc/os-release",
		"/etc/shells",         "/etc/rpc",         "/etc/networks",
		"/etc/debian_version", "/etc/lsb-release", "/etc/ethertypes",
		"/etc/magic",          "/etc/mailcap",     "/etc/gai.conf",
		"/etc/manpath.config", "/etc/inputrc",     "/etc/ssh/ssh_config",
		"/etc/fonts",          "/sys/block",       "/sys/bus",
		"/sys/class",          "/sys/dev",         "/sys/devices",
	};

	add_bind(h, gv_xstrdup("/usr"), "/usr");
	for (size_t i = 0; i < GV_ARRAY_LEN(tops); i++) {
		char target[64];
		ssize_t n = readlink(tops[i], target, sizeof(target) - 1);

		if (n > 0) {
			target[n] = '\0';
			gv_strv_add(&h->links, target);
			gv_strv_add(&h->links, tops[i]);
		} else if (gv_fs_is_dir(tops[i])) {
			add_bind(h, gv_xstrdup(tops[i]), tops[i]);
		}
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(etc); i++) {
		char *real = realpath(etc[i], NULL);

		if (real != NULL)
			add_bind(h, real, etc[i]);
	}
	for (const char *const *c = gv_hostfiles_commands; *c != NULL; c++) {
		gv_autofree char *usr = gv_path_join("/usr/bin", *c), *bin = gv_path_join("/bin", *c);
		const char *found = access(usr, X_OK) == 0 ? usr : access(bin, X_OK) == 0 ? bin : NULL;

		if (found == NULL)
			continue;
		gv_strv_add(&h->links, found);
		gv_strv_take(&h->links, gv_path_join(GV_CELL_BIN, *c));
	}
}
