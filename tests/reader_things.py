"""What readers sent, for the walk through the routes: of the first agency, whose people have their roles there."""

from __future__ import annotations

from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.keys import installation_key
from datasets.models import Dataset, Organization, Rating, published
from datasets.response import follows, ratings, reports
from datasets.response.follows import Target
from datasets.response.reports import Problem


def path_of(rule: str, here: Installation) -> str:
    """The rule with something real in it; as it is when it is not about readers."""
    if not rule.startswith(("/tanggapan", "/lapor", "/ikuti", "/kerja/tanggapan", "/kerja/laporan")):
        return rule
    with here.database.write() as session:
        agency = session.scalars(select(Organization).order_by(Organization.id)).first()
        assert agency is not None
        dataset = session.scalars(published().where(Dataset.organization_id == agency.id)).first()
        assert dataset is not None
        if rule == "/ikuti":
            return f"/ikuti?opd={agency.slug}"
        if "/konfirmasi/" in rule:
            key, target = installation_key(here.settings), Target("dataset", str(dataset.id))
            wish = follows.ask(session, target, "a@b.id", key=key, language="id", root="", at=now())
            wish = wish or follows.of_reader(session, follows.reader_of(key, "a@b.id"))[0]
            return rule.replace("<token>", follows.token_of(wish, "confirm", key=key))
        number = 0
        if "/laporan/" in rule:
            problem = Problem("Angkanya keliru.")
            number = reports.file(session, dataset.id, 1, problem, contact=None, language="id", at=now()).id
        elif rule.startswith("/kerja/tanggapan/"):
            number = ratings.rate(session, dataset.id, "v", Rating.FAIR, "Kurang jelas.", at=now())[0].id
        return rule.replace("<slug>", dataset.slug).replace("<int:number>", str(number))
