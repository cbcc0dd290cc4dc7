"""Ways to change a collected bundle behind its maker's back, and the word by which `verify` tells of each."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from forensics.evidence.formats import time_fields
from forensics.sharing.bundle.bundle import add_member, zip_time
from forensics.sharing.bundle.manifest import MANIFEST, SEAL, Manifest, decoded, encoded, seal
from forensics.sharing.bundle.verify import seal_line

Change = Callable[[bytes], bytes]
LOG, AUTH = ".openclaw/logs/openclaw.log", ".openclaw/openclaw.json"
_LIST, _LOCAL, _END = struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H"), struct.Struct("<4s4H2LH")
_FLAGS, _METHOD, _CLOCK, _DAY, _CRC, _PACKED, _SIZE = range(1, 8)  # in a member's own header; one further in the list
_EXTERNAL = 14
_HIDDEN = b"hidden by somebody"


@dataclass(slots=True)
class Contents:
    """The members of a bundle, to be changed and packed as `collect` packs them."""

    manifest: Manifest
    data: dict[str, bytes]

    def recomputed(self) -> None:
        """What somebody does who knows how a bundle is made: every hash is made anew."""
        hashed = {path: (seal(data), len(data)) for path, data in self.data.items()}
        anew = (
            msgspec.structs.replace(one, collected_sha256=hashed[one.path][0], collected_bytes=hashed[one.path][1])
            for one in self.manifest.files
            if one.path in hashed
        )
        self.manifest = msgspec.structs.replace(self.manifest, files=tuple(anew))
        self.data[MANIFEST] = encoded(self.manifest)
        self.data[SEAL] = seal_line(seal(self.data[MANIFEST]))


@dataclass(slots=True)
class Entry:
    """One member as it lies in the file: its own header, its packed bytes, its row in the list."""

    own: list[int]
    own_name: bytes
    own_extra: bytes
    packed: bytes
    listed: list[int]
    name: bytes
    extra: bytes
    comment: bytes = b""
    before: bytes = b""
    is_listed: bool = True


@dataclass(slots=True)
class Layout:
    """A bundle's own bytes, to be changed piece by piece; offsets and lengths follow."""

    entries: dict[str, Entry]
    before_list: bytes = b""
    comment: bytes = b""
    behind: bytes = b""

    def packed(self) -> bytes:
        out, rows = bytearray(), bytearray()
        for one in self.entries.values():
            out += one.before
            if one.is_listed:
                sizes = (len(one.name), len(one.extra), len(one.comment))
                rows += _LIST.pack(b"PK\1\2", *one.listed[:9], *sizes, *one.listed[12:15], len(out))
                rows += one.name + one.extra + one.comment
            out += _LOCAL.pack(b"PK\3\4", *one.own[:8], len(one.own_name), len(one.own_extra))
            out += one.own_name + one.own_extra + one.packed
        out += self.before_list
        count = sum(one.is_listed for one in self.entries.values())
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(rows), len(out), len(self.comment))
        return bytes(out + rows + end) + self.comment + self.behind


def contents(bundle: bytes) -> Contents:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        data = {name: archive.read(name) for name in archive.namelist()}
    return Contents(decoded(data[MANIFEST]), data)


def packed(members: Contents) -> bytes:
    times = {one.path: one.mtime for one in members.manifest.files}
    times |= {MANIFEST: members.manifest.latest, SEAL: members.manifest.earliest}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.data.items():
            add_member(archive, path, times.get(path, members.manifest.latest), (data,))
    return out.getvalue()


def layout(bundle: bytes) -> Layout:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        position, entries = archive.start_dir, {}
        for info in archive.infolist():
            _, *listed = _LIST.unpack_from(bundle, position)
            name, extra, _ = listed[9:12]
            at = position + _LIST.size
            _, *own = _LOCAL.unpack_from(bundle, info.header_offset)
            own_at = info.header_offset + _LOCAL.size
            data = own_at + own[8] + own[9]
            entries[info.filename] = Entry(
                own[:8],
                bundle[own_at : own_at + own[8]],
                bundle[own_at + own[8] : data],
                bundle[data : data + info.compress_size],
                listed,
                bundle[at : at + name],
                bundle[at + name : at + name + extra],
            )
            position = at + name + extra
    return Layout(entries)


