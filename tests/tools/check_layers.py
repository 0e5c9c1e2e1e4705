#!/usr/bin/env python3
"""Holds the sources of engine/ against the table "Who may include whom" of engine/ARCHITECTURE.md, which alone says what
is allowed. A row names a folder, the folders and headers that its files may include, and the third-party headers that they
may include with the files that do (paths below the folder). Checked:

- every include is allowed by the row of the file's folder (the longest folder of the table that holds the file);
- what the third column names is really there and used so: no row says more of libraries than is true;
- a third-party header is seen only by the files named; a header of engine/ that includes one is included by files of its
  own folder alone (but where the table says "seen by all");
- modules (the first folders of paths) include each other in no circle, and neither do files;
- every source file opens with a comment that says what it is for.

`check_layers.py ROOT` checks another tree (check_layers_test does).
"""
import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
THIRD_PARTY = re.compile(r"((?:`[^`]+`\s*)+)in\s+((?:`[^`]+`\s*)+)(,\s*seen by all)?")
SYSTEM = ("dirent.h", "dlfcn.h", "fcntl.h", "locale.h", "malloc.h", "poll.h", "signal.h", "spawn.h", "stddef.h", "stdint.h",
          "sys/socket.h", "sys/types.h", "sys/wait.h", "unistd.h")  # of POSIX and the C library
SOURCES = (".h", ".cpp", ".def")


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


class ThirdParty:
    """`header`… in `file`… of one row; patterns as in a shell, files below the row's folder."""

    def __init__(self, folder, headers, files, seen_by_all):
        self.headers = {header: False for header in headers}  # used?
        self.files = {file: False for file in files}
        self.folder = folder
        self.seen_by_all = seen_by_all

    def allows(self, path, target):
        """May the file include the header? Notes that the row is needed."""
        header = next((h for h in self.headers if fnmatch.fnmatchcase(target, h)), None)
        file = next((f for f in self.files if fnmatch.fnmatchcase(path, f"{self.folder}/{f}")), None)
        if header is None or file is None:
            return False
        self.headers[header] = self.files[file] = True
        return True


class Row:
    def __init__(self, folder, may_include, third_party):
        self.folder = folder
        self.may_include = set(names(may_include))
        self.third_party = [ThirdParty(folder, names(headers), names(files), bool(all_)) for headers, files, all_
                            in THIRD_PARTY.findall(third_party)]
        self.leftover = THIRD_PARTY.sub("", third_party).strip("; ")

    def allows(self, target):
        return any(part in ("*", target) or target.startswith(part + "/") for part in {*self.may_include, self.folder})


def read_table(text):
    """folder -> Row of the table whose head is `module | may include | third party`."""
    table = {}
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == "module":
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and len(cells) == 3 and cells[0].startswith("`"):
            folder = cells[0].strip("`")
            table[folder] = Row(folder, cells[1], cells[2])
    return table


