"""Joins the rules of a tree with rules of the same series that were derived elsewhere from a patched tree. An option
changes what either file says that it changes. A symbol is clean only if both say so. The lists of options, of reached
symbols and of includes come from the tree."""
import re

from output import Writer, mapping, scalar, sequence
from symbols import folded

NAME = re.compile(r'\w+$')
# structs that exist only with the option, and so do not change: a module that uses one was built with it
WHOLE = {('REGMAP', 'regmap_irq_chip'), ('REGMAP', 'regmap_irq_type')}


def changes(a, b):
    """Returns option -> struct -> members of both. If a name is a truncated macro call, the members of A are used."""
    found = {option: {struct: set(members) for struct, members in structs.items()} for option, structs in a.items()}
    for option, structs in b.items():
        for struct, members in structs.items():
            members = {m for m in members if NAME.match(m)}
            if members and not struct.startswith('<') and (option, struct) not in WHOLE:
                found.setdefault(option, {}).setdefault(struct, set()).update(members)
    return found


def structs(a, b, used):
    """Returns name -> its first row, with what the struct holds in either file."""
    found = {}
    for name in used | set(a):
        row = dict(a.get(name) or b[name])
        holds = set(row.get('holds', ())) | set(b.get(name, {}).get('holds', ()))
        if holds:
            row['holds'] = sorted(holds)
        found[name] = row
    return found


def constants(a, b):
    rows = {(row['option'], row['enum']): row for row in b}
    rows.update({(row['option'], row['enum']): row for row in a})
    for row in b:
        mine = rows[row['option'], row['enum']]
        rows[row['option'], row['enum']] = {**mine, 'sizes': sorted(set(mine['sizes']) | set(row['sizes']))}
    return [rows[key] for key in sorted(rows)]


def drag(a, b):
    """Returns option -> what it turns on."""
    found = {}
    for rows in (a, b):
        for row in rows:
            for option in row['by']:
                found.setdefault(option, set()).update(row['turns_on'])
    return found


def names(rows):
    """Unfolds folded names, given as texts or lists."""
    return {head + rest for head, rests in rows.items() for rest in (rests.split() if isinstance(rests, str) else rests)}


class Clean:
    """Returns what RULES list as clean for each subsystem."""

    def __init__(self, rules):
        self.by = {}
        self.every = set().union(*(names(symbols) for symbols in rules['direct'].values()))
        for row in rules['clean']:
            for subsystem in row['of']:
                self.by.setdefault(subsystem, set()).update(names(row['symbols']))
        self.open = {s: tuple(n[:-1] for n in every if n.endswith('*')) for s, every in self.by.items()}
        self.every = self.every.union(*self.by.values())
        self.begins = tuple(n[:-1] for n in self.every if n.endswith('*'))

    def has(self, subsystems, name):
        """NAME may end in a star."""
        return all(name in self.by[s] or name.rstrip('*').startswith(self.open[s]) for s in subsystems if s in self.by)

    def shared(self, subsystems, name):
        """Returns the part of NAME that is clean here, too: all of it; of a name with a star, the names that are; all
        of it if it is not mentioned at all."""
        if self.has(subsystems, name):
            return {name}
        if name.endswith('*'):
            return {n for n in self.every if n.startswith(name[:-1]) and self.has(subsystems, n)}
        return set() if name in self.every or name.startswith(self.begins) else {name}


def clean(a, b):
    """Returns the rows of A, reduced to the names that are also clean in B."""
    other = Clean(b)
    rows = [(row['of'], set().union(*(other.shared(row['of'], n) for n in names(row['symbols'])))) for row in a['clean']]
    return [(subsystems, sorted(kept)) for subsystems, kept in rows if kept]


