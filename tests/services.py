"""What a test needs of the machine: where it is missing the test is skipped, and fails where CI is true."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Skip the test, or fail it where a missing service is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def program(*names: str) -> str:
    """The path of the first of these programs that is there, in /usr/sbin too."""
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    for name in names:
        if found := shutil.which(name, path=places):
            return found
    lacking(f"{names[0]} is not installed: run tools/services")
