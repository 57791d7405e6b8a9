#!/usr/bin/python3
"""Images from a URL and from standard input: the report is that of the file, with the source named."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
import server  # noqa: E402


def environment(root, cache):
    return {"XDG_CACHE_HOME": os.path.join(root, cache), "no_proxy": "*", "http_proxy": "", "all_proxy": ""}


def same(report, plain):
    """Whether two reports are equal except for the name of the image."""
    if isinstance(report, dict):
        return isinstance(plain, dict) and list(report) == list(plain) and all(same(report[key], plain[key]) for key in report if key != "seal")
    if isinstance(report, list):
        return isinstance(plain, list) and len(report) == len(plain) and all(map(same, report, plain))
    return report == plain or (isinstance(report, str) and isinstance(plain, str) and "device.bin" in plain)


def urls(awkward, root, www, plain):
    url = awkward.url("device.bin")
    ran = tap.audit(url, "later", cwd=www, env=environment(root, "urls"))
    tap.equal((ran.status, ran.err), (plain.status, ""), "an image by URL: the status of the file")
    tap.equal(ran.report()["image"]["source"], url, "its source is the URL")
    tap.ok(ran.report()["image"]["kernel"]["exports"]["source"].startswith(url + ": "), "witnesses begin with the URL")
    tap.ok(same(ran.report(), plain.report()), "all else is that of the file")
    tap.ok(os.path.join(root, "urls") not in ran.out, "the cache is not named")

    again = tap.audit(url, "later", cwd=www, env=environment(root, "urls"))
    tap.equal(again.out, ran.out, "again, out of the cache: the same bytes")
    offline = tap.audit("--offline", url, "later", cwd=www, env=environment(root, "urls"))
    tap.equal(offline.out, ran.out, "--offline: the same bytes")
    offline = tap.audit("--offline", url, "later", cwd=www, env=environment(root, "nothing"))
    tap.equal((offline.status, offline.out), (3, ""), "--offline with an empty cache: no answer")
    tap.ok("not in the cache" in offline.err, "and that is said")

    facts = tap.kmodaudit("facts", url, cwd=www, env=environment(root, "urls"))
    tap.ok(facts.status == 0 and f"source: \"{url}\"" in facts.out, "facts of an image by URL")
    configs = tap.kmodaudit("config", awkward.url("base.config"), "later.config", cwd=www, env=environment(root, "urls"))
    tap.ok(configs.status == 0 and awkward.url("base.config") in configs.out, "config of a URL")
    both = tap.audit(url, awkward.url("later"), cwd=www, env=environment(root, "both"))
    tap.equal(both.status, plain.status, "image and feed by URL")
    tap.equal(tap.audit("file://" + www + "/device.bin", "later", cwd=www).status, plain.status, "a file URL")


def refused(awkward, root, www):
    def told(image, *feeds, **env):
        ran = tap.audit("--timeout", str(tap.PATIENCE), image, *(feeds or ("later",)), cwd=www, env={**environment(root, "refused"), **env})
        tap.equal((ran.status, ran.out), (3, ""), f"{image.split('@')[-1]}: no answer")
        return ran.err

    absent = awkward.url("nowhere.bin")
    tap.equal(told(absent), f"kmodaudit: {absent}: the server does not have this file (404)\n", "an image that is not there")
    page = awkward.url("page.html")
    with open(www + "/page.html", "w", encoding="ascii") as file:
        file.write("<!DOCTYPE html><title>Index of /</title>")
    tap.equal(told(page), f"kmodaudit: {page}: is an HTML page, but an image is expected here: a firmware file, a kernel or a root "
              "directory\n", "a page instead of an image")
    secret = awkward.url("device.bin").replace("://", "://admin:hunter2@")
    err = told(secret)
    tap.ok("hunter2" not in err and "admin" not in err, "a URL with a password: it is not shown")
    tap.ok("~/.netrc" in err, "but where it belongs")
    tap.equal(told("ftp://127.0.0.1/device.bin"), "kmodaudit: ftp://127.0.0.1/device.bin: this kind of URL cannot be read; use http, https, "
              "or file without a host\n", "another scheme")

    def endless(handler, _):
        handler.answer(200, b"\0" * 65536, length=2 << 30)
        handler.cut()
        return True

    awkward.on("/device.bin", endless)
    tap.ok("allowed" in told(awkward.url("device.bin")), "a body larger than any image: refused by its length")
    awkward.on("/device.bin", lambda *_: False)


def piped(www, plain):
    def run(image, *args):
        command = [tap.KMODAUDIT, *args]
        return subprocess.run(command, cwd=www, input=image, capture_output=True, check=False, timeout=tap.PATIENCE)

    with open(www + "/device.bin", "rb") as file:
        image = file.read()
    ran = run(image, "audit", "-", "later")
    report = tap.Ran(ran.returncode, ran.stdout.decode(), "", 0).report()
    tap.equal((ran.returncode, ran.stderr), (plain.status, b""), "an image from standard input: the status of the file")
    tap.equal(report["image"]["source"], "-", "its source is -")
    tap.ok(same(report, plain.report()), "all else is that of the file")
    ran = run(image, "facts", "-")
    tap.equal(ran.stdout.decode(), tap.kmodaudit("facts", "device.bin", cwd=www).out.replace("device.bin", "-").replace("source: -", 'source: "-"'),
              "facts - of an image")
    with open(www + "/base.config", "rb") as file:
        config = file.read()
    tap.equal(run(config, "vermagic", "-").stdout.decode(), tap.kmodaudit("vermagic", "base.config", cwd=www).out, "vermagic -")
    ran = run(config, "config", "-", "later.config")
    tap.ok(ran.returncode == 0 and b'source: "-"' in ran.stdout, "config - OTHER")
    ran = run(b"Package: a\nVersion: 1\n", "facts", "-")
    tap.ok(ran.returncode == 3 and b"an index of packages" in ran.stderr, "facts - of an index: refused")
    ran = run(image, "symvers", "-")
    tap.equal(ran.stdout.decode(), tap.kmodaudit("symvers", "device.bin", cwd=www).out, "symvers -")
    for what, given, words in (("nothing", b"", "nothing came on standard input"), ("a text", b"read me\n", "is a text file"),
                               ("a part of the image", image[:100], "truncated")):
        ran = run(given, "audit", "-", "later")
        tap.equal((ran.returncode, ran.stdout), (3, b""), f"{what} on standard input: no answer")
        tap.ok(ran.stderr.decode().startswith("kmodaudit: -: ") and words in ran.stderr.decode(), "and why")


def plans(awkward, root, www):
    plan = os.path.join(www, "plan.yaml")
    with open(plan, "w", encoding="ascii") as file:
        file.write(f"schema: kmodaudit/plan/1\nimages: [{{path: '{awkward.url('device.bin')}'}}]\nfeeds: [{{path: later}}]\n")
    ran = tap.kmodaudit("gate", "plan.yaml", cwd=www, env=environment(root, "plans"))
    tap.equal((ran.status, ran.report()["images"]), (2, ["device.bin"]), "an image of a plan by URL")


def main():
    with tap.Scratch() as root:
        www = root + "/www"
        os.makedirs(www)
        tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), www)
        plain = tap.audit("device.bin", "later", cwd=www)
        awkward = server.Awkward(www)
        urls(awkward, root, www, plain)
        refused(awkward, root, www)
        piped(www, plain)
        plans(awkward, root, www)
        awkward.stop()
    tap.done()


main()
