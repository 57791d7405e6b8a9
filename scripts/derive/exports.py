"""Finds the exported symbols of a tree: the file that exports each, the conditions, and the words of its
declaration."""
import os
import re

from ctypes_graph import mentions
from headers import all_names, strip


SKIPPED = {'Documentation', 'tools', 'samples', 'scripts', 'usr', '.git', 'certs'}
EXPORT = re.compile(r'(?:^|[;}])\s*(?:EXPORT_(?!TRACEPOINT)\w*SYMBOL\w*|ACPI_EXPORT_SYMBOL\w*|EXPORT_\w+_DEV_PM_OPS)'
                    r'\s*\(\s*(\w+)\s*[,)]', re.M)
BEFORE, AFTER = re.compile(r'[^\w.>]'), re.compile(r'\s*(?=[(\[=;,)]|__\w)')
MACRO = re.compile(r'^#[ \t]*define[ \t]+(\w+)\(([^)]*)\)((?:[^\n\\]|\\\n|\\.)*)', re.M)
CONDITION = re.compile(r'^\s*#\s*(ifdef|ifndef|if|elif|else|endif)\b(.*)', re.M)


class Export:
    def __init__(self, name, path, words):
        self.name, self.path, self.words = name, path, words  # words None: no declaration found
        self.options = set()


def sources(tree):
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(names):
            if name.endswith(('.c', '.S')):
                yield os.path.join(folder, name)


def declaration(text, name, header=False):
    """Returns the words in front of NAME on a line that begins in column 0, and those of its parameters. Braces cannot
    tell the file scope: under #if, two heads of a function can share one body."""
    found, at = set(), text.find(name)
    while at >= 0:
        end = at + len(name)
        line = text.rfind('\n', 0, at) + 1
        if BEFORE.match(text[at - 1:at] or ' ') and AFTER.match(text, end) and not text[line:line + 1].isspace():
            head = text[max(text.rfind(c, 0, at) for c in ';}') + 1:at]
            if head.strip() and 'EXPORT_' not in head and (not header or declares(head, text[end:end + 1])):
                found |= mentions(head + ' ' + parameters(text, AFTER.match(text, end).end()))
        at = text.find(name, end)
    return found - {name}


def declares(head, after):
    """Headers also use names in inline functions and as parameters."""
    return head.count('(') == head.count(')') and '{' not in head and (after == '(' or 'extern' in head.split())


def parameters(text, start):
    if text[start:start + 1] != '(':
        return ''
    depth = 0
    for match in re.compile(r'[()]').finditer(text, start):
        depth += 1 if match.group() == '(' else -1
        if depth == 0:
            return text[start:match.end()]
    return ''


def expanded(raw):
    """Returns RAW, with the expansions of the file's macros that contain EXPORT_SYMBOL appended."""
    macros = []
    for match in MACRO.finditer(raw):
        if 'EXPORT_SYMBOL' in match.group(3):
            macros.append((match.group(1), re.findall(r'\w+', match.group(2)), match.group(3).replace('\\\n', '\n')))
    if not macros:
        return raw
    made = []
    for name, formal, body in macros:
        for call in re.finditer(r'^%s\(([^()]*)\)' % name, raw, re.M):
            values = dict(zip(formal, (a.strip() for a in call.group(1).split(','))))
            words = re.sub(r'\b\w+\b', lambda m, v=values: v.get(m.group(), m.group()), body)
            made.append(re.sub(r'^[ \t]+', '', re.sub(r'\s*##\s*', '', words), flags=re.M))
    return raw + '\n' + '\n'.join(made) + '\n'


def required(key, expression):
    """Returns the options that the text under a condition needs: of "A && B" both, of "A || B" and "!A" none."""
    if key == 'ifdef' or (key == 'if' and '||' not in expression and '!' not in expression):
        return all_names(expression)
    return set()


def conditions(raw):
    """Returns [(offset, options that the text needs)] for each preprocessor line."""
    stack, marks = [], []
    for match in CONDITION.finditer(raw):
        key = match.group(1)
        if key in ('if', 'ifdef', 'ifndef'):
            stack.append(required(key, match.group(2)))
        elif key in ('elif', 'else') and stack:
            stack[-1] = set()
        elif key == 'endif' and stack:
            stack.pop()
        marks.append((match.start(), set().union(*stack)))
    return marks


def declared_elsewhere(tree, exports):
    """Assembler files and tables of exports have no declarations; their headers have them."""
    missing = {}
    for export in exports:
        if export.words is None:
            missing.setdefault(export.name, []).append(export)
    for paths in tree.suffixes.values():
        for path in paths:
            if not path.startswith('include/') and '/include/' not in path:
                continue
            text = tree.file(path).text
            for name in missing.keys() & set(re.findall(r'\w+', text)):
                for export in missing[name]:
                    export.words = (export.words or set()) | declaration(text, name, header=True) or None


def read(tree):
    found = []
    for path in sources(tree):
        raw = open(path, errors='replace').read()
        if 'EXPORT_' not in raw:
            continue
        raw = expanded(raw)
        relative = os.path.relpath(path, tree)
        text = re.sub(r'^[ \t]*#[^\n]*', '', strip(raw), flags=re.M)
        marks = conditions(raw)
        for match in EXPORT.finditer(raw):
            name = match.group(1)
            export = Export(name, relative, declaration(text, name) or None)
            for offset, options in marks:
                if offset > match.start():
                    break
                export.options = options
            found.append(export)
    return found
