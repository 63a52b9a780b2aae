"""Between the figures and those who ask: questions, files to take away, and who took what."""
