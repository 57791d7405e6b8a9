#!/usr/bin/python3
"""Where there are no symbol CRCs, the kernels' configs decide. Row by row of the lab's outcomes.tsv for the bases without
MODVERSIONS: what did not load, work and unload is never `safe`; where only harmless modules were added, what did is `safe` by
config-core; and without configs nothing is `safe`, while refusals stay `unsafe`. The image is the kernel with its modules, and
the kernel alone. At last the configs are known only by the abi hashes over their lines, which packages and image name."""

import collections
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

VERDICTS = ("installed", "safe", "unsafe", "unproven", "absent")
GOOD = ("installed", "safe")
WITH_MODULES, ALONE = "kernel and modules", "kernel alone"
# the modules that conntrack's change of sk_buff and net may affect
NETWORKING = re.compile(r"(8021q|bonding|dummy|macvlan|tun|veth|ppp(_generic|ox|oe)|slhc|sch_.*|nf.*|ip_tunnel|ipip|tunnel4|"
                        r".*_diag|layoutprobe)$")

lab = tap.corpus("lab-x86")
with open(os.path.join(lab, "outcomes.tsv"), encoding="utf-8") as file:
    ROWS = collections.defaultdict(list)
    for row in csv.DictReader(file, delimiter="\t"):
        if re.match(r"x86-.*-nomv$", row["base"]):
            ROWS[row["base"], row["variant"]].append((row["module"].replace("-", "_"), row["outcome"], row["detail"]))


def config(variant):
    return tap.corpus("lab-x86", variant, "config")


def modules(variant, directory):
    """Copies the variant's .ko files into one directory."""
    os.makedirs(directory)
    archive = tap.corpus("lab-x86", variant, "modules.tar.xz")
    subprocess.run(["tar", "xJf", archive, "-C", directory, "--strip-components=1"], check=True)
    return directory


def images(base, scratch):
    """Two forms of an image: a root file system with the kernel and the base's modules; the kernel alone. At last the configs are known only by the abi hashes over their lines, which packages and image name."""
    kernel = tap.corpus("lab-x86", base, "bzImage")
    root = os.path.join(scratch, base)
    modules(base, os.path.join(root, "lib/modules/6.1.192"))
    os.mkdir(os.path.join(root, "boot"))
    shutil.copy(kernel, os.path.join(root, "boot/vmlinuz"))
    return {WITH_MODULES: root, ALONE: kernel}


def lines_of(variant):
    """What OpenWrt would hash."""
    with open(config(variant), "rb") as text:
        return b"".join(sorted(line for line in text if re.search(rb"=[ym]", line)))


def pin(variant):
    return f"6.1.192-1-{hashlib.md5(lines_of(variant)).hexdigest()}"


def sets_of(variants, directory):
    os.makedirs(directory)
    with open(os.path.join(directory, "99.01.0.sets"), "wb") as sets:
        sets.write(b"release 99.01.0\n")
        for variant in variants:
            lines = lines_of(variant).splitlines(keepends=True)
            sets.write(f"target lab/{variant} kernel 6.1.192 hash {pin(variant)[-32:]} lines {len(lines)} confirmed none\n".encode())
            sets.write(b"".join(b"+" + line for line in lines))
    return directory


