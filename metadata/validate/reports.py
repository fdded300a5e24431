"""Reports in frictionless' form for what frictionless itself would raise or we refuse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metadata.validate.refusals import Refusal

if TYPE_CHECKING:
    from frictionless import Error, Report


def refused(refusal: Refusal) -> Report:
    """An invalid report with the one error of a descriptor that is not used."""
    return invalid([_error(refusal.type, refusal.note)])


def crashed(reason: BaseException) -> Report:
    """An invalid report for an exception that frictionless lets through: a broken pattern, an impossible bound."""
    from frictionless import FrictionlessException  # late: 0.4 s

    if isinstance(reason, FrictionlessException):
        return invalid(reason.to_errors())
    # A pattern that does not compile, a bound of another type than its column's: the schema's author can mend it.
    at_fault = isinstance(reason, re.error | TypeError | ValueError | KeyError | ArithmeticError)
    return invalid([_error("schema-error" if at_fault else "error", f"{type(reason).__name__}: {reason}")])


def invalid(errors: list[Error]) -> Report:
    """A report on nothing but `errors`."""
    from frictionless import Report  # late: 0.4 s

    report: Report = Report.from_validation(errors=errors)
    return report


def _error(type_: str, note: str) -> Error:
    from frictionless import Error, errors  # late: 0.4 s

    known: dict[str, type[Error]] = {
        "package-error": errors.PackageError,
        "resource-error": errors.ResourceError,
        "source-error": errors.SourceError,
        "scheme-error": errors.SchemeError,
        "format-error": errors.FormatError,
        "schema-error": errors.SchemaError,
        "field-error": errors.FieldError,
    }
    return known.get(type_, Error)(note=note)
