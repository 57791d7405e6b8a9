#!/usr/bin/python3
"""Feeds from nginx, plain and with TLS: files are fetched in parallel, none of them twice, and each failure is reported with its
cause."""

import contextlib
import gzip
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
import server  # noqa: E402

if not server.nginx():
    tap.skip_all("no nginx: scripts/setup test fetches it")


def fetch(directory, *args, cache="cache", **environment):
    where = {"XDG_CACHE_HOME": os.path.join(directory, cache), "CURL_CA_BUNDLE": "", "SSL_CERT_FILE": "", "SSL_CERT_DIR": "",
             "no_proxy": "", "NO_PROXY": "", "http_proxy": "", "https_proxy": "", "HTTPS_PROXY": "", "all_proxy": "",
             "ALL_PROXY": ""}
    return tap.audit("--timeout", str(tap.PATIENCE), "device.bin", *args, cwd=directory + "/www", env={**where, **environment})


def without_place(report, place):
    return report.replace(f'"{place}', '"').replace(place, "").replace('"', "")


def row_change(directory, old, new):
    with open(directory + "/Packages", encoding="utf-8") as file:
        text = file.read()
    with open(directory + "/Packages", "w", encoding="utf-8") as file:
        file.write(text.replace(old, new, 1))


def only_plain(www, name, like="later"):
    """A copy of a feed without Packages.gz."""
    shutil.copytree(f"{www}/{like}", f"{www}/{name}")
    os.remove(f"{www}/{name}/Packages.gz")
    return f"{www}/{name}"


def package(report, name):
    return next(package for package in report["packages"] if package["name"] == name)


def problem(ran, name="kmod-nfnetlink"):
    """The report's text about a package that could not be fetched."""
    report = ran.report()
    said = next((finding["text"] for finding in package(report, name)["findings"]
                 if finding["id"] == "package-unreadable"), "") if report else ran.err
    return said.removeprefix("the package cannot be read: ")


def whole(nginx, root, www):
    local = tap.audit("device.bin", "later", cwd=www)
    first = fetch(root, nginx.url("later"))
    tap.equal(first.status, local.status, "a feed from nginx: the status of the same feed on disk")
    tap.equal(without_place(first.out, nginx.url("later")), without_place(local.out, "later"), "and the same report but for the place")
    tap.equal(first.err, "", "nothing on stderr when it is no terminal")
    asked = nginx.asked()
    tap.ok(any(path == "/later/Packages.gz" for _, path, *_ in asked), "the gzip'd index is asked for")
    tap.equal(len([path for _, path, status, *_ in asked if path.endswith(".ipk") and status == "200"]), 2, "each package once")

    second = fetch(root, nginx.url("later"))
    tap.equal(second.out, first.out, "a second run: the same report")
    tap.equal(sum(int(size) for _, _, status, size, *_ in nginx.asked() if status in ("200", "206")), 0, "and not one body")
    offline = fetch(root, "--offline", nginx.url("later"))
    tap.equal((offline.out, nginx.asked()), (first.out, []), "--offline: the same report, and no request at all")
    never = fetch(root, "--offline", nginx.url("same"))
    tap.ok(never.status == 3 and "not in the cache" in never.err, "--offline, never fetched: status 3 and why")


def damaged_cache(nginx, root):
    first = fetch(root, nginx.url("later"))
    for folder, _, names in os.walk(root + "/cache"):
        for name in names:
            if os.path.basename(os.path.dirname(folder)) == "sha256":
                with open(os.path.join(folder, name), "r+b") as file:
                    file.write(b"damaged")
    tap.equal(fetch(root, nginx.url("later")).out, first.out, "a cache with damaged files is fetched again")
    tap.ok(any(status == "200" for _, path, status, *_ in nginx.asked() if path.endswith(".ipk")), "from the server")


