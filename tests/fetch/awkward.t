#!/usr/bin/python3
"""Feeds from a server that misbehaves: cut connections, temporary errors, wrong answers to ranges, endless bodies, two runs at
once, and a run that is killed."""

import os
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
import server  # noqa: E402

BIG = 3 << 20


def environment(root, cache):
    return {"XDG_CACHE_HOME": os.path.join(root, cache), "no_proxy": "*", "http_proxy": "", "all_proxy": ""}


def fetch(root, url, cache, *args):
    return tap.audit("--timeout", str(tap.PATIENCE), *args, "device.bin", url, cwd=root + "/www", env=environment(root, cache))


def package(ran):
    found = ran.report() and [package for package in ran.report()["packages"] if package["name"] == "kmod-nfnetlink"]
    return found[0] if found else {}


def trouble(ran):
    return next((finding["text"] for finding in package(ran).get("findings", []) if finding["id"] == "package-unreadable"), ran.err)


def made_large(www, name):
    """Makes the package so long that it does not arrive in one piece, and an index with that length."""
    feed = www + "/later"
    with open(f"{feed}/{name}", "ab") as file:
        file.write(os.urandom(BIG))
    with open(f"{feed}/{name}", "rb") as file:
        body = file.read()
    with open(feed + "/Packages", encoding="utf-8") as file:
        stanzas = file.read().strip().split("\n\n")
    lines = []
    for stanza in stanzas:
        large = f"Filename: {name}" in stanza or f"Filename: ./{name}" in stanza
        for line in stanza.split("\n"):
            if large and line.startswith("Size:"):
                line = f"Size: {len(body)}"
            if large and line.startswith("SHA256sum:"):
                line = f"SHA256sum: {server.sha256(body)}"
            lines.append(line)
        lines.append("")
    with open(feed + "/Packages", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.remove(feed + "/Packages.gz")


def cuts(awkward, root, path, url):
    def cut_first(handler, times):
        if times > 1:
            return False
        body = handler.body()
        handler.answer(200, body[:BIG // 2], {"ETag": '"one"'}, len(body))
        handler.cut()
        return True

    awkward.on(path, cut_first)
    ran = fetch(root, url, "cut")
    asked = awkward.asked(path)
    tap.ok(package(ran).get("modules"), "a connection that is cut: the package")
    tap.equal(len(asked), 2, "in two requests")
    start = int(asked[1][0][len("bytes="):-1]) if asked[1][0] else 0
    tap.ok(0 < start <= BIG // 2, f"the second for the rest (from {start})")
    tap.equal(asked[1][1], '"one"', "if it is still the same (If-Range)")

    def cut_always(handler, times):
        body = handler.body()
        handler.answer(200, body[:1000], {"ETag": f'"{times}"'}, len(body))
        handler.cut()
        return True

    awkward.on(path, cut_always)
    ran = fetch(root, url, "cuts")
    tap.equal(len(awkward.asked(path)), 5, "a connection that is cut each time: five tries")
    tap.ok("the connection ended before the file was complete (5 tries)" in trouble(ran), "and that is told")
    awkward.on(path, lambda *_: False)
    ran = fetch(root, url, "cuts")
    tap.ok(package(ran).get("modules"), "the next run has it")


def ranges(awkward, root, path, url):
    def half(handler):
        body = handler.body()
        handler.answer(200, body[:BIG // 2], {"ETag": '"one"'}, len(body))
        handler.cut()

    def ignored(handler, times):
        if times == 1:
            half(handler)
        else:
            handler.answer(200, handler.body(), {"ETag": '"two"'})
        return True

    def elsewhere(handler, times):
        body = handler.body()
        if times == 1:
            half(handler)
        elif times == 2:
            handler.answer(206, body[5:], {"Content-Range": f"bytes 5-{len(body) - 1}/{len(body)}"})
        else:
            return False
        return True

    def refused(handler, times):
        if times == 1:
            half(handler)
        elif times == 2:
            handler.answer(416, b"")
        else:
            return False
        return True

    def foreign(handler, times):
        body = handler.body()
        if times == 1:
            half(handler)
        elif times == 2:
            start = int(handler.headers["Range"][len("bytes="):-1])
            handler.answer(206, b"x" * (len(body) - start), {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"})
        else:
            return False
        return True

    for plan, what in ((ignored, "a server that sends the whole again"), (elsewhere, "a server that sends another part"),
                       (refused, "a server that has not that part (416)"), (foreign, "a rest that is of another file")):
        awkward.on(path, plan)
        ran = fetch(root, url, plan.__name__)
        tap.ok(package(ran).get("modules") and not any(finding["id"] == "feed-checksum" for finding in
                                                       ran.report()["feeds"][0].get("findings", [])),
               f"{what}: the right bytes")


def passing(awkward, root, path, url):
    def busy(handler, times):
        if times > 2:
            return False
        handler.answer(503, b"busy\n" * 10)
        return True

    awkward.on(path, busy)
    ran = fetch(root, url, "busy")
    tap.ok(package(ran).get("modules") and len(awkward.asked(path)) == 3, "503 twice, then the file: the package")

    def patience(handler, times):
        if times > 1:
            return False
        handler.answer(429, b"", {"Retry-After": "2"})
        return True

    awkward.on(path, patience)
    before = time.monotonic()
    ran = fetch(root, url, "patience")
    tap.ok(package(ran).get("modules") and time.monotonic() - before >= 2, "429 with Retry-After: it waits that long")

    awkward.on(path, lambda handler, times: handler.answer(503, b"", {"Retry-After": "86400"}) or True)
    before = time.monotonic()
    ran = fetch(root, url, "tomorrow", "--timeout", "1")
    tap.ok("the server answered 503 (5 tries)" in trouble(ran) and time.monotonic() - before < 60,
           "503 with Retry-After of a day: --timeout is the most that it waits for a try")

    awkward.on(path, lambda handler, times: handler.answer(500, b"") or True)
    ran = fetch(root, url, "down")
    tap.ok("the server answered 500 (5 tries)" in trouble(ran), "500 each time: told after five tries")
    awkward.on(path, lambda handler, times: handler.answer(403, b"x" * 200000) or True)
    ran = fetch(root, url, "forbidden")
    tap.ok("the server answered 403" in trouble(ran) and len(awkward.asked(path)) == 1, "403: told at once")
    index = "/later/Packages"
    awkward.on(index, lambda handler, times: handler.answer(500, b"") or True)
    ran = fetch(root, url, "noindex")
    tap.ok(ran.status == 3 and "later/Packages: the server answered 500" in ran.err and not ran.out, "500 for the index: status 3 and why")


def endless(awkward, root, path, url):
    sent = []

    def stream(handler, _):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(1000):
                handler.wfile.write(b"x" * 65536)
                sent.append(65536)
        except OSError:
            pass
        return True

    awkward.on(path, stream)
    ran = fetch(root, url, "endless")
    tap.ok("the server sends more than the" in trouble(ran), "a body without an end: told")
    tap.ok(sum(sent) < 40 << 20, "and not read to the end")
    tap.equal([name for name in os.listdir(f"{root}/endless/kmodaudit/partial") if not name.endswith(".tag")], [], "and not kept")


def together(awkward, root, url):
    awkward.on("/nothing", None)
    runs = [subprocess.Popen([tap.KMODAUDIT, "audit", "device.bin", url], cwd=root + "/www", stdout=subprocess.PIPE,
                             env={**os.environ, **environment(root, "together")}) for _ in range(4)]
    said = {run.communicate(timeout=tap.PATIENCE)[0] for run in runs}
    tap.ok(len(said) == 1 and b"kmod-nfnetlink" in said.pop(), "four runs at once on one empty cache: the same report")
    tap.equal([name for name in os.listdir(f"{root}/together/kmodaudit/partial") if not name.endswith(".tag")], [], "nothing is left half")


def killed(awkward, root, path, url):
    ended = threading.Event()

    def stall(handler, times):
        if times > 1:
            return False
        body = handler.body()
        try:
            handler.answer(200, body[:BIG // 2], {"ETag": '"one"'}, len(body))
            handler.wfile.flush()
            ended.wait(tap.PATIENCE)
        except OSError:
            pass
        return True

    awkward.on(path, stall)
    run = subprocess.Popen([tap.KMODAUDIT, "audit", "device.bin", url], cwd=root + "/www", stdout=subprocess.DEVNULL,
                           env={**os.environ, **environment(root, "killed")})
    while run.poll() is None:
        time.sleep(0.05)
        partial = root + "/killed/kmodaudit/partial"
        if os.path.isdir(partial) and any(os.path.getsize(f"{partial}/{name}") > BIG // 4 for name in os.listdir(partial)):
            break
    run.send_signal(signal.SIGKILL)
    run.wait()
    ended.set()
    ran = fetch(root, url, "killed")
    asked = awkward.asked(path)
    tap.ok(package(ran).get("modules"), "after a run that was killed: the package")
    tap.ok(len(asked) == 2 and asked[1][0] and asked[1][0] != "bytes=0-", f"the rest only ({asked[1:]})")


def terminal(root, url):
    """stderr is a terminal: progress; with -q none."""
    for options, shown in (((), True), (("-q",), False)):
        master, slave = os.openpty()
        with subprocess.Popen([tap.KMODAUDIT, "audit", *options, "device.bin", url], cwd=root + "/www", stderr=slave,
                              stdout=subprocess.DEVNULL, env={**os.environ, **environment(root, f"terminal{shown}"), "TERM": "xterm"}) as run:
            run.wait(tap.PATIENCE)
        os.close(slave)
        os.set_blocking(master, False)
        try:
            text = os.read(master, 65536)
        except OSError:
            text = b""
        os.close(master)
        tap.equal(b"fetching " in text and b" files, " in text, shown, f"progress on a terminal{' but not with -q' if not shown else ''}")


def main():
    with tap.Scratch() as root:
        www = root + "/www"
        os.makedirs(www)
        tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), www)
        name = next(name for name in os.listdir(www + "/later") if name.startswith("kmod-nfnetlink_"))
        made_large(www, name)
        path = "/later/" + name
        awkward = server.Awkward(www)
        url = awkward.url("later")
        cuts(awkward, root, path, url)
        ranges(awkward, root, path, url)
        passing(awkward, root, path, url)
        endless(awkward, root, path, url)
        together(awkward, root, url)
        killed(awkward, root, path, url)
        terminal(root, url)
        awkward.stop()
    tap.done()


main()
