"""Fetches the third-party browser assets from their npm packages, pinned by hash, and cuts them to what we serve.

Run by hand (`make vendor`) when a version or the list of icons changes; what it writes is committed, so that neither
setup nor serving needs npm. Needs `npm` on the path and the development requirements (fonttools, brotli).
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parents[1] / "portal" / "static"
ICON_LIST = Path(__file__).parent / "icons.txt"


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned npm package: `integrity` is the registry's SHA-512 of the archive."""

    name: str
    version: str
    licence: str
    integrity: str
    use: str


FONT = Package(
    name="@fontsource-variable/plus-jakarta-sans",
    version="5.3.0",
    licence="OFL-1.1",
    integrity="sha512-/l/4r0yyWK9JzAlmA0LiYgGgmJe/Gswt4jTJEzr5QhJfwMbvJZDmYWyW0M4X7yCK69BajMVlV/Lx8g7WDc1+sw==",
    use="the one type family",
)
ICONS = Package(
    name="lucide-static",
    version="1.62.0",
    licence="ISC",
    integrity="sha512-WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
    use="the icon sprite",
)

VEGA = Package(
    name="vega",
    version="6.4.0",
    licence="BSD-3-Clause",
    integrity="sha512-rHXCq2LpEWCLMjXBEj7hocY9G0/i5TGYRayGGSj06VTF4+l2IG2Z7oeZKCjWbUh/7hTE/mVhbaOPB72wCElh6g==",
    use="charts that answer the reader, fetched when asked for",
)
INTERPRETER = Package(
    name="vega-interpreter",
    version="2.3.2",
    licence="BSD-3-Clause",
    integrity="sha512-JDAoi3taFcCDLujZG84TNNUXdkAZ5WsSHssx8lWVYaxb9Slsjk7v7PtRIYXpSlUwLaKGRBqoJ9KDs36Z0eMEIw==",
    use="its expressions without evaluating text as code",
)
PACKAGES = (FONT, ICONS, VEGA, INTERPRETER)

# Latin letters of Indonesian and English, the signs of figures and units, quotation marks and dashes.
CHARACTERS = (
    "U+0020-007E,U+00A0,U+00A7,U+00A9,U+00AB,U+00B0-00B3,U+00B5,U+00B7,U+00BB-00BE,U+00C9,U+00D7,U+00E8,U+00E9,U+00EB,"
    "U+00F7,U+2009,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+20AC,U+2191,U+2193,U+2212"
)
WEIGHTS = "wght=400:800"
FEATURES = "kern,ccmp,mark,tnum,pnum"


def main() -> None:
    """Fetch, cut and write everything, then record it in `vendor/README.md`."""
    with tempfile.TemporaryDirectory() as folder:
        font, icons, vega, interpreter = (fetch(package, Path(folder)) for package in PACKAGES)
        written = [write_font(font), write_sprite(icons), *write_vega(vega, interpreter)]
        notices = [copy_licence(font, "plus-jakarta-sans"), copy_licence(icons, "lucide"), copy_licence(vega, "vega")]
    (STATIC / "vendor" / "README.md").write_text(readme(written, notices), encoding="utf-8")
    for path in written:
        print(f"{path.relative_to(STATIC)}  {path.stat().st_size} bytes")


def fetch(package: Package, folder: Path) -> Path:
    """The unpacked package; an archive with another hash than the pinned one stops everything."""
    packed = subprocess.run(
        ["npm", "pack", "--json", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / Path(json.loads(packed.stdout)[0]["filename"]).name
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.integrity:
        raise SystemExit(f"{package.name}@{package.version}: {found} is not the pinned {package.integrity}")
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def write_font(package: Path) -> Path:
    """The upright latin face, cut to our characters and to the weights 400 to 800."""
    source = package / "files" / "plus-jakarta-sans-latin-wght-normal.woff2"
    target = STATIC / "fonts" / "plus-jakarta-sans.woff2"
    narrowed = package / "narrowed.ttf"
    subprocess.run(
        [sys.executable, "-m", "fontTools", "varLib.instancer", source, WEIGHTS, "-q", "-o", narrowed], check=True
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "fontTools.subset",
            narrowed,
            f"--unicodes={CHARACTERS}",
            f"--layout-features={FEATURES}",
            "--flavor=woff2",
            "--no-hinting",
            f"--output-file={target}",
        ],
        check=True,
    )
    return target


def write_sprite(package: Path) -> Path:
    """One SVG with a symbol for each icon, without the attributes that the `icon` macro sets."""
    nodes = json.loads((package / "icon-nodes.json").read_text(encoding="utf-8"))
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in sorted(icon_names()):
        shapes = "".join(
            f"<{tag} " + " ".join(f'{key}="{value}"' for key, value in attributes.items()) + "/>"
            for tag, attributes in nodes[name]
        )
        lines.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    target = STATIC / "icons.svg"
    target.write_text("\n".join([*lines, "</svg>"]) + "\n", encoding="utf-8")
    return target


def write_vega(vega: Path, interpreter: Path) -> list[Path]:
    """The library as it is, and its interpreter taking from it the three names that it would import by another's."""
    folder = STATIC / "vendor"
    text = (interpreter / "build" / "vega-interpreter.js").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL")]
    taken = "import { ascending, isString, DisallowedObjectProperties } from 'vega-util';"
    if lines[0] != taken:
        raise SystemExit(f"vega-interpreter begins otherwise than expected: {lines[0]}")
    lines[0] = "const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;"
    library, reader = folder / "vega.min.js", folder / "vega-interpreter.js"
    whole = (vega / "build" / "vega.min.js").read_text(encoding="utf-8")
    library.write_text(whole.split("//# sourceMappingURL")[0].rstrip() + "\n", encoding="utf-8")
    reader.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [library, reader]


def icon_names() -> set[str]:
    """The names in `icons.txt`, blank-separated; lines that begin with # are remarks."""
    lines = ICON_LIST.read_text(encoding="utf-8").splitlines()
    return {name for line in lines if not line.startswith("#") for name in line.split()}


def copy_licence(package: Path, name: str) -> Path:
    """The package's licence, kept beside what was made of it."""
    target = STATIC / "vendor" / f"LICENSE.{name}.txt"
    target.write_bytes((package / "LICENSE").read_bytes())
    return target


def readme(written: list[Path], notices: list[Path]) -> str:
    """What was taken from where, under which licence, and the hash of each file made."""
    lines = [
        "# Third-party browser assets",
        "",
        "Written by `make vendor` (`tools/vendor.py`); do not edit by hand. Nothing else here comes from others.",
        "",
        "| package | version | licence | used for | integrity of the archive |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [f"| {p.name} | {p.version} | {p.licence} | {p.use} | `{p.integrity}` |" for p in PACKAGES]
    lines += ["", "| file | SHA-256 |", "| --- | --- |"]
    for path in [*written, *notices]:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"| {path.relative_to(STATIC).as_posix()} | `{digest}` |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
