#!/usr/bin/env python3
"""Checks an exported log of a Blindmatch holder without any code of Blindmatch: Python's standard library and `openssl`.

    verify_log.py --key holder.pem --checkpoint log.checkpoint [--log log.ndjson]
                  [--inclusion leaf.json] [--consistency growth.json]

--key          the holder's public key, PEM (SPKI), or the private one's public half
--checkpoint   the signed note that is trusted as the end of the log
--log          the exported log: a JSON object {"index", "leaf"} on each line, from leaf 0 on
--inclusion    {"leaf", "index", "path", "checkpoint"}: that a leaf is in the log of its checkpoint
--consistency  {"first", "second", "proof", "checkpoint"}: that the log of `second` leaves began with the first ones

Written from protocol-spec/log.md, RFC 6962 and C2SP signed-note alone. Exits with 0 and says what holds, with 1 and
says what does not, or with 2 and says which file or key can not be read.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
MOST_LEAVES = 2**32 - 1


class Wrong(Exception):
    """Something that does not hold, in a sentence."""


class Unreadable(Exception):
    """Something that is not there to be checked, or no tool to check it with, in a sentence."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def decode_base64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise Wrong(f"{what} is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Wrong(f"{what} is not canonical base64")
    return data


# Keys and signatures


def load_key(path):
    """The 44 bytes of the key's SPKI form, whichever PEM form it is in."""
    Path(path).read_bytes()
    for more in (["-pubin"], []):
        command = ["openssl", "pkey", *more, "-in", str(path), "-pubout", "-outform", "DER"]
        run = subprocess.run(command, capture_output=True, check=False)
        if run.returncode == 0:
            if len(run.stdout) != 44 or not run.stdout.startswith(SPKI_PREFIX):
                raise Wrong("the holder's key is not an Ed25519 key")
            return run.stdout
    raise Unreadable(f"{path} holds no key that can be read; name the holder's public key (identity.pub.pem)")


