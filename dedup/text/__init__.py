"""Texts as the stages see them: paragraphs, sentences, the normal form in which words are compared."""
