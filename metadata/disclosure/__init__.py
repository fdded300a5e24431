"""Tables from microdata that tell of places and never of persons.

rules        what an office declares: the tables, the thresholds
plan         the rules fitted to a file's columns
tabulation   rows counted into groups; merging joins regions that are too small
lattice      how the figures hang together; suppression hides, with a proof for each hidden cell; attack checks
protection   each variable in turn; sheets and release write the tables
"""

from metadata.disclosure.release import Released, release
from metadata.disclosure.rules import Aggregate, Microdata

__all__ = ["Aggregate", "Microdata", "Released", "release"]
