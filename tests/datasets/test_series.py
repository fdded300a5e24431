"""Which datasets make a series: one agency, one name, a year at its end."""

from __future__ import annotations

from build import AT, DINKES, a_draft, a_source
from small_catalogue import DISDIK
from sqlalchemy import select

from datasets.draft import Identity, OrganizationDraft
from datasets.installation import Installation
from datasets.models import Dataset
from datasets.publish import plan, publish
from datasets.seed import seed
from datasets.series import Member, Series, series_of


def _published(here: Installation, *titles: tuple[str, OrganizationDraft]) -> dict[str, Series]:
    with here.database.write() as session:
        seed(session, at=AT)
        source = a_source(session).id
        for number, (title, owner) in enumerate(titles):
            place = plan(session, Identity(source, f"key-{number}"), title=title)
            draft = a_draft(place, here.blobs, content=f"a,b\nx,{number}\n", title=title, organization=owner)
            publish(session, draft, at=AT)
    with here.database.read() as session:
        datasets = session.scalars(select(Dataset)).all()
        found = series_of(session, datasets)
        return {dataset.slug: found[dataset.id] for dataset in datasets if dataset.id in found}


def test_years_of_one_name_are_a_series_in_their_order(installation: Installation) -> None:
    found = _published(installation, *((f"Produksi padi tahun {year}", DINKES) for year in (2024, 2021, 2023)))
    assert len(found) == 3
    (series,) = set(found.values())
    assert (series.name, series.title) == ("produksi-padi", "Produksi padi")
    assert [member.year for member in series.members] == [2021, 2023, 2024]
    assert series.before("produksi-padi-tahun-2023") == Member("produksi-padi-tahun-2021", 2021)
    assert series.before("produksi-padi-tahun-2021") is None


def test_one_year_alone_other_agencies_and_other_numbers_are_none(installation: Installation) -> None:
    others = [("Produksi padi 2023", DINKES), ("Produksi jagung 2023", DINKES), ("Produksi padi 2024", DISDIK)]
    others += [("Perda nomor 1999", DINKES), ("Perda nomor 1998", DINKES), ("2023", DINKES), ("2024", DINKES)]
    assert _published(installation, *others) == {}
