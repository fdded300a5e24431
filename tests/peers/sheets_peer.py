"""Google Sheets as it answers: an export that sends on to another host, a login page for what is not shared."""

from __future__ import annotations

from urllib.parse import quote

from peers.http_peer import Exchange, HttpPeer

LOGIN = b'<!doctype html><html><head><title>Google Sheets: Login</title></head><body><form action="/signin"></form>'


class SheetsPeer(HttpPeer):
    """`docs.share("1AbC…", {0: ("Judul - Lembar1", b"a,b\\n")}, files)`; `files` is the second host."""

    def share(self, document: str, sheets: dict[int, tuple[str, bytes]], files: HttpPeer) -> str:
        """A spreadsheet that anyone with the link may see."""

        def serve(x: Exchange) -> None:
            gid = int(dict(x.seen.query).get("gid", "0"))
            if dict(x.seen.query).get("format", "csv") != "csv" or gid not in sheets:
                x.reply(b"<html>Sorry, unable to open the file at this time.</html>", status=400)
                return
            name, content = sheets[gid]
            said = f"attachment; filename=\"ascii.csv\"; filename*=UTF-8''{quote(name + '.csv')}"
            end = files.on(
                f"/export/{document}/{gid}",
                lambda y: y.reply(content, Content_Type="text/csv", Content_Disposition=said),
            )
            x.reply(b"<html>Moved</html>", status=307, Location=end)

        self.on(f"/spreadsheets/d/{document}/export", serve)
        self.on(f"/spreadsheets/d/e/{document}/pub", serve)
        return f"{self.url}/spreadsheets/d/{document}/edit"

    def keep_private(self, document: str) -> str:
        """One that asks for a login, as Google does: by a redirect to a page with status 200."""
        self.on("/signin", lambda x: x.reply(LOGIN, Content_Type="text/html"))
        self.on(f"/spreadsheets/d/{document}/export", lambda x: x.reply(status=302, Location="/signin?continue=x"))
        return f"{self.url}/spreadsheets/d/{document}/edit?usp=sharing"