def _members(change: Callable[[Contents], object], *, recomputed: bool = False) -> Change:
    def tampered(bundle: bytes) -> bytes:
        members = contents(bundle)
        change(members)
        if recomputed:
            members.recomputed()
        return packed(members)

    return tampered


def _bytes(change: Callable[[Layout], object]) -> Change:
    def tampered(bundle: bytes) -> bytes:
        pieces = layout(bundle)
        change(pieces)
        return pieces.packed()

    return tampered


def _swap(members: Contents) -> None:
    members.data[LOG], members.data[AUTH] = members.data[AUTH], members.data[LOG]


def _rename(members: Contents) -> None:
    members.data = {path.replace("openclaw.log", "other.log"): data for path, data in members.data.items()}


def _reorder(members: Contents) -> None:
    members.data = dict(sorted(members.data.items(), reverse=True))


def _row_gone(members: Contents) -> None:
    del members.data[LOG]
    files = tuple(one for one in members.manifest.files if one.path != LOG)
    members.manifest = msgspec.structs.replace(members.manifest, files=files)
    members.data[MANIFEST] = encoded(members.manifest)


def _other_moment(members: Contents) -> None:
    members.manifest = msgspec.structs.replace(members.manifest, collected_at=datetime(2026, 1, 1, tzinfo=UTC))


def _other_system(members: Contents) -> None:
    members.data[MANIFEST] = encoded(msgspec.structs.replace(members.manifest, system="another"))


def _set(path: str, place: int, value: int, *, both: bool = False) -> Callable[[Layout], None]:
    def change(pieces: Layout) -> None:
        pieces.entries[path].own[place] = value
        if both:
            pieces.entries[path].listed[place + 1] = value

    return change


def _later(path: str, *, fields_only: bool = False) -> Callable[[Layout], None]:
    """A member says in both of its headers that it was written on another day."""

    def change(pieces: Layout) -> None:
        one, then = pieces.entries[path], datetime(2026, 12, 24, tzinfo=UTC)
        one.own_extra, one.extra = one.own_extra.replace(one.extra, time_fields(then)), time_fields(then)
        if not fields_only:
            year, month, day, *_ = zip_time(then)
            one.own[_DAY] = one.listed[_DAY + 1] = (year - 1980) << 9 | month << 5 | day

    return change


def _hide_behind_data(pieces: Layout) -> None:
    one = pieces.entries[LOG]
    one.packed += _HIDDEN
    one.own[_PACKED] = one.listed[_PACKED + 1] = len(one.packed)
    one.own_extra = one.extra + struct.pack("<HHQQ", 1, 16, one.own[_SIZE], len(one.packed))


def _unlisted(pieces: Layout) -> None:
    """A whole member that only those see who read the archive from its front."""
    pieces.entries = {"hidden": _entry(b"hidden", pieces), **pieces.entries}


def _entry(name: bytes, pieces: Layout) -> Entry:
    like = pieces.entries[AUTH]
    return Entry([*like.own], name, like.own_extra, like.packed, [*like.listed], name, like.extra, is_listed=False)


def _twice(pieces: Layout) -> None:
    """Two members of one name, of which programs show the first or the last."""
    again = _entry(LOG.encode(), pieces)
    again.is_listed = True
    pieces.entries["again"] = again


def _extra_field(pieces: Layout) -> None:
    one = pieces.entries[LOG]
    more = struct.pack("<HH", 0xCAFE, len(_HIDDEN)) + _HIDDEN
    one.extra, one.own_extra = one.extra + more, one.own_extra + more


def _stored(pieces: Layout) -> None:
    """Packed anew by a program with another method."""
    one = pieces.entries[LOG]
    plain = zlib.decompress(one.packed, -zlib.MAX_WBITS)
    one.packed, one.own[_METHOD], one.listed[_METHOD + 1] = plain, 0, 0
    one.own[_PACKED] = one.listed[_PACKED + 1] = len(plain)
    one.own_extra = one.extra


def _before_first(pieces: Layout) -> None:
    """Inserted with every offset set right, so that no program minds."""
    next(iter(pieces.entries.values())).before = _HIDDEN


def _do(path: str, **changes: object) -> Callable[[Layout], None]:
    def change(pieces: Layout) -> None:
        for name, value in changes.items():
            setattr(pieces.entries[path], name, value)

    return change


