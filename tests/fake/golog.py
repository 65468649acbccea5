# SPDX-License-Identifier: MIT
"""A checksum database of our own, for tests: Ed25519 (RFC 8032), the hashes of RFC 6962, tiles and signed
notes as golang.org/x/mod/sumdb has them. Slow and short; nothing here is for real secrets."""
import base64
import hashlib
import os
import re

import toolchains as tc

SEED = "gover test database"

Q = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, Q - 2, Q) % Q
HEIGHT = 8
WIDTH = 1 << HEIGHT


def _recover_x(y):
    xx = (y * y - 1) * pow(D * y * y + 1, Q - 2, Q)
    x = pow(xx, (Q + 3) // 8, Q)
    if (x * x - xx) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    return x if x % 2 == 0 else Q - x


_GY = 4 * pow(5, Q - 2, Q) % Q
_GX = _recover_x(_GY)
BASE = (_GX, _GY, 1, _GX * _GY % Q)


def _add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % Q, (p[1] + p[0]) * (q[1] + q[0]) % Q
    c, d = 2 * p[3] * q[3] * D % Q, 2 * p[2] * q[2] % Q
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % Q, g * h % Q, f * g % Q, e * h % Q


def _mul(s, p):
    r = (0, 1, 1, 0)
    while s:
        if s & 1:
            r = _add(r, p)
        p = _add(p, p)
        s >>= 1
    return r


def _pack(p):
    z = pow(p[2], Q - 2, Q)
    x, y = p[0] * z % Q, p[1] * z % Q
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _expand(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & ~7 & ~(1 << 255) | 1 << 254
    return a & (1 << 255) - 1, h[32:]


def public_key(seed):
    return _pack(_mul(_expand(seed)[0], BASE))


def sign(seed, msg):
    a, prefix = _expand(seed)
    pub = _pack(_mul(a, BASE))
    r = int.from_bytes(hashlib.sha512(prefix + msg).digest(), "little") % L
    rs = _pack(_mul(r, BASE))
    k = int.from_bytes(hashlib.sha512(rs + pub + msg).digest(), "little") % L
    return rs + ((r + k * a) % L).to_bytes(32, "little")


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(a, b):
    return hashlib.sha256(b"\1" + a + b).digest()


class Log:
    """records: texts, each of lines that end in a newline."""

    def __init__(self, name, seed, records):
        self.name, self.seed, self.records = name, hashlib.sha256(seed.encode()).digest(), records
        self.levels = [[leaf_hash(r.encode()) for r in records]]
        while len(self.levels[-1]) > 1:
            below = self.levels[-1]
            self.levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
        pub = b"\1" + public_key(self.seed)
        self.key_hash = hashlib.sha256(name.encode() + b"\n" + pub).digest()[:4]
        self.vkey = "%s+%s+%s" % (name, self.key_hash.hex(), base64.b64encode(pub).decode())

    def root(self, size):
        root, done, level = None, size, 0
        while done >> level:
            if (done >> level) & 1:
                h = self.levels[level][(done >> level) - 1]
                root = h if root is None else node_hash(h, root)
            level += 1
        return root if root is not None else hashlib.sha256(b"").digest()

    def head(self, size, root=None, break_signature=False):
        root = root if root is not None else self.root(size)
        text = "go.sum database tree\n%d\n%s\n" % (size, base64.b64encode(root).decode())
        sig = bytearray(sign(self.seed, text.encode()))
        if break_signature:
            sig[5] ^= 1
        return text + "\n\u2014 %s %s\n" % (self.name, base64.b64encode(self.key_hash + bytes(sig)).decode())

    def tile(self, level, n, width):
        """Hashes of tree level 8*level from 256*n, or None when the log is not that long."""
        hashes = self.levels[level * HEIGHT] if level * HEIGHT < len(self.levels) else []
        got = hashes[n * WIDTH:n * WIDTH + width]
        return b"".join(got) if len(got) == width else None

    def find(self, path, version):
        want = "%s %s " % (path, version)
        for i, r in enumerate(self.records):
            if r.startswith(want):
                return i
        return None


class Database:
    """The checksum database over the zips in ROOT/proxy, with the lies it was told to tell."""

    def __init__(self, name, root, lie):
        self.name, self.lie = name, lie
        d = os.path.join(root, "proxy", tc.MODULE, "@v")
        zips = sorted(f for f in os.listdir(d) if f.endswith(".zip"))
        records = [tc.sum_lines(os.path.join(d, z)) for z in zips]
        # Enough company for a tree with full and partial tiles.
        records = ["example.com/m%d v1.0.0 h1:%s=\n" % (i, "A" * 43) for i in range(300)] + records
        if lie == "wrong-hash":
            records = [re.sub("h1:.", "h1:/", r, count=1) for r in records]
        if lie == "fork":
            records[7] = "example.com/fork v1.0.0 h1:%s=\n" % ("B" * 43)
        if lie == "grown":
            records += ["example.com/new%d v1.0.0 h1:%s=\n" % (i, "A" * 43) for i in range(300)]
        self.log = Log(name, SEED, records)
        self.size = len(records)

    def get(self, path):
        """The body, or None for 404."""
        if path == "supported":
            return b""
        if path == "latest":
            return self.log.head(self.size, break_signature=self.lie == "signature").encode()
        m = re.match(r"lookup/(.+)@(.+)$", path)
        if m:
            return self.lookup(m.group(1), m.group(2))
        m = re.match(r"tile/8/(\d+)/((?:x\d{3}/)*\d{3})(?:\.p/(\d+))?$", path)
        if not m:
            return None
        n = int(m.group(2).replace("x", "").replace("/", ""))
        tile = self.log.tile(int(m.group(1)), n, int(m.group(3) or 256))
        if tile is not None and self.lie == "tile" and m.group(1) == "0":
            tile = bytes([tile[0] ^ 1]) + tile[1:]
        return tile

    def lookup(self, module, version):
        i = self.log.find(module, version)
        if i is None:
            return None
        text = self.log.records[i]
        if self.lie == "no-line":
            text = text.replace(" h1:", "-other h1:")
        head = self.log.head(self.size, break_signature=self.lie == "signature")
        return ("%d\n%s\n%s" % (i, text, head)).encode()
