"""How results go out: tables, files, records."""