def _flip(bundle: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        at = archive.getinfo(LOG).header_offset + 300
    return bundle[:at] + bytes([bundle[at] ^ 0x10]) + bundle[at + 1 :]


def _permissions(pieces: Layout) -> None:
    pieces.entries[LOG].listed[_EXTERNAL] = 0o120777 << 16  # a link, of which the data is the target


def _other_crc(pieces: Layout) -> None:
    pieces.entries[LOG].own[_CRC] ^= 1


SELF_TOLD: Mapping[str, tuple[Change, str]] = {
    "a bit of a member is flipped": (_flip, "changed"),
    "a member has other content": (_members(lambda m: m.data.update({LOG: b"{}\n"})), "changed"),
    "lines are cut off a member": (_members(lambda m: m.data.update({LOG: m.data[LOG][:-900]})), "changed"),
    "two members have changed places": (_members(_swap), "changed"),
    "a member is gone": (_members(lambda m: m.data.pop(LOG)), "missing"),
    "a member is added": (_members(lambda m: m.data.update({"notes.txt": b"new"})), "extra"),
    "a member has another name": (_members(_rename), "missing"),
    "the members are in another order": (_members(_reorder), "archive altered"),
    "the manifest is another": (_members(_other_system), "manifest altered"),
    "a file is gone from the manifest too": (_members(_row_gone), "manifest altered"),
    "the manifest's hash is gone": (_members(lambda m: m.data.pop(SEAL)), "missing"),
    "the manifest's hash is another": (_members(lambda m: m.data.update({SEAL: b"0" * 64})), "manifest altered"),
    "more stands beside the hash": (_members(lambda m: m.data.update({SEAL: m.data[SEAL] + b"x"})), "extra"),
    "a member has another time": (_bytes(_later(LOG)), "other time"),
    "a member's two times differ": (_bytes(_later(LOG, fields_only=True)), "other time"),
    "the manifest has another time": (_bytes(_later(MANIFEST)), "other time"),
    "a member is there twice": (_bytes(_twice), "extra"),
    "a member is there and not listed": (_bytes(_unlisted), "hidden"),
    "bytes before the first member": (_bytes(_before_first), "hidden"),
    "bytes between two members": (_bytes(_do(LOG, before=_HIDDEN)), "hidden"),
    "bytes before the list": (_bytes(lambda p: setattr(p, "before_list", _HIDDEN)), "hidden"),
    "bytes behind a member's data": (_bytes(_hide_behind_data), "changed"),
    "bytes put before the archive": (lambda bundle: _HIDDEN + bundle, "hidden"),
    "bytes appended": (lambda bundle: bundle + _HIDDEN, "appended"),
    "a comment of the archive": (_bytes(lambda p: setattr(p, "comment", _HIDDEN)), "archive altered"),
    "a comment of a member": (_bytes(_do(LOG, comment=_HIDDEN)), "header altered"),
    "a member's own header has another name": (_bytes(_do(LOG, own_name=b"other")), "header altered"),
    "a member's own header has another time": (_bytes(_set(LOG, _CLOCK, 1)), "header altered"),
    "a member's own header has another checksum": (_bytes(_other_crc), "header altered"),
    "a field that nobody reads": (_bytes(_extra_field), "header altered"),
    "a member is packed in another way": (_bytes(_stored), "header altered"),
    "a member is marked as encrypted": (_bytes(_set(LOG, _FLAGS, 1, both=True)), "header altered"),
    "a member is marked as a link": (_bytes(_permissions), "header altered"),
}
"""What a bundle tells of itself."""

NO_BUNDLE: Mapping[str, Change] = {
    "the end is cut off": lambda bundle: bundle[:-30],
    "the manifest is gone": _members(lambda m: m.data.pop(MANIFEST)),
    "more is appended than a zip can have": lambda bundle: bundle + bytes(70_000),
}

RECOMPUTED: Mapping[str, Change] = {
    "a file is changed and all hashes made anew": _members(lambda m: m.data.update({LOG: b"{}\n"}), recomputed=True),
    "a file is taken out and all hashes made anew": _members(lambda m: m.data.pop(LOG), recomputed=True),
    "the moment of collecting is changed and the hash made anew": _members(_other_moment, recomputed=True),
}
"""What only the hash tells that was kept elsewhere."""
