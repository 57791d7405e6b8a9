#!/usr/bin/python3
"""The shell is the judge of rc.conf: random files of it are audited and run. A module that is safe is in the kld_list that sh has in
the end, or sh has no level to raise; one that is certainly refused is not, and sh raises the level. Random by a fixed seed."""

import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

TEXTS = 240

STORY = """build base
	machine amd64
	osreldate 1402000
	release 14.2-RELEASE-p1
	exports printf
	module linuxkpi
		provides linuxkpi 1
		imports printf
build port like base
	module amdgpu
		needs linuxkpi 1
		imports printf
	package amd-kmod
		contains amdgpu
		format pkg
feed amd from port
	holds amd-kmod
image fw from base
	modules linuxkpi
"""

# what libexec/rc/rc.d/securelevel and kld ask, of the file in $1
PROBE = """kern_securelevel_enable=NO; kern_securelevel=-1; kld_list=
. "$1"
case $kern_securelevel_enable in [Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|[Oo][Nn]|1) e=1 ;; *) e=0 ;; esac
[ "$kern_securelevel" -ge 0 ] 2>/dev/null || e=0
echo "end $e" $kld_list
"""

SWITCH = "kern_securelevel_enable"
VALUES = {
    SWITCH: ["YES", "NO", "'NO'", "n\"o\"", "$x", "\"$(echo YES)\"", "`echo NO`", "\"NO", "${x:-NO}", "\\NO", "N\\\nO", "$'NO'", "\"\""],
    "kern_securelevel": ["1", "-1", "\"0\"", "\"\"", "-0", "$x", "${x:=1}", "\"$((1-2))\"", "- 1", f"$(({SWITCH}=1))"],
    "kld_list": ["amdgpu", "\"a amdgpu\"", "\"$kld_list c\"", "\"${kld_list} amdgpu\"", "\"\"", "'$kld_list'", "\"a\namdgpu\"",
                 "\"a \\\n amdgpu\"", "a\\ amdgpu", "\"${kld_list:+$kld_list }amdgpu\"", "$(echo amdgpu)", "\"${x:-it's}\"", "${x:-'}"],
    "x": ["1", "YES", "'", "\"it'\"", "\"$(case a in a) echo b;; esac)\"", "\"`echo \\\"q\\\"`\"", "\"${kern_securelevel:=1}\"",
          "\"${kld_list:=z}\"", "$(kern_securelevel=1)", "\\'", "\"\\\"\"", "\"$(echo a # it's\n)\"", "\"$\\\n{kern_securelevel:=1}\"",
          "`echo $(echo \"`", "${#x}", "\"${x#\\\"}\"", "\"${x%'*}\"", "$((1<<2))"],
}
COMMANDS = [
    "if true; then\n@\nfi", "if @; then @; else @; fi", "case 1 in\n1) @ ;;\nfi) @ ;; esac", "case $x in (1) @ ;; *) @\n;;\nesac", "( @ )",
    "{ @; }", "@ && @", "@ || @", "@ &", "@ &\\\n& @", "@ | cat", "for kld_list in 1 2; do @; done", "for i in 1; do @; break; done",
    "while false; do @; done", "f() { @; }; f", "f() { @; }", f"e\\val {SWITCH}=NO", "export @", f"export $(echo {SWITCH}=1)",
    "unset ${x}kld_list", "read kld_list </dev/null", f": ${{{SWITCH}:=1}}", "cat <<E\n@\nE", "! @", "@ true", "@ >/dev/null",
    ">/dev/null @", "if\\\n true; then @; fi", "return", "IFS=g", f"kern_secure\\\nlevel=1 {SWITCH}=YES", "x=1 @",
]


def command(source, depth=0):
    if depth > 3 or source.random() < 0.7:
        name = source.choice(sorted(VALUES))
        return f"{name}={source.choice(VALUES[name])}"
    shape = source.choice(COMMANDS)
    while "@" in shape:
        shape = shape.replace("@", command(source, depth + 1), 1)
    return shape


def text_of(number):
    source = random.Random(number)
    return "".join(command(source) + source.choice(["\n", "\n", "; ", " # c\n", " \\\n", "\\\n"]) for _ in range(source.randrange(2, 6)))


def shell(where):
    """What sh has in the end: None (it did not get there), or whether it raises the level, and the list."""
    ran = subprocess.run(["/bin/sh", "probe", "./rc.conf"], cwd=where, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                         timeout=tap.PATIENCE, check=False)
    words = [line.split()[1:] for line in ran.stdout.splitlines() if line.startswith("end ")]
    return (words[-1][0] == "1", words[-1][1:]) if words else None


def main():
    known, faults = 0, 0
    with tap.Scratch() as where:
        tap.world(tap.write(os.path.join(where, "story"), STORY), where)
        tap.write(os.path.join(where, "probe"), PROBE)
        for number in range(TEXTS):
            text = text_of(number)
            for path in ("rc.conf", "fw/etc/rc.conf"):
                tap.write(os.path.join(where, path), text)
            end = shell(where)
            ran = tap.audit("fw", "amd", cwd=where)
            safe = ran.status == 0
            certain = "raises kern.securelevel while" in " ".join(ran.out.split())
            loads = end is not None and (not end[0] or "amdgpu" in end[1])
            if ran.status not in (0, 2) or (end is not None and ((safe and not loads) or (certain and loads))):
                faults += 1
                tap.note(f"text {number}: status {ran.status}, sh: {end}")
                tap.note(text)
            known += safe or certain
    tap.equal(faults, 0, f"{TEXTS} files of rc.conf: sh agrees")
    tap.ok(known > TEXTS // 10, f"{known} of them are certain")
    tap.done()


main()
