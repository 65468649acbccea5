#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: terminal.py ROWSxCOLUMNS [-s 'REGEX=ACTION']... -- COMMAND...

Runs COMMAND on a terminal of that size and shows what a person would have seen. Each step waits until the screen matches REGEX, prints
the screen, and acts:

    int            types Ctrl-C; says "a cell gets what is typed" when that reaches more than COMMAND
    all            sends SIGTERM to COMMAND and all its descendants
    term NAME      sends SIGTERM to the descendants of COMMAND with that name
    open FIFO      opens FIFO for writing, which lets its reader go on
    get URL        asks a server
    size RxC       makes the terminal this size
    look           nothing more

At the end the screen is printed, with what scrolled out of it above, and "cursor hidden" and "coloured" when they apply. A line that reached the last
column is an error, as is a step that does not come within two minutes. The exit status is COMMAND's.
"""
import os, pty, re, select, signal, struct, sys, termios, time, fcntl, urllib.request

PATIENCE = 120


class Screen:
    """As much of a terminal as a progress display may use; anything else is an error."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.lines, self.gone = [''], []
        self.y = self.x = 0
        self.hidden = self.coloured = False
        self.widest = 0
        self.rest = b''

    def feed(self, data):
        data = self.rest + data
        self.rest = b''
        at = 0
        while at < len(data):
            if data[at:at + 1] == b'\x1b':
                m = re.match(rb'\x1b\[(\??)([0-9;]*)([A-Za-z])', data[at:])
                if not m:
                    if len(data) - at < 16:
                        self.rest = data[at:]
                        return
                    raise SystemExit('unknown escape %r' % data[at:at + 20])
                self.escape(m.group(1), m.group(2), m.group(3).decode())
                at += m.end()
                continue
            n = 1
            while n < 4 and at + n < len(data) and data[at + n] & 0xc0 == 0x80:
                n += 1
            self.char(data[at:at + n].decode(errors='replace'))
            at += n

    def escape(self, private, args, what):
        n = int(args or 1) if args.isdigit() or not args else 0
        if what == 'A':
            self.y = max(0, self.y - n)
        elif what == 'K':
            self.lines[self.y] = self.lines[self.y][:self.x]
        elif what == 'J':
            self.lines[self.y] = self.lines[self.y][:self.x]
            del self.lines[self.y + 1:]
        elif what in 'hl' and private and args == '25':
            self.hidden = what == 'l'
        elif what == 'm':
            self.coloured = True
        else:
            raise SystemExit('unknown escape [%s%s' % (args, what))

    def char(self, c):
        if c == '\r':
            self.x = 0
        elif c == '\n':
            self.y += 1
            while self.y >= len(self.lines):
                self.lines.append('')
            while len(self.lines) > self.rows:
                self.gone.append(self.lines.pop(0))
                self.y -= 1
        elif c >= ' ':
            line = self.lines[self.y].ljust(self.x)
            self.lines[self.y] = line[:self.x] + c + line[self.x + 1:]
            self.x += 1
            self.widest = max(self.widest, self.x)
        else:
            raise SystemExit('control character %r' % c)

    def text(self):
        return '\n'.join(self.lines)


class Run:
    def __init__(self, rows, columns, command):
        self.screen = Screen(rows, columns)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
            os.execvp(command[0], command)

    def read(self, seconds):
        """What came; false at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b''
        self.screen.feed(data)
        return data != b''

    def wait_for(self, regex):
        end = time.monotonic() + PATIENCE
        while not re.search(regex, self.screen.text(), re.M):
            if time.monotonic() > end or not self.read(0.1):
                print(self.screen.text())
                os.kill(self.pid, signal.SIGKILL)
                raise SystemExit("the screen never matched '%s'" % regex)

    def family(self, pid):
        """The process and its descendants, the youngest first."""
        with open('/proc/%d/task/%d/children' % (pid, pid)) as f:
            children = f.read().split()
        return [p for child in children for p in self.family(int(child))] + [pid]

    def act(self, action):
        word, _, arg = action.partition(' ')
        if word == 'int':
            if any(os.getpgid(p) == os.getpgid(self.pid) for p in self.family(self.pid)[:-1]):
                print('a cell gets what is typed')
            os.write(self.fd, b'\x03')
        elif word == 'all':
            for pid in self.family(self.pid):
                os.kill(pid, signal.SIGTERM)
        elif word == 'term':
            for pid in self.family(self.pid):
                with open('/proc/%d/comm' % pid) as f:
                    if f.read().strip() == arg:
                        os.kill(pid, signal.SIGTERM)
        elif word == 'open':
            os.close(os.open(arg, os.O_WRONLY))
        elif word == 'get':
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(arg).read()
        elif word == 'size':
            rows, columns = map(int, arg.split('x'))
            self.screen.rows, self.screen.columns, self.screen.widest = rows, columns, 0
            fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def check(self):
        if self.screen.widest >= self.screen.columns:
            raise SystemExit('a line of %d characters in %d columns' % (self.screen.widest, self.screen.columns))


def main(argv):
    rows, columns = map(int, argv[1].split('x'))
    split = argv.index('--')
    run = Run(rows, columns, argv[split + 1:])
    for step in argv[3:split:2]:
        regex, _, action = step.rpartition('=')
        run.wait_for(regex)
        print('--- %s\n%s' % (regex, run.screen.text()))
        run.check()
        run.act(action)
    end = time.monotonic() + PATIENCE
    while run.read(1):
        if time.monotonic() > end:
            os.kill(run.pid, signal.SIGKILL)
            raise SystemExit('the command does not end')
    print('--- end\n%s' % '\n'.join(run.screen.gone + run.screen.lines))
    if run.screen.hidden:
        print('cursor hidden')
    if run.screen.coloured:
        print('coloured')
    status = os.waitstatus_to_exitcode(os.waitpid(run.pid, 0)[1])
    sys.exit(status if status >= 0 else 128 - status)


main(sys.argv)
