"""Reports as files: CSV, XLSX with native charts, and a PDF to print."""
