"""Reads from a tree what can be found in a minute: which options a public header names, and which modules include which
private header. Uses of members (uses.py) are not followed, so no module can be called untouched by an option that a
header names."""
import os
import re

import modules as sources_of

NAMED = re.compile(r'\bCONFIG_(\w+)')


class Brief:
    """Takes the place of uses.Uses for known.private and known.write."""

    def __init__(self, root, tree, modules):
        self.root, self.names, self.sharers = root, [], {}
        sources = sources_of.Sources(root)
        users = {}
        for name, parts in modules.files.items():
            for stem in {s for stems in parts for s in stems}:
                path = sources.file(stem)[0]
                if path:
                    users.setdefault(path, set()).add(name)
        for path, names in sorted(users.items()):
            for header in sources_of.Unit(sources, tree, path).paths:
                if header.endswith('.h'):
                    self.sharers.setdefault(header, set()).update(names)

    def effects(self, flags, options):
        """Returns (options that a public header or a compiler flag names, {}). Comments count as code, so the result
        can have options too many, never too few."""
        seen = set(flags)
        for top in ['include'] + ['arch/%s/include' % a for a in sorted(os.listdir(os.path.join(self.root, 'arch')))]:
            for folder, _, names in os.walk(os.path.join(self.root, top)):
                for name in names:
                    with open(os.path.join(folder, name), errors='replace') as file:
                        seen.update(NAMED.findall(file.read()))
        seen |= {n[:-7] for n in seen if n.endswith('_MODULE')}
        return seen & set(options), {}
