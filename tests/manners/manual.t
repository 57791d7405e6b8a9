#!/usr/bin/python3
"""The manual page says what --help says, is clean mdoc(7), and help stays narrow."""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402


def section(page, kind, name):
    """The lines of a .Sh or .Ss, up to the next."""
    found = re.search(rf"^\.{kind} {re.escape(name)}\n(.*?)(?=^\.S[hs] |\Z)", page, re.M | re.S)
    return found[1] if found else ""


def words(text):
    return re.findall(r"[\w./+=-]+", text)


def flattened(mdoc):
    """The words of a piece of the page without its macros."""
    lines = []
    for line in mdoc.splitlines():
        if line.startswith("."):
            line = re.sub(r"\bFl (-?)", r"-\1", re.sub(r"^\.", "", line))
            line = re.sub(r"(^|(?<= ))(It|Ar|Cm|Ql|Oo|Oc|Pp|Nm|Dl|Li|Pa)\b", "", line)
        lines.append(line.replace("\\e", "\\").replace("\\&", ""))
    return words(" ".join(lines))


def inside(needle, hay):
    """Whether the words of NEEDLE follow each other in HAY."""
    # a full stop ends the item, and the first letter of a sentence is a capital one
    needle = [word.rstrip(".").lower() for word in needle]
    hay = [word.rstrip(".").lower() for word in hay]
    needle, hay = [w for w in needle if w], [w for w in hay if w]
    return any(hay[at:at + len(needle)] == needle for at in range(len(hay) - len(needle) + 1))


def options_of(help_text):
    """{option: (letter, value, help)} out of --help."""
    options, last = {}, None
    for line in help_text.partition("\noptions:\n")[2].splitlines():
        found = re.match(r"  (?:-(\w), )?(--?[a-z-]+)(?: ([^ ]+))?(?:  +(.*))?$", line)
        if found:
            last = found[2]
            options[last] = [found[1], found[3], found[4] or ""]
        else:
            options[last][2] += " " + line.strip()
    return options


def value_of(macros):
    """Oo Ar NAME | Ar FILE Oc -> [NAME|FILE]"""
    bare = re.sub(r"\b(Ar|Cm) ", "", macros).replace(" | ", "|").replace("Oo ", "[").replace(" Oc", "]")
    return bare or None


def item_of(text, option):
    found = re.search(rf"^\.It (?:Fl (\w) , )?Fl {re.escape(option[1:])}(?: (.*))?\n((?:(?!\.It |\.El).*\n)*)", text, re.M)
    return found and (found[1], value_of(found[2] or ""), flattened(found[3]))


def command_holds(page, command):
    said = tap.kmodaudit("help", command).out
    text = section(page, "Ss", command)
    tap.ok(text, f"{command}: has its section")
    tap.ok(tap.kmodaudit(command, "--help").out == said, f"kmodaudit {command} --help is kmodaudit help {command}")
    tap.ok(all(len(line) <= 80 for line in said.splitlines()), f"{command}: help of at most 80 columns")
    title, body = re.match(r"usage: .*\n\n(.*\n)\n((?:.*\n)*?)(?:\noptions:|\Z)", said).groups()
    for paragraph in [title, *body.split("\n\n")]:
        if not inside(words(paragraph), flattened(text)):
            tap.ok(False, f"{command}: the page says {paragraph!r}")
    tap.ok(text.count("\n.Pp\n") >= body.strip().count("\n\n") + 1, f"{command}: in paragraphs")
    options = options_of(said)
    wrong = []
    for option, (letter, value, text_of) in options.items():
        item = item_of(text, option)
        if not item or item[:2] != (letter, value) or not inside(words(text_of), item[2]):
            wrong.append(f"{option}: {item} for {letter} {value} {text_of}")
    if not tap.ok(not wrong, f"{command}: its {len(options)} options stand in the page as in --help"):
        tap.note("\n".join(wrong))
    more = len(re.findall(r"^\.It ", text, re.M))
    tap.equal(more, len(options), f"{command}: and no others")


def main():
    page = tap.kmodaudit("help", "--man")
    tap.ok(page.status == 0 and not page.err and page.out.startswith(".Dd "), "help --man prints a page")
    tap.ok("@" not in re.sub(r"^[^@\n].*@.*$", "", page.out, flags=re.M), "every place of it is filled in")
    commands = re.findall(r"^  (\w+) +\w", tap.kmodaudit("--help").out, re.M)
    tap.ok(len(commands) >= 7, f"{len(commands)} commands")
    for command in commands:
        command_holds(page.out, command)
        tap.ok(re.search(rf"^\.Cm {command}\b", section(page.out, "Sh", "SYNOPSIS"), re.M), f"{command}: stands in the synopsis")
    if shutil.which("mandoc"):
        said = subprocess.run(["mandoc", "-Tlint", "-Wwarning"], input=page.out, capture_output=True, text=True, check=False)
        if not tap.ok(said.returncode == 0 and not said.stdout, "mandoc has no warnings"):
            tap.note(said.stdout)
        shown = subprocess.run(["mandoc", "-Tascii"], input=page.out, capture_output=True, text=True, check=False).stdout
        tap.ok(not re.search(r"^ *\.[A-Z][a-z] ", re.sub(".\b", "", shown), re.M), "no macro is left in what a reader sees")
    else:
        tap.skip("mandoc", "mandoc is not installed: scripts/setup test does that")
    said = subprocess.run(["man", "--warnings", "-l", "-"], input=page.out, capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"})
    tap.ok(said.returncode == 0 and not said.stderr and "EXIT STATUS" in said.stdout, "kmodaudit help --man | man -l - shows it")
    for words_wrong in (("help", "audit", "rules"), ("help", "--man", "audit"), ("help", "--completion", "tcsh"),
                        ("help", "--man", "--completion", "zsh")):
        ran = tap.kmodaudit(*words_wrong)
        tap.ok(ran.status == 3 and not ran.out and ran.sane(), f"kmodaudit {' '.join(words_wrong)}: status 3")
    tap.done()


main()
