"""Letters go out once and whole, or stay with the reason; nothing in them can add a header or a recipient."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from peers.mail_server import MailServer
from sqlalchemy import select, update

from datasets import jobs, leases, mails
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Job, Mail
from harvesters.runs.worker import Worker
from harvesters.wire import smtp
from portal.cli import lumbung

REPOSITORY = Path(__file__).parents[3]
TO = "sri@dinkes.contoh.go.id"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def write(here: Installation, **more: str) -> None:
    given = {"to": TO, "subject": "Tautan Anda", "text": "Yth. Sri,\n\nini tautannya.\n"} | more
    with here.database.write() as session:
        mails.post(session, at=now(), **given)  # type: ignore[arg-type]


def stored(here: Installation) -> list[Mail]:
    with here.database.read() as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


def reach(here: Installation, url: str) -> None:
    here.settings = replace(here.settings, smtp_url=url, mail_from="Satu Data <data@contoh.go.id>")


def work(here: Installation) -> None:
    Worker(here, stop=threading.Event()).run(once=True)


def test_a_letter_goes_out_once_in_all_its_characters_and_its_text_is_forgotten(
    anywhere: Installation, server: MailServer
) -> None:
    reach(anywhere, server.url)
    subject = "Penduduk menurut kecamatan – “siap” ✓ " + "panjang " * 20
    write(anywhere, key="a", subject=subject, text="Jumlah: 1.234 jiwa — selesai.\n.\nTitik di awal baris.\n")
    write(anywhere, key="a", subject="Lain")
    work(anywhere)
    work(anywhere)
    (got,) = server.got
    assert got["subject"] == subject.strip()
    assert got["to"] == TO
    assert got["from"] == "Satu Data <data@contoh.go.id>"
    assert got.get_content().replace("\r\n", "\n") == "Jumlah: 1.234 jiwa — selesai.\n.\nTitik di awal baris.\n"
    (mail,) = stored(anywhere)
    assert mail.sent_at
    assert mail.text == ""


def test_a_cause_that_is_undone_sends_nothing(anywhere: Installation) -> None:
    with pytest.raises(KeyError), anywhere.database.write() as session:
        mails.post(session, to=TO, subject="x", text="y", at=now())
        raise KeyError
    assert stored(anywhere) == []


def test_without_a_mail_server_letters_wait_and_go_out_once_there_is_one(
    installation: Installation, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(installation)
    work(installation)
    monkeypatch.setenv("LUMBUNG_HOME", str(installation.settings.home))
    listed = CliRunner().invoke(lumbung, ["mail", "list"])
    assert f"waiting\t{TO}\tTautan Anda" in listed.output
    reach(installation, server.url)
    work(installation)
    assert len(server.got) == 1


def test_a_server_that_is_away_costs_no_letter_and_no_attempt(anywhere: Installation) -> None:
    with MailServer() as gone:
        url = gone.url
    reach(anywhere, url)
    write(anywhere)
    for _ in range(2):
        work(anywhere)
        with anywhere.database.write() as session:
            job = session.scalars(select(Job).where(Job.kind == mails.MAIL)).one()
            assert job.dead_at is None
            assert job.error
            assert job.due > leases.database_time(session)
            session.execute(update(Job).values(due=job.created_at, attempts=jobs.ATTEMPTS))
    with MailServer() as back:
        reach(anywhere, back.url)
        work(anywhere)
        assert len(back.got) == 1
    assert stored(anywhere)[0].attempts == 1


def test_one_that_is_refused_does_not_stop_the_others_and_says_why(
    installation: Installation, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    reach(installation, server.url)
    server.refuse = {"hilang@contoh.go.id": "550 5.1.1 <hilang@contoh.go.id> unknown", "penuh@contoh.go.id": "452 full"}
    write(installation, to="hilang@contoh.go.id")
    write(installation, to="penuh@contoh.go.id")
    write(installation)
    work(installation)
    hilang, penuh, baik = stored(installation)
    assert len(server.got) == 1
    assert baik.sent_at
    assert hilang.dead_at
    assert hilang.error
    assert hilang.error["params"] == {"code": 550}
    assert penuh.dead_at is None
    assert penuh.due > now()
    assert "@" not in caplog.text
    server.refuse = {}
    with installation.database.write() as session:
        assert mails.retry(session, hilang.id, at=now())
        assert mails.drop(session, penuh.id)
        assert not mails.retry(session, baik.id, at=now())
    work(installation)
    assert [to for (to,) in server.recipients] == [TO, "hilang@contoh.go.id"]


@pytest.mark.parametrize(
    "address",
    ["a@b.id\nBcc: c@d.id", "a@b.id, c@d.id", "Nama <a@b.id>", "a@b.id\x00", "", "tanpa", "a b@c.id", "é@b.id"],
)
def test_an_address_that_is_more_than_one_is_refused(installation: Installation, address: str) -> None:
    with pytest.raises(mails.AddressWrong) as told:
        write(installation, to=address)
    assert "b.id" not in str(told.value)
    assert stored(installation) == []


def test_a_subject_cannot_become_a_header(installation: Installation, server: MailServer) -> None:
    reach(installation, server.url)
    write(installation, subject="Halo\r\nBcc: jahat@contoh.id\n\nisi\x00\u2028baru")
    work(installation)
    (got,) = server.got
    assert got["bcc"] is None
    assert got["subject"] == "Halo Bcc: jahat@contoh.id isi baru"
    assert server.recipients == [[TO]]


def test_killed_between_sending_and_marking_it_goes_out_again_as_the_same_letter(
    installation: Installation, server: MailServer
) -> None:
    write(installation)
    program = (
        "from datasets.installation import Installation; from datasets.settings import load;"
        "from harvesters.runs import post; post.deliver(Installation(load()))"
    )
    sender = "Satu Data <data@contoh.go.id>"
    given = {"LUMBUNG_HOME": str(installation.settings.home), "LUMBUNG_SMTP_URL": server.url}
    given["LUMBUNG_MAIL_FROM"] = sender
    sending = threading.Event()
    go_on = threading.Event()

    def hold() -> None:
        sending.set()
        go_on.wait(10)

    server.taken = hold
    child = subprocess.Popen([sys.executable, "-c", program], env=os.environ | given, cwd=REPOSITORY)
    assert sending.wait(20)
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)
    server.taken = lambda: None
    go_on.set()
    reach(installation, server.url)
    work(installation)
    first, second = server.got
    assert first["message-id"] == second["message-id"]
    assert stored(installation)[0].sent_at


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    assert smtp._here("127.0.0.1")
    assert smtp._here("localhost")
    assert not smtp._here("surel.contoh.go.id")


def test_a_letter_of_a_list_says_in_one_plain_line_where_it_is_stopped(anywhere: Installation) -> None:
    stop = f"<https://data.contoh.go.id/ikuti/berhenti-semua/{'0123456789abcdef' * 12}>"
    headers = {"List-Unsubscribe": stop, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with anywhere.database.write() as session:
        mails.post(session, to=TO, subject="x", text="y", at=now(), headers=headers)
        for refused in ({"Bcc": TO}, {"List-Id": "a\r\nBcc: b@c.id"}, {"List-Id": "é"}):
            with pytest.raises(ValueError, match="headers of a list"):
                mails.post(session, to=TO, subject="x", text="y", at=now(), headers=refused)
    with anywhere.database.read() as session:
        (letter,) = mails.waiting(session, at=leases.database_time(session))
    lines = smtp.message(letter, "Satu Data <data@contoh.go.id>").as_bytes().split(b"\r\n")
    assert f"List-Unsubscribe: {stop}".encode() in lines, "encoded or folded, mail programs do not find the address"
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
