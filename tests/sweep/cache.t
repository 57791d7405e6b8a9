#!/usr/bin/python3
"""A cache of facts (--cache): reports have the same bytes without it, with an empty one and with one of an earlier run; what is damaged,
cut, of another file or of another version is ignored; a folder that cannot be written changes nothing, one that others may write is
refused."""

import glob
import os
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

FOUNDING = os.path.join(tap.ROOT, "fixtures", "founding.world")
CASES = ("boxes", "exports", "freebsd", "freebsd-packages", "freebsd-arm", "freebsd-image", "loader-kernel", "module-btf", "shadow", "symbols",
         "twins", "versions")
NOBODY = 65534
PAIRS = 1000 if os.environ.get("KMODAUDIT_SLOW") else 3  # of a story


def story_of(case):
    """The world of a case, as a story of its own."""
    lines, founding = [], False
    with open(os.path.join(tap.ROOT, "tests", "cases", case + ".case"), encoding="utf-8") as file:
        inside = False
        for line in file:
            if not line.startswith(("\t", "\n")):
                inside = line.startswith("world:")
                founding |= line.startswith("world: founding")
            elif inside:
                lines.append(line.removeprefix("\t"))
    return (read(FOUNDING).decode() if founding else "") + "".join(lines)


def named(story, word):
    return re.findall(rf"^{word} (\S+)", story, re.MULTILINE)


def audit(*args, **more):
    return tap.audit("--search", "0", *args, **more)


def answer(ran):
    return ran.status, ran.out, ran.err


def entries(folder):
    return {name: (os.stat(os.path.join(folder, name)).st_ino, read(os.path.join(folder, name))) for name in os.listdir(folder)}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def same(where, what, image, feed):
    """Without a cache, with an empty one, and with the same again, from which everything is taken: no entry is written anew."""
    cache = os.path.join(where, "cache-of-a-pair")
    shutil.rmtree(cache, ignore_errors=True)
    plain = audit(image, feed, cwd=where)
    first = audit("--cache", cache, image, feed, cwd=where)
    made = entries(cache)
    second = audit("--cache", cache, "-j", "1", image, feed, cwd=where)
    again = entries(cache)
    good = answer(plain) == answer(first) == answer(second) and made == again
    if not good:
        tap.ok(False, f"{what}: {image} with {feed}")
        tap.note(f"{plain.status} {first.status} {second.status} {plain.err} {first.err} {second.err} entries {len(made)} {made == again}")
    return good, len(made)