class Check:
    def __init__(self, root):
        self.engine = root / "engine"
        self.table = read_table((self.engine / "ARCHITECTURE.md").read_text())
        self.errors = []
        self.includes = 0
        self.own = {}  # path -> the files of engine/ that it includes
        self.foreign = {}  # path of a header -> the third-party headers that it includes

    def row_of(self, path):
        """The row of the longest folder of the table that holds the file; files of engine/ itself are `pipeline`."""
        folder = pathlib.PurePosixPath(path).parent
        while folder.as_posix() != ".":
            if folder.as_posix() in self.table:
                return self.table[folder.as_posix()]
            folder = folder.parent
        return self.table.get("pipeline")

    def error(self, path, what):
        self.errors.append(f"engine/{path}: {what}")

    def run(self):
        for file in sorted(self.engine.rglob("*")):
            if file.suffix in SOURCES:
                self.read(file.relative_to(self.engine).as_posix(), file.read_text())
        self.check_headers()
        self.check_circles()
        for row in self.table.values():
            if row.leftover:
                self.errors.append(f"ARCHITECTURE.md, `{row.folder}`: not understood: {row.leftover}")
            for third in row.third_party:
                for name, used in {**third.headers, **third.files}.items():
                    if not used:
                        self.errors.append(f"ARCHITECTURE.md, `{row.folder}`: nothing is so: {name}")

    def read(self, path, text):
        if not text.startswith(("//", "#!")):
            self.error(path, "opens without a comment that says what the file is for")
        row = self.row_of(path)
        if row is None:
            return self.error(path, "its folder has no row in the table")
        self.own[path] = []
        for quote, target in INCLUDE.findall(text):
            self.includes += 1
            if quote == '"' and (self.engine / target).exists():
                self.own[path].append(target)
                if self.row_of(target) is not row and not row.allows(target):
                    self.error(path, f"`{row.folder}` may not include {target}")
            elif quote == '"' or self.is_third_party(target):
                self.third_party(path, row, target)

    @staticmethod
    def is_third_party(target):
        """Headers of C++ have neither a dot nor a slash; those of POSIX are few."""
        return ("." in target or "/" in target) and not target.startswith("sys/") and target not in SYSTEM

    def third_party(self, path, row, target):
        allowing = [third for third in row.third_party if third.allows(path, target)]
        if not allowing:
            return self.error(path, f"the table lets no file include {target} here")
        if path.endswith(".h") and not all(third.seen_by_all for third in allowing):
            self.foreign.setdefault(path, set()).add(target)

    def check_headers(self):
        """Whoever includes a header that lets a library show is of the same folder, and if it is a header shows it too."""
        showing = dict(self.foreign)
        while True:
            more = {path: target for path, targets in self.own.items() for target in targets
                    if target in showing and path not in showing and path.endswith(".h")}
            if not more:
                break
            for path, target in more.items():
                showing[path] = showing[target]
        for path, targets in self.own.items():
            for target in targets:
                if target in showing and self.row_of(path) is not self.row_of(target):
                    library = ", ".join(sorted(showing[target]))
                    self.error(path, f"includes {target}, in which {library} shows")

    def check_circles(self):
        folders = {}
        for path, targets in self.own.items():
            for target in targets:
                module, other = self.row_of(path).folder.split("/")[0], self.row_of(target).folder.split("/")[0]
                if module != other:
                    folders.setdefault(module, {}).setdefault(other, f"{path} includes {target}")
        for circle in circles({folder: set(others) for folder, others in folders.items()}):
            arrows = "; ".join(folders[a][b] for a, b in zip(circle, circle[1:]))
            self.errors.append(f"modules include each other: {' -> '.join(circle)} ({arrows})")
        for circle in circles({path: set(targets) for path, targets in self.own.items()}):
            self.errors.append(f"files include each other: {' -> '.join(circle)}")


def circles(graph):
    """One circle a strongly connected part, as [a, b, …, a]."""
    done, found = set(), []
    for start in sorted(graph):
        path, on_path = [], {}

        def visit(node):
            if node in on_path:
                found.append(path[on_path[node]:] + [node])
                return True
            if node in done:
                return False
            on_path[node] = len(path)
            path.append(node)
            stop = any(visit(other) for other in sorted(graph.get(node, ())))
            path.pop()
            del on_path[node]
            done.add(node)
            return stop

        visit(start)
    return found


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    check = Check(root)
    if len(sys.argv) == 1 and len(check.table) < 10:
        sys.exit("the layer table of engine/ARCHITECTURE.md was not found")
    check.run()
    if len(sys.argv) == 1 and check.includes < 1000:
        sys.exit(f"only {check.includes} includes were found: the check reads nothing")
    for error in check.errors:
        print(error)
    print(f"{check.includes} includes, {len(check.errors)} against the house")
    sys.exit(1 if check.errors else 0)


if __name__ == "__main__":
    main()
