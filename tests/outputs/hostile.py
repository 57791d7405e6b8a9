"""A feed of packages whose names some reader of an output would act upon."""

import io
import os
import tarfile

NAMES = [
    "::set-output name=x::y", " ::error::mine", "##[add-mask]mine", "a##[error]b", "::stop-commands::t", "a%0A::error::b",
    "<script>alert(1)</script>", "<img src=//example.org/p.png>", "[text](https://example.org)", "![p](//example.org/p.png)",
    "a`<b>x</b>`c", "x | y | z", "**bold** _em_ ~~gone~~", "&lt;b&gt;", "www.example.org", "https://example.org", "a@example.org",
    "</code></td></tr></table><h1>mine</h1>", "@everybody #1", "\\|`", "# head",
]


def ipk(control, data):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as outer:
        for name, content in (("./debian-binary", b"2.0\n"), ("./control.tar.gz", inner({"./control": control})), ("./data.tar.gz", data)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            outer.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def inner(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def module(where):
    """The data.tar.gz of a package with a module."""
    package = next(name for name in os.listdir(os.path.join(where, "more")) if name.startswith("kmod-missing"))
    with tarfile.open(os.path.join(where, "more", package)) as outer:
        return outer.extractfile("./data.tar.gz").read()


def feed(where):
    """A feed whose packages' names, versions and dependencies are NAMES."""
    data = module(where)
    folder = os.path.join(where, "hostile")
    os.mkdir(folder)
    for number, text in enumerate(NAMES):
        control = f"Package: {text}\nVersion: {text}\nArchitecture: mips_24kc\nDepends: kernel (= {text}), {text}\n"
        with open(os.path.join(folder, f"{number}.ipk"), "wb") as file:
            file.write(ipk(control.encode(), data))
