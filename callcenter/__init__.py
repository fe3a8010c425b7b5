"""Everything the product knows. Imports no door (`ami`, `agi_scripts`, `web`)."""
