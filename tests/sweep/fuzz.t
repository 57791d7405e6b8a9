#!/usr/bin/python3
"""Runs each fuzz target on all files of the founding story, whole and damaged by a seed. A crash or a sanitizer's report fails."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

DAMAGED = "6"
PARTS = """parts 1.2
kmod\tkmod-a\tbase\tCONFIG_A=m CONFIG_B=n\t+kmod-b @C
option\tKERNEL_A\tCONFIG_A=y\tprompt\t1 of 2\tx=y\ty\t\t
own all
+CONFIG_X=y
own a/b
-CONFIG_X=y
own a/c like a/b
+CONFIG_Y=m
"""
folder = os.path.join(tap.BUILD, "fuzz")
targets = sorted(name for name in os.listdir(folder) if "." not in name) if os.path.isdir(folder) else []
if not targets:
    tap.skip_all("no fuzz target is built: make fuzzers")
with tap.Scratch() as scratch:
    tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), scratch)
    with open(os.path.join(scratch, "small.parts"), "w", encoding="ascii") as file:
        file.write(PARTS)
    shutil.copy(os.path.join(tap.ROOT, "rules", "abi", "lede-2020-03.sets"), scratch)
    tap.audit("--cache", "facts", "device.bin", "same", cwd=scratch)
    corpus = os.path.join(tap.ROOT, "tests", "fuzz", "corpus")
    for name in os.listdir(corpus):
        if not name.endswith(".world"):
            shutil.copy(os.path.join(corpus, name), scratch)
    inputs = sorted(os.path.join(at, name) for at, _, names in os.walk(scratch) for name in names)
    for target in targets:
        try:
            ran = subprocess.run([os.path.join(folder, target), "-d", DAMAGED, *inputs], capture_output=True, check=False,
                                 timeout=tap.PATIENCE)
            status, said = ran.returncode, (ran.stdout + ran.stderr).decode(errors="replace")
        except subprocess.TimeoutExpired:
            status, said = -99, "no end"
        if not tap.ok(status == 0, f"{target}: {len(inputs)} files, each damaged {DAMAGED} times"):
            tap.note(f"status {status}\n{said[-2000:]}")
tap.done()
