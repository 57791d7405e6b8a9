#!/usr/bin/python3
"""The text output at four widths: it fits, no word is cut, and it equals the file text-WIDTH.txt, byte for byte (UPDATE=1 writes
them). The width is that of the terminal, else COLUMNS, else 80."""

import difflib
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTHS = (60, 80, 100, 200)

WORLD = """
	build wide like release
{modules}
		module mii
			exports mii_link
		module net
			imports mii_link
		module odd
			imports nobody_exports_this_symbol
		package kmod-net
			contains net
			depends kmod-mii
		package kmod-net-as-well
			contains net
			depends kmod-mii
		package kmod-odd
			contains odd
{packages}
	feed wide from wide
		holds kmod-net kmod-net-as-well kmod-odd {names}
		index
		ghost kmod-ghost-1
		ghost kmod-ghost-2
		ghost kmod-ghost-3
	feed foreign from conntrack-crcs
		holds kmod-nfnetlink kmod-nfnetlink-queue
"""


def world(directory):
    names = [f"kmod-driver-{'x' * (number % 17)}{number}" for number in range(40)]
    modules = "".join(f"\t\tmodule d{number}\n\t\t\timports printk\n" for number in range(40))
    packages = "".join(f"\t\tpackage {name}\n\t\t\tcontains d{number}\n" for number, name in enumerate(names))
    with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
        story = file.read()
    told = WORLD.replace("\n\t", "\n").format(modules=modules[:-1].replace("\t\t", "\t", 1).replace("\n\t\t", "\n\t"),
                                              packages=packages[:-1].replace("\t\t", "\t", 1).replace("\n\t\t", "\n\t"),
                                              names=" ".join(names))
    path = os.path.join(directory, ".world")
    with open(path, "w", encoding="utf-8") as file:
        file.write(story + told)
    tap.world(path, directory)
    with open(os.path.join(directory, "plan.yaml"), "w", encoding="utf-8") as file:
        file.write(PLAN)


RUNS = (("audit", "device.bin", "wide"), ("audit", "device-crcs.bin", "foreign"), ("audit", "--only", "kmod-odd", "device.bin", "wide"),
        ("audit", "--only", "kmod-driver-*7", "device.bin", "wide"), ("gate", "plan.yaml"))
PLAN = """schema: kmodaudit/plan/1
images:
  - path: device.bin
  - path: device-crcs.bin
  - {path: device.bin, name: the-device-of-the-release-team-in-the-laboratory-on-the-second-floor}
  - {path: device-crcs.bin, name: bench-1}
  - {path: device-crcs.bin, name: bench-2}
  - {path: device-crcs.bin, name: bench-3}
  - {path: device.bin, name: bench-4}
  - {path: device.bin, name: bench-5}
feeds:
  - path: wide
  - path: foreign
  - {path: later, name: the-feed-that-the-autumn-release-will-have-once-it-is-published}
pairs:
  - {image: "device.bin", feed: wide}
  - {image: "*", feed: "the*"}
  - {image: "*crcs*", feed: foreign}
"""


def printed(directory, width):
    text = ""
    for words in RUNS:
        ran = tap.kmodaudit(*words, "--format", "text", cwd=directory, env={"COLUMNS": str(width)})
        tap.ok(ran.sane() and not ran.err, f"{width} columns: {' '.join(words)}")
        text += f"$ kmodaudit {' '.join(words)}\n{ran.out}\n"
    return text


def words_of(text):
    return set(text.split())


def golden(directory, everything):
    for width in WIDTHS:
        text = printed(directory, width)
        path = os.path.join(HERE, f"text-{width}.txt")
        if os.environ.get("UPDATE"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        with open(path, encoding="utf-8") as file:
            wanted = file.read()
        if not tap.ok(text == wanted, f"{width} columns: text-{width}.txt"):
            tap.note("\n".join(difflib.unified_diff(wanted.splitlines(), text.splitlines(), "expected", "got", "", "", 0, "")))
        long = [line for line in text.splitlines() if len(line) > width and not line.startswith("$") and max(map(len, line.split())) < width - 6]
        tap.equal(long, [], f"{width} columns: every line fits")
        # a narrow text leaves out more names than a wide one: the numbers of those left out differ
        cut = [word for word in words_of(text) - everything if not re.fullmatch(r"\d+", word)]
        tap.equal(cut, [], f"{width} columns: no word is cut")


def on_terminal(directory, width, columns):
    """What a terminal of WIDTH columns gets, COLUMNS set to another number."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 25, width, 0, 0))
    environment = {**os.environ, "COLUMNS": columns, "NO_COLOR": "1", "TERM": "xterm", "LC_ALL": "C"}
    with subprocess.Popen([tap.KMODAUDIT, "audit", "-q", "--format", "text", "device.bin", "wide"], cwd=directory, stdout=slave,
                          stderr=subprocess.DEVNULL, env=environment) as run:
        os.close(slave)
        text = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            text += part
        run.wait(tap.PATIENCE)
    os.close(master)
    return text.decode().replace("\r\n", "\n")


def widths(directory):
    def piped(columns):
        return tap.kmodaudit("audit", "--format", "text", "device.bin", "wide", cwd=directory, env={"COLUMNS": columns}).out

    for width in WIDTHS:
        tap.equal(on_terminal(directory, width, "72"), piped(str(width)), f"a terminal of {width} columns")
    tap.equal(on_terminal(directory, 0, "72"), piped("72"), "a terminal that does not know its width: COLUMNS")
    for odd in ("", "0", "-5", "wide", "99999999999999999999"):
        tap.equal(piped(odd), piped("80"), f"COLUMNS='{odd}': 80 columns")
    tap.equal(piped("3"), piped("40"), "never less than 40 columns")


def main():
    with tap.Scratch() as directory:
        world(directory)
        everything = {"more:", "-v", "lists", "them"} | words_of("".join(printed(directory, width) for width in (400, 900)))
        for words in RUNS:
            everything |= words_of(tap.kmodaudit(*words, "--format", "text", "-v", cwd=directory, env={"COLUMNS": "900"}).out)
        golden(directory, everything)
        widths(directory)
    tap.done()


main()
