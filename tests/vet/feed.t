#!/usr/bin/python3
"""What `kmodaudit vet` writes: only what is safe, for this image's kernel, with the modules untouched, the same bytes each time,
and a feed that the audit and signify take."""

import functools
import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vetting  # noqa: E402
from vetting import tap  # noqa: E402

STORY = """
image plain.bin from base-crcs
	wrapped uimage lzma
	database none
image keyed.bin from base-crcs
	wrapped uimage lzma
	installed kmod-dummy
	file etc/opkg.conf option check_signature 1
build tied like later-crcs
	package kmod-nfnetlink-queue
		depends kmod-nfnetlink (= 6.6.86-r1)
	module above
		imports printk
	package kmod-above
		depends kmod-nfnetlink (>= 6.6.86-r1), kmod-nfnetlink (<= 6.6.86-r1)|kmod-nothing, lib-beside (= 6.6.86-r1)
		contains above
	package lib-beside
		no pin
		file usr/lib/libbeside.so
feed tied from tied
	holds kmod-nfnetlink kmod-nfnetlink-queue kmod-above lib-beside
	index
build old like later-crcs
	package kmod-nfnetlink
		format ar
feed ar from old
	holds kmod-nfnetlink kmod-nfnetlink-queue
build dash like base-crcs
	release 4.14.275
	abi d2e0a589214daa7e43fd1bd18e88034c
	vermagic 4.14.275 SMP mod_unload modversions MIPS32_R2 32BIT
build dash-later like later-crcs
	release 4.14.275
	abi 475b00aecaf183823515937b3561a876
	vermagic 4.14.275 SMP mod_unload modversions MIPS32_R2 32BIT
build clashing like later-crcs
	module alpha
		imports printk nfnetlink_send
	module beta
		imports printk
	package kmod-alpha
		depends kmod-nfnetlink
		contains alpha
		file etc/clash.conf alpha
	package kmod-aaa
		contains beta
		file etc/clash.conf beta
feed clashing from clashing
	holds kmod-nfnetlink kmod-alpha kmod-aaa
	index
build kept like later-crcs
	module crc7
		code 2
	package kmod-lib-crc7
		depends kmod-nfnetlink
feed kept from kept
	holds kmod-nfnetlink kmod-lib-crc7
build has like base
	module nfnetlink
		imports printk
	package kmod-nfnetlink
		contains nfnetlink
manifest has.manifest from has
image bare.bin from base
	wrapped uimage lzma
	root none
image bare-crcs.bin from base-crcs
	wrapped uimage lzma
	root none
build needing like release
	module queue
		imports printk nfnetlink_send
	package kmod-queue
		depends kmod-nfnetlink
		contains queue
feed needing from needing
	holds kmod-nfnetlink kmod-queue
	index
image dash.bin from dash
	wrapped uimage lzma
	installed kmod-dummy
feed dash from dash-later
	holds kmod-nfnetlink kmod-nfnetlink-queue
"""
IMAGE_KERNEL = "6.6.86~e9d2feb381d41d091485514b91f90092-r1"
FEED_KERNEL = "6.6.86~475b00aecaf183823515937b3561a876-r1"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def vet(at, *args, status=0):
    ran = tap.kmodaudit("vet", *args, cwd=at)
    tap.equal(ran.status, status, f"vet {' '.join(args)}: status {status}")
    if ran.status != status:
        tap.note(ran.out + ran.err)
    return ran


def stanzas(at, folder):
    text = vetting.read(os.path.join(at, folder, "Packages")).decode()
    return {vetting.fields(one)["Package"]: vetting.fields(one) for one in text.split("\n\n") if one.strip()}


def founding(at):
    ran = vet(at, "device-crcs.bin", "later-crcs", "-o", "vetted")
    rows = stanzas(at, "vetted")
    tap.equal(sorted(rows), ["kmod-nfnetlink", "kmod-nfnetlink-queue"], "the feed has both packages")
    row = rows["kmod-nfnetlink-queue"]
    tap.equal(row["Depends"], f"kernel (={IMAGE_KERNEL}), kmod-nfnetlink", "Depends names the image's kernel")
    tap.equal(row["X-Kmodaudit-Depends"], f"kernel (={FEED_KERNEL}), kmod-nfnetlink", "and says what it was")
    tap.equal((row["Version"], row["X-Kmodaudit-Version"]), ("6.6.86-r1~vetted", "6.6.86-r1"), "the version is marked")
    report = vetting.read(os.path.join(at, "vetted", "report.yaml"))
    tap.equal(row["X-Kmodaudit-Report"], hashlib.sha256(report).hexdigest(), "it names the report")
    tap.equal(report.decode(), tap.audit("device-crcs.bin", "later-crcs", cwd=at).out, "the report is the audit")
    tap.equal(row["X-Kmodaudit-Proof"], "symbol-crcs", "and the proof")
    first = os.path.join(at, "later-crcs", "kmod-nfnetlink-queue_6.6.86-r1_mips_24kc.ipk")
    digest = hashlib.sha256(vetting.read(first)).hexdigest()
    tap.equal(row["X-Kmodaudit-Source"], f"{os.path.basename(first)} sha256 {digest}", "and where it came from")
    tap.ok("src/gz vetted file:///root/vetted" in ran.out and "opkg install kmod-nfnetlink kmod-nfnetlink-queue" in ran.out,
           "what the device needs is printed")
    tap.ok("ysupgrade" in ran.out, "and what sysupgrade does")
    return first


