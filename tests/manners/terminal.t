#!/usr/bin/python3
"""On a terminal there is progress on stderr, which is erased at the end, and colours, which NO_COLOR turns off; elsewhere
neither."""

import os
import pty
import re
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

AUDIT = ("audit", "--format", "text", "device-crcs.bin", "conntrack-crcs")


def collect(fd, into):
    while True:
        try:
            text = os.read(fd, 65536)
        except OSError:
            return
        if not text:
            return
        into.append(text)


def watched(cwd, *args, out=False, err=False, **variables):
    """Runs the program with stdout and stderr each on its own terminal or pipe; returns what they got, and the status."""
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    ends = [pty.openpty() if terminal else os.pipe() for terminal in (out, err)]
    with subprocess.Popen([tap.KMODAUDIT, *args], cwd=cwd, stdin=subprocess.DEVNULL, stdout=ends[0][1], stderr=ends[1][1],
                          env={**environment, "TERM": "xterm", "LC_ALL": "C", "COLUMNS": "100", **variables}) as run:
        texts = [[], []]
        readers = [threading.Thread(target=collect, args=(end[0], text)) for end, text in zip(ends, texts)]
        for end, reader in zip(ends, readers):
            os.close(end[1])
            reader.start()
        status = run.wait(tap.PATIENCE)
        for end, reader in zip(ends, readers):
            reader.join()
            os.close(end[0])
    return [b"".join(text).decode(errors="replace") for text in texts] + [status]


def left(text):
    """What a terminal shows at the end: carriage return goes back, ESC [ K erases to the end of the line."""
    shown = ""
    for line in text.split("\n"):
        row, column = "", 0
        for piece in re.findall(r"\r|\x1b\[K|[^\r\x1b]+|\x1b", line):
            if piece == "\r":
                column = 0
            elif piece == "\x1b[K":
                row = row[:column]
            else:
                row = row[:column] + piece + row[column + len(piece):]
                column += len(piece)
        shown += row
    return shown


def progress(cwd):
    out, err, status = watched(cwd, *AUDIT, err=True)
    tap.equal(status, 1, "the status is that of a pipe")
    for what in ("reading device-crcs.bin", "reading packages", "judging"):
        tap.ok(f"\r\x1b[K{what}" in err, f"progress on a terminal: {what}")
    tap.equal(left(err), "", "nothing of it is left at the end")
    tap.ok("\x1b" not in out, "none of it on stdout")
    tap.ok(not re.search(r"\x1b\[[0-9;]*m", err), "it has no colours")
    plain = tap.kmodaudit(*AUDIT, cwd=cwd)
    tap.equal((out, ""), (plain.out, plain.err), "in pipes: the same report, and no progress")
    for options, variables in ((("-q",), {}), ((), {"TERM": "dumb"}), ((), {"TERM": ""})):
        out, err, _ = watched(cwd, *AUDIT, *options, err=True, **variables)
        tap.equal(err, "", f"{' '.join(options)}{variables or ''}: no progress on a terminal")
    out, err, status = watched(cwd, "audit", "device-crcs.bin", "nowhere", err=True)
    tap.equal((status, left(err).split(":")[0]), (3, "kmodaudit"), "an error stands where the progress was")


def gate(cwd):
    with open(os.path.join(cwd, "plan.yaml"), "w", encoding="utf-8") as file:
        file.write("schema: kmodaudit/plan/1\nimages: [{path: device.bin}, {path: device-crcs.bin}]\nfeeds: [{path: later}]\n")
    out, err, status = watched(cwd, "gate", "plan.yaml", err=True)
    for at in (1, 2):
        tap.ok(f"\r\x1b[Kjudging pair {at} of 2" in err, f"gate: progress, pair {at} of 2")
    tap.equal((left(err), "\x1b" in out), ("", False), "nothing of it is left")
    plain = tap.kmodaudit("gate", "-q", "plan.yaml", cwd=cwd)
    tap.equal((status, out), (plain.status, plain.out), "and the matrix is the same as without")
    tap.equal(watched(cwd, "gate", "-q", "plan.yaml", err=True)[1], "", "gate -q: no progress")


