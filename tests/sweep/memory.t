#!/usr/bin/python3
"""Memory has one ceiling: what is packed in what is packed counts against the file itself, and --max-memory holds for any --jobs."""

import os
import struct
import subprocess
import sys
import tarfile
import zlib

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), *to) for to in ([".."], ["..", "scale"])]
import plans  # noqa: E402
import tap  # noqa: E402

STORY = os.path.join(tap.ROOT, "fixtures", "founding.world")
SIZE = 300 << 20


def gzip(pieces):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(piece) for piece in pieces), packer.flush()])


def peak(where, *args):
    """Status, standard error and the most memory in MiB of a run."""
    with subprocess.Popen([tap.KMODAUDIT, *args], cwd=where, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          env={**os.environ, "LC_ALL": "C"}) as run:
        err = run.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    return run.returncode, err, usage.ru_maxrss >> 10


def bombs(where):
    once = gzip(bytes(1 << 20) for _ in range(SIZE >> 20))
    twice = gzip([once])
    tap.note(f"{SIZE >> 20} MiB of zeros in {len(once)}, in {len(twice)} bytes")
    names = []
    for i in range(8):
        names.append(f"bomb{i}.ipk")
        with open(os.path.join(where, names[-1]), "wb") as file:
            file.write(twice)
    plain = peak(where, "audit", "device.bin", "same")[2]
    status, err, most = peak(where, "facts", "bomb0.ipk")
    tap.ok(status == 3 and "more than" in err, "gzip in gzip: refused")
    tap.ok(tap.SANITIZED or most < plain + 150, f"and not decoded: {most} MiB, a plain audit {plain}")
    os.mkdir(os.path.join(where, "bombs"))
    for name in names:
        os.rename(os.path.join(where, name), os.path.join(where, "bombs", name))
    status, _, most = peak(where, "audit", "-j", "8", "device.bin", "bombs")
    tap.equal(status, 1, "eight as packages: none can be read")
    tap.ok(tap.SANITIZED or most < plain + 8 * 140, f"-j 8: {most} MiB")
    return once


def stated(where):
    """Packages with a module whose header states 250 MiB: no memory is reserved for what they cannot hold."""
    folder = os.path.join(where, "stated")
    os.mkdir(folder)
    for i in range(12):
        module = tarfile.TarInfo("./lib/modules/6.6.86/x.ko")
        module.size = 255 << 20
        plans.package(os.path.join(folder, f"kmod-s{i}_1.ipk"), f"Package: kmod-s{i}\nVersion: 1\nArchitecture: all\nDepends: kernel\n",
                      data=gzip([module.tobuf(), bytes(1 << 20)]))
    more = [] if tap.SANITIZED else ["--max-memory", "200"]
    runs = [tap.audit("--search", "0", "-j", jobs, *more, "device.bin", "stated", cwd=where) for jobs in ("1", "2")]
    tap.ok(runs[0].status == 1 and runs[0].out.count("id: package-unreadable") == 12, "a member of 250 MiB that is not there: not readable")
    tap.equal((runs[1].status, runs[1].err, runs[1].out), (runs[0].status, runs[0].err, runs[0].out), "two of them at once: the same report")


def claims(where):
    """A squashfs of 4 KB with a file of 1.6 TB: libsquashfs reserves memory for its list of blocks, and touches none of it."""
    tree = os.path.join(where, "claims", "lib", "modules", "6.6.86")
    os.makedirs(tree)
    with open(os.path.join(tree, "a.ko"), "wb") as file:
        file.write(os.urandom(600))
    os.link(os.path.join(tree, "a.ko"), os.path.join(tree, "b.ko"))  # two names: the larger form of an inode
    subprocess.run(["mksquashfs", "claims", "claims.bin", "-noappend", "-quiet", "-noI", "-b", "4096"], cwd=where, check=True,
                   stdout=subprocess.DEVNULL)
    with open(os.path.join(where, "claims.bin"), "rb") as file:
        image = bytearray(file.read())
    inodes = struct.unpack_from("<Q", image, 64)[0] + 2
    at = next(at for at in range(inodes, len(image) - 56) if struct.unpack_from("<H", image, at)[0] == 9 and
              struct.unpack_from("<Q", image, at + 24)[0] == 600)
    struct.pack_into("<Q", image, at + 24, 400_000_000 * 4096)
    with open(os.path.join(where, "claims.bin"), "wb") as file:
        file.write(image)
    plain = peak(where, "audit", "device.bin", "same")[2]
    status, err, most = peak(where, "facts", "claims.bin")
    tap.ok(status == 3 and "a.ko" in err and err.count("\n") == 1, "squashfs, a file of 1.6 TB in 4 KB: an error that names it")
    tap.ok(tap.SANITIZED or most < plain + 32, f"{most} MiB, a plain audit {plain}")


def ceiling(where):
    with open(os.path.join(where, "large.bin"), "wb") as file:
        file.write(gzip([os.urandom(1 << 20), *(bytes(1 << 20) for _ in range(200))]))
    if tap.SANITIZED:
        tap.skip("--max-memory", "sanitizers reserve terabytes of address space")
        return
    for jobs in ("1", "8"):
        status, err, most = peak(where, "audit", "-j", jobs, "--max-memory", "150", "large.bin", "same")
        tap.ok(status == 3 and most < 220, f"-j {jobs}, more than --max-memory: status 3, {most} MiB")
        tap.note(err.strip())
    status, err, _ = peak(where, "audit", "--max-memory", "150", "device.bin", "same")
    tap.equal((status, err), (0, ""), "a run that needs less")
    for most in (1, 2, 3, 4, 6, 8, 12, 16):
        status, err, _ = peak(where, "audit", "--max-memory", str(most), "device.bin", "same")
        tap.ok(status in (0, 2) or (status == 3 and "see --max-memory" in err), f"{most} MiB: the end of memory is named, status {status}")
    status, err, _ = peak(where, "audit", "--max-memory", "x", "device.bin", "same")
    tap.ok(status == 3 and "--max-memory" in err, "no number: usage")


with tap.Scratch() as here:
    tap.world(STORY, here)
    bombs(here)
    stated(here)
    claims(here)
    ceiling(here)
tap.done()
