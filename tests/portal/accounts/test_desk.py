"""The first page of the workbench and its bar lead everybody to where they may work, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from accounts_pages import Person

from portal.policy import Role


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_each_door_that_is_shown_opens_and_says_where_one_is(signed_in: Callable[..., Person], role: Role) -> None:
    client = signed_in(role).client
    page = client.get("/kerja").get_data(as_text=True)
    doors = re.findall(r'class="card-link" href="([^"]+)"', page)
    bar = set(re.findall(r'href="(/kerja/[^"#]+)"', page.split('class="deskbar-self"')[0]))
    assert {"/akun", "/kerja/webhook"} < set(doors) and bar <= set(doors) and len(doors) == len(set(doors))
    for address in doors:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address in bar:
            assert f'href="{address}" aria-current="' in answer.get_data(as_text=True)


def test_administrators_find_their_rooms_in_one_place(signed_in: Callable[..., Person]) -> None:
    client = signed_in(Role.ADMINISTRATOR).client
    page = client.get("/kerja").get_data(as_text=True)
    rooms = page.split('id="administrasi"')[1].split("</section>")[0]
    for address in ("pengguna", "opd", "daftar-kode", "pengaturan", "sistem", "catatan"):
        assert f'href="/kerja/{address}"' in rooms
    assert 'href="/en/kerja#administrasi" aria-current="true"' in client.get("/en/kerja/opd").get_data(as_text=True)
