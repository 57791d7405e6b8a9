#!/usr/bin/python3
"""What bash and zsh offer, at several places of the command line: real shells complete with the scripts that the program prints."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

COMMANDS = re.findall(r"^  (\w+) +\w", tap.kmodaudit("--help").out, re.M)
OPTIONS = {command: re.findall(r"^  (?:-\w, )?(--?[a-z-]+)", tap.kmodaudit("help", command).out, re.M) for command in COMMANDS}
RULES = [line.split()[0] for line in tap.kmodaudit("rules").out.split("\n\n")[0].splitlines()]
FORMATS = sorted(re.search(r"--format (\S+)", tap.kmodaudit("help", "audit").out).group(1).split("|"))


def cases():
    """(command line up to the cursor, words that must be offered, what else may be: None is nothing, "*" anything)"""
    yield "", COMMANDS, "*"
    yield "au", ["audit"], None
    for command in COMMANDS:
        yield f"{command} --", [option for option in OPTIONS[command] if option.startswith("--")] + ["--help"], None
    yield "audit --image-p", ["--image-part"], None
    yield "audit --color ", ["auto", "always", "never"], None
    yield "audit --color=a", ["auto", "always"], None
    yield "audit -v --color al", ["always"], None
    yield "audit fw.bin --format y", ["yaml"], None
    yield "audit --image-config ", ["fw.bin", "kernel.config", "packages/", "with space.bin"], None
    yield "audit --image-config=k", ["kernel.config"], None
    yield "audit --rules ", ["packages/"], None
    yield "audit --baseline ker", ["kernel.config"], None
    yield "gate --reports ", ["packages/"], None
    yield "gate --shard ", [], None
    yield "gate kern", ["kernel.config"], None
    yield "merge --format ju", ["junit"], None
    yield "audit --only ", [], None
    yield "audit --jobs ", [], None
    yield "audit fw", ["fw.bin"], None
    yield "audit fw.bin pack", ["packages/"], None
    yield "audit -- --", [], None
    yield "audit packages/", ["packages/kmod-a.ipk", "packages/kmod-b.ipk"], None
    yield "audit --outp", ["--output"], None
    yield "audit --output kern", ["kernel.config"], None
    yield "audit -o kern", ["kernel.config"], None
    yield "--v", ["--version"], None
    yield "rules ", RULES, None
    yield "rules kernel-", [rule for rule in RULES if rule.startswith("kernel-")], None
    yield "rules --policy kern", ["kernel.config"], None
    yield "help ", COMMANDS, None
    yield "help --completion ", ["bash", "zsh"], None
    yield "audit --policy ", ["strict", "default", "lenient", "fw.bin", "kernel.config", "with space.bin", "packages/"], None
    yield "audit --policy=str", ["strict"], None
    yield "rules --policy len", ["lenient"], None
    yield "audit --report ", [f"{name}=" for name in FORMATS], None
    yield "audit --report sa", ["sarif="], None
    yield "audit --report sarif=kern", ["kernel.config"], None
    yield "audit --report=sarif=kern", ["kernel.config"], None


def values_known():
    """A value that no shell knows would be completed with nothing, silently."""
    known = {"FILE", "DIR", "NAME", "REPORT", "FORMAT=FILE", "N", "I/N", "GLOB", "SECONDS", "TRIES", "URL", "YYYY-MM-DD"}
    unknown = []
    for command in COMMANDS:
        for option, value in re.findall(r"^  (?:-\w, )?(--?[a-z-]+) (\S+)", tap.kmodaudit("help", command).out, re.M):
            unknown += [f"{command} {option} {word}" for word in value.strip("[]").split("|") if word.isupper() and word not in known]
    tap.equal(unknown, [], "what every value stands for is known")


def files(directory):
    for name in ("fw.bin", "kernel.config", "with space.bin", "packages/kmod-a.ipk", "packages/kmod-b.ipk"):
        os.makedirs(os.path.dirname(os.path.join(directory, name)), exist_ok=True)
        open(os.path.join(directory, name), "w", encoding="utf-8").close()


def judge(shell, directory, line, offered, wanted, others):
    """Compares paths with their folder and with a slash at the end of folders, however the shell offers them."""
    folder = line.rsplit(" ", 1)[-1] if line.endswith("/") else ""
    full = set()
    for word in offered:
        word = word.replace("\\ ", " ")
        word = re.sub(r"^--[a-z-]+=(?=.)", "", word) if not word.endswith("=") else word
        word = word if word.startswith(folder) else folder + word
        full.add(word + "/" if os.path.isdir(os.path.join(directory, word)) and not word.endswith("/") else word)
    good = set(wanted) <= full if others else set(wanted) == full
    if not tap.ok(good, f"{shell}: kmodaudit {line}<TAB>"):
        tap.note(f"wanted: {sorted(wanted)}\noffered: {sorted(full)}")


# --- bash

BASH = r"""
source "$1"
cd "$2" || exit 1
complete -p kmodaudit >/dev/null || echo "no completion"
# cut as readline does: at blanks, and each "=" is a word
line=$4
read -ra COMP_WORDS <<<"kmodaudit ${line//=/ = }"
[[ -z $line || $line == *" " ]] && COMP_WORDS+=("")
COMP_WORDS[0]=$3
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE="kmodaudit $line" COMP_POINT=$((${#line} + 10))
_kmodaudit
printf '%s\n' "${COMPREPLY[@]}"
"""


def bash(directory, script):
    for line, wanted, others in cases():
        ran = subprocess.run(["bash", "--norc", "-c", BASH, "bash", script, directory, tap.KMODAUDIT, line], capture_output=True,
                             text=True, timeout=tap.PATIENCE, check=False)
        judge("bash", directory, line, [word for word in ran.stdout.split("\n") if word], wanted, others)
        if ran.stderr:
            tap.ok(False, f"bash: kmodaudit {line}<TAB>: no complaints")
            tap.note(ran.stderr)


class Terminal:
    """A shell on a terminal."""

    def __init__(self, arguments, directory):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(directory)
            path = os.path.dirname(tap.KMODAUDIT) + ":" + os.environ["PATH"]
            os.execvpe(arguments[0], arguments, {"PATH": path, "TERM": "xterm", "LC_ALL": "C", "HOME": directory, "PS1": "> "})
        self.seen = ""

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def until(self, pattern, seconds=tap.PATIENCE):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            ready = select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]
            if not ready:
                return False
            try:
                self.seen += os.read(self.fd, 4096).decode(errors="replace").replace("\a", "")
            except OSError:
                return False
        return True

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def bash_typed(directory, script):
    """The same with typed keys: readline cuts the words and completes them."""
    shell = Terminal(["bash", "--norc", "--noprofile", "-i"], directory)
    shell.type(f"source {script}\n")
    for keys, line in (("kmodaudit aud\t--imag\tsy\tfw\t\n", r"kmodaudit audit --image-symvers fw\.bin"),
                       ("kmodaudit audit --color=alw\t\n", r"kmodaudit audit --color=always"),
                       ("kmodaudit facts with\t\n", r"kmodaudit facts with\\ space\.bin"),
                       ("kmodaudit facts pack\tkmod-a\t\n", r"kmodaudit facts packages/kmod-a\.ipk")):
        shell.seen = ""
        shell.type(keys)
        if not tap.ok(shell.until(line), f"bash, typed: {line}"):
            tap.note(repr(shell.seen))
    shell.close()


# --- zsh

ZSH = r"""
PROMPT='> '
fpath=($COMPLETION_DIR $fpath)
autoload -Uz compinit
compinit -u -D
zstyle ':completion:*' use-compctl false
# writes what would be offered to a file
compadd() {
	local -a offered
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)* ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A offered "$@"
	# the suffix of a format, "="
	local at=${@[(I)-S]} end=
	((at)) && [[ $@[at+1] == '=' && $IPREFIX$PREFIX != *= ]] && end='='
	print -rl -- ${^offered}$end >>$OFFERED
	builtin compadd "$@"
}
ended() { print -r -- '--- end' >>$OFFERED; BUFFER= }
zle -N ended
bindkey '^X' ended
bindkey '^I' complete-word
LISTMAX=10000
print READY
"""


def zsh(directory, folder):
    offered = os.path.join(folder, "offered")
    setup = os.path.join(folder, "setup.zsh")
    with open(setup, "w", encoding="utf-8") as file:
        file.write(f"COMPLETION_DIR={folder}\nOFFERED={offered}\n{ZSH}")
    shell = Terminal(["zsh", "-f", "-i"], directory)
    shell.type(f"source {setup}\n")
    if not tap.ok(shell.until("READY\r"), "zsh: sits at the terminal with the completion system"):
        tap.note(repr(shell.seen))
        return
    for line, wanted, others in cases():
        open(offered, "w", encoding="utf-8").close()
        shell.type(f"kmodaudit {line}\t\x18")
        words = []
        end = time.monotonic() + tap.PATIENCE
        while "--- end" not in words and time.monotonic() < end:
            shell.until("never said", 0.05)
            with open(offered, encoding="utf-8") as file:
                words = file.read().splitlines()
        judge("zsh", directory, line, [word for word in words if word and word != "--- end"], wanted, others)
    shell.close()


def main():
    values_known()
    with tap.Scratch() as directory, tap.Scratch() as folder:
        files(directory)
        for shell, name in (("bash", "kmodaudit"), ("zsh", "_kmodaudit")):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(tap.kmodaudit("help", "--completion", shell).out)
        if shutil.which("bash"):
            bash(directory, os.path.join(folder, "kmodaudit"))
            bash_typed(directory, os.path.join(folder, "kmodaudit"))
        else:
            tap.skip("bash", "no bash here")
        if shutil.which("zsh"):
            zsh(directory, folder)
        else:
            tap.skip("zsh", "zsh is not installed: scripts/setup test does that")
    tap.done()


main()
