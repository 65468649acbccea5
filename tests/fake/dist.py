#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A loopback stand-in for the Go download site and a module proxy. Needs only python3.

  dist.py fake ROOT VERSION...         tiny toolchains: module zips, archives, dl.json, gover.sum, records
  dist.py repack ROOT ZIP|VERSION...   archives from real module zips; a VERSION is fetched from the upstream proxy
  dist.py serve ROOT                   all of it over HTTP

ROOT/proxy has the layout of a file:// proxy, and ROOT (dl.json, dl/) that of go.dev/dl.
From ROOT/records fakelog.py makes a checksum database of plain files, best in ROOT/proxy/sumdb/NAME.
The upstream proxy is $UPSTREAM_GOPROXY, else the first entry of `go env GOPROXY`.

Served:
  /dl/?mode=json[&include=all]  /dl/FILE (302 to /go/FILE)  /go/FILE  FILE.sha256
  /MODULE/@v/...  /MODULE/@latest  /sumdb/...    from ROOT/proxy, else from upstream, and kept there
  /-/log  requests as JSON lines    /-/reset  empties the log and resets the faults    /-/go  ends stalls from now on
A request in proxy form (GET http://host/path) is served by its path and logged with its host.
"""
import argparse
import hashlib
import json
import os
import re
import select
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import toolchains as tc  # noqa: E402


def upstream():
    p = os.environ.get("UPSTREAM_GOPROXY")
    if not p:
        p = subprocess.run(["go", "env", "GOPROXY"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    first = re.split("[,|]", p.strip())[0].rstrip("/")
    if not first.startswith("http"):
        raise OSError("no upstream proxy: GOPROXY is %r" % p)
    return first


class Faults:
    """What goes wrong, and how many times more."""

    def __init__(self, a):
        self.a, self.lock = a, threading.Lock()
        self.paths = re.compile(a.fault_paths)
        self.reset()

    def reset(self):
        self.left = self.a.times if self.a.times else 1 << 62

    def hit(self, path, enabled=True):
        """Whether a counted fault happens now."""
        if not enabled or not self.paths.search(path):
            return False
        with self.lock:
            self.left -= 1
            return self.left >= 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "dist", ""
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        s = self.server
        target, host = self.path, None
        m = re.match(r"http://([^/]+)(/.*)", target)
        if m:
            host, target = m.groups()
        with s.lock:
            s.requests.append({k: v for k, v in (
                ("method", self.command), ("path", target), ("proxied", host), ("range", self.headers.get("Range")),
                ("if_range", self.headers.get("If-Range")), ("auth", self.headers.get("Authorization")),
                ("agent", self.headers.get("User-Agent"))) if v is not None})
        u = urllib.parse.urlsplit(target)
        path = urllib.parse.unquote(u.path)
        try:
            if "\0" in path or ".." in path.split("/"):
                self.text(400, "bad path\n")
            elif path.startswith("/-/"):
                self.control(path)
            elif not self.fault(path):
                self.route(path, urllib.parse.parse_qs(u.query))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def control(self, path):
        s = self.server
        if path == "/-/log":
            with s.lock:
                self.text(200, "".join(json.dumps(r) + "\n" for r in s.requests[:-1]))
        elif path == "/-/go":
            s.go.set()
            self.text(200, "ok\n")
        elif path == "/-/reset":
            with s.lock:
                del s.requests[:]
            s.faults.reset()
            self.text(200, "ok\n")
        else:
            self.text(404, "not found\n")

    def fault(self, path):
        """Faults that replace the reply."""
        a, f = self.server.args, self.server.faults
        if a.delay and f.paths.search(path):
            time.sleep(a.delay)
        if (a.redirect_loop or a.redirect_to) and f.paths.search(path):
            self.text(302, "elsewhere\n", {"Location": self.path if a.redirect_loop else a.redirect_to + self.path})
            return True
        if f.hit(path, a.fail is not None):
            self.text(a.fail, "fault %d\n" % a.fail, {"Retry-After": str(a.retry_after)} if a.retry_after is not None else {})
            return True
        return False

    def text(self, code, body, headers=None, ctype="text/plain; charset=utf-8"):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(code)
        self.send_header("Content-Type", ctype)
        self.send_header("Content-Length", str(len(body)))
        for k, v in (headers or {}).items():
            self.send_header(k, v)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def route(self, path, query):
        a = self.server.args
        m = re.match(r"/(dl|go)/(go[0-9a-z.-]+\.(?:tar\.gz|zip)(?:\.sha256)?)$", path)
        if path in ("/dl", "/dl/") and query.get("mode") == ["json"]:
            self.index(query.get("include") == ["all"])
        elif m and (m.group(2).endswith(".sha256") and a.no_sidecar):
            self.text(404, "not found\n")
        elif m and m.group(1) == "dl" and not m.group(2).endswith(".sha256"):
            self.text(302, "found\n", {"Location": "/go/" + m.group(2)})
        elif m:
            self.file(os.path.join(a.root, "dl", m.group(2)))
        elif "/@v/" in path or path.endswith("/@latest") or path.startswith("/sumdb/"):
            self.proxy(path)
        else:
            self.text(404, "not found\n")

    def index(self, everything):
        releases = tc.load_index(self.server.args.root)
        if not everything:
            stable = [r for r in releases if r["stable"]]
            minors = sorted({tc.sort_key(r["version"][2:])[:2] for r in stable})[-2:]
            releases = [next(r for r in stable if tc.sort_key(r["version"][2:])[:2] == m) for m in reversed(minors)]
        body = json.dumps(releases, indent=1) + "\n"
        tag = '"%s"' % hashlib.sha256(body.encode()).hexdigest()[:16]
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
        else:
            self.text(200, body, {"ETag": tag}, "application/json")

    def proxy(self, path):
        a = self.server.args
        kept = os.path.join(a.root, "proxy", path.lstrip("/"))
        moving = path.endswith(("/@v/list", "/@latest", "/latest"))
        with self.server.lock:
            lock = self.server.locks.setdefault(kept, threading.Lock())
        with lock:
            if a.offline or (os.path.isfile(kept) and not moving):
                pass
            elif self.pass_through(path, kept):
                return
        if path == "/" + tc.MODULE + "/@v/list" and not os.path.isfile(kept):
            d = os.path.dirname(kept)
            zips = sorted(os.listdir(d)) if os.path.isdir(d) else []
            self.text(200, "".join(z[:-4] + "\n" for z in zips if z.endswith(".zip")))
        else:
            self.file(kept)

    def pass_through(self, path, kept):
        """Ask upstream, send its reply on and keep it. False: it is in `kept` now, serve that."""
        try:
            r = urllib.request.urlopen(upstream() + urllib.parse.quote(path, safe="/@!+.,-_~="), timeout=300)
        except urllib.error.HTTPError as e:
            self.text(e.code, e.read()[:4096])
            return True
        except OSError as e:
            if os.path.isfile(kept):
                return False
            self.text(502, "upstream: %s\n" % e)
            return True
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        tmp = "%s.%d.tmp" % (kept, threading.get_ident())
        # Faults need the whole file. With a slow upstream the client must get bytes meanwhile.
        relay = not self.server.faults.paths.search(path) or not self.server.args.faulty
        length = r.headers.get("Content-Length")
        relay = relay and length is not None and self.headers.get("Range") is None and self.command == "GET"
        if relay:
            self.send_response(200)
            self.send_header("Content-Length", length)
            self.end_headers()
        with r, open(tmp, "wb") as f:
            for block in iter(lambda: r.read(1 << 16), b""):
                f.write(block)
                if relay:
                    self.wfile.write(block)
        if length is not None and os.path.getsize(tmp) != int(length):
            os.unlink(tmp)
            self.close_connection = True
            return relay or (self.text(502, "upstream: cut\n") is None)
        os.rename(tmp, kept)
        return relay

    def file(self, path):
        try:
            f = open(path, "rb")
        except OSError:
            return self.text(404, "not found: %s\n" % os.path.basename(path))
        a, faults = self.server.args, self.server.faults
        with f:
            st = os.fstat(f.fileno())
            faulty = bool(faults.paths.search(self.path))
            size = min(st.st_size, a.truncate) if faulty and a.truncate is not None else st.st_size
            tag = '"%x-%x"' % (st.st_mtime_ns, size)
            if a.change_etag:
                tag = '"%x"' % time.monotonic_ns()
            headers = {} if a.no_etag else {"ETag": tag, "Last-Modified": formatdate(st.st_mtime, usegmt=True)}
            start, code = self.range(size, headers)
            if code == 416:
                return self.text(416, "", {"Content-Range": "bytes */%d" % size})
            length = size - start + (a.wrong_length if faulty else 0)
            if code == 206:
                headers["Content-Range"] = "bytes %d-%d/%d" % (start, size - 1, size)
            self.send_response(code)
            self.send_header("Content-Type", "application/octet-stream" if faults.paths.search(path) else "text/plain")
            self.send_header("Content-Length", str(length))
            for k, v in headers.items():
                self.send_header(k, v)
            self.end_headers()
            self.wfile.flush()
            if self.command != "HEAD":
                self.body(f, start, size, faulty)
            if length != size - start:
                self.close_connection = True

    def range(self, size, headers):
        m = re.match(r"bytes=(\d+)-$", self.headers.get("Range") or "")
        condition = self.headers.get("If-Range")
        if not m or self.server.args.no_range:
            return 0, 200
        if condition is not None and condition not in headers.values():
            return 0, 200
        start = int(m.group(1))
        return (start, 206) if start < size else (0, 416)

    def body(self, f, start, end, faulty):
        a = self.server.args
        stop, stall = end, False
        if faulty:
            for after, hold in ((a.drop_after, False), (a.stall_after, True)):
                if after is not None and end - start > after and self.server.faults.hit(self.path):
                    stop, stall = start + after, hold
        rate = a.rate if faulty else 0
        self.send_range(f, start, stop, rate, a.corrupt if faulty else None)
        if stall and self.told_to_go_on():
            self.send_range(f, stop, end, 0, None)
            stop = end
        if stop < end:
            self.close_connection = True

    def told_to_go_on(self):
        """Wait in a stall. False when the client gives up, True when a request for /-/go comes."""
        while not self.server.go.wait(0.05):
            if select.select([self.connection], [], [], 0)[0]:
                return False
        return True

    def send_range(self, f, pos, end, rate, corrupt):
        began, sent = time.monotonic(), 0
        step = 1 << 20 if not rate else max(1, min(1 << 14, rate // 10))
        while pos < end:
            n = min(step, end - pos)
            if corrupt is not None and pos <= corrupt < pos + n:
                f.seek(pos)
                block = bytearray(f.read(n))
                block[corrupt - pos] ^= 1
                self.connection.sendall(block)
            elif self.server.args.tls:
                f.seek(pos)
                self.connection.sendall(f.read(n))
            else:
                n = os.sendfile(self.connection.fileno(), f.fileno(), pos, n)
            pos += n
            sent += n
            if rate:
                time.sleep(max(0, sent / rate - (time.monotonic() - began)))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, args):
        super().__init__(("127.0.0.1", args.port), Handler)
        self.args, self.lock = args, threading.Lock()
        self.requests, self.locks = [], {}
        self.go = threading.Event()
        self.faults = Faults(args)
        args.faulty = any(v not in (None, 0, False) for k, v in vars(args).items() if k in FAULTS)
        if args.tls:
            import ssl
            ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            ctx.load_cert_chain(*args.tls)
            self.socket = ctx.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request, client_address):
        pass


def serve(a):
    s = Server(a)
    print("%s://127.0.0.1:%d" % ("https" if a.tls else "http", s.server_port), flush=True)
    if a.port_file:
        with open(a.port_file + ".tmp", "w") as f:
            f.write("%d\n" % s.server_port)
        os.rename(a.port_file + ".tmp", a.port_file)
    try:
        s.serve_forever()
    except KeyboardInterrupt:
        pass


def keep_meta(root, version, platform, when):
    base = os.path.join(root, "proxy", tc.MODULE, "@v", tc.modversion(version, platform))
    with open(base + ".info", "w") as f:
        json.dump({"Version": tc.modversion(version, platform), "Time": when}, f)
    with open(base + ".mod", "w") as f:
        f.write("module %s\n" % tc.MODULE)


def fake(a):
    for v in a.version:
        v = v[2:] if v.startswith("go") else v
        tc.sort_key(v)
        files = tc.fake_files(v, a.platform, a.size)
        zpath = os.path.join(a.root, "proxy", tc.MODULE, "@v", tc.modversion(v, a.platform) + ".zip")
        tc.write_module_zip(zpath, v, a.platform, files)
        keep_meta(a.root, v, a.platform, tc.FAKE_TIME)
        extra = {"api/go1.txt": b"pkg fake\n", "doc/README": b"doc\n", "misc/x.sh": b"#!/bin/sh\n",
                 "test/fixedbugs/issue27836.dir/\u00defoo.go": b"package foo\n"}
        tc.publish(a.root, v, a.platform, files, extra)
    write_sums(a.root)


def write_sums(root):
    d = os.path.join(root, "proxy", tc.MODULE, "@v")
    lines = "".join(tc.sum_lines(os.path.join(d, z)) for z in sorted(os.listdir(d)) if z.endswith(".zip"))
    with open(os.path.join(root, "gover.sum"), "w") as f:
        f.write(lines)
    with open(os.path.join(root, "records"), "w") as f:
        f.writelines(line + "\n" for line in lines.splitlines() if "/go.mod " not in line)


def download(root, version, platform):
    name = "%s/@v/%s.zip" % (tc.MODULE, tc.modversion(version, platform))
    path = os.path.join(root, "proxy", name)
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        tmp = "%s.%d" % (path, os.getpid())
        with urllib.request.urlopen(upstream() + "/" + name, timeout=300) as r, open(tmp, "wb") as f:
            for block in iter(lambda: r.read(1 << 20), b""):
                f.write(block)
        os.rename(tmp, path)
    return path


def repack(a):
    for what in a.zip:
        if not what.endswith(".zip"):
            what = download(a.root, what[2:] if what.startswith("go") else what, a.platform)
        version, platform, files = tc.read_module_zip(what)
        files.pop("go.mod", None)  # belongs to the module, not to the SDK
        extra = {"test/pad/%03d/f%05d.go" % (i // 100, i): b"package pad\n" * (8 + i % 120) for i in range(a.pad)}
        print(tc.publish(a.root, version, platform, files, extra, a.level))


FAULTS = ("drop_after", "stall_after", "rate", "corrupt", "truncate", "wrong_length", "no_range", "no_etag", "change_etag")


def arguments():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = ap.add_subparsers(dest="command", metavar="COMMAND")
    p = sub.add_parser("fake")
    p.add_argument("root")
    p.add_argument("version", nargs="+")
    p.add_argument("--platform", default="linux-amd64")
    p.add_argument("--size", type=int, default=100000, metavar="BYTES", help="bytes of data that does not compress")
    p.set_defaults(run=fake)
    p = sub.add_parser("repack")
    p.add_argument("root")
    p.add_argument("zip", nargs="+")
    p.add_argument("--platform", default="linux-amd64", help="platform of a VERSION that is fetched")
    p.add_argument("--level", type=int, default=6, help="gzip level; the publisher's is 9, which is slow")
    p.add_argument("--pad", type=int, default=0, metavar="N", help="add N files below test/, like the publisher's")
    p.set_defaults(run=repack)
    p = sub.add_parser("serve")
    p.add_argument("root")
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--port-file", metavar="FILE", help="gets the port number once the server listens")
    p.add_argument("--offline", action="store_true", help="never ask the upstream proxy")
    p.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    g = p.add_argument_group("faults")
    g.add_argument("--fault-paths", default=r"\.(zip|tar\.gz)$", metavar="REGEX", help="faults happen for these paths")
    g.add_argument("--times", type=int, default=0, metavar="K", help="only the first K drops, stalls and failures")
    for name in ("--drop-after", "--stall-after", "--corrupt", "--truncate"):
        g.add_argument(name, type=int, metavar="BYTES")
    g.add_argument("--rate", type=int, default=0, metavar="BYTES/S")
    g.add_argument("--wrong-length", type=int, default=0, metavar="BYTES", help="added to Content-Length")
    g.add_argument("--fail", type=int, metavar="STATUS")
    g.add_argument("--retry-after", type=int, metavar="S")
    g.add_argument("--delay", type=float, default=0, metavar="S")
    g.add_argument("--redirect-to", metavar="URL", help="the same path there")
    for name in ("--redirect-loop", "--no-range", "--no-etag", "--change-etag", "--no-sidecar"):
        g.add_argument(name, action="store_true")
    p.set_defaults(run=serve)
    a = ap.parse_args()
    if not a.command:
        ap.error("a command is missing")
    return a


if __name__ == "__main__":
    args = arguments()
    args.run(args)
