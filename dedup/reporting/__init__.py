"""What was found becomes cuts and entries of the report, and these become the text again."""
