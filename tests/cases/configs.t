#!/usr/bin/python3
"""`kmodaudit config` shows what each line that differs changes; `kmodaudit rules --policy` shows what a policy sets; what the
report says about the difference. With layout rules made here, and without any."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import yaml  # noqa: E402
import tap  # noqa: E402

RULES = """schema: kmodaudit/layout-rules/1
series: "4.14"
structs:
  sk_buff: {header: include/linux/skbuff.h, subsystem: net}
  holder: {header: include/linux/holder.h, subsystem: net, holds: [sk_buff]}
  task_struct: {header: include/linux/sched.h, subsystem: task, ambient: true}
layout:
  NF_CONNTRACK: {sk_buff: [_nfct]}
core:
  CGROUPS: {task_struct: [cgroups]}
drag:
- {turns_on: [NET_DEVLINK], by: [DRIVER]}
direct: {net: {"": [kfree_skb]}}
clean:
- {of: [net, task], symbols: {"": [printk]}}
"""
HEAD = "# Linux/mips 4.14.275 Kernel Configuration\nCONFIG_NET=y\nCONFIG_OLD=m\n"
MORE = "CONFIG_NF_CONNTRACK=m\nCONFIG_DRIVER=m\nCONFIG_DUMMY=m\nCONFIG_NET_DEVLINK=y\nCONFIG_CGROUPS=y\nCONFIG_HZ=100\n"


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def test_config(place):
    rules = os.path.join(place, "rules")
    put(os.path.join(rules, "kernel/4.14.yaml"), RULES)
    a = put(os.path.join(place, "a"), HEAD)
    b = put(os.path.join(place, "b"), HEAD.replace("CONFIG_OLD=m\n", "") + MORE)

    ran = tap.kmodaudit("config", "--rules", rules, a, b)
    tap.equal((ran.status, ran.err), (0, ""), "config --rules: status 0, nothing on stderr")
    difference = yaml.safe_load(ran.out)["config_difference"]
    lines = {line["option"]: line for line in difference["lines"]}
    classes = {option: line["class"] for option, line in lines.items()}
    tap.equal(classes, {
        "CONFIG_CGROUPS": "core", "CONFIG_NET_DEVLINK": "core", "CONFIG_HZ": "core", "CONFIG_DUMMY": "harmless", "CONFIG_OLD": "harmless",
        "CONFIG_DRIVER": "drags core options", "CONFIG_NF_CONNTRACK": "layout-sensitive"}, "each line is classed")
    tap.equal(lines["CONFIG_CGROUPS"]["structs"], ["task_struct"], "what a core line changes")
    tap.equal(lines["CONFIG_NF_CONNTRACK"]["structs"], ["holder", "sk_buff"], "what an =m line changes, holders included")
    tap.equal(lines["CONFIG_DRIVER"]["drags"], ["CONFIG_NET_DEVLINK"], "what an =m line drags in")
    tap.equal(difference["dragged"], [{"option": "CONFIG_NET_DEVLINK", "by": "CONFIG_DRIVER"}], "dragged")
    tap.equal(sorted((row["option"], row["where"]) for row in difference["layout_sensitive"]),
              [("CONFIG_CGROUPS", "struct task_struct in include/linux/sched.h: cgroups"),
               ("CONFIG_NF_CONNTRACK", "struct sk_buff in include/linux/skbuff.h: _nfct")], "layout_sensitive, holders left out")
    tap.equal(difference["rules"], {"series": "4.14", "exact": True}, "which rules")

    there, back = (yaml.safe_load(tap.kmodaudit("config", "--rules", rules, *pair).out)["config_difference"] for pair in ((a, b), (b, a)))
    tap.equal({r["option"]: r["class"] for r in back["lines"]}, {r["option"]: r["class"] for r in there["lines"]}, "the same classes the other way round")

    a = put(os.path.join(place, "c"), "CONFIG_NET=y\n")
    difference = yaml.safe_load(tap.kmodaudit("config", a, put(os.path.join(place, "d"), "CONFIG_NET=y\nCONFIG_TUN=m\n")).out)["config_difference"]
    tap.equal((difference["layout_sensitive"], difference["dragged"], difference["rules"]), (None, None, None), "no release, no rules: null")
    tap.equal(difference["lines"][0]["class"], "not known", "and the line is not known to be harmless")
    ran = tap.kmodaudit("config", "--rules", os.path.join(place, "nowhere"), a, b)
    tap.ok(ran.status == 3 and "nowhere" in ran.err, "a rules directory that is not there: no answer")


def test_policy(place):
    policy = put(os.path.join(place, "policy.yaml"), "accept: [twins]\nlevels: {vermagic: warning}\nignore: []\n")
    plain, own = tap.kmodaudit("rules"), tap.kmodaudit("rules", "--policy", policy)

    tap.ok("accepted proofs: symbol-crcs, identity, osreldate, config-core, config-hash, declared\n" in re.sub(r"\n +", " ", plain.out), "rules: the proofs that are accepted by default")
    tap.ok("accepted proofs: twins\n" in own.out and "ignored options: none\n" in own.out, "rules --policy: what the policy says")
    tap.equal([line.split()[1] for line in own.out.splitlines() if line.startswith("vermagic ")], ["warning"], "with its levels")
    one = tap.kmodaudit("rules", "--policy", policy, "vermagic")
    tap.ok("if it does not hold: warning" in one.out, "also of one rule")
    ran = tap.kmodaudit("rules", "--policy", put(policy, "levels: {machine: note}\n"))
    tap.ok(ran.status == 3 and "cannot be lowered" in ran.err, "what must never pass cannot be lowered")


def test_vermagic(place):
    config = put(os.path.join(place, "tree/.config"), HEAD)
    given = put(os.path.join(place, "tree/.config.set"), "CONFIG_NET=y\n")
    want = tap.kmodaudit("vermagic", given).out.strip()
    ran = tap.kmodaudit("vermagic", config)

    tap.ok(ran.status == 0 and ran.out.strip() != want and want in ran.err, "a .config that was filled in: the hash of the .config.set beside it is told")


with tap.Scratch() as scratch:
    test_config(scratch)
    test_policy(scratch)
    test_vermagic(scratch)
tap.done()
