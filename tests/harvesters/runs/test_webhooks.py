"""Whoever asked to be told is told of every publication, once or more under one id, provably by us, and nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from build import AT, a_published
from peers.http_peer import Exchange, HttpPeer, Seen
from sqlalchemy import select, update

from datasets.clock import now
from datasets.installation import Installation
from datasets.keys import installation_key
from datasets.models import Dataset, Job, Mail, Webhook, WebhookDelivery, WebhookEvent
from datasets.webhooks import deliveries, events, signing, subscribing
from datasets.webhooks.subscribing import Wish
from datasets.withdraw import restore, withdraw
from harvesters.runs.worker import Worker
from harvesters.wire.webhooks import Sender, TargetRefused, check_target

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def receiver() -> Iterator[HttpPeer]:
    with HttpPeer() as running:
        running.fallback = lambda exchange: exchange.reply(status=204)
        yield running


def register(here: Installation, receiver: HttpPeer, path: str = "/", **wish: Any) -> tuple[int, str]:
    """The number of a webhook and its secret; the receiver's address, which is not public, is allowed."""
    here.settings = replace(here.settings, webhooks_internal=receiver.url, site_url="https://data.example")
    url = check_target(receiver.url + path, internal=here.settings.webhooks_internal.split())
    with here.database.write() as session:
        made = subscribing.add(session, Wish(url, **wish), owner="sri@dinas.example", owner_id=7, at=now())
        return made.id, signing.secret(installation_key(here.settings), made.salt)


def publish(here: Installation, key: str = "penduduk.csv", **members: Any) -> int:
    with here.database.write() as session:
        return a_published(session, here.blobs, key, **members).dataset.id


def work(here: Installation) -> None:
    Worker(here, stop=threading.Event()).run(once=True)


def hurry(here: Installation) -> None:
    """As if the time until the next attempt had passed."""
    with here.database.write() as session:
        session.execute(update(WebhookDelivery).values(due=AT))
        session.execute(update(Webhook).values(rests_until=None))
        session.execute(update(Job).values(due=AT))


def rows(here: Installation) -> list[WebhookDelivery]:
    with here.database.read() as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def is_ours(seen: Seen, secret: str) -> bool:
    """As the standard says it, in a receiver's own words."""
    sent = {name.lower(): value for name, value in seen.headers.items()}
    signed = b".".join([sent["webhook-id"].encode(), sent["webhook-timestamp"].encode(), seen.body])
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256)
    fresh = abs(int(sent["webhook-timestamp"]) - now().timestamp()) < 300
    return fresh and hmac.compare_digest(sent["webhook-signature"], "v1," + base64.b64encode(mac.digest()).decode())


def test_a_receiver_that_fails_first_gets_the_very_same_event_later(anywhere: Installation, receiver: HttpPeer) -> None:
    _, secret = register(anywhere, receiver)
    receiver.fallback = lambda exchange: exchange.reply(status=503 if exchange.number == 1 else 204)
    publish(anywhere)
    work(anywhere)
    (row,) = rows(anywhere)
    assert (row.status, row.attempts, row.delivered_at) == (503, 1, None)
    assert row.error is not None and "503" in row.error["en"]
    assert row.tried_at is not None and timedelta(seconds=3.9) < row.due - row.tried_at < timedelta(seconds=6.1)
    hurry(anywhere)
    work(anywhere)
    (row,) = rows(anywhere)
    assert (row.status, row.attempts, row.error) == (204, 2, None)
    assert row.delivered_at is not None
    first, second = receiver.seen
    assert is_ours(first, secret) and is_ours(second, secret)
    assert not is_ours(replace(second, body=second.body + b" "), secret)
    assert first.body == second.body
    told = json.loads(second.body)
    assert told["id"] == second.headers["webhook-id"]
    assert told["type"] == "version.published"
    page = "https://data.example/dataset/jumlah-penduduk"
    assert told["data"]["dataset"]["url"] == page
    assert told["data"]["dataset"]["organization"]["title"] == "Dinas Kesehatan"
    assert told["data"]["version"]["datapackage"] == f"{page}/v/1/datapackage.json"
    hurry(anywhere)
    work(anywhere)
    assert len(receiver.seen) == 2, "what was taken is not sent again"