def tar_of(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for path, content in members:
            one = tarfile.TarInfo(path)
            one.size = len(content)
            tar.addfile(one, io.BytesIO(content))
    return out.getvalue()


def packages(variant, directory, to):
    """A package for each .ko file, which names the hash of the variant's config; and the revision of the sources, which is one."""
    os.makedirs(to)
    for file in sorted(os.listdir(directory)):
        name = "kmod-" + file.removesuffix(".ko").replace("_", "-")
        control = f"Package: {name}\nVersion: 6.1.192-1\nArchitecture: x86_64\nDepends: kernel (= {pin(variant)})\n"
        with open(os.path.join(directory, file), "rb") as module:
            data = tar_of([(f"./lib/modules/6.1.192/{file}", module.read())])
        with open(os.path.join(to, name + ".ipk"), "wb") as package:
            package.write(tar_of([("./debian-binary", b"2.0\n"), ("./control.tar.gz", tar_of([("./control", control.encode())])),
                                  ("./data.tar.gz", data)]))
    with open(os.path.join(to, "version.buildinfo"), "w", encoding="ascii") as revision:
        revision.write("r1-0123456\n")
    return to


def pinned(base, root, to):
    """The image once more, with a database that names the hash of its config."""
    shutil.copytree(root, to)
    for path, text in (("usr/lib/opkg/status", f"Package: kernel\nVersion: {pin(base)}\nStatus: install ok installed\n"),
                       ("etc/openwrt_release", "DISTRIB_REVISION='r1-0123456'\n")):
        os.makedirs(os.path.dirname(os.path.join(to, path)))
        with open(os.path.join(to, path), "w", encoding="ascii") as file:
            file.write(text)
    return to


class Judged:
    def __init__(self, package):
        self.verdict = package["verdict"]
        self.proof = package.get("proof")
        self.reasons = sorted({f["id"] for f in package["findings"] or [] if f["level"] in ("error", "unknown")})


def judge(what, image, feed, *options):
    """module -> Judged"""
    ran = tap.audit(*options, image, feed, cpu=120)
    report = ran.report()
    if not tap.ok(ran.status < 3 and report is not None, f"{what}: a report"):
        tap.note(f"status {ran.status}: {ran.err}")
        return {}
    return {module.replace("-", "_"): Judged(package)
            for package in report["packages"] for module in package["modules"] or []}


def init_failed(outcome, detail):
    """Whether the loader accepted the module and its init then failed because a crc32c is missing that only a softdep names."""
    return outcome == "ENOENT" and detail.strip() == "load=E2(ENOENT) |"


def refused(outcome, detail, form):
    """Whether the loader refused the module for a reason that the files show. A name that an earlier failure of the same boot left
    behind is no such reason; a struct module of another size, which makes relocations hit data, shows only if the image has
    modules."""
    by_size = "invalid relocation target" in detail
    return (outcome in ("ENOENT", "ENOEXEC", "EINVAL") and not init_failed(outcome, detail)
            and not (by_size and form == ALONE))


def told(found):
    return [f"{module}: {outcome}, {judged.verdict} {judged.proof or ''} {' '.join(judged.reasons)}"
            for module, outcome, judged in found]


class Tables:
    """Tables of outcome x verdict, for the log"""

    def __init__(self):
        self.rows = [("base", "variant", "image", "outcome", *VERDICTS)]
        self.rates = [("base", "variant", "image", "loaded", "unproven", "%")]

    def add(self, base, variant, form, pairs):
        counts = collections.defaultdict(collections.Counter)
        for _, outcome, judged in pairs:
            counts[outcome][judged.verdict] += 1
        for outcome in sorted(counts):
            self.rows.append((base, variant, form, outcome, *(counts[outcome][v] for v in VERDICTS)))
        loaded, unproven = sum(counts["LOADED"].values()), counts["LOADED"]["unproven"]
        if loaded:
            self.rates.append((base, variant, form, loaded, unproven, round(100 * unproven / loaded)))

    def show(self, title):
        tap.note(f"{title}: outcome x verdict")
        tap.table(self.rows)
        tap.note(f"{title}: unproven among what loaded")
        tap.table(self.rates)


def pairs_of(rows, verdicts):
    absent = Judged({"verdict": "absent", "findings": []})
    return [(module, outcome, verdicts.get(module, absent)) for module, outcome, _ in rows]


def no_false_safe(what, rows, pairs, own):
    """`installed` is the image's own file with the modules that it needs, so it is compared with the outcome of those."""
    excused = {module for module, outcome, detail in rows if init_failed(outcome, detail)}
    wrong = [(module, outcome, judged) for module, outcome, judged in pairs
             if (outcome if judged.verdict == "safe" else own.get(module)) != "LOADED"
             and judged.verdict in GOOD and module not in excused]
    tap.equal(told(wrong), [], f"{what}: what did not load, work and unload is not safe")


def extra_modules_fit(what, pairs):
    wrong = [p for p in pairs if p[1] == "LOADED" and p[2].verdict != "installed"
             and (p[2].verdict, p[2].proof) != ("safe", "config-core")]
    tap.equal(told(wrong), [], f"{what}: every module that loaded is safe by config-core, or the image's own")


def outside_is_left(what, pairs):
    wrong = [p for p in pairs if not NETWORKING.match(p[0]) and p[2].verdict == "unsafe"]
    tap.equal(told(wrong), [], f"{what}: modules outside networking are not unsafe")


def without_configs(what, rows, pairs, form):
    tap.equal(told(p for p in pairs if p[2].verdict == "safe"), [], f"{what}: nothing is safe")
    turned_away = {module for module, outcome, detail in rows if refused(outcome, detail, form)}
    wrong = [p for p in pairs if p[0] in turned_away and p[2].verdict != "unsafe"]
    tap.equal(told(wrong), [], f"{what}: what the loader refused is unsafe")


def told_wrong(what, rows, own, image, base, feed):
    """The image's config is also given for the feed, which was built with another: the feed's modules contradict it."""
    options = ("--image-config", config(base), "--feed-config", config(base))
    no_false_safe(what, rows, pairs_of(rows, judge(what, image, feed, *options)), own)


with_configs, without, with_hashes = Tables(), Tables(), Tables()
with tap.Scratch() as scratch:
    forms = {base: images(base, scratch) for base in sorted({base for base, _ in ROWS})}
    feeds = {variant: modules(variant, os.path.join(scratch, "feeds", variant)) for variant in sorted({v for _, v in ROWS})}
    sets = sets_of(sorted(feeds), os.path.join(scratch, "sets"))
    hashed = {base: pinned(base, forms[base][WITH_MODULES], os.path.join(scratch, "pinned", base)) for base in forms}
    pins = {variant: packages(variant, feeds[variant], os.path.join(scratch, "pins", variant)) for variant in feeds}
    for (base, variant), rows in sorted(ROWS.items()):
        own = {module: outcome for module, outcome, _ in ROWS[base, base]}
        for form, image in forms[base].items():
            what = f"{variant} on {base}, {form}"
            options = ("--image-config", config(base), "--feed-config", config(variant))
            pairs = pairs_of(rows, judge(what, image, feeds[variant], *options))
            no_false_safe(what, rows, pairs, own)
            if (base, variant) == ("x86-base-nomv", "x86-extra2-nomv"):
                extra_modules_fit(what, pairs)
            if (base, variant) == ("x86-base-nomv", "x86-conntrack-nomv"):
                outside_is_left(what, pairs)
            with_configs.add(base, variant, form, pairs)

            what += ", no configs"
            pairs = pairs_of(rows, judge(what, image, feeds[variant]))
            no_false_safe(what, rows, pairs, own)
            without_configs(what, rows, pairs, form)
            without.add(base, variant, form, pairs)
        what = f"{variant} on {base}, by hashes"
        pairs = pairs_of(rows, judge(what, hashed[base], pins[variant], "--abi", sets))
        no_false_safe(what, rows, pairs, own)
        with_hashes.add(base, variant, WITH_MODULES, pairs)
        what = f"{variant} on {base}, said to have the image's config"
        told_wrong(what, rows, own, forms[base][WITH_MODULES], base, feeds[variant])
with_configs.show("with both configs")
with_hashes.show("with the lines behind both hashes")
without.show("without configs")
tap.done()