def stories(where):
    for case in ("founding", *CASES):
        folder = os.path.join(where, case)
        story = read(FOUNDING).decode() if case == "founding" else story_of(case)
        tap.world(tap.write(os.path.join(where, case + ".world"), story), folder)
        pairs = [(image, feed) for image in named(story, "image") for feed in named(story, "feed")]
        pairs = pairs[::len(pairs) // PAIRS + 1]
        results = [same(folder, case, image, feed) for image, feed in pairs]
        tap.ok(pairs and all(good for good, _ in results) and max(made for _, made in results) > 0,
               f"{case}: {len(pairs)} pairs, the same bytes with and without a cache")


def damage(where):
    cache = os.path.join(where, "damaged")
    args = ("--cache", cache, "device.bin", "conntrack")
    plain = answer(audit(*args, cwd=where))
    whole = {name: content for name, (_, content) in entries(cache).items()}
    names = sorted(whole)
    tap.ok(len(names) > 1 and all(re.fullmatch("[0-9a-f]{64}", name) for name in names), "entries of an image and packages")
    tap.ok(all(os.stat(os.path.join(cache, name)).st_mode & 0o777 == 0o600 for name in names), "they are readable by the user alone")

    def tried(what, change):
        good = True
        for name in names:
            tap.write(os.path.join(cache, name), change(name, whole[name]))
        ran = answer(audit(*args, cwd=where))
        good = ran == plain and {name: content for name, (_, content) in entries(cache).items()} == whole
        if not tap.ok(good, f"{what}: ignored, and written anew"):
            tap.note(ran[2])

    for size in (0, 7, 8, 40, 71, 72, 73, 1024):
        tried(f"cut to {size} bytes", lambda _, content, size=size: content[:min(size, len(content) - 1)])
    for at in (0, 8, 40, 72, 200, -1):
        tried(f"byte {at} changed", lambda _, content, at=at: content[:at % len(content)] + bytes([content[at] ^ 1]) + content[at % len(content):][1:])
    tried("a byte more", lambda _, content: content + b"\0")
    tried("of another file", lambda name, _: whole[names[names.index(name) - 1]])
    tried("of another version", lambda _, content: b"kmafactt" + content[8:])
    tried("zeros", lambda _, content: bytes(len(content)))
    for name in names:
        os.unlink(os.path.join(cache, name))
        os.mkdir(os.path.join(cache, name))
    ran = audit(*args, cwd=where)
    tap.ok((ran.status, ran.out) == plain[:2] and ran.err.count("cannot be written") == 1, "folders in place of entries: told once, the same report")


def changes(where):
    """A package that is replaced, moved or copied is read; the others are not."""
    cache, feed = os.path.join(where, "changing"), os.path.join(where, "feed")
    shutil.copytree(os.path.join(where, "later"), feed)
    audit("--cache", cache, "device.bin", "feed", cwd=where)
    before = entries(cache)
    packages = sorted(glob.glob(os.path.join(feed, "*.ipk")))
    other = sorted(glob.glob(os.path.join(where, "same", "*.ipk")))[0]
    shutil.copy(other, packages[0])
    ran = audit("--cache", cache, "device.bin", "feed", cwd=where)
    after = entries(cache)
    tap.ok(len(after) == len(before) + 1 and all(after[name] == kept for name, kept in before.items()), "a package changed: one entry more")
    tap.equal(answer(ran), answer(audit("device.bin", "feed", cwd=where)), "the report is about the new one")

    os.rename(feed, feed + "2")
    ran = audit("--cache", cache, "device.bin", "feed2", cwd=where)
    tap.equal(answer(ran), answer(audit("device.bin", "feed2", cwd=where)), "a feed with another name: witnesses have it")
    os.truncate(os.path.join(where, "feed2", os.path.basename(packages[-1])), 300)
    before = len(entries(cache))
    ran = audit("--cache", cache, "device.bin", "feed2", cwd=where)
    tap.ok(answer(ran) == answer(audit("device.bin", "feed2", cwd=where)) and "package-unreadable" in ran.out and len(entries(cache)) == before,
           "what cannot be read is not kept")
    shutil.copy(os.path.join(where, "device.bin"), os.path.join(where, "cut.bin"))
    audit("--cache", cache, "cut.bin", "same", cwd=where)
    os.truncate(os.path.join(where, "cut.bin"), os.path.getsize(os.path.join(where, "device.bin")) // 2)
    ran = audit("--cache", cache, "cut.bin", "same", cwd=where)
    tap.equal(answer(ran), answer(audit("cut.bin", "same", cwd=where)), "an image that is cut is not taken for the whole one")


def twins(where):
    """Facts that were kept for an image without modules serve one with modules, and the reverse."""
    cache = os.path.join(where, "other-image")
    for image in ("device.bin", "device-crcs.bin", "device.bin"):
        for feed in ("same", "later", "conntrack"):
            plain = audit(image, feed, cwd=where)
            ran = audit("--cache", cache, image, feed, cwd=where)
            tap.equal(answer(ran), answer(plain), f"{image} with {feed}: one cache for all")


def gates(where):
    cache, plan = os.path.join(where, "of-a-gate"), "schema: kmodaudit/plan/1\nimages:\n- {path: device.bin}\n- {path: device-crcs.bin}\n" \
        "feeds:\n- {path: same}\n- {path: later}\n"
    tap.write(os.path.join(where, "plan.yaml"), plan)
    plain = tap.kmodaudit("gate", "--search", "0", "plan.yaml", cwd=where)
    first = tap.kmodaudit("gate", "--search", "0", "--cache", cache, "plan.yaml", cwd=where)
    made = entries(cache)
    second = tap.kmodaudit("gate", "--search", "0", "--cache", cache, "plan.yaml", cwd=where)
    tap.ok(answer(plain) == answer(first) == answer(second) and made and entries(cache) == made, f"gate: {len(made)} entries, the same matrix")
    for command in ("explain", "vet"):
        more = ["-o", "vetted"] if command == "vet" else ["kmod-nfnetlink"]
        runs = []
        for options in ([], ["--cache", cache], ["--cache", cache]):
            shutil.rmtree(os.path.join(where, "vetted"), ignore_errors=True)
            runs.append(answer(tap.kmodaudit(command, "--search", "0", *options, "device.bin", "same", *more, cwd=where)))
        tap.ok(runs[0] == runs[1] == runs[2], f"{command}: the same with and without")


def run_as(where, cache, prepare, *options):
    """As another user if this one is root, who may write everywhere. Runs a copy, because that user may not enter the repository."""
    program = shutil.copy(tap.KMODAUDIT, os.path.join(where, "program"))

    def become():
        prepare()
        if os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    ran = subprocess.run([program, "audit", *options, "--cache", cache, "device.bin", "same"], cwd=where, capture_output=True, check=False,
                         preexec_fn=become, restore_signals=False, env={**os.environ, "LC_ALL": "C"})
    return tap.Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode(), 0)


def folders(where):
    os.chmod(where, 0o755)
    plain = audit("device.bin", "same", cwd=where)
    cache = os.path.join(where, "readable")
    os.mkdir(cache, 0o500)
    if os.getuid() == 0:
        os.chown(cache, NOBODY, NOBODY)
    for options in ((), ("--no-sandbox",)):
        ran = run_as(where, cache, lambda: None, *options)
        tap.ok((ran.status, ran.out) == (plain.status, plain.out) and ran.err.count("cannot be written: Permission denied") == 1 and not os.listdir(cache),
               f"a folder that cannot be written {' '.join(options)}: told once, the same report")
    os.chmod(cache, 0o700)
    ran = run_as(where, cache, lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), limit_files(64)))
    tap.ok((ran.status, ran.out) == (plain.status, plain.out) and ran.err.count("cannot be written: File too large") == 1 and not os.listdir(cache),
           "no room for an entry: told once, nothing is left behind")

    os.mkdir(os.path.join(where, "open"))
    os.chmod(os.path.join(where, "open"), 0o777)
    for folder, why in (("open", "other users may write into it"), ("device.bin", "is not a directory"), ("nowhere/x", "cannot be made")):
        ran = audit("--cache", folder, "device.bin", "same", cwd=where)
        tap.ok(ran.status == 3 and not ran.out and f"the cache {folder}: {why}" in ran.err, f"--cache {folder}: {why}")
    if os.getuid() == 0:
        ran = audit("--cache", "readable", "device.bin", "same", cwd=where)
        tap.ok(ran.status == 3 and "belongs to another user" in ran.err, "the folder of another user is refused")
    os.makedirs(os.path.join(where, "mine"), mode=0o700)
    ran = audit("--cache", "mine", "-o", "mine/report.yaml", "device.bin", "same", cwd=where)
    tap.ok(ran.status == 3 and "the cache" in ran.err and not os.listdir(os.path.join(where, "mine")), "a report is not written into the cache")


def limit_files(size):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def main():
    with tap.Scratch() as scratch:
        stories(scratch)
        where = os.path.join(scratch, "founding")
        damage(where)
        changes(where)
        twins(where)
        gates(where)
        os.chmod(scratch, 0o755)
        folders(where)
    tap.done()


main()
