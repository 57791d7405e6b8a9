#!/usr/bin/python3
"""Files that are not what they seem: pipes and devices in feeds, outputs that are inputs, files that change while they are read, and
a program that is ended while it writes."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

PRELOAD = tap.preloaded("preload.so")

STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")


def preloaded(where, *args, expect=None, before=None, **variables):
    """The program with tests/preload.c in front of the C library."""
    environment = {**os.environ, "LC_ALL": "C", "LD_PRELOAD": PRELOAD, **variables}
    ran = subprocess.run([tap.KMODAUDIT, *args], cwd=where, capture_output=True, env=environment, timeout=tap.PATIENCE, check=False,
                         preexec_fn=before)
    return tap.Ran(ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace"), 0)


def special(where):
    """What has the name of a package and is none never goes unsaid."""
    def feed(name, make):
        folder = os.path.join(where, name)
        shutil.copytree(os.path.join(where, "same"), folder)
        make(folder)
        return tap.audit("device.bin", name, cwd=where)

    def bind(folder):
        here = os.getcwd()
        os.chdir(folder)  # a socket's path is short
        with socket.socket(socket.AF_UNIX) as end:
            end.bind("kmod-odd_1.ipk")
        os.chdir(here)

    made = {
        "a pipe": lambda folder: os.mkfifo(os.path.join(folder, "kmod-odd_1.ipk")),
        "a socket": bind,
        "a link to a device": lambda folder: os.symlink("/dev/zero", os.path.join(folder, "kmod-odd_1.ipk")),
        "a link to nothing": lambda folder: os.symlink("nowhere", os.path.join(folder, "kmod-odd_1.ipk")),
        "a link to a pipe": lambda folder: (os.mkfifo(os.path.join(folder, "pipe")), os.symlink("pipe", os.path.join(folder, "kmod-odd_1.ipk"))),
    }
    for i, (what, make) in enumerate(made.items()):
        ran = feed(f"special{i}", make)
        report = ran.report()
        odd = [one for one in report["packages"] if one["name"] == "kmod-odd"] if report else []
        tap.ok(ran.status == 1 and odd and odd[0]["findings"][0]["id"] == "package-unreadable", f"{what} with the name of a package: said")

    ran = feed("folders", lambda folder: os.symlink("../later", os.path.join(folder, "more")))
    left = [one for one in ran.report()["feeds"][0]["findings"] if one["id"] == "feed-left-out"]
    tap.ok(ran.status == 0 and len(left) == 1 and "folders/more" in left[0]["text"], "a link to another directory: said")
    ran = feed("inside", lambda folder: os.symlink(".", os.path.join(folder, "more")))
    tap.ok(ran.status == 0 and "feed-left-out" not in ran.out, "a link to the feed itself hides nothing")

    def move(folder):
        for name in os.listdir(folder):
            if name.endswith(".ipk"):
                os.rename(os.path.join(folder, name), os.path.join(where, "pool", name))
                os.symlink(os.path.join("..", "pool", name), os.path.join(folder, name))
    os.mkdir(os.path.join(where, "pool"))
    ran = feed("merged", move)
    plain = tap.audit("device.bin", "same", cwd=where)
    tap.equal((ran.status, tap.verdicts(ran.report())), (0, tap.verdicts(plain.report())), "a feed made of links is read")
    ran = tap.audit("--no-follow", "device.bin", "merged", cwd=where)
    tap.ok(ran.status == 3 and "contains no package" in ran.err, "--no-follow: not these")
    ran = feed("mixed", lambda folder: os.symlink("../later/kmod-nfnetlink_6.6.86-r1_mips_24kc.ipk", os.path.join(folder, "kmod-x_1.ipk")))
    ran = tap.audit("--no-follow", "device.bin", "mixed", cwd=where)
    tap.ok(ran.status == 0 and "--no-follow is given" in ran.out, "--no-follow: a link is said")


def inputs(where):
    """A pipe that nobody writes, a device: an error at once, wherever a file is expected."""
    os.mkfifo(os.path.join(where, "pipe"))
    for args in (["facts", "pipe"], ["facts", "/dev/zero"], ["symvers", "pipe"], ["config", "pipe", "pipe"], ["audit", "pipe", "same"],
                 ["audit", "device.bin", "pipe"], ["audit", "device.bin", "/dev/zero"], ["gate", "pipe"], ["merge", "pipe"],
                 ["diff", "pipe", "pipe"], ["convert", "pipe"],
                 *(["audit", option, "./pipe", "device.bin", "same"]
                   for option in ("--image-config", "--image-manifest", "--image-symvers", "--feed-config", "--feed-symvers", "--waivers",
                                  "--baseline", "--policy", "--key", "--providers", "--feeds-from", "--rules"))):
        ran = tap.kmodaudit(*args, cwd=where, cpu=10)
        tap.ok(ran.status == 3 and ran.err.startswith("kmodaudit: ") and ran.err.count("\n") == 1, f"{' '.join(args)}: an error")


def unchanged(where, what, *args, words, keep):
    """The run is refused with WORDS before anything is written."""
    before = open(os.path.join(where, keep), "rb").read() if os.path.isfile(os.path.join(where, keep)) else None
    ran = tap.kmodaudit(*args, cwd=where)
    after = open(os.path.join(where, keep), "rb").read() if os.path.isfile(os.path.join(where, keep)) else None
    tap.ok(ran.status == 3 and words in ran.err and before == after, what)
    if ran.status != 3 or words not in ran.err:
        tap.note(ran.err)


def outputs(where):
    os.link(os.path.join(where, "device.bin"), os.path.join(where, "other-name.bin"))
    os.symlink("device.bin", os.path.join(where, "link.bin"))
    for name in ("device.bin", "./same/../device.bin", "other-name.bin", "link.bin"):
        unchanged(where, f"-o {name}: is the image", "audit", "device.bin", "same", "-o", name, words="is the image", keep="device.bin")
    package = "same/kmod-dummy_6.6.86-r1_mips_24kc.ipk"
    unchanged(where, "-o a package of a feed", "audit", "device.bin", "same", "-o", package, words="lies in same", keep=package)
    unchanged(where, "-o a package that is given", "audit", "device.bin", package, "-o", package, words="is a feed", keep=package)
    unchanged(where, "-o in a feed", "audit", "device.bin", "same", "-o", "same/new.yaml", words="lies in same", keep="same/new.yaml")
    unchanged(where, "--report below a feed", "audit", "device.bin", "same", "--report", "yaml=same/../same/x.yaml", words="which is a feed",
              keep="same/x.yaml")
    unchanged(where, "-o the index that is given", "audit", "device.bin", "same/Packages", "-o", "same/Packages", words="is a feed",
              keep="same/Packages")
    for option, name in (("--image-config", "base.config"), ("--image-symvers", "base.symvers"), ("--image-manifest", "device.manifest"),
                         ("--feed-config", "later.config")):
        unchanged(where, f"-o the file of {option}", "audit", option, name, "device.bin", "same", "-o", name, words="cannot be a report",
                  keep=name)
    with open(os.path.join(where, "list"), "w", encoding="utf-8") as file:
        file.write("src/gz a file://" + os.path.join(where, "same") + "\n")
    unchanged(where, "-o in a feed of --feeds-from", "audit", "--feeds-from", "list", "device.bin", "-o", "same/new.yaml", words="lies in",
              keep="same/new.yaml")
    unchanged(where, "--init -o its image", "gate", "--init", "device.bin", "same", "-o", "device.bin", words="is the image",
              keep="device.bin")
    with open(os.path.join(where, "plan.yaml"), "w", encoding="utf-8") as file:
        file.write("schema: kmodaudit/plan/1\nimages:\n- {path: device.bin}\nfeeds:\n- {path: same}\n")
    unchanged(where, "gate -o its plan", "gate", "plan.yaml", "-o", "plan.yaml", words="is the plan", keep="plan.yaml")
    unchanged(where, "gate -o an image", "gate", "plan.yaml", "-o", "device.bin", words="is an image", keep="device.bin")
    unchanged(where, "gate --reports in a feed", "gate", "plan.yaml", "--reports", "same/reports", words="which is a feed",
              keep="same/reports")
    unchanged(where, "gate --reports a feed", "gate", "plan.yaml", "--reports", "same", words="which is a feed", keep="same/new")
    tap.equal(tap.kmodaudit("gate", "plan.yaml", "-o", "gate.yaml", "--reports", "out", cwd=where).status, 0, "other places are written")
    tap.equal(tap.kmodaudit("gate", "plan.yaml", "-o", "gate.yaml", "--reports", "out", cwd=where).status, 0, "and written again")
    report = "out/" + os.listdir(os.path.join(where, "out"))[0]
    unchanged(where, "merge -o a shard", "merge", "gate.yaml", "-o", "gate.yaml", words="is a report of a shard", keep="gate.yaml")
    unchanged(where, "convert -o its input", "convert", report, "-o", report, words="is the report", keep=report)
    unchanged(where, "diff -o one of the two", "diff", report, report, "-o", report, words="is a report", keep=report)
    tap.equal(tap.audit("device.bin", "same", "-o", "/dev/null", cwd=where).status, 0, "-o /dev/null")


def left(where):
    return sorted(name for name in os.listdir(where) if name.startswith("report.yaml"))


def ended(where):
    """No half report and no temporary file stays, however the program ends."""
    os.mkdir(os.path.join(where, "end"))
    end = os.path.join(where, "end")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXCPU):
        ran = preloaded(end, "audit", "../device.bin", "../same", "-o", "report.yaml", PRELOAD_FSYNC=str(int(number)),
                        before=lambda number=number: signal.signal(number, signal.SIG_DFL))
        tap.equal((ran.status, left(end)), (-number, []), f"{number.name} while a report is written: ended by it, nothing stays")
    with open(os.path.join(end, "report.yaml"), "w", encoding="utf-8") as file:
        file.write("old\n")
    ran = preloaded(end, "audit", "../device.bin", "../same", "-o", "report.yaml", PRELOAD_FSYNC=str(int(signal.SIGTERM)))
    tap.equal((ran.status, left(end), open(os.path.join(end, "report.yaml"), encoding="utf-8").read()),
              (-signal.SIGTERM, ["report.yaml"], "old\n"), "an earlier report stays whole")
    ran = preloaded(end, "audit", "../device.bin", "../same", "-o", "report.yaml",
                    before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    tap.ok(ran.status == 3 and "cannot write: File too large" in ran.err and left(end) == ["report.yaml"], "a file that grows too large: an error")
    ran = tap.kmodaudit("audit", "../device.bin", "../same", "-o", "report.yaml", cwd=end)
    tap.ok(ran.status == 0 and left(end) == ["report.yaml"] and os.path.getsize(os.path.join(end, "report.yaml")) > 1000, "written")


def changing(where):
    """A large image is mapped: what happens to the file meanwhile is an error, not the end of the program."""
    with open(os.path.join(where, "device.bin"), "rb") as file:
        image = file.read()
    large = os.path.join(where, "large.bin")
    for what, variable, words in (("cut off", "PRELOAD_CUT", "was truncated while being read"), ("changed", "PRELOAD_POKE", "was changed while being read")):
        with open(large, "wb") as file:
            file.write(image)
            file.truncate(40 << 20)
        tap.equal(tap.audit("large.bin", "same", cwd=where).status, 0, "a large image is read")
        for args in (["audit", "large.bin", "same"], ["facts", "large.bin"], ["facts", "rootdir"]):
            with open(large, "wb") as file:
                file.write(image)
                file.truncate(40 << 20)
            os.makedirs(os.path.join(where, "rootdir", "boot"), exist_ok=True)
            if args[1] == "rootdir":
                os.replace(large, os.path.join(where, "rootdir", "boot", "vmlinuz-1"))
            path = "rootdir/boot/vmlinuz-1" if args[1] == "rootdir" else "large.bin"
            ran = preloaded(where, *args, **{variable: path})
            # facts looks what it is first, and then finds the rest gone
            good = ran.status == 3 and (words in ran.err or "truncated" in ran.err)
            if not tap.ok(good, f"{' '.join(args)}: {what} while it is read: an error"):
                tap.note(f"status {ran.status}: {ran.err}")


def unlisted(where):
    """A directory that cannot be read to its end is an error, wherever one is read."""
    os.makedirs(os.path.join(where, "keys"))
    with open(os.path.join(where, "keys", "key"), "w", encoding="utf-8") as file:
        file.write("untrusted comment: x\nRWRx\n")
    os.makedirs(os.path.join(where, "system", "lib", "modules", "6.6.86"))
    for what, args, folder in (("a feed", ["audit", "device.bin", "same"], "same"), ("an image", ["facts", "system"], "system"),
                               ("keys", ["audit", "--key", "keys", "device.bin", "same/Packages"], "keys")):
        ran = preloaded(where, *args, PRELOAD_READDIR="2")
        tap.ok(ran.status == 3 and "Input/output error" in ran.err and folder in ran.err, f"{what}: an error of readdir is told")
        if ran.status != 3:
            tap.note(ran.err)


def bound(_):
    """The program's table of library functions is read-only once it runs."""
    ran = subprocess.run(["readelf", "-dl", tap.KMODAUDIT], capture_output=True, text=True, check=True)
    tap.ok("NOW" in ran.stdout and "GNU_RELRO" in ran.stdout, "linked with relro and now")


def once(where):
    """What is digested or verified is what is parsed: the file is opened once."""
    log = os.path.join(where, "log")
    with open(os.path.join(where, "same", "Packages.sig"), "w", encoding="utf-8") as file:
        file.write("untrusted comment: x\nRWRx\n")
    ran = preloaded(where, "audit", "-j", "2", "device.bin", "same", PRELOAD_LOG=log)
    tap.ok(ran.status in (0, 1), "a run that is watched")
    opened = [line for line in open(log, encoding="utf-8").read().splitlines() if line.startswith(("device.bin", "same/"))]
    wanted = ["device.bin"] + [f"same/{name}" for name in os.listdir(os.path.join(where, "same"))]
    tap.equal(sorted(opened), sorted(wanted), "image, packages, indexes and signature: each opened once")


with tap.Scratch() as here:
    tap.world(STORY, here)
    special(here)
    inputs(here)
    outputs(here)
    if tap.SANITIZED:
        tap.skip("files that change, signals, files opened once", "sanitizers do not go with a preloaded library")
    else:
        ended(here)
        changing(here)
        unlisted(here)
        bound(here)
        once(here)
tap.done()
