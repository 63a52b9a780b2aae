"""Every word of the pages, in bokmål and English, and how numbers are written."""
