#!/usr/bin/python3
"""docs/providers.md is held to the program: its worlds are made, its files written, its commands run; what they print is what the page quotes.
UPDATE=1 writes what they print now into the page."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402

PAGE = os.path.join(tap.ROOT, "docs", "providers.md")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def shell(command, at):
    environment = {**os.environ, "PATH": os.path.dirname(tap.KMODAUDIT) + ":" + os.environ["PATH"], "NO_COLOR": "1", "LC_ALL": "C"}
    ran = subprocess.run(["sh", "-c", command], cwd=at, env=environment, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def console(text, at):
    """The block as it is when its commands are run now."""
    said = ""
    for line in text.splitlines():
        if line.startswith("$ "):
            said += line + "\n" + shell(line[2:], at)
    return said


def main():
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    blocks = BLOCK.findall(page)
    with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
        story = file.read() + "\n" + "\n".join(text for kind, _, text in blocks if kind == "world")
    with tap.Scratch() as at:
        with open(os.path.join(at, ".world"), "w", encoding="utf-8") as file:
            file.write(story)
        tap.world(os.path.join(at, ".world"), at)
        for kind, name, text in blocks:
            if kind == "yaml" and name:
                with open(os.path.join(at, name), "w", encoding="utf-8") as file:
                    file.write(text)
            if kind == "yaml" and not name:
                with open(os.path.join(at, "form.yaml"), "w", encoding="utf-8") as file:
                    file.write(text)
        tap.ok(tap.kmodaudit("audit", "--providers", "form.yaml", "device.bin", "later", cwd=at).status != 3, "the form is read")
        for _, _, text in (block for block in blocks if block[0] == "console"):
            now = console(text, at)
            tap.equal(text, now, text.splitlines()[0])
            page = page.replace(text, now)
    if os.environ.get("UPDATE"):
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page)
    said = "\n".join(line for line in page.splitlines() if "[interface-" in line or "[declared]" in line)
    for want in ("older than the range", "newer than the range", "revoked: built", "provider not present:", "not known:", "[declared]"):
        tap.ok(want in said, f"the page shows a message with '{want}'")
    tap.done()


main()
