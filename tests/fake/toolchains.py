# SPDX-License-Identifier: MIT
"""Toolchain archives for tests: module zips, real or tiny, and the tar.gz of the download site made from them."""
import base64
import datetime
import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zipfile

MODULE = "golang.org/toolchain"
VERSION_RE = re.compile(r"(\d+)(?:\.(\d+)(?:\.(\d+)|(beta|rc)(\d+))?)?$")
FAKE_TIME = "2024-05-01T19:49:47Z"

FAKE_GO = """#!/bin/sh
# Says what it is and which program it was called as.
case $1 in
version) echo "go version go%(v)s %(os)s/%(arch)s" ;;
env) shift; for k; do case $k in GOROOT) (cd "$(dirname "$0")/.." && pwd) ;; GOVERSION) echo go%(v)s ;; *) eval "echo \\"\\$$k\\"" ;; esac; done ;;
exit) exit "$2" ;;
*) echo "fake go%(v)s: $*" ;;
esac
"""


def modversion(version, platform):
    return "v0.0.1-go%s.%s" % (version, platform)


def sort_key(version):
    m = VERSION_RE.match(version)
    if not m:
        raise SystemExit("not a Go version: %r" % version)
    major, minor, patch, kind, n = m.groups()
    return int(major), int(minor or 0), {"beta": 0, "rc": 1}.get(kind, 2), int(n or patch or 0)


def noise(seed, size):
    """`size` bytes that do not compress, the same for the same seed."""
    out = bytearray()
    block = hashlib.sha512(seed.encode()).digest()
    while len(out) < size:
        block = hashlib.sha512(block).digest()
        out += block
    return bytes(out[:size])


def fake_files(version, platform, size):
    goos, arch = platform.split("-")
    names = {"v": version, "os": goos, "arch": arch}
    return {
        "VERSION": ("go%s\ntime %s\n" % (version, FAKE_TIME)).encode(),
        "go.env": b"GOTOOLCHAIN=auto\n",
        "LICENSE": b"none\n",
        "bin/go": (FAKE_GO % names).encode(),
        "bin/gofmt": ("#!/bin/sh\necho \"fake gofmt of go%s: $*\"\n" % version).encode(),
        "lib/time/update.bash": b"#!/bin/sh\n",
        "pkg/tool/%s_%s/compile" % (goos, arch): b"#!/bin/sh\necho compile\n",
        "src/_go.mod": b"module std\n\ngo 1.22\n",
        "src/fmt/print.go": b"package fmt\n",
        "src/noise.bin": noise(version + platform, size),
    }


class Stream:
    """A file that cannot seek. zipfile then writes the sizes after the data, as Go does."""

    def __init__(self, f):
        self.write, self.flush = f.write, f.flush


def write_module_zip(path, version, platform, files):
    prefix = "%s@%s/" % (MODULE, modversion(version, platform))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    tmp = "%s.%d" % (path, os.getpid())
    with open(tmp, "wb") as f, zipfile.ZipFile(Stream(f), "w") as z:
        for name in sorted(files):
            info = zipfile.ZipInfo(prefix + name, (2024, 5, 1, 19, 49, 46))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, files[name])
    os.rename(tmp, path)


def read_module_zip(path):
    """version, platform, {name in the module: bytes}"""
    with zipfile.ZipFile(path) as z:
        names = z.namelist()
        m = re.match(r"golang\.org/toolchain@v0\.0\.1-go(.+)\.([a-z0-9]+-[a-z0-9]+)/", names[0])
        if not m or not all(n.startswith(m.group(0)) for n in names):
            raise SystemExit("%s is not a toolchain module" % path)
        return m.group(1), m.group(2), {n[len(m.group(0)):]: z.read(n) for n in names}


def h1(path):
    """The hash that go.sum has for a module zip."""
    with zipfile.ZipFile(path) as z:
        lines = sorted((n, hashlib.sha256(z.read(n)).hexdigest()) for n in z.namelist())
    text = "".join("%s  %s\n" % (digest, name) for name, digest in lines)
    return "h1:" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def h1_gomod():
    line = "%s  go.mod\n" % hashlib.sha256(b"module %s\n" % MODULE.encode()).hexdigest()
    return "h1:" + base64.b64encode(hashlib.sha256(line.encode()).digest()).decode()


def sum_lines(zpath):
    mv = os.path.basename(zpath)[:-len(".zip")]
    return "%s %s %s\n%s %s/go.mod %s\n" % (MODULE, mv, h1(zpath), MODULE, mv, h1_gomod())


def tar_mode(name):
    base = name.rsplit("/", 1)[-1]
    if name.startswith(("bin/", "pkg/tool/")) or re.search(r"\.(bash|sh|pl|rc)$", base) or \
            re.match(r"go_.+_.+_exec$", base):
        return 0o755
    return 0o644


def write_tar_gz(path, version, files, extra, level):
    """Like the publisher's: top directory go/, files called go.mod, the release's time on every entry.
    1.21.0 was published without directory entries."""
    tree = {re.sub(r"(^|/)_go\.mod$", r"\1go.mod", n): b for n, b in files.items()}
    tree.update(extra)
    m = re.search(rb"^time (\S+)$", tree["VERSION"], re.M)
    when = m.group(1).decode() if m else FAKE_TIME
    mtime = int(datetime.datetime.strptime(when, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp())
    dirs = set()
    if version != "1.21.0":
        for n in tree:
            parts = n.split("/")[:-1]
            dirs.update("/".join(parts[:i]) for i in range(len(parts) + 1))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    tmp = "%s.%d" % (path, os.getpid())
    with open(tmp, "wb") as raw, gzip.GzipFile("", "wb", level, raw, mtime=0) as gz, \
            tarfile.open(fileobj=gz, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for n in sorted(dirs | set(tree)):
            info = tarfile.TarInfo(("go/" + n).rstrip("/"))
            info.mtime, info.uname, info.gname = mtime, "root", "root"
            if n in dirs:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(info)
            else:
                info.size, info.mode = len(tree[n]), tar_mode(n)
                tar.addfile(info, io.BytesIO(tree[n]))
    os.rename(tmp, path)


def file_sha256(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            h.update(block)
    return h.hexdigest()


def publish(root, version, platform, files, extra, level=6):
    """Write dl/goV.P.tar.gz with its .sha256, and add it to dl.json."""
    goos, goarch = platform.split("-")
    arch = "armv6l" if platform == "linux-arm" else goarch
    name = "go%s.%s-%s.tar.gz" % (version, goos, arch)
    path = os.path.join(root, "dl", name)
    write_tar_gz(path, version, files, extra, level)
    digest = file_sha256(path)
    with open(path + ".sha256", "w") as f:
        f.write(digest)
    index = {r["version"]: r for r in load_index(root)}
    release = index.setdefault("go" + version, {
        "version": "go" + version, "stable": not re.search("beta|rc", version), "files": []})
    release["files"] = [f for f in release["files"] if f["filename"] != name] + [{
        "filename": name, "os": goos, "arch": arch, "version": "go" + version,
        "sha256": digest, "size": os.path.getsize(path), "kind": "archive"}]
    releases = sorted(index.values(), key=lambda r: sort_key(r["version"][2:]), reverse=True)
    tmp = os.path.join(root, "dl.json.%d" % os.getpid())
    with open(tmp, "w") as f:
        json.dump(releases, f, indent=1)
        f.write("\n")
    os.rename(tmp, os.path.join(root, "dl.json"))
    return path


def load_index(root):
    try:
        with open(os.path.join(root, "dl.json")) as f:
            return json.load(f)
    except FileNotFoundError:
        return []
