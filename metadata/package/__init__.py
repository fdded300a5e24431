"""The Data Package (v2) of a version, and its zip: a pure function of values, so that it can be made again.

Layout, in the descriptor and in the zip alike:

    datapackage.json
    data/<resource>.csv        the canonical table          resource `<resource>`, type table
    data/<resource>.parquet    the same, typed              `lumbung:alternatives` of that resource
    geo/<resource>.geojson     the shapes of a map          resource `<resource>-geo`
    source/<file>              the bytes as fetched         `sources` of each resource made from it, or, for a file
                                                            that is no table, a resource of its own

The bytes of a table's source are no resource, because v2 has no type but `table` and every reader would take a raw
workbook for one more table; as a `source` with path, size and hash they stay as traceable.
"""

from metadata.package.archive import descriptor_bytes, package_files, write_zip
from metadata.package.descriptor import build_package
from metadata.package.values import PackagedResource, Publisher, RawFile, StoredFile

__all__ = [
    "PackagedResource",
    "Publisher",
    "RawFile",
    "StoredFile",
    "build_package",
    "descriptor_bytes",
    "package_files",
    "write_zip",
]
