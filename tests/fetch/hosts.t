#!/usr/bin/python3
"""Which hosts are asked, and for how long: what an image names is fetched only from hosts that the user allowed, and without passwords;
a server that sends too slowly, or does not answer, is given up."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
import server  # noqa: E402


def audit(root, *args, cache="cache"):
    return tap.audit(*args, cwd=root + "/www", env={"XDG_CACHE_HOME": os.path.join(root, cache), "HOME": root, "no_proxy": "*",
                                                     "http_proxy": "", "all_proxy": ""})


def image(root, *feeds):
    """A root directory that lists FEEDS."""
    folder = root + "/rootfs"
    os.makedirs(folder + "/etc/opkg", exist_ok=True)
    os.makedirs(folder + "/usr/lib/opkg", exist_ok=True)
    with open(folder + "/usr/lib/opkg/status", "w", encoding="utf-8") as file:
        file.write("Package: base-files\nVersion: 1\nStatus: install user installed\n")
    with open(folder + "/etc/opkg/distfeeds.conf", "wb") as file:
        file.write(b"".join(b"src/gz feed%d %s\n" % (i, feed.encode()) for i, feed in enumerate(feeds)))
    return folder


def allowed(awkward, root, url):
    listed = image(root, url)
    ran = audit(root, "--feeds-from-image", listed)
    tap.ok(ran.status == 3 and "--allow-host 127.0.0.1" in ran.err and not awkward.server.asked, "a host that the user does not name: not asked")
    ran = audit(root, "--feeds-from-image", "--allow-host", "127.0.0.1", listed)
    tap.ok(ran.status in (1, 2) and [feed["source"] for feed in ran.report()["feeds"]] == [url] and not ran.err, "--allow-host: asked")
    ran = audit(root, "--feeds-from-image", "--allow-host", "127.0.*", listed)
    tap.ok(ran.status in (1, 2), "--allow-host with a pattern: asked")
    ran = audit(root, "--feeds-from-image", "--allow-host", "128.*", listed)
    tap.ok(ran.status == 3, "--allow-host of another host: not asked")
    ran = audit(root, "--feeds-from-image", listed, awkward.url("same"))
    tap.equal([feed["source"] for feed in ran.report()["feeds"]], [awkward.url("same"), url], "the host of a feed that the user names: asked")
    for name in (root + "/www/later", "file://" + root + "/www/later", "ftp://127.0.0.1/later", "http://me:word@127.0.0.1/later"):
        ran = audit(root, "--feeds-from-image", "--allow-host", "127.0.0.1", image(root, name))
        tap.ok(ran.status == 3 and "is left out" in ran.err and not ran.out, f"{name.replace(root, '')} out of an image: left out")
    ran = audit(root, "--feeds-from-image", "--allow-host", "127.0.0.1", image(root, root + "/www/same", url))
    tap.ok([feed["source"] for feed in ran.report()["feeds"]] == [url] and "is left out" in ran.err, "the others are read")
    ran = audit(root, "--feeds-from-image", "--allow-host", "127.0.0.1", image(root, "http://127.0.0.1.example.org/a", "http://127.0.0.1@x/a"))
    tap.ok(ran.status == 3 and ran.err.count("is left out") == 2, "a host that only looks alike")
    plan = "schema: kmodaudit/plan/1\nimages:\n- {path: " + image(root, url) + "}\nfeeds:\n- {name: own, from-image: true}\n"
    with open(root + "/plan.yaml", "w", encoding="utf-8") as file:
        file.write(plan)
    env = {"XDG_CACHE_HOME": root + "/plan-cache", "HOME": root, "no_proxy": "*"}
    ran = tap.kmodaudit("gate", root + "/plan.yaml", env=env)
    tap.ok(ran.status == 3 and "--allow-host 127.0.0.1" in ran.err, "gate: not asked")
    ran = tap.kmodaudit("gate", "--allow-host", "127.0.0.1", root + "/plan.yaml", env=env)
    tap.ok(ran.status in (1, 2), "gate --allow-host: asked")


def passwords(awkward, root, url):
    seen = []

    def note(handler, _):
        seen.append(handler.headers.get("Authorization"))
        return False
    with open(root + "/.netrc", "w", encoding="utf-8") as file:
        file.write("machine 127.0.0.1 login me password secret\n")
    awkward.on("/later/Packages.gz", note)
    audit(root, "--feeds-from-image", "--allow-host", "127.0.0.1", image(root, url), cache="netrc1")
    tap.equal(seen, [None], "no password of ~/.netrc for what an image names")
    seen.clear()
    audit(root, "device.bin", url, cache="netrc2")
    tap.ok(seen and seen[0], "but for what the user names")
    awkward.on("/later/Packages.gz", lambda handler, times: handler.answer(302, b"", {"Location": f"http://localhost:{awkward.server.server_address[1]}/same/Packages.gz"}) or True)
    ran = audit(root, "--feeds-from-image", "--allow-host", "127.0.0.1", image(root, url), cache="redirect")
    tap.ok(ran.status == 3 and "redirects to another host" in ran.err, "a redirect to another host is refused")


def slow(awkward, root, url):
    def drip(size):
        def stream(handler, _):
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.close_connection = True
            try:
                for _ in range(100000):
                    handler.wfile.write(b"x" * size)
                    handler.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                pass
            return True
        return stream
    awkward.on("/later/Packages.gz", drip(200))
    ran = audit(root, "--timeout", "1", "device.bin", url, cache="drip")
    tap.ok(ran.status == 3 and "less than 4096 bytes per second" in ran.err, "2 kB a second: given up")
    tap.ok(ran.seconds < 2, f"waiting takes no processor time ({ran.seconds:.1f} s)")


def silent(awkward, root):
    count = 24
    rows = "".join(f"Package: kmod-a{i}\nVersion: 1\nDepends: kernel (= 1)\nFilename: kmod-a{i}.ipk\n\n" for i in range(count))
    os.makedirs(root + "/www/silent")
    with open(root + "/www/silent/Packages", "w", encoding="utf-8") as file:
        file.write(rows)

    def hang_up(handler, _):
        handler.close_connection = True
        return True
    awkward.server.plan = {f"/silent/kmod-a{i}.ipk": hang_up for i in range(count)}
    ran = audit(root, "device.bin", awkward.url("silent"), cache="silent")
    texts = [finding["text"] for package in ran.report()["packages"] for finding in package["findings"] if finding["id"] == "package-unreadable"]
    given_up = [text for text in texts if "did not answer for 3 other files" in text]
    tap.ok(len(texts) == count and len(given_up) >= count - 8 - 3, f"a host that hangs up: {len(given_up)} of {count} files are not asked for")
    tap.ok(ran.seconds < 3, f"waiting takes no processor time ({ran.seconds:.1f} s)")


def main():
    with tap.Scratch() as root:
        www = root + "/www"
        os.makedirs(www)
        tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), www)
        awkward = server.Awkward(www)
        url = awkward.url("later")
        allowed(awkward, root, url)
        passwords(awkward, root, url)
        slow(awkward, root, url)
        silent(awkward, root)
        awkward.stop()
    tap.done()


main()
