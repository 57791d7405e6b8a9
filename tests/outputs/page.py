"""Reads the page of --report html: its elements, whether they are closed in order, its texts, styles, scripts and data."""

import base64
import hashlib
import html.parser
import json
import re

VOID = {"meta", "link", "img", "input", "br", "hr", "rect"}


class Page(html.parser.HTMLParser):
    """The page as tags, attributes, ids, links inside the page, text outside of scripts and styles, and the data."""

    def __init__(self, text, data=True):
        super().__init__()
        self.source, self.open, self.wrong = text, [], []
        self.tags, self.attributes, self.ids, self.links = set(), set(), [], []
        self.text, self.styles, self.scripts, self.raw, self.policy = "", [], [], "", ""
        self.feed(text)
        self.close()
        self.wrong += self.open
        self.data = json.loads(self.raw) if data else None

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        self.attributes |= values.keys()
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.open[-1] = "data" if values.get("type") == "application/json" else "script"

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        last = self.open.pop() if self.open else None
        if last != tag and not (tag == "script" and last == "data"):
            self.wrong.append(f"{last} ended by {tag}")

    def handle_comment(self, data):
        self.tags.add("comment")

    def handle_data(self, data):
        inside = self.open[-1] if self.open else None
        if inside == "style":
            self.styles.append(data)
        elif inside == "script":
            self.scripts.append(data)
        elif inside == "data":
            self.raw += data
        else:
            self.text += data

    def admitted(self):
        """whether the policy names the hash of the only style and of the only script"""
        def hashed(text):
            return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        return [hashed(text) in self.policy for text in (*self.styles, *self.scripts)]

    def cells(self):
        """(package, feed, image) -> [verdict, gate], from the data"""
        data = self.data
        return {(data["texts"][row[1]], data["feeds"][row[0]], data["images"][at]): data["cells"][cell][:2]
                for row in data["rows"] for at, cell in enumerate(row[4]) if cell >= 0}

    def strangers(self):
        """addresses that the page would load or go to"""
        return [link for link in self.links if not link.startswith("#")] + re.findall(r"url\(|@import", self.source)
