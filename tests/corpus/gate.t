#!/usr/bin/python3
"""A plan over every image and every feed of the corpus, in one command and in four shards: the same bytes, each package unpacked
once, and each pair's report is that of `audit`."""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import yaml  # noqa: E402
import tap  # noqa: E402

IMAGES = ("*.bin", "*.elf", "*vmlinuz", "kernel.img", "bzImage")
SHARDS = 4
FORMATS = ("yaml", "text", "sarif", "junit", "github", "markdown", "html")


def folders():
    yield from sorted(glob.glob(os.path.join(tap.CORPUS, "*", "")))
    yield from sorted(glob.glob(os.path.join(tap.CORPUS, "lab-x86", "*", "")))


def beside(folder, *names):
    """The files beside an image or feed that belong to it: {key of the plan: path}."""
    found = {}
    for key, pattern in names:
        for path in glob.glob(os.path.join(folder, pattern)):
            found[key] = path
    return found


def images():
    for folder in folders():
        for pattern in IMAGES:
            for path in sorted(glob.glob(os.path.join(folder, pattern))):
                name = os.path.basename(folder.rstrip("/")) + "-" + os.path.basename(path)
                yield {"name": name, "path": path,
                       **beside(folder, ("config", "*config"), ("manifest", "*.manifest"))}


def feeds():
    for folder in folders():
        for path in [os.path.join(folder, "packages"), os.path.join(folder, "modules"), os.path.join(folder, "modules.tar.xz"), folder]:
            if not os.path.exists(path) or (path == folder and not glob.glob(folder + "*.[ia]pk")):
                continue
            yield {"name": os.path.basename(folder.rstrip("/")), "path": path.rstrip("/"),
                   **beside(folder, ("config", "config"), ("config", "kernel.config"))}
            break


def outputs(folder, name):
    return [f"--report={form}={os.path.join(folder, f'{name}.{form}')}" for form in FORMATS]


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def number(words, text):
    found = re.search(r"(\d+) " + words, text)
    return int(found.group(1)) if found else None


if not os.path.isdir(tap.CORPUS):
    tap.skip_all(f"no corpus at {tap.CORPUS}")

with tap.Scratch() as scratch:
    plan = {"schema": "kmodaudit/plan/1", "images": list(images()), "feeds": list(feeds())}
    pairs = len(plan["images"]) * len(plan["feeds"])
    path = os.path.join(scratch, "plan.yaml")
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump(plan, file, sort_keys=False)
    tap.ok(len(plan["images"]) >= 12 and len(plan["feeds"]) >= 20,
           f"{len(plan['images'])} images and {len(plan['feeds'])} feeds in the corpus")

    # other tests check the verdicts, also of images that the program cannot read yet
    unreadable = [one["path"] for one in plan["images"] if tap.kmodaudit("facts", one["path"]).status]
    for image in unreadable:
        tap.note(f"cannot be read: {os.path.relpath(image, tap.CORPUS)}")
    lost = len(unreadable) * len(plan["feeds"])

    reports = os.path.join(scratch, "reports")
    whole = tap.kmodaudit("gate", path, "-v", "--reports", reports, *outputs(scratch, "whole"), cpu=600)
    tap.note(f"{whole.err.strip()}; {whole.seconds:.0f} s cpu")
    tap.equal(whole.status, 3 if unreadable else 1, "one command judges them all: some unsafe")
    tap.equal(number("pairs", whole.err), pairs, f"{pairs} pairs")
    tap.equal(number("images read", whole.err), len(plan["images"]), "each image is read once")
    tap.equal(number("feeds read", whole.err), len(plan["feeds"]), "each feed is read once")
    matrix = yaml.load(read(scratch, "whole.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    rows = matrix["matrix"]
    files = {(row["feed"], row["file"]) for row in rows if row["file"]}
    tap.ok(number("packages unpacked", whole.err) >= len(files) and
           number("verdicts", whole.err) == sum(len(row["images"]) for row in rows),
           "every verdict is in the matrix")
    tap.equal(len(os.listdir(reports)), pairs - lost, "one report for each pair that could be read")
    answers = (0, 1, 2, 3) if unreadable else (0, 1, 2)

    for shard in range(1, SHARDS + 1):
        part = tap.kmodaudit("gate", path, f"--shard={shard}/{SHARDS}", "-o", os.path.join(scratch, f"s{shard}.yaml"), cpu=600)
        tap.ok(part.status in answers, f"shard {shard} of {SHARDS}")
    merged = tap.kmodaudit("merge", "-v", *(os.path.join(scratch, f"s{shard}.yaml") for shard in (3, 1, 4, 2)),
                           *outputs(scratch, "merged"), cpu=600)
    tap.equal(merged.status, whole.status, "the merge has the status of the whole")
    for form in FORMATS:
        tap.ok(read(scratch, f"whole.{form}") == read(scratch, f"merged.{form}"), f"{form}: the merge is the whole, to the byte")

    for image, feed in (("tl-wr703n-3.18.20-mips-openwrt-15.05-ar71xx-generic-tl-wr703n-v1-squashfs-sysupgrade.bin", "tl-wr703n-3.18.20-mips"),
                        ("x86-base-mv-bzImage", "x86-extra2-mv")):
        wanted = next(one for one in plan["images"] if one["name"] == image)
        packages = next(one for one in plan["feeds"] if one["name"] == feed)
        options = [f"--image-{key}={wanted[key]}" for key in ("config", "manifest") if key in wanted]
        options += [f"--feed-config={packages['config']}"] if "config" in packages else []
        alone = tap.audit(*options, wanted["path"], packages["path"])
        tap.ok(alone.out.encode() == read(reports, f"{image}--{feed}.yaml"), f"{image} and {feed}: as audit says")
        cells = {row["package"]: cell["verdict"] for row in rows if row["feed"] == feed for cell in row["images"] if cell["image"] == image}
        tap.equal(cells, tap.verdicts(alone.report()), f"{image} and {feed}: the matrix says the same")
tap.done()
