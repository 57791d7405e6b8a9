#!/usr/bin/python3
"""`kmodaudit merge` joins shards into the bytes of one run, in every format, whatever their number; reports that are not the
shards of one run are refused, and the message names the difference."""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plans  # noqa: E402
from plans import tap  # noqa: E402

FORMATS = ["yaml", "text", "sarif", "junit", "github", "markdown", "html"]
WAIVERS = [  # a waiver that several shards use, one that overlaps it, an unused one, an expired one
    {"rule": "module-versions", "package": "kmod-nf*"},
    {"rule": "module-versions", "package": "kmod-nfnetlink-queue"},
    {"rule": "softdep", "package": "kmod-sound"},
    {"rule": "vermagic", "package": "kmod-nfnetlink", "expires": "2030-06-14"},
]


def reports(folder):
    return [part for name in FORMATS for part in ("--report", f"{name}={folder}/{name}")]


def alike(where, what, counts, *options, plan="plan.yaml"):
    """With each of COUNTS shards, all outputs after the merge are those of one run."""
    for folder in ("one", "many"):
        os.makedirs(os.path.join(where, folder), exist_ok=True)
    one = plans.gate(where, *options, *reports("one"), plan=plan)
    wrong = []
    for count in counts:
        paths, _ = plans.cut(where, count, *options, plan=plan)
        many = plans.merge(where, reversed(paths), *reports("many"))
        wrong += [f"{count}: {name}" for name in FORMATS if plans.read(where, "one", name) != plans.read(where, "many", name)]
        # a merge has no plan, so it does not name the line of the plan
        if many.status != one.status or many.err != re.sub(rf"^kmodaudit: {plan}: line \d+: ", "kmodaudit: ", one.err, flags=re.M):
            wrong.append(f"{count}: status {many.status}, not {one.status}: {many.err}")
    tap.equal(wrong, [], f"{what}: in {', '.join(map(str, counts))} shards as in one (status {one.status})")
    return plans.read(where, "one", "yaml").decode()


def shapes(where):
    alike(where, "the plan", [1, 3, 4])
    alike(where, "more shards than pairs", [9])
    tap.equal(plans.cut(where, 4)[1], plans.STATUSES, "each shard ends as its pair does")
    paths, statuses = plans.cut(where, 9)
    tap.equal(sorted(statuses), sorted(plans.STATUSES + [0] * 5), "a shard without pairs ends with 0")
    plans.write(os.path.join(where, "wide.yaml"), {**plans.PLAN, "images": plans.PLAN["images"][:1], "pairs": [{"image": "*", "feed": "*"}]})
    alike(where, "one image, many feeds", [3], plan="wide.yaml")
    plans.write(os.path.join(where, "tall.yaml"), {**plans.PLAN, "feeds": plans.PLAN["feeds"][:1], "pairs": [{"image": "*", "feed": "*"}]})
    alike(where, "many images, one feed", [2], plan="tall.yaml")
    plans.gate(where, "-o", "one.yaml", "--jobs", "1")
    paths = [plans.cut(where, 4, "--jobs", jobs, name=f"jobs{jobs}")[0][at] for at, jobs in enumerate("1427")]
    tap.ok(plans.merge(where, paths).out.encode() == plans.read(where, "one.yaml"), "shards with different --jobs")


def terms(where):
    waivers = [{"reason": "tried by hand", "owner": "release team", "expires": "2030-12-31", **one} for one in WAIVERS]
    plans.write(os.path.join(where, "waivers.yaml"), {"schema": "kmodaudit/waivers/1", "waivers": waivers})
    plans.write(os.path.join(where, "all.yaml"), {**plans.PLAN, "pairs": [{"image": "*", "feed": "*"}]})
    text = alike(where, "waivers", [1, 3, 8], "--waivers", "waivers.yaml", plan="all.yaml")
    missing = [rule for rule in ("waiver-unused", "waiver-expired", "waiver-overlap") if f"id: {rule}" not in text]
    tap.equal(missing, [], "waivers: the run had one unused, one expired, two that overlap")
    tap.ok("waiver-unused" not in plans.read(where, "shard-1.yaml").decode().partition("\nwaivers:")[2],
           "a shard says of no waiver that it is unused")

    plans.gate(where, "--reports", "accepted")
    text = alike(where, "baseline", [4], "--baseline", "accepted")
    tap.ok("status: 0" in text.partition("\npairs:")[0], "baseline: the run passes")
    os.unlink(os.path.join(where, "accepted", "crcs--conntrack-crcs.yaml"))
    alike(where, "baseline that lacks a pair", [4], "--baseline", "accepted")
    alike(where, "baseline and waivers", [3], "--baseline", "accepted", "--waivers", "waivers.yaml")

    tap.equal(plans.gate(where, "--reports", "one-run").status, 1, "reports of pairs: one run")
    plans.cut(where, 3, "--reports", "shards")
    same = [name for name in os.listdir(f"{where}/one-run") if plans.read(where, "one-run", name) == plans.read(where, "shards", name)]
    tap.equal((len(same), os.listdir(f"{where}/shards").__len__()), (4, 4), "reports of pairs: the same from shards")