def joined(a, b, derived):
    """Returns the file of A joined with B. DERIVED: the text for its key `derived`."""
    out = Writer()
    layout, core = changes(a['layout'], b['layout']), changes(a['core'], b['core'])
    rows = constants(a['constants'], b['constants'])
    used = {s for table in (layout, core) for found in table.values() for s in found} | {s for row in rows for s in row['sizes']}
    known = structs(a['structs'], b['structs'], {s for s in used if s in a['structs'] or s in b['structs']})
    seen = names(a['seen']) | (set(layout) | set(core) | {r['option'] for r in rows}) & names(a['options'])

    out.add(0, '# Made by scripts/derive-rules; what it means stands in docs/layout-rules.md. Do not edit.')
    for key, value in (('schema', a['schema']), ('series', a['series']), ('derived_from', derived)):
        out.add(0, '%s: %s' % (key, value if key == 'schema' else '"%s"' % value))
    out.add(0, 'lacks: %s' % sequence(a['lacks']))
    out.add(0, 'structs:')
    for name, row in sorted(known.items()):
        out.add(1, '%s: %s' % (scalar(name), mapping(list(row.items()))))
    write_changes(out, 'layout', layout)
    out.add(0, 'constants:' if rows else 'constants: []')
    for row in rows:
        out.add(1, '- ' + mapping(list(row.items())))
    write_drag(out, drag(a['drag'], b['drag']))
    out.add(0, 'effects:' if a['effects'] else 'effects: {}')
    for name, row in sorted(a['effects'].items()):
        out.add(1, '%s: %s' % (scalar(name), mapping(list(row.items()))))
    write_changes(out, 'core', core)
    out.add(0, 'direct:')
    for subsystem, symbols in a['direct'].items():
        out.add(1, '%s:' % subsystem)
        out.symbols(2, folded(sorted(names(symbols) | names(b['direct'].get(subsystem, {})))))
    out.add(0, 'clean:')
    for subsystems, symbols in clean(a, b):
        out.add(1, '- of: %s' % sequence(subsystems))
        out.add(2, 'symbols:')
        out.symbols(3, folded(symbols))
    more = {o for key, table in (('layout', layout), ('core', core)) for o in table if table[o] != changes(a[key], {}).get(o)}
    write_rest(out, a, seen, more | {row['option'] for row in rows if row not in a['constants']})
    return out.text()


def write_changes(out, key, found):
    out.add(0, '%s:' % key if found else '%s: {}' % key)
    for option, rows in sorted(found.items()):
        out.add(1, '%s:' % scalar(option))
        for struct, members in sorted(rows.items()):
            out.add(2, '%s: %s' % (scalar(struct), sequence(sorted(members))))


def write_drag(out, found):
    out.add(0, 'drag:' if found else 'drag: []')
    groups = {}
    for option, hits in found.items():
        groups.setdefault(tuple(sorted(hits)), []).append(option)
    for hits, by in sorted(groups.items()):
        out.add(1, '- ' + mapping([('turns_on', hits), ('by', sorted(by))]))


def write_rest(out, a, seen, more):
    """MORE: options that change more than A says. Which modules they touch is unknown."""
    for key, every in (('options', names(a['options'])), ('seen', seen), ('modules', names(a['modules']))):
        out.add(0, key + (':' if every else ': {}'))
        out.symbols(1, folded(sorted(every)))
    rows = []
    for row in a['touched']:
        left = [o for o in row['options'].split() if o not in more]
        if left:
            rows.append((left, row['modules']))
    out.add(0, 'touched:' if rows else 'touched: []')
    for options, modules in rows:
        out.add(1, '- ' + mapping([('options', ' '.join(options)), ('modules', modules)]))
    out.add(0, 'private:' if a['private'] else 'private: []')
    for row in a['private']:
        out.add(1, '- ' + mapping(list(row.items())))
    out.add(0, 'handles:' if a['handles'] else 'handles: {}')
    for struct, symbols in sorted(a['handles'].items()):
        out.add(1, '%s:' % scalar(struct))
        out.symbols(2, folded(sorted(names(symbols))))
