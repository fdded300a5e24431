"""Pictures: what the camera and programs wrote into them, and a copy that is nothing but the picture."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from metadata.notices import Notice, Place
from metadata.personal import spans
from metadata.redaction import findings
from metadata.redaction.findings import counted

MOST_PIXELS: Final = 100_000_000
"""Beyond it a picture is a bomb, or a map that nobody wants to open."""
FORMATS: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF", "gif": "GIF", "bmp": "BMP"}
_NEEDED = ("transparency", "duration", "background")
_GPS = 0x8825
_PLAIN = frozenset(("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "gamma", "srgb", "transparency")) | {
    *("version", "background", "duration", "loop", "interlace", "compression", "adobe", "adobe_transform", "aspect"),
    *("progressive", "progression", "extension", "timestamp", "bits", "resolution", "chromaticity", "icc_profile"),
    *("default_image", "blend", "disposal", "lossless"),
}
"""What a picture says about itself that tells of nobody."""
_STRUCTURE = frozenset((*range(254, 270), 273, 274, 277, 278, 279, 282, 283, 284, 296, 317, 320, 338, 339, 347, 530))
"""Tags of TIFF that say how the pixels lie."""
_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82", "GIF": b";"}


def find(path: Path, filename: str) -> Iterator[Notice]:
    """What is kept beside the pixels. Raises ValueError when it is no picture that can be opened."""
    place = Place(file=filename)
    content = path.read_bytes()
    picture = _open(content)
    exif = picture.getexif()
    tags = [tag for tag in exif if tag not in _STRUCTURE]
    told = [name for name in picture.info if str(name).lower() not in _PLAIN and name != "exif"]
    words = "\n".join(str(value) for value in picture.info.values() if isinstance(value, (str, bytes)))
    if _GPS in exif:
        yield Notice(findings.LOCATION, place)
    yield from counted(findings.CAMERA, place, len(tags) + len(told) + ("exif" in picture.info and not tags))
    yield from counted(findings.PERSONAL_TEXT, place, len(spans(words)), part="keterangan gambar")
    end = _ENDS.get(str(picture.format))
    if end and not content.rstrip(b"\x00").endswith(end):
        yield Notice(findings.MORE_BYTES, place)
    yield Notice(findings.LOOK, place, {"count": 1})


def clean(path: Path, target: Path) -> None:
    """Write the picture without anything beside its pixels. Raises ValueError."""
    target.write_bytes(without_details(path.read_bytes()))


def without_details(content: bytes) -> bytes:
    """A picture in its own format, turned upright, as its pixels alone; all frames of a moving one.

    What is no picture that can be opened comes back empty: nothing of it is handed on unseen.
    """
    from PIL import ImageOps, ImageSequence  # late: 0.1 s

    try:
        picture = _open(content)
    except ValueError:
        return b""
    kind = str(picture.format)
    frames = [ImageOps.exif_transpose(frame.copy()) for frame in ImageSequence.Iterator(picture)]
    bare = []
    for frame in frames:
        made = frame.copy()
        kept: dict[Any, Any] = {name: made.info[name] for name in _NEEDED if name in made.info}
        made.info.clear()
        made.info.update(kept)
        made.getexif().clear()
        bare.append(made)
    held = io.BytesIO()
    options: dict[str, Any] = {"JPEG": {"quality": 92}, "WEBP": {"quality": 92}}.get(kind, {})
    if len(bare) > 1 and kind in ("GIF", "TIFF", "WEBP", "PNG"):
        options |= {"save_all": True, "append_images": bare[1:]}
    first = bare[0].convert("RGB") if kind == "JPEG" and bare[0].mode not in ("RGB", "L", "CMYK") else bare[0]
    first.save(held, "JPEG" if kind == "MPO" else kind, **options)
    return held.getvalue()


def _open(content: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError  # late: 0.1 s

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        picture = Image.open(io.BytesIO(content), formats=(*FORMATS.values(), "MPO"))
        picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"picture: {type(error).__name__}") from None
    return picture