def unread(where):
    images = [*plans.PLAN["images"], {"path": "broken.bin"}]
    shutil.copy(os.path.join(where, "plan.yaml"), os.path.join(where, "broken.bin"))
    plans.write(os.path.join(where, "unread.yaml"), {**plans.PLAN, "images": images, "pairs": [{"image": "*", "feed": "same"}]})
    alike(where, "an image that cannot be read", [3], plan="unread.yaml")
    paths, statuses = plans.cut(where, 3, plan="unread.yaml")
    tap.equal(statuses[2], 3, "its shard ends with 3")
    ran = plans.merge(where, paths)
    tap.ok(ran.status == 3 and "image-unreadable" in ran.out, "and so does the merge, with the whole matrix")


def strangers(where):
    paths, _ = plans.cut(where, 4)
    plans.refused(plans.merge(where, paths[:2] + paths[3:]), "a shard that is missing", "shard 3 of 4 is missing")
    plans.refused(plans.merge(where, paths + paths[1:2]), "one that comes twice", "shard-2.yaml: shard 2 of 4, which is also shard-2.yaml")
    plans.refused(plans.merge(where, paths + ["none.yaml"]), "one that is not there", "none.yaml: ")
    others, _ = plans.cut(where, 5, name="five")
    plans.refused(plans.merge(where, [*paths[:3], others[3]]), "one that was cut otherwise", "five-4.yaml: not from the same plan")
    others, _ = plans.cut(where, 4, "--policy", "strict", name="strict")
    plans.refused(plans.merge(where, [*paths[:3], others[3]]), "another policy", "strict-4.yaml: not the same policy")
    for number, level in enumerate(("error", "warning")):
        plans.write(os.path.join(where, "own.yaml"), {"levels": {"autoload": level}})
        plans.cut(where, 4, "--policy", "own.yaml", name=f"own{number}")
    mixed = ["own0-1.yaml", "own0-2.yaml", "own0-3.yaml", "own1-4.yaml"]
    plans.refused(plans.merge(where, mixed), "a policy that was changed between", "own1-4.yaml: not the same policy")
    plans.refused(plans.merge(where, ["plan.yaml"]), "a file that is none", "plan.yaml: is a plan for kmodaudit gate, but a report")
    plans.cut(where, 4, "--waivers", "waivers.yaml", name="waived")
    plans.refused(plans.merge(where, [*paths[:3], "waived-4.yaml"]), "waivers in one only", "waived-4.yaml: not the same waivers as the other shards")
    text = plans.read(where, "waivers.yaml").replace(b"tried by hand", b"tried by foot")
    with open(os.path.join(where, "waivers.yaml"), "wb") as file:
        file.write(text)
    others, _ = plans.cut(where, 4, "--waivers", "waivers.yaml", name="foot")
    mixed = ["waived-1.yaml", "waived-2.yaml", "waived-3.yaml", others[3]]
    plans.refused(plans.merge(where, mixed), "waivers that were changed between", "foot-4.yaml: not the same waivers as the other shards")
    plans.cut(where, 4, "--waivers", "waivers.yaml", "--today", "2030-06-14", name="day")
    plans.refused(plans.merge(where, ["day-1.yaml", *others[1:]]), "two sides of midnight", "from another day", "--today")
    with open(os.path.join(where, "waivers.yaml"), "ab") as file:
        file.write(b"  unknown: true\n")
    plans.cut(where, 4, "--waivers", "waivers.yaml", name="wide")
    plans.refused(plans.merge(where, [*others[:3], "wide-4.yaml"]), "a waiver that covers more since", "wide-4.yaml: not the same waivers as the other shards")


def folders(where):
    """A pattern in the plan that matches other files on another machine."""
    plan = {**plans.PLAN, "images": [{"path": "device*.bin"}], "pairs": [{"image": "*", "feed": "same"}]}
    plans.write(os.path.join(where, "glob.yaml"), plan)
    paths, _ = plans.cut(where, 2, plan="glob.yaml")
    os.rename(os.path.join(where, "device-crcs.bin"), os.path.join(where, "device-new.bin"))
    others, _ = plans.cut(where, 2, plan="glob.yaml", name="other")
    plans.refused(plans.merge(where, [paths[0], others[1]]), "images that are not the same everywhere", "other-2.yaml: not the same images and feeds")


def quoted():
    """The document shows the scripts as they are."""
    for name in ("shard", "merge"):
        with open(os.path.join(tap.ROOT, "scripts", "scale.d", name), encoding="utf-8") as file:
            text = file.read()
        tap.equal(plans.block(text.splitlines()[1]), text, f"docs/scale.md shows scripts/scale.d/{name}")


quoted()
with tap.Scratch() as scratch:
    plans.make(scratch)
    shapes(scratch)
    terms(scratch)
    unread(scratch)
    strangers(scratch)
    folders(scratch)
tap.done()