def bytes_kept(at, first):
    row = stanzas(at, "vetted")["kmod-nfnetlink-queue"]
    path = os.path.join(at, "vetted", row["Filename"])
    before, after = vetting.members(vetting.read(first)), vetting.members(vetting.read(path))
    tap.equal(after["data.tar.gz"], before["data.tar.gz"], "data.tar.gz has the same bytes")
    text, was = vetting.control(path), vetting.control(first)
    restored = "".join(line for line in text.splitlines(True) if not line.startswith("X-Kmodaudit-"))
    tap.equal(restored.replace("~vetted", "").replace(IMAGE_KERNEL, FEED_KERNEL), was, "control keeps all other bytes")
    data = vetting.read(path)
    tap.equal((int(row["Size"]), row["SHA256sum"], row["MD5Sum"]),
              (len(data), hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest()), "the index states size and digests")
    made = vetting.tree(os.path.join(at, "vetted"))
    tap.equal(vetting.gzip.decompress(made["Packages.gz"]), made["Packages"], "Packages.gz is Packages")
    tap.equal((data[4:8], made["Packages.gz"][4:8]), (bytes(4), bytes(4)), "gzip states no time")


def repeated(at):
    made = vetting.tree(os.path.join(at, "vetted"))
    vet(at, "device-crcs.bin", "later-crcs", "-o", "second", "-j1")
    tap.ok(vetting.tree(os.path.join(at, "second")) == made, "a second run writes the same bytes")
    vet(at, "device-crcs.bin", "vetted", "-o", "again")
    tap.ok(vetting.tree(os.path.join(at, "again")) == made, "a vetted feed, vetted, is the same bytes")
    vet(at, "device-crcs.bin", "later-crcs", "-o", "again/")
    tap.ok(vetting.tree(os.path.join(at, "again")) == made, "a vetted feed may be replaced")
    tap.equal([name for name in os.listdir(at) if name.startswith(("vetted.", "again.", "second."))], [], "nothing is left beside")


def audited(at):
    ran = tap.audit("device-crcs.bin", "vetted", cwd=at)
    report = ran.report()
    tap.equal((ran.status, set(tap.verdicts(report).values())), (0, {"safe"}), "the audit of the feed: all safe")
    tap.equal({one["proof"] for one in report["packages"]}, {"symbol-crcs"}, "by a proof that the new pin has no part in")
    said = {finding["text"] for one in report["packages"] for finding in one["findings"] if finding["id"] == "kernel-abi"}
    tap.equal(said, {"built for kernel 6.6.86~475b00aecaf183823515937b3561a876-r1; kmodaudit vet made it name the image's, which proves "
                     "nothing"}, "the build that it is from is named")
    said = [finding["found"] for one in report["packages"] for finding in one["findings"] if finding["id"] == "package-manager"]
    tap.equal(said, ["accepts", "accepts"], "opkg accepts both")
    vet(at, "device.bin", "same", "-o", "equal")
    rows = stanzas(at, "equal")
    tap.equal(sorted(rows), ["kmod-nfnetlink", "kmod-nfnetlink-queue"], "what is installed already is not in it")
    tap.ok(all("X-Kmodaudit-Depends" not in row and row["X-Kmodaudit-Proof"] == "identity" for row in rows.values()),
           "a pin that is the image's stays, and is evidence")
    tap.equal(tap.audit("device.bin", "equal", cwd=at).status, 0, "the audit of that feed: all safe")