def many(nginx, root, www):
    """Two hundred packages, of which twenty contain modules."""
    os.makedirs(www + "/many")
    with open(www + "/later/Packages", encoding="utf-8") as file:
        rows = file.read().strip().split("\n\n")
    row = next(row for row in rows if "Package: kmod-nfnetlink\n" in row + "\n")
    name = next(line[10:] for line in row.split("\n") if line.startswith("Filename: "))
    with open(www + "/many/Packages", "w", encoding="utf-8") as index:
        for i in range(20):
            shutil.copy(f"{www}/later/{name}", f"{www}/many/kmod-{i}.ipk")
            with open(f"{www}/many/kmod-{i}.ipk", "ab") as file:
                file.write(b"\0" * (i + 1))
            with open(f"{www}/many/kmod-{i}.ipk", "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            index.write(f"Package: kmod-{i}\nVersion: 1\nFilename: kmod-{i}.ipk\nSHA256sum: {digest}\n\n")
        index.write("Package: needing\nVersion: 1\nDepends: kmod-1\nFilename: needing.ipk\n\n")
        for i in range(180):
            index.write(f"Package: plain{i}\nVersion: 1\nFilename: plain{i}.ipk\nSize: 100\n\n")
    ran = fetch(root, nginx.url("many/"))
    asked = nginx.asked()
    tap.ok(ran.status in (0, 1, 2), "a feed of 201 rows")
    tap.equal(len([path for _, path, *_ in asked if path.endswith(".ipk")]), 21, "what carries modules, and what needs such, is fetched: 21 files")
    connections = len({request[4] for request in asked})
    tap.ok(connections == 8, f"side by side, over 8 connections that are used again ({len(asked)} requests, {connections})")
    tap.equal(ran.report()["feeds"][0]["packages"], 201, "all rows are counted")
    tap.ok("does not have this file (404)" in problem(ran, "needing"), "and the one that is not there says so")


def sizes_in(folder, least):
    """The sizes above LEAST of the files in FOLDER; a file may disappear meanwhile."""
    found = []
    for part in os.listdir(folder) if os.path.isdir(folder) else []:
        with contextlib.suppress(FileNotFoundError):
            found.append(os.path.getsize(os.path.join(folder, part)))
    return [size for size in found if size > least]


def group_lives(group):
    """True while a process of GROUP still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def broken_off(nginx, root, www):
    """A run is killed while nginx sends a large package: the next run resumes there."""
    feed = only_plain(www, "big")
    name = next(name for name in os.listdir(feed) if name.startswith("kmod-nfnetlink_"))
    with open(f"{feed}/{name}", "rb") as file:
        old = file.read()
    new = old + os.urandom(400000)
    with open(f"{feed}/{name}", "wb") as file:
        file.write(new)
    row_change(feed, server.sha256(old), server.sha256(new))
    row_change(feed, f"Size: {len(old)}\n", f"Size: {len(new)}\n")
    partial = root + "/cache-big/kmodaudit/partial"
    run = subprocess.Popen([tap.KMODAUDIT, "audit", "device.bin", nginx.url("big")], cwd=www, stdout=subprocess.DEVNULL,
                           start_new_session=True, env={**os.environ, "XDG_CACHE_HOME": root + "/cache-big", "no_proxy": "*"})
    while run.poll() is None:
        time.sleep(0.02)
        if sizes_in(partial, 50000):
            break
    with contextlib.suppress(ProcessLookupError):  # the process that fetches is another one
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    while group_lives(run.pid):
        time.sleep(0.02)
    nginx.asked()
    ran = fetch(root, nginx.url("big"), cache="cache-big")
    # the request that was broken off may come into the log late
    asked = [request for request in nginx.asked() if request[1].endswith(name)][-1:]
    tap.ok(package(ran.report(), "kmod-nfnetlink")["modules"], "a run that was killed, and another: the package")
    tap.ok([request[2] for request in asked] == ["206"] and int(asked[0][3]) < len(new) - 50000,
           f"of which only the rest was sent ({asked and asked[0][2:4]} of {len(new)})")


def failures(nginx, root, www):
    ran = fetch(root, nginx.url("nowhere"))
    tap.ok(ran.status == 3 and nginx.url("nowhere") in ran.err and "(404)" in ran.err and len(ran.err.splitlines()) == 1,
           "no index: status 3, one line with URL and reason")

    feed = only_plain(www, "gone")
    gone = [name for name in os.listdir(feed) if name.startswith("kmod-nfnetlink_")][0]
    os.remove(f"{feed}/{gone}")
    ran = fetch(root, nginx.url("gone"), cache="cache-gone")
    tap.equal(problem(ran), f"{nginx.url('gone')}/{gone}: the server does not have this file (404)", "404 of one package: its own trouble")
    tap.ok(package(ran.report(), "kmod-nfnetlink-queue")["modules"], "the other one is read")

    feed = only_plain(www, "short")
    size = os.path.getsize(f"{feed}/{gone}")
    row_change(feed, f"Size: {size}\n", f"Size: {size + 5}\n")
    ran = fetch(root, nginx.url("short"), cache="cache-short")
    tap.equal(problem(ran), f"{nginx.url('short')}/{gone}: the server has {size} bytes, but the index states {size + 5}", "wrong length")

    feed = only_plain(www, "long")
    row_change(feed, f"Size: {size}\n", f"Size: {size - 5}\n")
    nginx.asked()
    ran = fetch(root, nginx.url("long"), cache="cache-long")
    tap.equal(problem(ran), f"{nginx.url('long')}/{gone}: the server has {size} bytes, but the index states {size - 5}",
              "a body larger than the index says")

    feed = only_plain(www, "changed")
    with open(f"{feed}/{gone}", "r+b") as file:
        file.seek(size // 2)
        file.write(b"xxxx")
    ran = fetch(root, nginx.url("changed"), cache="cache-changed")
    tap.ok(ran.status == 1 and package(ran.report(), "kmod-nfnetlink")["verdict"] == "unsafe" and
           any(finding["id"] == "feed-checksum" for finding in ran.report()["feeds"][0]["findings"]),
           "another file than the index states: unsafe, and the feed says which sum differs")

    with open(www + "/bad.gz", "wb") as file:
        file.write(gzip.compress(b"Package: x\n" * 100)[:-20])
    os.makedirs(www + "/broken")
    shutil.move(www + "/bad.gz", www + "/broken/Packages.gz")
    ran = fetch(root, nginx.url("broken"))
    tap.ok(ran.status == 3 and nginx.url("broken/Packages.gz") in ran.err, "an index that is cut short: status 3")


def redirects(nginx, root):
    ran = fetch(root, nginx.url("moved/later"))
    tap.ok(ran.status == 2 and len(ran.report()["packages"]) == 2, "a redirect is followed")
    ran = fetch(root, nginx.url("circle"))
    tap.ok(ran.status == 3 and "too many redirects" in ran.err and "circle/Packages.gz" in ran.err, "a redirect loop: status 3 and why")
    ran = fetch(root, nginx.url("local"))
    tap.ok(ran.status == 3 and "redirects to a scheme other than http and https" in ran.err, "a redirect to file://: status 3 and why")
    ran = fetch(root, nginx.secure("down"), SSL_CERT_FILE=root + "/ca.pem")
    tap.ok(ran.status == 3 and "redirects from https to another scheme" in ran.err, "from https to http: status 3 and why")


def secure(nginx, root):
    ran = fetch(root, nginx.secure("later"))
    tap.ok(ran.status == 3 and "certificate is not trusted" in ran.err and nginx.secure("later") in ran.err, "a certificate that nobody vouches for: status 3 and why")
    for name in ("CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        ran = fetch(root, nginx.secure("later"), cache=name, **{name: root + "/ca.pem"})
        tap.ok(ran.status == 2 and len(ran.report()["packages"]) == 2, f"with {name}: the feed")
    ran = fetch(root, nginx.url("later").replace("127.0.0.1", "feeds.invalid"), cache="proxied", http_proxy=nginx.url(""))
    tap.ok(ran.status == 2 and len(ran.report()["packages"]) == 2, "with http_proxy: the feed, by way of the proxy")
    ran = fetch(root, nginx.url("later"), cache="unproxied", http_proxy="http://127.0.0.1:1/", no_proxy="127.0.0.1")
    tap.ok(ran.status == 2 and len(ran.report()["packages"]) == 2, "with no_proxy: the feed, past the proxy")


def kinds(nginx, root, www):
    whole_feed = fetch(root, nginx.url("later"))
    for url in ("later/", "later/Packages", "later/Packages.gz"):
        ran = fetch(root, nginx.url(url))
        tap.equal(tap.verdicts(ran.report()), tap.verdicts(whole_feed.report()), f"FEED {url}")
    one = [name for name in os.listdir(www + "/later") if name.startswith("kmod-nfnetlink_")][0]
    tap.equal(list(tap.verdicts(fetch(root, nginx.url("later/" + one)).report())), ["kmod-nfnetlink"], "FEED one package")
    ran = fetch(root, f"file://{www}/later")
    tap.equal(tap.verdicts(ran.report()), tap.verdicts(whole_feed.report()), "FEED file://")
    tap.equal(ran.report()["feeds"][0]["source"], f"file://{www}/later", "and it is called as the user called it")
    ran = fetch(root, "http://user:secret@127.0.0.1/later")
    tap.ok(ran.status == 3 and "secret" not in ran.err, "a URL with a password: refused, and not told to anybody")
    tap.equal(fetch(root, "file://other.host/later").status, 3, "FEED file:// on another host: status 3")
    with open(root + "/feeds.conf", "w", encoding="utf-8") as file:
        file.write(f"# published\nsrc/gz one {nginx.url('later')}\noption check_signature\n\nsrc/gz two {nginx.url('same')}\n")
    ran = fetch(root, "--feeds-from", root + "/feeds.conf")
    tap.equal([feed["source"] for feed in ran.report()["feeds"]], [nginx.url("later"), nginx.url("same")], "--feeds-from: a distfeeds.conf")
    tap.ok(any(finding["id"] == "feed-shadow" for finding in ran.report()["feeds"][1]["findings"]), "shadowing is told")
    with open(root + "/repositories", "w", encoding="utf-8") as file:
        file.write(f"{nginx.url('later/Packages.gz')}\n@kmods {www}/same\n")
    ran = fetch(root, "--feeds-from", root + "/repositories")
    tap.equal([feed["source"] for feed in ran.report()["feeds"]], [nginx.url("later/Packages.gz"), www + "/same"], "--feeds-from: apk's repositories")
    with open(root + "/feeds.conf", "a", encoding="utf-8") as file:
        file.write("nonsense\n")
    ran = fetch(root, "--feeds-from", root + "/feeds.conf")
    tap.ok(ran.status == 3 and "line 6" in ran.err, "--feeds-from: a line that is none is named")


def from_image(nginx, root, www):
    image = root + "/rootfs"
    os.makedirs(image + "/etc/opkg")
    os.makedirs(image + "/usr/lib/opkg")
    with open(image + "/usr/lib/opkg/status", "w", encoding="utf-8") as file:
        file.write("Package: base-files\nVersion: 1\nStatus: install user installed\n")
    with open(image + "/etc/opkg/distfeeds.conf", "w", encoding="utf-8") as file:
        file.write(f"src/gz later {nginx.url('later')}\n")
    with open(image + "/etc/opkg/customfeeds.conf", "w", encoding="utf-8") as file:
        file.write(f"# mine\nsrc same {nginx.url('same')}\n")
    cache = {"XDG_CACHE_HOME": root + "/cache"}
    ran = tap.audit("--feeds-from-image", "--allow-host", "127.0.0.1", image, cwd=www, env=cache)
    tap.equal([feed["source"] for feed in ran.report()["feeds"]] if ran.report() else ran.err, [nginx.url("same"), nginx.url("later")],
              "--feeds-from-image: customfeeds.conf, then distfeeds.conf")
    ran = tap.audit("--feeds-from-image", "device.bin", cwd=www, env=cache)
    tap.ok(ran.status == 3 and "lists no feed" in ran.err, "--feeds-from-image: an image that names none: status 3")


def slow(nginx, root):
    ran = fetch(root, "--timeout", "1", nginx.url("slow"), cache="cache-slow")
    tap.ok(ran.status == 3 and "slow/Packages.gz: almost no data for 1 seconds" in ran.err, "a server that trickles: status 3 and why")
    nginx.asked()


def quiet(root):
    """An audit of local files opens no network socket, whatever proxies are set."""
    if not shutil.which("strace"):
        ran = fetch(root, "later", http_proxy="http://127.0.0.1:1/", HOME="/nonexistent", XDG_CACHE_HOME="")
        tap.ok(ran.status == 2 and not os.path.exists("/nonexistent"), "without a URL: no cache, no proxy, no network")
        return
    with tap.Scratch() as scratch:
        trace = scratch + "/trace"
        subprocess.run(["strace", "-f", "-e", "trace=network", "-o", trace, tap.KMODAUDIT, "audit", "device.bin", "later"],
                           cwd=root + "/www", stdout=subprocess.DEVNULL, check=False, timeout=tap.PATIENCE)
        with open(trace, encoding="utf-8") as file:
            calls = [line for line in file if "(" in line and "+++" not in line and "SIG" not in line]
        tap.equal(calls, [], "without a URL: not one system call of the network")


def main():
    with tap.Scratch() as root:
        www = root + "/www"
        os.makedirs(www)
        with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
            story = file.read()
        with open(root + "/story", "w", encoding="utf-8") as file:
            file.write(story)
        tap.world(root + "/story", www)
        nginx = server.Nginx(root)
        try:
            whole(nginx, root, www)
            damaged_cache(nginx, root)
            many(nginx, root, www)
            broken_off(nginx, root, www)
            failures(nginx, root, www)
            redirects(nginx, root)
            secure(nginx, root)
            kinds(nginx, root, www)
            from_image(nginx, root, www)
            slow(nginx, root)
            quiet(root)
        finally:
            nginx.stop()
    tap.done()


main()
