"""What is kept: catalogue, versions, blobs, tables, search."""