def pin_is_no_evidence(at):
    """What is proven by nothing but the pin cannot become safe by a pin that was written by vet."""
    with open(os.path.join(at, "named.yaml"), "w", encoding="utf-8") as file:
        file.write("vet: [kmod-nfnetlink*]\n")
    ran = vet(at, "--policy", "named.yaml", "device.bin", "later", "-o", "unproven", status=2)
    top = vetting.read(os.path.join(at, "unproven", "README")).decode().split("\n\n")[1]
    tap.ok(top.startswith("NOT PROVEN") and "kmod-nfnetlink-queue: no accepted proof holds (report.yaml says why)" in top, "what only the policy lets in is at the top of README")
    tap.ok(ran.out.index("NOT PROVEN") < ran.out.index("On the device"), "and at the top of what is printed")
    ran = tap.kmodaudit("vet", "--color", "always", "--policy", "named.yaml", "device.bin", "later", "-o", "unproven", cwd=at)
    tap.ok("\033[31mNOT PROVEN" in ran.out, "in red")
    audit = tap.audit("device.bin", "unproven", cwd=at)
    tap.equal((audit.status, set(tap.verdicts(audit.report()).values())), (2, {"unproven"}), "the pin of vet proves no identity")
    ran = vet(at, "--policy", "named.yaml", "device-crcs.bin", "conntrack-crcs", "-o", "unsafe", status=1)
    tap.ok(not os.path.exists(os.path.join(at, "unsafe")) and "nothing to write" in ran.out, "a policy lets nothing unsafe in")


def nothing_safe(at):
    for feed, status in (("later", 2), ("conntrack", 2), ("conntrack-crcs", 1)):
        image = "device-crcs.bin" if feed.endswith("crcs") else "device.bin"
        ran = vet(at, image, feed, "-o", "none", status=status)
        tap.ok("nothing to write" in ran.out and not os.path.exists(os.path.join(at, "none")), f"{feed}: that nothing is safe is said")
        tap.ok("kmodaudit audit says why" in ran.out, f"{feed}: and where to read why")
    vet(at, "device-crcs.bin", "later-crcs", "conntrack-crcs", "-o", "mixed", status=1)
    made = {row["X-Kmodaudit-Depends"].split(",")[0] for row in stanzas(at, "mixed").values()}
    tap.equal(made, {f"kernel (={FEED_KERNEL})"}, "of two feeds only the safe packages are in it")


def signed(at):
    if not shutil.which("signify-openbsd"):
        tap.skip("signatures", "no signify-openbsd")
        return
    subprocess.run(["signify-openbsd", "-G", "-n", "-p", "key.pub", "-s", "key.sec"], cwd=at, check=True)
    ran = vet(at, "device-crcs.bin", "later-crcs", "-o", "signed", "--sign", "key.sec", "--key-out")
    names = os.listdir(os.path.join(at, "signed", "etc", "opkg", "keys"))
    key = os.path.join("signed", "etc", "opkg", "keys", names[0])
    tap.ok(names[0] in ran.out, "the key's place is printed")
    for public in ("key.pub", key):
        verified = subprocess.run(["signify-openbsd", "-V", "-p", public, "-x", "signed/Packages.sig", "-m", "signed/Packages"], cwd=at,
                                  capture_output=True, check=False)
        tap.equal(verified.returncode, 0, f"signify verifies the signature with {os.path.dirname(public) or public}")
    report = tap.audit("--key", os.path.dirname(key), "device-crcs.bin", "signed", cwd=at).report()
    tap.equal(report["feeds"][0]["signature"], "valid", "the audit says that the signature is valid")
    vet(at, "device-crcs.bin", "signed", "-o", "signed-again", "--sign", "key.sec", "--key-out")
    tap.ok(vetting.tree(os.path.join(at, "signed")) == vetting.tree(os.path.join(at, "signed-again")), "vetted again: the same bytes")
    ran = vet(at, "keyed.bin", "later-crcs", "-o", "unsigned")
    tap.ok("NOT SIGNED" in ran.out, "that the image's opkg refuses an unsigned feed is said")


def eras_and_forms(at):
    vet(at, "dash.bin", "dash", "-o", "dashed")
    row = stanzas(at, "dashed")["kmod-nfnetlink"]
    tap.equal(row["Depends"], "kernel (=4.14.275-1-d2e0a589214daa7e43fd1bd18e88034c)", "the pin has the spelling of the image's era")
    vet(at, "device-crcs.bin", "ar", "-o", "from-ar")
    path = os.path.join(at, "from-ar", stanzas(at, "from-ar")["kmod-nfnetlink"]["Filename"])
    tap.equal((vetting.read(path)[:2], sorted(vetting.members(vetting.read(path)))),
              (b"\x1f\x8b", ["control.tar.gz", "data.tar.gz", "debian-binary"]), "a package in an ar becomes the tar.gz that opkg reads")


def fetched(at):
    """A feed by URL: the packages come from the cache, and say where they are from."""
    handler = functools.partial(Quiet, directory=at)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/later-crcs/"
        env = {"XDG_CACHE_HOME": os.path.join(at, "cache"), "no_proxy": "127.0.0.1"}
        ran = tap.kmodaudit("vet", "device-crcs.bin", url, "-o", "fetched", cwd=at, env=env)
        server.shutdown()
    tap.equal(ran.status, 0, "a feed by URL")
    row = stanzas(at, "fetched")["kmod-nfnetlink"]
    tap.ok(row["X-Kmodaudit-Source"].startswith(url + "kmod-nfnetlink_"), "the packages name the URL")


