"""Runs the commands of a page of the documentation: makes its worlds, writes its files, runs its commands, and compares what they
print with the page. In a page,
    ```world          continues fixtures/founding.world
    ```yaml NAME      is the content of the file NAME
    ```console        has commands ($ ...) and their output; stdout is a pipe
    ```console tty    the same, with a terminal of 80 columns as stdout
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import tap

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
WIDTH = 80


def environment():
    path = os.path.dirname(tap.KMODAUDIT) + ":" + os.environ["PATH"]
    unset = ("COLUMNS", "LINES")
    return {**{key: value for key, value in os.environ.items() if key not in unset},
            "PATH": path, "NO_COLOR": "1", "LC_ALL": "C", "TERM": "xterm"}


def read_terminal(fd):
    text = b""
    while True:
        try:
            part = os.read(fd, 65536)
        except OSError:  # Linux reports the end of a terminal as EIO
            part = b""
        if not part:
            return text.decode(errors="replace").replace("\r\n", "\n")
        text += part


def with_status(command, status):
    """COMMAND as a shell sees it after a command that exited with STATUS, so that $? works."""
    return ["sh", "-c", f"(exit {status}); {command}"]


def confined(errors):
    """ERRORS without what a system that lacks landlock or seccomp makes the program say."""
    return "".join(line for line in errors.splitlines(keepends=True) if " are not confined by " not in line)


def shell_tty(command, at, status):
    """What COMMAND prints on a terminal, then what it prints on stderr; and its exit status."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("4H", 24, WIDTH, 0, 0))
    with os.fdopen(os.dup(its), "wb") as out, subprocess.Popen(with_status(command, status), cwd=at, env=environment(),
                                                                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE) as run:
        out.close()
        os.close(its)
        text = read_terminal(ours)
        errors = confined(run.stderr.read().decode(errors="replace"))
    os.close(ours)
    return text + errors, run.returncode


def shell(command, at, status):
    """What COMMAND prints into a pipe, then what it prints on stderr; and its exit status."""
    ran = subprocess.run(with_status(command, status), cwd=at, env=environment(), capture_output=True, text=True, check=False)
    return ran.stdout + confined(ran.stderr), ran.returncode


def console(text, at, run=shell):
    """The block with what its commands print now."""
    said, status = "", 0
    for line in text.splitlines():
        if line.startswith("$ "):
            printed, status = run(line[2:], at, status)
            said += line + "\n" + printed
    return said


class Page:
    """A page and its blocks: (kind, argument, text)."""

    def __init__(self, *path):
        self.path = os.path.join(tap.ROOT, *path)
        with open(self.path, encoding="utf-8") as file:
            self.text = file.read()
        self.blocks = BLOCK.findall(self.text)

    def make(self, at):
        """The founding story, continued by the page's worlds, and the page's files in AT."""
        with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
            story = file.read() + "\n" + "\n".join(text for kind, _, text in self.blocks if kind == "world")
        with open(os.path.join(at, ".world"), "w", encoding="utf-8") as file:
            file.write(story)
        tap.world(os.path.join(at, ".world"), at)
        for kind, name, text in self.blocks:
            if kind == "yaml" and name:
                with open(os.path.join(at, name), "w", encoding="utf-8") as file:
                    file.write(text)

    def run(self, at):
        """Runs every console block in AT and compares its output. UPDATE=1 writes the output of this run into the page."""
        now = self.text
        for kind, how, text in self.blocks:
            if kind != "console":
                continue
            said = console(text, at, shell_tty if how == "tty" else shell)
            tap.equal(said, text, f"{os.path.relpath(self.path, tap.ROOT)}: {text.splitlines()[0]}")
            now = now.replace(text, said)
        if os.environ.get("UPDATE"):
            with open(self.path, "w", encoding="utf-8") as file:
                file.write(now)
        self.text = now
