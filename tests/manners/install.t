#!/usr/bin/python3
"""`make install` and `make uninstall` in a scratch place; with KMODAUDIT_SLOW=1 the Debian package, too."""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

INSTALLED = ("bin/kmodaudit", "share/man/man1/kmodaudit.1", "share/bash-completion/completions/kmodaudit",
             "share/zsh/site-functions/_kmodaudit", "share/kmodaudit/rules/checks.yaml", "share/doc/kmodaudit/README.md",
             "share/doc/kmodaudit/COPYING", "share/kmodaudit/scale", "share/kmodaudit/scale.d/shard",
             "share/kmodaudit/scale.d/merge", "share/doc/kmodaudit/docs/report.schema.json")


def run(*command, **more):
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CI")}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tap.ROOT, env={**environment, **more})


def good(ran, what):
    if not tap.ok(ran.returncode == 0, what):
        tap.note((ran.stdout + ran.stderr)[-4000:])
    return ran.returncode == 0


def files(top):
    return sorted(os.path.relpath(os.path.join(folder, name), top) for folder, _, names in os.walk(top) for name in names)


def tree_of(*tops):
    return sorted(path for top in tops for path in files(os.path.join(tap.ROOT, top)))


def dead_links(top):
    """Links in the Markdown pages below TOP to files that are not there."""
    found = []
    for name in files(top):
        if not name.endswith(".md"):
            continue
        with open(os.path.join(top, name), encoding="utf-8") as file:
            for target in re.findall(r"\]\(([^)#:]+)", file.read()):
                if not os.path.exists(os.path.join(top, os.path.dirname(name), target)):
                    found.append(f"{name}: {target}")
    return found


def works(root, prefix, zsh="share/zsh/site-functions"):
    """The program installed below ROOT/PREFIX uses its own files there."""
    place = os.path.join(root, prefix.strip("/"))
    program = os.path.join(place, "bin/kmodaudit")
    with tap.Scratch() as cwd:
        tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), cwd)
        for options in ((), ("--rules", os.path.join(place, "share/kmodaudit/rules"))):
            ran = subprocess.run([program, "audit", *options, "device-crcs.bin", "later-crcs"], cwd=cwd, capture_output=True,
                                 text=True, check=False)
            tap.equal((ran.returncode, ran.stderr), (0, ""), f"the installed program audits {' '.join(options[:1])}")
    man = run("man", "-M", os.path.join(place, "share/man"), "kmodaudit", MANWIDTH="80", LC_ALL="C.UTF-8")
    tap.ok("EXIT STATUS" in man.stdout, "man finds its page")
    completion = os.path.join(place, "share/bash-completion/completions/kmodaudit")
    ran = run("bash", "-c", f"source {completion}; COMP_WORDS=({program} aud) COMP_CWORD=1; _kmodaudit; echo $COMPREPLY")
    tap.equal(ran.stdout.strip(), "audit", "bash completes it")
    if shutil.which("zsh"):
        ran = run("zsh", "-fc", f"fpath=({place}/{zsh} $fpath); autoload -Uz compinit; compinit -u -D; echo $_comps[kmodaudit]")
        tap.equal(ran.stdout.strip(), "_kmodaudit", "zsh finds its completion")
    else:
        tap.skip("zsh finds its completion", "zsh is not installed: scripts/setup test does that")