def versions(at):
    vet(at, "device-crcs.bin", "tied", "-o", "tied-out")
    rows = stanzas(at, "tied-out")
    tap.equal(rows["kmod-nfnetlink-queue"]["Depends"], f"kernel (={IMAGE_KERNEL}), kmod-nfnetlink, kmod-nfnetlink (= 6.6.86-r1~vetted)",
              "a dependency on a version asks for the marked one")
    tap.equal(rows["kmod-above"]["Depends"],
              f"kernel (={IMAGE_KERNEL}), kmod-nfnetlink (>= 6.6.86-r1~vetted), kmod-nfnetlink (<= 6.6.86-r1)|kmod-nothing, "
              "lib-beside (= 6.6.86-r1~vetted)", "only where the mark makes a difference")
    tap.equal(rows["lib-beside"]["X-Kmodaudit-Proof"], "not needed: no module", "what has no module comes along")
    vet(at, "device-crcs.bin", "tied-out", "-o", "tied-again")
    tap.ok(vetting.tree(os.path.join(at, "tied-out")) == vetting.tree(os.path.join(at, "tied-again")), "vetted again: the same bytes")
    vet(at, "--only", "kmod-nfnetlink-queue", "device-crcs.bin", "later-crcs", "-o", "one")
    tap.equal(sorted(stanzas(at, "one")), ["kmod-nfnetlink", "kmod-nfnetlink-queue"], "--only brings what is needed along")


def asked(at):
    """What --only names and the feed lacks is named, and is no success; what only that needs does not come along."""
    ran = vet(at, "--only", "kmod-alpha", "device-crcs.bin", "clashing", "-o", "alpha")
    tap.equal(sorted(stanzas(at, "alpha")), ["kmod-alpha", "kmod-nfnetlink"], "what clashes only with a package that is not asked for is written")
    ran = vet(at, "--only", "kmod-aaa", "--only", "kmod-alpha", "device-crcs.bin", "clashing", "-o", "both", status=1)
    tap.equal(sorted(stanzas(at, "both")), ["kmod-aaa"], "of two that clash one is written, without what the other needs")
    tap.ok("kmod-alpha: kmod-aaa and kmod-alpha both contain etc/clash.conf" in ran.out and "The feed lacks what --only names" in ran.out,
           "the other is named, with the reason")
    vet(at, "device-crcs.bin", "clashing", "-o", "all")
    ran = vet(at, "--only", "kmod-aaa", "--only", "kmod-nfnetlink-queue", "device-crcs.bin", "clashing", "conntrack-crcs", "-o", "unfit", status=1)
    tap.equal(sorted(stanzas(at, "unfit")), ["kmod-aaa"], "nothing comes along with an unsafe package")
    tap.ok("kmod-nfnetlink-queue: it is unsafe: disagrees about version of symbol" in ran.out, "that it is unsafe is said")
    ran = vet(at, "--only", "kmod-nfnetlink-queue", "device.bin", "later", "-o", "open", status=2)
    tap.ok("kmod-nfnetlink-queue: it is unproven: no accepted proof holds" in ran.out and not os.path.exists(os.path.join(at, "open")),
           "that it is unproven is said")
    ran = vet(at, "--only", "kmod-lib-crc7", "device-crcs.bin", "kept", "-o", "kept-out")
    tap.ok("kmod-lib-crc7: opkg does nothing: version 6.6.86-r1 is installed" in ran.out, "what opkg keeps is there: status 0")
    ran = vet(at, "--only", "kmod-queue*", "--image-manifest", "has.manifest", "bare.bin", "needing", "-o", "needing-out")
    tap.equal(sorted(stanzas(at, "needing-out")), ["kmod-queue"], "what needs a package that the image has is written without it")
    ran = vet(at, "--image-manifest", "has.manifest", "bare-crcs.bin", "later-crcs", "-o", "other")
    tap.ok("kmod-nfnetlink-queue: it needs kmod-nfnetlink 6.6.86-r1 of the feeds, but the package manager keeps the image's" in ran.out and
           "every package that is safe is left out" in ran.out, "the image's other build is the reason, not the feed")


with tap.Scratch() as at:
    vetting.world(STORY, at)
    first = founding(at)
    bytes_kept(at, first)
    repeated(at)
    audited(at)
    pin_is_no_evidence(at)
    nothing_safe(at)
    signed(at)
    eras_and_forms(at)
    versions(at)
    asked(at)
    fetched(at)
tap.done()
