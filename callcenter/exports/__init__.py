"""Files for other systems: which columns, in which format, safe to open in a spreadsheet."""
