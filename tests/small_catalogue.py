"""A catalogue of four datasets of two agencies, really published and really indexed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from build import AT, DINKES, a_draft, a_source

from datasets.draft import Identity, OrganizationDraft
from datasets.installation import Installation
from datasets.publish import plan, publish
from datasets.search import feed
from datasets.seed import seed

DISDIK = OrganizationDraft(slug="dinas-pendidikan", title="Dinas Pendidikan", homepage="https://disdik.example.id")

# title, agency, theme, format, licence, first and last year, tags
CATALOGUE = (
    (
        "Jumlah puskesmas menurut kecamatan",
        DINKES,
        "kesehatan",
        "csv",
        "CC-BY-4.0",
        2019,
        2024,
        ("puskesmas", "fasilitas"),
    ),
    ("Kasus demam berdarah", DINKES, "kesehatan", "xlsx", "CC-BY-4.0", 2021, 2024, ("penyakit",)),
    ("Data pokok sekolah dasar", DISDIK, "pendidikan", "csv", "notspecified", 2023, 2023, ("sekolah", "luas tanah")),
    ("Angka partisipasi sekolah", DISDIK, "pendidikan", "ods", "CC-BY-4.0", 2015, 2024, ("sekolah",)),
)


def stock(installation: Installation, copies: int = 1) -> None:
    """Publish the catalogue, each dataset a day after the one before, and let the index take it over."""
    with installation.database.write() as session:
        seed(session, at=AT)
        source = a_source(session).id
    number = 0
    for copy in range(copies):
        for title, owner, theme, form, licence, first, last, tags in CATALOGUE:
            shown = title if copy == 0 else f"{title} seri {copy + 1}"
            with installation.database.write() as session:
                place = plan(session, Identity(source, f"key-{number}"), title=shown)
                draft = a_draft(
                    place,
                    installation.blobs,
                    content=f"kecamatan,nilai\nNgraho,{number}\n",
                    title=shown,
                    description=f"{title} di Kabupaten Bojonegoro.",
                    organization=owner,
                    themes=(theme,),
                    license_id=licence,
                    year_from=first,
                    year_to=last,
                    tags=tags,
                )
                resource = replace(draft.resources[0], format=form)
                publish(session, replace(draft, resources=(resource,)), at=AT + timedelta(days=number))
            number += 1
    feed.drain(installation.database, installation.search)
