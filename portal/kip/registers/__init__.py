"""The registers of the desk, its lists of information and its yearly report: pages, XLSX, PDF, CSV."""
