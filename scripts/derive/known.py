"""Lists what exists in the tree: options, those that reach code through a public header or a compiler flag, the modules
that each can change, structs of headers beside the sources, and the exports that name a struct."""
import os
import re

import depends
import pieces
from modules import is_public
from output import mapping, scalar
from symbols import folded

SOURCED = re.compile(r'^\s*source\s+"([^"$]+)"', re.M)
CONDITION = re.compile(r'^[ \t]*#[ \t]*(?:el)?if.*CONFIG_|\[[^]]*CONFIG_', re.M)
LEFT = re.compile(r'(?:drivers/staging|drivers/gpu/drm/(?:amd|nouveau|i915|radeon|msm)|arch/\w+)/')


def missing(root):
    """Returns a file that the tree names but lacks, or None. Rules derived from a truncated tree are wrong without any
    sign of it."""
    for name in ('Kconfig', 'include/linux'):
        if not os.path.exists(os.path.join(root, name)):
            return name
    queue, seen = ['Kconfig'], set()
    while queue:
        path = queue.pop()
        if path in seen:
            continue
        seen.add(path)
        if not os.path.isfile(os.path.join(root, path)):
            return path
        queue += SOURCED.findall(open(os.path.join(root, path), errors='replace').read())
    return None


def flag_options(root):
    """Returns the options that the Makefiles of the whole tree or of an architecture name: they set compiler flags of
    every file."""
    paths = ['Makefile']
    paths += ['arch/%s/Makefile' % a for a in depends.ARCHES]
    folder = os.path.join(root, 'scripts')
    paths += ['scripts/' + n for n in (os.listdir(folder) if os.path.isdir(folder) else ()) if n.startswith('Makefile')]
    found = set()
    for path in paths:
        if os.path.isfile(os.path.join(root, path)):
            text = open(os.path.join(root, path), errors='replace').read()
            lines = [n for n in text.split('\n') if not re.match(r'\s*(?:obj|core|libs|drivers|head|machine|plat)-', n)]
            found |= set(pieces.CONFIG.findall('\n'.join(lines)))
    return found


def private(root, exported, index, options):
    """Returns [(option, header, structs, exports, modules)]: the structs of headers beside their sources that several
    modules share. EXPORTS: those of the sources beside or below the header that the option names."""
    found = []
    every = set(options)
    for folder, folders, files in os.walk(root):
        top = os.path.relpath(folder, root)
        folders[:] = sorted(f for f in folders if f not in ('Documentation', 'tools', 'samples', 'scripts', '.git', 'include')
                            and not LEFT.match(os.path.normpath(os.path.join(top, f)) + '/'))
        for name in sorted(files):
            if not name.endswith('.h') or is_public(os.path.join(top, name)):
                continue
            raw = open(os.path.join(folder, name), errors='replace').read()
            if not CONDITION.search(raw) or 'struct' not in raw:
                continue
            header = pieces.Header(raw)
            changed = {}
            for piece in (p for p in header.pieces if p.kind == 'struct'):
                for part in piece.parts:
                    for option in part.options & every:
                        changed.setdefault(option, set()).add(piece.tag)
            if not changed:
                continue
            path = os.path.normpath(os.path.join(top, name))
            beside = {e.name for e in exported if e.path.startswith(top + '/')}
            shared = sorted(beside & set(depends.WORD.findall(raw)))
            users = sorted(index.sharers.get(path, ()))
            if shared or len(users) > 1:
                found += [(o, path, sorted(t), shared, users) for o, t in sorted(changed.items())]
    return sorted(found)


def handlers(exported, structs, aliases):
    """Returns struct -> exports with a declaration that names it. ALIASES: typedef -> struct."""
    found = {}
    for export in exported:
        for word in export.words or ():
            tag = word[7:] if word.startswith('struct ') else aliases.get(word)
            if tag in structs:
                found.setdefault(tag, set()).add(export.name)
    return found


def write_touched(out, touched):
    """Makes one row for all options that touch the same modules."""
    groups = {}
    for name, modules in sorted(touched.items()):
        groups.setdefault(tuple(modules), []).append(name)
    out.add(0, 'touched:' if groups else 'touched: []')
    for modules, names in groups.items():
        out.add(1, '- ' + mapping([('options', ' '.join(names)), ('modules', ' '.join(modules))]))


def write(out, options, seen, touched, index, private_rows, handled):
    for key, names in (('options', options), ('seen', seen), ('modules', index.names)):
        out.add(0, key + (':' if names else ': {}'))
        out.symbols(1, folded(sorted(names)))
    write_touched(out, touched)
    out.add(0, 'private:' if private_rows else 'private: []')
    for option, header, structs, exports, modules in private_rows:
        out.add(1, '- ' + mapping([('option', option), ('header', header), ('structs', ' '.join(structs)),
                                   ('exports', ' '.join(exports)), ('modules', ' '.join(modules))]))
    out.add(0, 'handles:' if handled else 'handles: {}')
    for struct, names in sorted(handled.items()):
        out.add(1, '%s:' % scalar(struct))
        out.symbols(2, folded(sorted(names)))