def test_what_is_not_committed_is_not_told_and_what_is_committed_is_told_by_whoever_lives(
    installation: Installation, receiver: HttpPeer
) -> None:
    register(installation, receiver)
    with pytest.raises(ZeroDivisionError), installation.database.write() as session:
        a_published(session, installation.blobs)
        _ = 1 // 0
    assert rows(installation) == []
    arrived, let_go = threading.Event(), threading.Event()

    def hold(exchange: Exchange) -> None:
        arrived.set()
        let_go.wait(20)
        exchange.reply(status=204)

    receiver.fallback = hold
    publish(installation)
    environment = os.environ | {"LUMBUNG_HOME": str(installation.settings.home)}
    environment["LUMBUNG_WEBHOOKS_INTERNAL"] = receiver.url
    worker = subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "worker"], cwd=REPOSITORY, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        assert arrived.wait(60)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        let_go.set()
    assert [row.delivered_at for row in rows(installation)] == [None], "nobody wrote down that it was taken"
    receiver.fallback = lambda exchange: exchange.reply(status=204)
    work(installation)
    assert [row.status for row in rows(installation)] == [204]
    first, second = receiver.seen
    assert first.headers["webhook-id"] == second.headers["webhook-id"], "the receiver knows it by its id"


def test_only_what_is_wanted_is_told(installation: Installation, receiver: HttpPeer) -> None:
    mine, other = publish(installation), publish(installation, "lain.csv", title="Lain")
    with installation.database.read() as session:
        agency = session.get_one(Dataset, mine).organization_id
    register(installation, receiver, "/semua")
    register(installation, receiver, "/satu", dataset_id=other)
    register(installation, receiver, "/opd", organization_id=agency)
    register(installation, receiver, "/tarik", events=("dataset.withdrawn",))
    gone, _ = register(installation, receiver, "/mati")
    with installation.database.write() as session:
        subscribing.switch_off(session, session.get_one(Webhook, gone), "owner", at=now())
    publish(installation, content="kecamatan,tahun,penduduk\nNgraho,2024,1\n")
    with installation.database.write() as session:
        one = session.get_one(Dataset, mine)
        withdraw(session, one, "Salah hitung.", at=AT)
        restore(session, one, at=AT)
        withdraw(session, session.get_one(Dataset, other), "Tidak ditawarkan lagi.", at=AT, vanished=True)
    work(installation)
    told: dict[str, list[str]] = {}
    for seen in receiver.seen:
        told.setdefault(seen.path, []).append(json.loads(seen.body)["type"])
    all_four = ["version.published", "dataset.withdrawn", "dataset.restored", "dataset.vanished"]
    assert told == {
        "/semua": all_four,
        "/satu": ["dataset.vanished"],
        "/opd": all_four,
        "/tarik": ["dataset.withdrawn"],
    }
    withdrawn = next(json.loads(seen.body) for seen in receiver.seen if seen.path == "/tarik")
    assert withdrawn["data"]["reason"] == "Salah hitung."
    newer = next(json.loads(seen.body) for seen in receiver.seen if seen.path == "/semua")
    assert newer["data"]["version"]["changes"].endswith("/diff/1..2.json")


@pytest.mark.parametrize(
    "url",
    [
        "http://data.example/hook",
        "ftp://203.0.113.9/x",
        "https://127.0.0.1/hook",
        "https://10.1.2.3:8443/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/latest/meta-data",
        "https://100.64.1.1/",
        "https://[fd00::1]/",
        "https://localhost/hook",
        "https://93.184.216.34:22/",
        "https://user:sandi@93.184.216.34/",
        "https://93.184.216.34/#x",
        "https://93.184.216.34/\r\nHost: x",
        "https:///x",
        "https://[::1",
        "javascript:alert(1)",
        "https://93.184.216.34/" + "a" * 2000,
    ],
)
def test_an_address_that_is_not_public_cannot_be_registered(url: str) -> None:
    with pytest.raises(TargetRefused):
        check_target(url)
    assert check_target(" https://93.184.216.34/hook?x=1 ") == "https://93.184.216.34/hook?x=1"


