"""Reports as files: tables as CSV and XLSX, pages as PDF. For the worker and the command line."""