def signature_verifies(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        files = {"key": key, "message": message, "signature": signature}
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
        command += ["-inkey", f"{folder}/key", "-in", f"{folder}/message", "-sigfile", f"{folder}/signature"]
        run = subprocess.run(command, capture_output=True, check=False)
        return run.returncode == 0


# Checkpoints (C2SP signed-note and tlog-checkpoint)


def open_checkpoint(note, key):
    """The size and root of a note that the holder has signed."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise Wrong("the checkpoint is not a signed note")
    text += "\n"
    origin = "blindmatch.v1/log/" + sha256(key).hex()
    own_id = sha256(origin.encode(), b"\n\x01", key[12:])[:4]
    claimed = []
    for line in lines[:-1].split("\n"):
        match = re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line)
        if match is None:
            raise Wrong("the checkpoint has a line that is no signature")
        data = decode_base64(match.group(2), "a signature of the checkpoint")
        if match.group(1) == origin and data[:4] == own_id:
            claimed.append(data[4:])
    if not claimed or not all(signature_verifies(key, text.encode(), one) for one in claimed):
        raise Wrong("the checkpoint is not signed by the holder")
    parts = text[:-1].split("\n")
    if len(parts) < 3 or "" in parts or parts[0] != origin:
        raise Wrong("the checkpoint is not one of this holder's log")
    if not re.fullmatch(r"0|[1-9][0-9]{0,9}", parts[1]) or int(parts[1]) > MOST_LEAVES:
        raise Wrong("the size of the checkpoint is malformed")
    root = decode_base64(parts[2], "the root of the checkpoint")
    if len(root) != 32:
        raise Wrong("the root of the checkpoint has not 32 bytes")
    return int(parts[1]), root


# Trees and proofs (RFC 6962 section 2.1, RFC 9162 section 2.1)


def leaf_hash(leaf):
    return sha256(b"\x00", leaf)


class Tree:
    """The roots of the perfect subtrees of what was added so far, the largest first."""

    def __init__(self):
        self.size = 0
        self.peaks = []

    def add(self, hashed):
        self.peaks.append(hashed)
        self.size += 1
        rest = self.size
        while rest % 2 == 0:
            right = self.peaks.pop()
            self.peaks.append(sha256(b"\x01", self.peaks.pop(), right))
            rest //= 2

    def root(self):
        if not self.peaks:
            return sha256()
        result = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            result = sha256(b"\x01", left, result)
        return result


def nodes_of(proof, what):
    if len(proof) % 32 != 0:
        raise Wrong(f"{what} is not a row of 32-byte nodes")
    return [proof[at : at + 32] for at in range(0, len(proof), 32)]


def inclusion_holds(hashed, index, size, path, root):
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for node in path:
        if last == 0:
            return False
        if at % 2 == 1 or at == last:
            hashed = sha256(b"\x01", node, hashed)
            while at % 2 == 0 and at != 0:
                at, last = at // 2, last // 2
        else:
            hashed = sha256(b"\x01", hashed, node)
        at, last = at // 2, last // 2
    return last == 0 and hashed == root


def consistency_holds(first, first_root, second, second_root, proof):
    if not 0 <= first <= second:
        return False
    if first == 0:
        return not proof and first_root == sha256()
    if first == second:
        return not proof and first_root == second_root
    at, last = first - 1, second - 1
    while at % 2 == 1:
        at, last = at // 2, last // 2
    nodes = list(proof) if at != 0 else [first_root, *proof]
    if not nodes:
        return False
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if at % 2 == 1 or at == last:
            old, new = sha256(b"\x01", node, old), sha256(b"\x01", node, new)
            while at % 2 == 0 and at != 0:
                at, last = at // 2, last // 2
        else:
            new = sha256(b"\x01", new, node)
        at, last = at // 2, last // 2
    return last == 0 and old == first_root and new == second_root


# Leaves (protocol-spec/log.md, "Leaves")

ASKED = {"elements", "policy", "records", "request", "time", "type"}
MEMBERS = {
    "epoch": {"epoch", "epoch_id", "time", "type"},
    "policy": {"policy", "time", "type"},
    "accepted": ASKED
    | {"approval", "certifiers", "epoch_id", "investigators", "officials", "purpose", "requester", "statute"},
    "pending": ASKED | {"epoch_id", "requester"},
    "approval": {"approval", "approver", "decision", "request", "time", "type"},
    "refused": ASKED | {"code", "requester"},
    "unidentified": {"hour", "requests", "time", "type"},
    "finished": {"request", "time", "type"},
    "accounting": {"accounting", "bytes", "request", "time", "type"},
}


def check_leaf(index, text):
    """That a leaf has the members of its type and the one form that RFC 8785 gives them."""
    try:
        leaf = json.loads(text)
        # For whole numbers, texts, nulls and arrays of texts, with names in ASCII, this is RFC 8785.
        canonical = json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        same = canonical.encode() == text.encode()
    except (ValueError, RecursionError):
        raise Wrong(f"leaf {index} is not JSON") from None
    if not isinstance(leaf, dict) or not same:
        raise Wrong(f"leaf {index} is not in its canonical form")
    kind = leaf.get("type")
    if not isinstance(kind, str) or MEMBERS.get(kind) != set(leaf):
        raise Wrong(f"leaf {index} has not the members of its type")
    for name, value in leaf.items():
        if isinstance(value, float) or isinstance(value, bool) or isinstance(value, dict):
            raise Wrong(f"leaf {index} has a wrong {name}")


# What the arguments name


INCLUSION = {"leaf": str, "index": int, "path": str, "checkpoint": str}
CONSISTENCY = {"first": int, "second": int, "proof": str, "checkpoint": str}


def load_proof(path, members):
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError:
        raise Wrong(f"{path} is not JSON") from None
    if not isinstance(value, dict) or {name: type(member) for name, member in value.items()} != members:
        raise Wrong(f"{path} has not exactly the members {', '.join(members)}")
    return value


def check_log(path, size, root, sizes):
    """Recomputes the root over all leaves, and notes those at `sizes` on the way."""
    tree = Tree()
    roots = {0: tree.root()}
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
                index, leaf = entry["index"], entry["leaf"]
            except (ValueError, KeyError, TypeError):
                raise Wrong(f"line {tree.size + 1} of the log is not an entry") from None
            if index != tree.size or not isinstance(leaf, str):
                raise Wrong(f"line {tree.size + 1} of the log is not leaf {tree.size}")
            check_leaf(index, leaf)
            tree.add(leaf_hash(leaf.encode()))
            if tree.size in sizes:
                roots[tree.size] = tree.root()
    if tree.size != size:
        raise Wrong(f"the log has {tree.size} leaves and its checkpoint {size}")
    if tree.root() != root:
        raise Wrong("the leaves of the log do not give the root of its checkpoint")
    return roots


def check_inclusion(path, key):
    proof = load_proof(path, INCLUSION)
    size, root = open_checkpoint(proof["checkpoint"], key)
    check_leaf(proof["index"], proof["leaf"])
    nodes = nodes_of(decode_base64(proof["path"], "the path"), "the path")
    if not inclusion_holds(leaf_hash(proof["leaf"].encode()), proof["index"], size, nodes, root):
        raise Wrong("the leaf is not in the log of its checkpoint")
    return f"leaf {proof['index']} is in the log of {size} leaves"


def check_consistency(path, key, size, root, roots):
    proof = load_proof(path, CONSISTENCY)
    second, second_root = open_checkpoint(proof["checkpoint"], key)
    if second != proof["second"]:
        raise Wrong("the proof of growth is not one to the size of its checkpoint")
    first = proof["first"]
    # The earlier root is the one of the trusted checkpoint, or the one that the log itself gives at that size.
    first_root = root if first == size else roots.get(first)
    if first_root is None:
        raise Wrong(f"nothing tells the root of the first {first} leaves: give the log or the checkpoint of that size")
    nodes = nodes_of(decode_base64(proof["proof"], "the proof of growth"), "the proof of growth")
    if not consistency_holds(first, first_root, second, second_root, nodes):
        raise Wrong(f"the log of {second} leaves does not begin with the first {first}")
    return f"the log of {second} leaves begins with the first {first}"


def main():
    parser = argparse.ArgumentParser(description="Checks an exported log of a Blindmatch holder.")
    parser.add_argument("--key", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--log")
    parser.add_argument("--inclusion")
    parser.add_argument("--consistency")
    given = parser.parse_args()
    try:
        key = load_key(given.key)
        note = Path(given.checkpoint).read_bytes().decode("utf-8")
        size, root = open_checkpoint(note, key)
        print(f"the holder has signed a log of {size} leaves")
        roots = {0: sha256()}
        if given.log is not None:
            sizes = set()
            if given.consistency is not None:
                sizes.add(load_proof(given.consistency, CONSISTENCY)["first"])
            roots = check_log(given.log, size, root, sizes)
            print(f"its {size} leaves are in their canonical form and give its root")
        if given.inclusion is not None:
            print(check_inclusion(given.inclusion, key))
        if given.consistency is not None:
            print(check_consistency(given.consistency, key, size, root, roots))
    except Wrong as wrong:
        print(f"wrong: {wrong}", file=sys.stderr)
        return 1
    except UnicodeError:
        print("wrong: a file is not text in UTF-8", file=sys.stderr)
        return 1
    except Unreadable as unreadable:
        print(f"can't check: {unreadable}", file=sys.stderr)
        return 2
    except OSError as error:
        what = f"{error.filename} can not be read ({error.strerror}); check the path"
        print(f"can't check: {what}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
