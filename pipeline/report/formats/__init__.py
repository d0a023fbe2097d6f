"""A document as a page, as PDF and as DOCX; no module here adds a word or a number of its own."""