def test_an_address_that_became_private_is_not_opened_and_a_redirect_is_not_followed(receiver: HttpPeer) -> None:
    inner = receiver.url.replace("http:", "https:")
    with Sender() as sender:
        for url in (inner, receiver.url, inner.replace("127.0.0.1", "localhost")):
            outcome = sender.send(url, b"{}", {})
            assert outcome.error is not None and outcome.status is None
            assert outcome.error.code == "fetch.address_forbidden"
    assert receiver.seen == []
    receiver.on("/lama", lambda exchange: exchange.reply(status=307, Location=f"{receiver.url}/baru"))
    with Sender(internal=[receiver.url]) as sender:
        outcome = sender.send(f"{receiver.url}/lama", b"{}", {})
    assert outcome.status == 307 and outcome.error is not None
    assert [seen.path for seen in receiver.seen] == ["/lama"]


def test_a_receiver_that_takes_nothing_for_days_is_left_alone_and_its_owner_told(
    anywhere: Installation, receiver: HttpPeer
) -> None:
    number, _ = register(anywhere, receiver)
    receiver.fallback = lambda exchange: exchange.reply(status=400)
    publish(anywhere)
    work(anywhere)
    with anywhere.database.write() as session:
        webhook = session.get_one(Webhook, number)
        assert webhook.disabled_at is None and webhook.failing_since is not None
        webhook.failing_since -= deliveries.PATIENCE
    hurry(anywhere)
    work(anywhere)
    with anywhere.database.read() as session:
        webhook = session.get_one(Webhook, number)
        assert webhook.disabled_for == "failing"
        (letter,) = session.scalars(select(Mail)).all()
    assert letter.address == "sri@dinas.example"
    assert f"https://data.example/kerja/webhook/{number}" in letter.text
    publish(anywhere, "baru.csv", title="Baru")
    hurry(anywhere)
    work(anywhere)
    assert len(receiver.seen) == 2, "nothing more is sent"
    receiver.fallback = lambda exchange: exchange.reply(status=200)
    with anywhere.database.write() as session:
        webhook = session.get_one(Webhook, number)
        subscribing.switch_on(session, webhook)
        deliveries.redeliver(session, webhook, rows(anywhere)[0].id, at=now())
    work(anywhere)
    assert [row.status for row in rows(anywhere)] == [200]
    assert len({seen.headers["webhook-id"] for seen in receiver.seen}) == 1
    receiver.fallback = lambda exchange: exchange.reply(status=410)
    publish(anywhere, "terakhir.csv", title="Terakhir")
    work(anywhere)
    with anywhere.database.read() as session:
        assert session.get_one(Webhook, number).disabled_for == "gone"


def test_one_that_is_away_costs_one_attempt_and_what_is_old_is_forgotten(
    installation: Installation, receiver: HttpPeer
) -> None:
    number, _ = register(installation, receiver)
    receiver.fallback = lambda exchange: exchange.reply(status=503)
    for name in "abc":
        publish(installation, f"{name}.csv", title=name, content=f"a,b\n{name},1\n")
    work(installation)
    assert [row.attempts for row in rows(installation)] == [1, 0, 0]
    receiver.fallback = lambda exchange: exchange.reply(status=204)
    hurry(installation)
    work(installation)
    assert [row.status for row in rows(installation)] == [204] * 3
    with installation.database.write() as session:
        deliveries.forget_old(session, at=now() + deliveries.KEPT + timedelta(days=1))
    assert rows(installation) == []
    with installation.database.write() as session:
        assert session.scalars(select(WebhookEvent)).all() == []
        events.test(session, session.get_one(Webhook, number), at=now())
        subscribing.remove(session, session.get_one(Webhook, number))
        assert session.scalars(select(WebhookEvent)).all() == []
