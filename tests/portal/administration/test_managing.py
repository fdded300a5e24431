"""What an administrator says is in force at once, for everybody, and stands in the audit log."""

from __future__ import annotations

import html
import json
import re
import threading
from typing import Any

from sqlalchemy import select

from datasets import housekeeping, jobs, kept
from datasets.clock import now
from datasets.models import Dataset, DatasetTheme, Job, Organization, Source, Theme
from datasets.seed import seed_themes
from datasets.settings import Settings
from harvesters.runs import work
from metadata import licenses, units
from portal.accounts.models import AuditEntry
from portal.web import engine


def logged(office: Any, action: str) -> AuditEntry:
    with office.here.database.read() as session:
        return session.scalars(
            select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc())
        ).first()  # type: ignore[return-value]


def test_an_agency_is_renamed_and_found_by_its_new_name(office: Any) -> None:
    with office.here.database.read() as session:
        number = session.scalars(select(Dataset.organization_id).limit(1)).one()
        before = session.get_one(Organization, number)
    said = {"title": "Dinas Urusan Purnama", "abbreviation": "DUP", "email": "dup@kantor.example"}
    answer = office.admin.post(f"/kerja/opd/{number}", **said)
    assert answer.status_code == 303, answer.text
    assert "Dinas Urusan Purnama" in office.public.get(f"/organization/{before.slug}").text
    assert "Dinas Urusan Purnama" in office.public.get("/dataset?q=purnama").text
    entry = logged(office, "organization.update")
    assert entry.before and entry.before["title"] == before.title
    assert entry.after and entry.after["title"] == "Dinas Urusan Purnama"


def test_an_agency_with_data_is_not_removed_and_an_empty_one_is(office: Any) -> None:
    with office.here.database.read() as session:
        number = session.scalars(select(Dataset.organization_id).limit(1)).one()
    refused = office.admin.post(f"/kerja/opd/{number}/hapus")
    assert refused.status_code == 422
    assert "masih dipakai" in refused.text
    wrong = office.admin.post("/kerja/opd/baru", title="", homepage="situs", email="a@b@c")
    assert wrong.status_code == 422
    assert wrong.text.count('class="wrong"') == 3
    assert office.admin.post("/kerja/opd/baru", title="Dinas Sementara").status_code == 303
    assert office.admin.post("/kerja/opd/baru", title="Dinas Sementara").status_code == 422, "its address is taken"
    with office.here.database.read() as session:
        made = session.scalars(select(Organization).where(Organization.slug == "dinas-sementara")).one()
    assert office.admin.post(f"/kerja/opd/{made.id}/hapus").status_code == 303
    assert office.public.get("/organization/dinas-sementara").status_code == 404


def test_a_theme_changed_by_hand_stays_so_when_the_shipped_list_is_taken_over(office: Any) -> None:
    with office.here.database.read() as session:
        number = session.scalars(select(DatasetTheme.theme_id).limit(1)).one()
    said = {"title": "Urusan Bulan", "title_en": "Affairs of the Moon", "icon": "moon", "position": "3"}
    assert office.admin.post(f"/kerja/tema/{number}", **said).status_code == 303
    with office.here.database.write() as session:
        seed_themes(session)
        assert session.get_one(Theme, number).title == "Urusan Bulan"
    assert "Affairs of the Moon" in office.public.get("/en/group").text
    assert office.admin.post(f"/kerja/tema/{number}", **said | {"icon": "unicorn"}).status_code == 422


def test_a_unit_and_a_licence_of_the_office_are_known_to_the_reader_until_taken_back(office: Any) -> None:
    unit = {"name": "rit", "title_en": "truckloads", "kind": "count", "aliases": "rit truk"}
    assert office.admin.post("/kerja/daftar-kode/units", **unit).status_code == 303
    assert units.canonical("RIT TRUK") == "rit"
    taken = office.admin.post("/kerja/daftar-kode/units", **unit)
    assert taken.status_code == 422
    assert "sudah ada dalam daftar" in taken.text
    licence = {"id": "BJN-1", "title_id": "Lisensi Bojonegoro", "title_en": "Bojonegoro licence", "open": "no"}
    assert office.admin.post("/kerja/daftar-kode/licenses", **licence).status_code == 303
    assert licenses.get("BJN-1").title.en == "Bojonegoro licence"
    found = office.public.get("/api/3/action/license_list").get_json()["result"]
    assert any(one["id"] == "BJN-1" for one in found)
    assert office.admin.post("/kerja/daftar-kode/units/hapus", key="rit").status_code == 303
    assert units.match("rit truk") is None
    assert office.admin.post("/kerja/daftar-kode/units/hapus", key="jiwa").status_code == 422, "shipped rows stay"
    csv = office.admin.get("/kerja/daftar-kode/licenses.csv").text
    assert csv.startswith("id,title_id,") and "BJN-1" in csv
    assert office.admin.post("/kerja/daftar-kode/regions", code="1").status_code == 404, "Kemendagri's, not ours"


