#!/usr/bin/python3
"""Where the members of structs that the configs change are in the image: in the report and on the page, if the BTF of its kernel says it;
otherwise one sentence says that it is not known. Options with a value are among the differences."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import readers  # noqa: E402
import tap  # noqa: E402

STORY = """
build placed like base
	btf sk_buff_first
	btf-struct sk_buff 232 other@100+4 _nfct@104+8
	btf-struct net 3264 net_ns@0+8
	config NODES_SHIFT 2
build plain like base
	config NODES_SHIFT 2
build changed like conntrack
	config VLAN_8021Q m
	config NODES_SHIFT 4
image placed.bin from placed
	installed kmod-dummy
image plain.bin from plain
	installed kmod-dummy
config placed.config from plain
config changed.config from changed
feed changed from changed
	holds kmod-nfnetlink
"""
PLAN = """schema: kmodaudit/plan/1
images: [{path: placed.bin, config: placed.config}]
feeds: [{path: changed, config: changed.config}]
"""
CONFIGS = ("--image-config", "placed.config", "--feed-config", "changed.config")


def page(at, name):
    with open(os.path.join(at, name), encoding="utf-8") as file:
        return file.read()


with tap.Scratch() as at:
    with open(readers.STORY, encoding="utf-8") as founding:
        tap.write(os.path.join(at, "made.world"), founding.read() + STORY)
    tap.world(os.path.join(at, "made.world"), at)
    tap.write(os.path.join(at, "plan.yaml"), PLAN)
    ran = tap.audit("placed.bin", "changed", *CONFIGS, "-o", "placed.yaml", "--report", "html=placed.html", cwd=at)
    report = tap.audit("placed.bin", "changed", *CONFIGS, cwd=at).report()["config_difference"]
    places = {row["where"].split()[1]: row.get("image") for row in report["layout_sensitive"]}
    tap.equal(places, {"net": "3264 bytes, without ct", "sk_buff": "232 bytes, _nfct at 104 (8 bytes)", "net_device": None},
              "size and offsets as far as the BTF has the struct; a member that the image lacks")
    tap.ok(report["places"].startswith("placed.bin: ") and "BTF" in report["places"], "where they were read")
    tap.equal(report["values"], [{"option": "CONFIG_NODES_SHIFT", "before": "2", "after": "4"}], "an option with a number")
    text = page(at, "placed.html")
    tap.ok("In the image 232 bytes, _nfct at 104 (8 bytes)" in text and "Sizes and offsets are those of the image" in text, "on the page")
    tap.ok("CONFIG_NODES_SHIFT=2" in text and "CONFIG_NODES_SHIFT=4" in text, "both values are on the page")
    tap.kmodaudit("convert", "placed.yaml", "--report", "html=again.html", cwd=at)
    tap.ok(page(at, "again.html") == text, "convert prints the same page")

    tap.kmodaudit("gate", "plan.yaml", "-o", "gate.yaml", "--report", "html=gate.html", cwd=at)
    tap.ok("In the image 232 bytes" in page(at, "gate.html"), "on the page of a gate")
    tap.kmodaudit("convert", "gate.yaml", "--report", "html=again.html", cwd=at)
    tap.ok(page(at, "again.html") == page(at, "gate.html"), "convert prints the same page of a gate")

    tap.audit("plain.bin", "changed", *CONFIGS, "--report", "html=plain.html", cwd=at)
    report = tap.audit("plain.bin", "changed", *CONFIGS, cwd=at).report()["config_difference"]
    tap.ok(report["places"] is None and not any("image" in row for row in report["layout_sensitive"]), "without BTF nothing is said of a struct")
    text = page(at, "plain.html")
    tap.ok(text.count("offsets are not known: the image&#39;s kernel has no BTF") + text.count("offsets are not known: the image's kernel has no BTF") == 1,
           "and once that it is not known")
tap.done()
