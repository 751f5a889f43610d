"""One Anki desktop for bench_peers.py, run by a Python with `anki`: `anki_client.py fill|up|down FOLDER URL RECORDS`.

A visit is a note of two fields: its id, and its answers as JSON. The first contact of two collections is always a full
transfer, here of a single note before the clock runs; what is measured is Anki's ordinary sync.
"""

import json
import sys
from pathlib import Path
from typing import Any

from anki.collection import Collection
from clocking import clocked


def main(what: str, folder: str, url: str, records: str) -> None:
    col = Collection(str(Path(folder) / "collection.anki2"))
    auth = col.sync_login("kader", "rahasia", endpoint=url + "/")
    auth.endpoint = url + "/"
    visits = json.loads(Path(records).read_text())
    if what == "fill":
        add(col, [{"_id": "seed", "answers": {}}] if visits else [])
        out = col.sync_collection(auth, False)
        assert out.required in (out.FULL_UPLOAD, out.FULL_DOWNLOAD), out
        col.close_for_full_sync()
        col.full_upload_or_download(auth=auth, server_usn=None, upload=bool(visits))
        col.reopen(after_full_sync=True)
        add(col, visits)
    else:
        told = clocked(lambda: col.sync_collection(auth, False))
        told["records"] = col.note_count() - 1
        print(json.dumps(told))
    col.close()


def add(col: Collection, visits: list[dict[str, Any]]) -> None:
    kind = col.models.by_name("Basic")
    for each in visits:
        note = col.new_note(kind)
        note.fields = [each["_id"], json.dumps(each["answers"], sort_keys=True, separators=(",", ":"))]
        col.add_note(note, 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