def forms(cwd):
    """Text on a terminal, YAML into a pipe or a file; --format overrides both."""
    def first(*args, **where):
        return watched(cwd, *args, NO_COLOR="1", **where)[0].replace("\r\n", "\n")

    def told(*args):
        return tap.kmodaudit(*args, cwd=cwd).out

    with open(os.path.join(cwd, "forms.yaml"), "w", encoding="utf-8") as file:
        file.write("schema: kmodaudit/plan/1\nimages: [{path: device-crcs.bin}]\nfeeds: [{path: conntrack-crcs}]\n")
    for command in (("audit", "device-crcs.bin", "conntrack-crcs"), ("gate", "forms.yaml")):
        name = command[0]
        yaml, text, written = told(*command), told(*command, "--format", "text"), os.path.join(cwd, name + ".out")
        tap.ok(yaml.startswith("# fail") and "\nschema: kmodaudit/" in yaml, f"{name}: YAML into a pipe")
        tap.equal(first(*command, out=True), text, f"{name}: text on a terminal")
        tap.equal(first(*command, "-o", "-", out=True), text, f"{name} -o -: standard output, so text, too")
        tap.equal(first(*command), yaml, f"{name}: stderr that is a pipe changes nothing")
        tap.equal(first(*command, err=True, out=False), yaml, f"{name}: nor does one that is a terminal")
        tap.equal(first(*command, "--format", "yaml", out=True), yaml, f"{name} --format yaml: YAML on a terminal")
        first(*command, "-o", written, out=True)
        with open(written, encoding="utf-8") as file:
            tap.equal(file.read(), yaml, f"{name} -o FILE at a terminal: YAML in the file")
    with open(os.path.join(cwd, "file.out"), "wb") as file:
        subprocess.run([tap.KMODAUDIT, "audit", "device-crcs.bin", "conntrack-crcs"], cwd=cwd, stdout=file, check=False)
    with open(os.path.join(cwd, "file.out"), encoding="utf-8") as file:
        tap.equal(file.read(), told("audit", "device-crcs.bin", "conntrack-crcs"), "YAML into a file")


def colors(cwd):
    def colored(*options, out=True, **variables):
        return "\x1b[" in watched(cwd, *AUDIT, *options, out=out, **variables)[0]

    tap.ok(colored(), "colours on a terminal")
    tap.ok(not colored(out=False), "none in a pipe")
    tap.ok(not colored(NO_COLOR="1"), "none with NO_COLOR")
    tap.ok(colored(NO_COLOR=""), "an empty NO_COLOR is none")
    tap.ok(not colored(TERM="dumb"), "none on a dumb terminal")
    tap.ok(colored("--color", "always", out=False, NO_COLOR="1"), "--color always: everywhere")
    tap.ok(not colored("--color", "never"), "--color never: nowhere")
    plain, painted = (watched(cwd, *AUDIT, "--color", word)[0] for word in ("never", "always"))
    tap.equal(re.sub(r"\x1b\[[0-9;]*m", "", painted), plain, "beside the colours it is the same text")


def typed(cwd):
    """A terminal where a file is expected does not wait for what is typed."""
    ends = pty.openpty()
    for args in (("facts", "-"), ("audit", "-", "conntrack-crcs")):
        ran = subprocess.run([tap.KMODAUDIT, *args], cwd=cwd, stdin=ends[1], capture_output=True, text=True, check=False, timeout=tap.PATIENCE)
        tap.equal((ran.returncode, ran.stdout, ran.stderr),
                  (3, "", "kmodaudit: -: standard input is a terminal, but a file is expected there\n"), f"{args[0]} - at a terminal")
    for end in ends:
        os.close(end)


def main():
    with tap.Scratch() as cwd:
        tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), cwd)
        progress(cwd)
        gate(cwd)
        forms(cwd)
        colors(cwd)
        typed(cwd)
    tap.done()


main()
