"""Finds the option under which a C file is built, from the Makefiles: obj-$(CONFIG_X) += file.o, and foo-$(CONFIG_X)
for the parts of foo.o. Folders count too: obj-$(CONFIG_X) += folder/."""
import os
import re

RULE = re.compile(r'^\s*([\w-]+?)-(?:\$\(CONFIG_(\w+)\)|(y|objs|m))\s*[:+]?=\s*(.*)', re.M)


def gates(tree):
    """Returns path of a C file or folder -> options named on the lines that add it. An empty set: always built."""
    found = {}
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(f for f in folders if f not in ('Documentation', 'tools', 'samples', 'scripts', '.git'))
        for name in names:
            if name in ('Makefile', 'Kbuild'):
                text = open(os.path.join(folder, name), errors='replace').read()
                one(os.path.relpath(folder, tree), re.sub(r'\\\n', ' ', re.sub(r'#.*', '', text)), found)
    return found


def one(folder, text, found):
    parts, built = {}, {}
    for left, option, _, right in RULE.findall(text):
        for word in right.split():
            if not word.endswith(('.o', '/')) or '$' in word:
                continue
            gate = {option} if option else set()
            if left in ('obj', 'lib', 'core', 'libs', 'drivers', 'net'):
                built.setdefault(word, set()).update(gate)
            else:
                parts.setdefault(left + '.o', []).append((word, gate))
    for word, gate in built.items():
        add(folder, word, gate, found)
        for part, own in parts.get(word, ()):
            add(folder, part, gate | own, found)


def add(folder, word, gate, found):
    path = os.path.normpath(os.path.join(folder, word[:-2] + '.c' if word.endswith('.o') else word))
    found.setdefault(path, set()).update(gate)


def above(path, found):
    """Returns the options of the file and of the folders around it."""
    options = set(found.get(path, ()))
    while '/' in path:
        path = path.rsplit('/', 1)[0]
        options |= found.get(path, set())
    return options
