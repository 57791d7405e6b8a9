#!/usr/bin/python3
"""The commands of docs/providers.md print what the page shows, and the form at its top is a valid file. UPDATE=1 writes what they
print into the page."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import pages  # noqa: E402
import tap  # noqa: E402


def main():
    page = pages.Page("docs", "providers.md")
    form = next(text for kind, name, text in page.blocks if kind == "yaml" and not name)
    with tap.Scratch() as at:
        page.make(at)
        with open(os.path.join(at, "form.yaml"), "w", encoding="utf-8") as file:
            file.write(form)
        tap.ok(tap.kmodaudit("audit", "--providers", "form.yaml", "device.bin", "later", cwd=at).status != 3, "the form is read")
        page.run(at)
    said = "\n".join(line for line in page.text.splitlines() if "[interface-" in line or "[declared]" in line)
    for want in ("older than the range", "newer than the range", "revoked: built", "provider missing:", "not known:", "[declared]"):
        tap.ok(want in said, f"the page shows a message with '{want}'")
    tap.done()


main()