def test_settings_are_in_force_at_once_and_what_the_server_says_goes_first(office: Any) -> None:
    page = office.admin.get("/kerja/pengaturan").text
    assert "a-secret-of-the-tests" not in page
    said = {
        "site_title": "Lumbung Uji",
        "max_file_megabytes": "50",
        "asked_per_minute": "1200",
        "query_seconds": "10",
        "query_rows": "10000",
        "sql_seconds": "10",
    }
    assert office.admin.post("/kerja/pengaturan/portal", **said).status_code == 303
    home = office.public.get("/").text
    assert "Lumbung Uji" in home
    with office.here.database.read() as session:
        slug = session.scalars(select(Dataset.slug).limit(1)).one()
    assert office.public.get(f"/dataset/{slug}/sql").status_code == 404, "the box was not ticked"
    assert office.here.settings.max_file_megabytes == 50
    entry = logged(office, "settings.settings")
    assert entry.before and entry.before["site_title"] == "Lumbung"
    wrong = office.admin.post("/kerja/pengaturan/portal", **said | {"query_rows": "-1"})
    assert wrong.status_code == 422 and "-1" in wrong.text
    assert office.admin.post("/kerja/pengaturan/portal", **said, sql_enabled="1").status_code == 303


def test_no_setting_shuts_the_portal(office: Any) -> None:
    said = {
        "site_title": "Lumbung",
        "max_file_megabytes": "1024",
        "asked_per_minute": "1200",
        "query_seconds": "10",
        "query_rows": "10000",
        "sql_seconds": "10",
        "sql_enabled": "1",
    }
    for slip in (
        {"site_title": "L" * 500},
        {"site_title": ""},
        {"query_rows": "1"},
        {"asked_per_minute": "1"},
        {"query_seconds": "0"},
        {"sql_seconds": "86400"},
        {"max_file_megabytes": "99999999999"},
    ):
        refused = office.admin.post("/kerja/pengaturan/portal", **said | slip)
        assert refused.status_code == 422 and 'class="wrong"' in refused.text, slip
    older = {"query_rows": 1, "site_title": "L" * 500, "sql_enabled": "yes", "asked_per_minute": 0}
    with office.here.database.write() as session:
        kept.keep(session, kept.SETTINGS, older, at=now())
    kept.Following(office.here, Settings(home=office.here.settings.home)).look(now=True)
    assert office.here.settings.query_rows == 10_000 and office.here.settings.site_title == "Lumbung"
    assert office.admin.post("/kerja/pengaturan/portal", **said | {"query_rows": "150"}).status_code == 303
    with office.public.application.test_request_context("/"):
        assert engine.tables().most_rows == 150, "the engine that runs already asks no more"
    assert office.admin.post("/kerja/pengaturan/portal", **said).status_code == 303


def test_two_words_of_two_offices_never_stand_for_two_things(office: Any) -> None:
    theirs = {"name": "keranjang", "title_en": "baskets", "symbol": "krj", "kind": "count", "base": "", "factor": ""}
    with office.here.database.write() as session:
        kept.keep(session, "units", [theirs | {"aliases": ""}], at=now())  # by another process, a moment ago
    unit = {"name": "kerajang besar", "title_en": "large baskets", "kind": "count", "aliases": "krj"}
    refused = office.admin.post("/kerja/daftar-kode/units", **unit)
    assert refused.status_code == 422 and "untuk “keranjang”" in html.unescape(refused.text)
    assert units.canonical("krj") == "keranjang"
    assert office.admin.post("/kerja/daftar-kode/units/hapus", key="keranjang").status_code == 303


