"""Validation: frictionless is the judge; this room hands it only what is safe, saves it work, and says it plainly.

All three `validate_…` always return a frictionless Report; bad input is an error in it. `plain_words` turns a report
into sentences for office people.
"""

from metadata.validate.packages import validate_package
from metadata.validate.tables import validate_file, validate_table
from metadata.validate.words import Finding, plain_words

__all__ = ["Finding", "plain_words", "validate_file", "validate_package", "validate_table"]
