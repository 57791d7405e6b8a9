"""Finds what each option changes: struct members, enum constants, array sizes and exports."""
import re

import kbuild
import kconfig
from headers import all_names, module_names

WORD = re.compile(r'[A-Za-z_]\w*')
MEMBER = re.compile(r'([A-Za-z_]\w*)\s*(?:\[[^]]*\]\s*|:\s*\w+\s*|\)\s*\([^;]*|__\w+(?:\([^)]*\))?\s*)*$')
STATISTICS = re.compile(r'DEFINE_SNMP_STAT\w*\s*\([^,]*,\s*(\w+)')
DECLARED = re.compile(r'DECLARE_\w+\s*\(\s*(\w+)')  # DECLARE_BITMAP(name, bits)
CALLBACK = re.compile(r'\(\s*\*\s*(?:const\s+)?([A-Za-z_]\w*)')


def member_name(text):
    """'struct sk_buff *next, *prev' -> 'next'. A macro call is returned unchanged."""
    match = STATISTICS.match(text) or DECLARED.match(text) or CALLBACK.search(text)
    if match:
        return match.group(1)
    match = MEMBER.search(re.sub(r'\s*=.*', '', text.split(',')[-1] if '(' not in text else text))
    return match.group(1) if match else text[:40]


class Effects:
    def __init__(self, options, rows, core):
        self.options, self.rows, self.core = options, rows, core
        self.helpers = self.find_helpers()

    def kind(self, name):
        return self.options[name].kind if name in self.options else None

    def find_helpers(self):
        """Returns macro -> tristates under which it is defined. The condition of a member can name the macro instead of
        the option."""
        found = {}
        for row in self.rows:
            if row.kind != 'define':
                continue
            names = {n for e in row.inner + row.outer for n in module_names(e) if self.kind(n) == 'tristate'}
            macro = WORD.match(row.text)
            # a function-like macro replaces a function; it adds nothing to a struct
            if names and macro and row.text[macro.end():macro.end() + 1] != '(':
                found.setdefault(macro.group(), set()).update(names)
        return found

    def under(self, row, expressions, pick, kinds):
        names = {n for e in expressions for n in pick(e) if self.kind(n) in kinds}
        if 'tristate' in kinds and self.helpers:
            words = {w for e in expressions for w in WORD.findall(e)}
            if row.kind == 'member':
                words |= set(WORD.findall(row.text))
            for word in words & self.helpers.keys():
                names |= self.helpers[word]
        return names

    def members(self, pick, kinds):
        """Returns option -> (struct, header) -> members."""
        found = {}
        for row in self.rows:
            if row.kind == 'member':
                for name in self.under(row, row.inner, pick, kinds):
                    members = found.setdefault(name, {}).setdefault((row.struct, row.header), set())
                    members.add(member_name(row.text))
        return found

    def whole(self, held):
        """Returns the structs that are empty without the option and that another struct holds by value."""
        found = {}
        for row in self.rows:
            if row.kind != 'member' or row.struct not in held:
                continue
            for expression in row.outer:
                for name in module_names(expression):
                    if self.kind(name) == 'tristate':
                        found.setdefault(name, {}).setdefault((row.struct, row.header), set()).add(member_name(row.text))
        return found

    def constants(self):
        """Returns [(option, header, enum, names, names behind them, structs with arrays of that size)]."""
        enums, conditional = {}, {}
        for row in self.rows:
            if row.kind == 'constant':
                key = (row.header, row.scope[-1])
                enums.setdefault(key, []).append(row.text)
                for name in {n for e in row.inner for n in module_names(e) if self.kind(n) == 'tristate'}:
                    conditional.setdefault((name,) + key, []).append(row.text)
        sized = {}
        for row in self.rows:
            if row.kind == 'member':
                for size in re.findall(r'\[([^]]+)\]', row.text):
                    for word in WORD.findall(size):
                        sized.setdefault(word, set()).add(row.struct)
        found = []
        for (name, header, enum), names in sorted(conditional.items()):
            after = enums[(header, enum)]
            after = after[after.index(names[0]) + 1:]
            structs = set().union(*(sized.get(a, set()) for a in after)) if after else set()
            found.append((name, header, enum, names, [a for a in after if a not in names], sorted(structs)))
        return found


def gated_exports(tree, exports, options):
    """Returns bool -> exported symbols that exist only with it. If several files export a symbol, an option counts only
    if all of these files need it."""
    gates = kbuild.gates(tree)
    needed = {}
    for export in exports:
        above = kbuild.above(export.path, gates)
        names = gates.get(export.path, set()) | gates.get(export.path.rsplit('/', 1)[0], set()) | export.options
        if any(n in options and options[n].kind == 'tristate' for n in above):
            names = set()  # part of something that may be a module itself
        needed[export.name] = needed.get(export.name, names) & names
    found = {}
    for symbol, names in needed.items():
        for name in names:
            if name in options and options[name].kind == 'bool':
                found.setdefault(name, set()).add(symbol)
    return found


def joined(*conditions):
    seen = []
    for condition in conditions:
        if condition and condition not in seen:
            seen.append(condition)
    return ' && '.join('(%s)' % c if '||' in c and len(seen) > 1 else c for c in seen)


def drag(options, matters):
    """Returns tristate -> {bool: condition}: the bools of MATTERS that the tristate turns on, directly or through what
    it selects."""
    promoted = kconfig.defaults_on(options)
    found = {}
    for option in options.values():
        if option.kind != 'tristate':
            continue
        reached, queue = {}, [(option.name, '')]
        while queue:
            name, condition = queue.pop(0)
            edges = list(options[name].selects)
            if options[name].kind == 'tristate':
                edges += promoted.get(name, [])
            for target, own in edges:
                if target in options and target != option.name and target not in reached:
                    reached[target] = joined(condition, own)
                    queue.append((target, reached[target]))
        hits = {n: c for n, c in reached.items() if options[n].kind == 'bool' and n in matters}
        if hits:
            found[option.name] = hits
    return found
