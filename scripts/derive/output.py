"""Writes the rule file: YAML of maps and lists of scalars, in a fixed order, with lines of readable length."""
import re

PLAIN = re.compile(r'[A-Za-z_][\w./-]*')
AMBIGUOUS = {'y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf'}


def scalar(value):
    text = str(value)
    if value is True:
        return 'true'
    if isinstance(value, int):
        return text
    if PLAIN.fullmatch(text) and text.lower() not in AMBIGUOUS:
        return text
    return '"%s"' % text.replace('\\', '\\\\').replace('"', '\\"')


def sequence(values):
    return '[%s]' % ', '.join(scalar(v) for v in values)


def mapping(pairs):
    return '{%s}' % ', '.join('%s: %s' % (scalar(k), sequence(v) if isinstance(v, (list, tuple)) else scalar(v))
                              for k, v in pairs)


class Writer:
    def __init__(self):
        self.lines = []

    def add(self, depth, text):
        self.lines.append('  ' * depth + text)

    def symbols(self, depth, folded):
        """Writes one text for each head: the reader takes it in one step; a list would take one step for each name."""
        for head, rests in folded.items():
            self.add(depth, '%s: %s' % (scalar(head), scalar(' '.join(rests))))

    def text(self):
        return '\n'.join(self.lines) + '\n'
