"""One module a calculation. A new one is added here, in `catalogue`, and gets its words in `data/knowledge/phrases`."""
