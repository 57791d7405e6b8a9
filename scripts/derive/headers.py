"""Finds the struct members, enum constants and macros that a CONFIG_ option adds. Reads headers with a stack of
conditions."""
import os
import re

COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*', re.S)
DIRECTIVE = re.compile(r'#\s*(ifdef|ifndef|if|elif|else|endif|define)\b(.*)')
# what a =m makes true; IS_BUILTIN and #ifdef CONFIG_X are blind to it
MODULE = re.compile(r'\bIS_(?:ENABLED|MODULE|REACHABLE)\s*\(\s*CONFIG_(\w+)\s*\)|\bCONFIG_(\w+?)_MODULE\b')
ANY = re.compile(r'\bCONFIG_(\w+?)(?:_MODULE)?\b')
NOISE = r'(?:__\w+\s*(?:\([^()]*\))?\s*)*'
TAG = re.compile(r'\b(struct|union)\b\s*' + NOISE + r'([A-Za-z_]\w*)?\s*' + NOISE + r'$')
GROUP = re.compile(r'struct_group(?:_tagged|_attr)?\s*\($')


def strip(text):
    # a comment is one blank, wherever its lines end: inside a macro it does not end the macro
    return COMMENT.sub(' ', text.replace('\\\n', ' '))


def module_names(expression):
    return {a or b for a, b in MODULE.findall(expression)}


def all_names(expression):
    return set(ANY.findall(expression))


class Row:
    """One member, constant or define, with the conditions above it, inside and outside of its struct."""

    def __init__(self, kind, header, scope, text, inner, outer):
        self.kind, self.header, self.scope, self.text = kind, header, scope, text
        self.inner, self.outer = inner, outer

    @property
    def struct(self):
        return next((n for n in self.scope if not n.startswith('<')), '<anonymous>')


class Scanner:
    def __init__(self, header, text):
        self.header = header
        self.rows = []
        self.scopes = []      # (kind, name)
        self.nameless = None  # where the rows of a typedef'd struct without a tag begin
        self.conditions = []  # ([expressions of one #if chain], depth of braces where it began)
        self.pending = ''
        for line in strip(text).split('\n'):
            line = line.strip()
            if line.startswith('#'):
                self.directive(line)
            else:
                self.code(line)

    def directive(self, line):
        match = DIRECTIVE.match(line)
        if not match:
            return
        key, rest = match.group(1), match.group(2).strip()
        if key in ('if', 'ifdef', 'ifndef'):
            self.conditions.append(([rest if key == 'if' else 'defined(%s)' % rest], len(self.scopes)))
        elif key == 'elif' and self.conditions:
            self.conditions[-1][0].append(rest)
        elif key == 'endif' and self.conditions:
            self.conditions.pop()
        elif key == 'define':
            self.add('define', rest)

    def add(self, kind, text):
        inner = [e for chain, depth in self.conditions if depth > 0 for e in chain]
        outer = [e for chain, depth in self.conditions if depth == 0 for e in chain]
        scope = tuple(name for _, name in self.scopes)
        self.rows.append(Row(kind, self.header, scope, ' '.join(text.split()), inner, outer))

    def code(self, line):
        for token in re.split(r'([{};])', line):
            if token == '{':
                self.scopes.append(self.opened(self.pending.strip()))
                if len(self.scopes) == 1 and 'typedef' in self.pending.split():
                    self.nameless = len(self.rows)
                self.pending = ''
            elif token == '}':
                self.enumerator()
                if self.scopes:
                    self.scopes.pop()
                self.pending = ''
            elif token == ';':
                if self.scopes and self.pending.strip() and all(k == 'struct' for k, _ in self.scopes):
                    self.add('member', self.pending)
                elif not self.scopes and self.nameless is not None:
                    self.name_typedef(self.pending.strip())
                self.pending = ''
            else:
                self.pending += ' ' + token
                if ',' in token:
                    self.enumerator()

    def name_typedef(self, name):
        for row in self.rows[self.nameless:]:
            if row.scope and row.scope[0] == '<anonymous>' and re.fullmatch(r'\w+', name):
                row.scope = (name,) + row.scope[1:]
        self.nameless = None

    def enumerator(self):
        if self.scopes and self.scopes[-1][0] == 'enum':
            for name in re.findall(r'(?:^|,)\s*([A-Za-z_]\w*)', self.pending):
                self.add('constant', name)
            self.pending = ''

    @staticmethod
    def opened(head):
        match = re.search(r'\benum\b\s*(\w*)[^()]*$', head)
        if match:
            return 'enum', match.group(1) or '<anonymous>'
        match = TAG.search(head)
        if match and '=' not in head and not head.endswith(')'):
            return 'struct', match.group(2) or '<anonymous>'
        if GROUP.search(head):
            return 'struct', '<group>'
        return 'code', ''


def paths(tree):
    folders = ['include']
    arch = os.path.join(tree, 'arch')
    if os.path.isdir(arch):
        folders += ['arch/%s/include' % a for a in sorted(os.listdir(arch))]
    for top in folders:
        for folder, below, names in os.walk(os.path.join(tree, top)):
            below.sort()
            for name in sorted(names):
                if name.endswith('.h'):
                    yield os.path.relpath(os.path.join(folder, name), tree)


def scan(tree):
    rows = []
    for path in paths(tree):
        text = open(os.path.join(tree, path), errors='replace').read()
        if 'CONFIG_' in text or '[' in text:
            rows += Scanner(path, text).rows
    return rows