def install(prefix):
    with tap.Scratch() as root:
        place = os.path.join(root, prefix.strip("/"))
        where = (f"BUILD={os.environ.get('BUILD', 'build')}", f"DESTDIR={root}", f"PREFIX={prefix}", *(["SAN=1"] if tap.SANITIZED else []))
        if not good(run("make", "install", *where), f"make install PREFIX={prefix}"):
            return
        there = files(place)
        tap.equal([name for name in INSTALLED if name not in there], [], "everything is at its place")
        tap.equal(files(root), [os.path.join(prefix.strip("/"), name) for name in there], "and nothing elsewhere")
        tap.equal([name for name in there if name.startswith("share/kmodaudit/rules/")],
                  ["share/kmodaudit/rules/" + name for name in tree_of("rules") if name.endswith(".yaml")], "all rules that --rules reads")
        tap.equal([name for name in there if name.startswith("share/doc/kmodaudit/docs/")],
                  ["share/doc/kmodaudit/docs/" + name for name in tree_of("docs") if not name.endswith(".in")], "all documents")
        tap.equal([name for name in there if name.endswith((".h", ".a", ".so", ".pc"))], [], "no header, no library: they are internal")
        tap.equal(dead_links(os.path.join(place, "share/doc/kmodaudit")), [], "links between the installed documents lead somewhere")
        ran = run(os.path.join(place, "share/kmodaudit/scale"))
        tap.ok(ran.returncode == 3 and ran.stderr.startswith("scale parallel|slurm"), "the installed scale says how it is used")
        works(root, prefix)
        good(run("make", "uninstall", *where), "make uninstall")
        tap.equal(files(root), [], "leaves no file")
        left = [folder for folder, _, _ in os.walk(root) if os.path.basename(folder) == "kmodaudit"]
        tap.equal(left, [], "and no folder of its own")


def versions():
    def said(path, pattern):
        with open(os.path.join(tap.ROOT, path), encoding="utf-8") as file:
            return re.search(pattern, file.read(), re.M)[1]

    version = tap.kmodaudit("--version").out.split()[-1]
    tap.equal(said("scripts/debian/changelog", r"\A\S+ \((\S+?)-\d+\)"), version, "the Debian changelog is at this version")
    tap.equal(said("NEWS.md", r"^## (\S+)"), version, "so is NEWS.md")


def build_dependencies():
    """The Debian package build-depends on everything that `make` installs."""
    parts = {part: set(run("scripts/setup", "--list", part).stdout.split()) for part in ("build", "deb")}
    tap.equal(sorted(parts["build"] - parts["deb"] - {"gcc", "make"}), [], "scripts/debian/control lists the packages of setup's build")


def debian():
    if not os.environ.get("KMODAUDIT_SLOW"):
        tap.skip("make deb", "takes a minute or two: KMODAUDIT_SLOW=1")
        return
    for tool in ("dpkg-buildpackage", "dh", "lintian"):
        if not shutil.which(tool):
            tap.skip("make deb", f"{tool} is not installed: scripts/setup deb peers does that")
            return
    with tap.Scratch() as out, tap.Scratch() as root:
        options = f"nocheck parallel={os.environ.get('JOBS', '2')}"
        if not good(run("make", "deb", f"BUILD={out}", DEB_BUILD_OPTIONS=options), "make deb"):
            return
        packages = [name for name in files(out) if re.fullmatch(r"kmodaudit_[^_]+_[^_]+\.deb", name)]
        tap.equal(len(packages), 1, "makes a package")
        changes = next(name for name in files(out) if name.endswith(".changes"))
        lint = run("lintian", "--fail-on", "error,warning,info,pedantic", "-EvIL", "+pedantic", "--allow-root", os.path.join(out, changes))
        good(lint, "lintian has nothing to say, down to pedantic")
        good(run("dpkg-deb", "-x", os.path.join(out, packages[0]), root), "it unpacks")
        works(root, "/usr", "share/zsh/vendor-completions")
        wanted = run("dpkg-deb", "-f", os.path.join(out, packages[0]), "Depends").stdout
        tap.ok("libarchive13" in wanted and "libcurl" in wanted, f"it depends on its libraries: {wanted.strip()}")
        harden = run("readelf", "-dhlW", os.path.join(root, "usr/bin/kmodaudit")).stdout
        tap.ok("DYN (Position" in harden and "BIND_NOW" in harden and "GNU_RELRO" in harden, "pie, relro, bind now")


def main():
    install("/usr/local")
    install("/opt/tools")
    versions()
    build_dependencies()
    debian()
    tap.done()


main()
