"""The posts of a laptop and their places."""

from collections.abc import Iterator

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.services import posts, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import areas

LINE = "Tanjung Luar, Keruak, Kabupaten Lombok Timur, Nusa Tenggara Barat"


@pytest.fixture
def ws() -> Iterator[Workspace]:
    each = workspace.in_memory(post=None)
    yield each
    each.close()


def test_a_new_post_is_the_one_at_work(ws: Workspace) -> None:
    assert (ws.posyandu_id, posts.posts(ws)) == ("", [])
    post = posts.add_post(ws, {"name": " Melati  1 ", "village_code": "52.03.01.2001", "rt": "02", "lain": "x"})
    assert ws.posyandu_id == post
    assert posts.posts(ws) == [posts.Post(post, "Melati 1", "5203012001", "Tanjung Luar", LINE)]
    assert posts.answers(ws, post)["rt"] == "02"


def test_posts_are_listed_by_name(ws: Workspace) -> None:
    for name in ("melati", "Anggrek", "Mawar"):
        posts.add_post(ws, {"name": name, "village_code": "5203012001"})
    assert [post.name for post in posts.posts(ws)] == ["Anggrek", "Mawar", "melati"]


@pytest.mark.parametrize(
    "answers",
    [
        {"name": "", "village_code": "5203012001"},
        {"name": "Melati"},
        {"name": "Melati", "village_code": "5203"},
        {"name": "Melati", "village_code": "5203019999"},
        {"name": "Melati", "village_code": "Keruak"},
    ],
)
def test_a_post_needs_a_name_and_a_village_of_the_list(ws: Workspace, answers: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        posts.add_post(ws, answers)
    assert posts.posts(ws) == []


def test_a_village_has_a_post_of_one_name_once(ws: Workspace) -> None:
    first = posts.add_post(ws, {"name": "Melati 1", "village_code": "5203012001"})
    with pytest.raises(BadInput, match="melati 1 sudah ada di daftar Posyandu desa ini"):
        posts.add_post(ws, {"name": " melati  1", "village_code": "5203012001"})
    next_village = posts.add_post(ws, {"name": "Melati 1", "village_code": "5203012002"})
    with pytest.raises(BadInput, match="sudah ada"):
        posts.correct_post(ws, next_village, {"village_code": "5203012001"})
    posts.correct_post(ws, first, {"name": "Melati 1", "rt": "03"})
    assert (len(posts.posts(ws)), posts.answers(ws, first)["rt"]) == (2, "03")


def test_a_post_is_corrected(ws: Workspace) -> None:
    post = posts.add_post(ws, {"name": "Melati", "village_code": "5203012001"})
    posts.correct_post(ws, post, {"name": "Mawar", "village_code": "5203012002"})
    assert [(each.name, each.village) for each in posts.posts(ws)] == [("Mawar", "Pijot")]
    with pytest.raises(BadInput):
        posts.correct_post(ws, post, {"name": " "})
    with pytest.raises(NotFound):
        posts.correct_post(ws, "siapa", {"name": "Mawar"})


def test_places_are_remembered_so_that_the_list_is_not_read_at_every_start(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts.add_post(ws, {"name": "Melati", "village_code": "5203012001"})
    posts.posts(ws)
    monkeypatch.setattr(areas, "get", lambda _code: 1 / 0)
    assert posts.posts(ws)[0].place_line == LINE


def test_a_village_this_version_does_not_know_is_shown_without_place(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(posts, "_checked", lambda answers: dict(answers))
        posts.add_post(ws, {"name": "Melati", "village_code": "9999999999"})
    assert posts.posts(ws)[0].place_line == ""


def test_villages_are_found_near_the_own_one_first() -> None:
    assert posts.search_areas("tanjung", "5203012001")[0].path == LINE
    assert len(posts.search_areas("tanjung", limit=3)) == 3