def test_the_desks_settings_refuse_a_numbering_that_repeats(office: Any) -> None:
    page = office.admin.get("/kerja/pengaturan").text
    part = page.partition('/kerja/pengaturan/kip"')[2].partition("</form>")[0]
    boxes = set(re.findall(r'type="checkbox" name="(\w+)" value="1">', part))
    said = {name: value for name, value in re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', part) if name not in boxes}
    chosen = re.findall(r'<select[^>]*name="(\w+)".*?<option value="(\w+)" selected', part, re.DOTALL)
    said |= dict(chosen)
    said.pop("form_token")
    refused = office.admin.post("/kerja/pengaturan/kip", **said | {"number_format": "{number}/PPID"})
    assert refused.status_code == 422
    assert office.admin.post("/kerja/pengaturan/kip", **said | {"opd_due": "4"}).status_code == 303
    for figure in ("opd_due", "delivery_max", "retention_identity_years", "retention_proof_days"):
        refused = office.admin.post("/kerja/pengaturan/kip", **said | {figure: "1000000"})
        assert refused.status_code == 422, f"no calendar reaches {figure}"
    assert logged(office, "kip.settings").after == {"opd_due": 4}


def test_a_source_is_run_switched_off_and_changed(office: Any) -> None:
    with office.here.database.write() as session:
        row = session.scalars(select(Source)).first()
        assert row is not None
        row.declared, row.kind, row.location = False, "ckan", "https://data.example.go.id"
        row.options = {}
        name = row.name
    assert office.admin.post(f"/kerja/sumber/{name}/panen").status_code == 303
    with office.here.database.read() as session:
        assert session.scalars(select(Job).where(Job.kind == "harvest", Job.subject == name)).one().priority == 10
    assert office.admin.post(f"/kerja/sumber/{name}/aktif", enabled="0").status_code == 303
    assert "dimatikan" in office.admin.get("/kerja/sumber").text
    good = {"title": "Portal lama", "schedule": "30 1 * * 1", "options": json.dumps({"minutes": 5})}
    assert office.admin.post(f"/kerja/sumber/{name}", **good).status_code == 303
    for wrong in ({"schedule": "61 * * * *"}, {"options": "{"}, {"options": '{"internal": true}'}, {"title": ""}):
        assert office.admin.post(f"/kerja/sumber/{name}", **good | wrong).status_code == 422, wrong
    refused = office.admin.post(f"/kerja/sumber/{name}/hapus")
    assert refused.status_code == 422, "datasets came from it"


def test_the_house_is_examined_by_the_worker_and_told_on_the_page(office: Any) -> None:
    assert office.admin.post("/kerja/sistem/periksa").status_code == 303
    with office.here.database.write() as session:
        taken = jobs.take(session, [housekeeping.EXAMINE], "here:1:x", seconds=60)
    assert taken is not None
    settle = work.do(office.here, taken, progress=None, stop=threading.Event())
    with office.here.database.write() as session:
        settle(session, taken)
    page = office.admin.get("/kerja/sistem").text
    assert "Diperiksa" in page
    for word in ("SQLite", "frictionless", "Antrean", "Indeks"):
        assert word.casefold() in page.casefold()
    assert office.steward.get("/kerja/sistem").status_code == 403


def test_the_audit_log_says_in_words_what_was_done_and_is_narrowed(office: Any) -> None:
    assert office.admin.post("/kerja/opd/baru", title="Dinas Catatan").status_code == 303
    page = office.admin.get("/kerja/catatan?kind=organization&q=administrator").text
    assert "Perangkat daerah: ditambahkan" in page
    assert re.search(r'<a href="/kerja/opd/\d+">Dinas Catatan</a>', page), "it leads to the agency"
    assert "abbreviation" not in page and "<del>–</del>" not in page, "what it says, in words"
    people = office.admin.get("/kerja/catatan?kind=user").text
    assert "Pengelola data OPD, " in people and "pengelola@" not in people.replace("pengelola@kantor.example", "")
    assert "Tidak ada perubahan yang cocok" in office.admin.get("/kerja/catatan?since=2999-01-01").text
    for odd in ("since=x&until=0001-01-01&page=-4&kind=%25", "since=0001-01-01&until=9999-12-31", "until=9999-12-31"):
        assert office.admin.get(f"/kerja/catatan?{odd}").status_code == 200, odd
    rows = office.admin.get("/kerja/catatan.csv?kind=organization").text.splitlines()
    assert len(rows) >= 2 and all(",organization." in row for row in rows[1:])
