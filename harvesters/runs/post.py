"""Empties the outbox of letters: each is marked as sent right after the mail server has taken it, so none is lost."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from datasets import jobs, leases, mails
from datasets.installation import Installation
from datasets.settings import Settings
from harvesters.wire import smtp

SERVER_WAIT = timedelta(seconds=30)
"""Until a mail server that was away is tried again, twice as long each time up to `LONGEST_SERVER_WAIT`."""
LONGEST_SERVER_WAIT = timedelta(minutes=15)


def sender(settings: Settings) -> str:
    """Who writes: `mail_from`, or an address made of the portal's host."""
    return (
        settings.mail_from or f"{settings.site_title} <lumbung@{urlsplit(settings.site_url).hostname or 'localhost'}>"
    )


def deliver(here: Installation) -> int:
    """Send what is due, until nothing is; how many went out. Without a mail server none does, and all wait.

    A letter whose sending was cut off before it was marked goes out again, with the same Message-ID. Raises
    `ServerAway`: what has not gone out waits.
    """
    count = 0
    while here.settings.smtp_url:
        with here.database.read() as session:
            batch = mails.waiting(session, at=leases.database_time(session))
        if not batch:
            break
        with smtp.deliverer(here.settings.smtp_url, sender(here.settings)) as send:
            for letter in batch:
                try:
                    send(letter)
                except smtp.Refused as refused:
                    with here.database.write() as session:
                        at = leases.database_time(session)
                        mails.put_off(session, letter, refused.notice, at=at, for_good=refused.for_good)
                    continue
                with here.database.write() as session:
                    mails.sent(session, letter, at=leases.database_time(session))
                count += 1
    return count


def server_wait(taken: jobs.Taken) -> float:
    """Seconds until a mail server that was away is tried again."""
    wait: timedelta = min(SERVER_WAIT * 2 ** min(taken.attempts - 1, 10), LONGEST_SERVER_WAIT)
    return wait.total_seconds()
