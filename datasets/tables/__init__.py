"""Tables as they are kept: Parquet by schema, statistics, serving files, the history of a row."""
