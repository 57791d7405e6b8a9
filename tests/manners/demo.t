#!/usr/bin/python3
"""`make demo` is short, ends with the three verdicts, and names the file that has the whole report."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402
import validation  # noqa: E402


def main():
    ran = subprocess.run([os.path.join(tap.ROOT, "scripts", "demo")], capture_output=True, text=True, check=False)
    tap.equal((ran.returncode, ran.stderr), (0, ""), "the demo runs")
    lines = ran.stdout.splitlines()
    tap.ok(len(lines) < 120, f"{len(lines)} lines")
    at = lines.index("=== To remember")
    told = [line for line in lines[at:] if line.startswith("     -> ")]
    tap.equal([line.endswith(f"(exit status {status})") for line, status in zip(told, (0, 2, 1))], [True] * 3, "0, 2, 1")
    words = [re.findall(r"\b(?:safe|unproven|unsafe)\b", line) for line in told]
    tap.equal(words, [["safe"], ["unproven"], ["unsafe"]], "safe, unproven, unsafe")
    found = re.search(r"(\S+\.yaml), (\d+) lines", "\n".join(lines[at:]))
    with open(os.path.join(tap.ROOT, found[1]), encoding="utf-8") as file:
        text = file.read()
    tap.equal(len(text.splitlines()), int(found[2]), f"{found[1]} is there")
    tap.equal(list(validation.troubles(text)), [], "and is a valid report")
    tap.ok("\n".join("    " + line for line in text.splitlines()[:5]) in ran.stdout, "whose first lines are shown")
    tap.done()


main()
