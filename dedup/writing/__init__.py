"""Writing: records leave as they came, less what was cut."""
