"""Reports to take away: PDF/UA in words, tables and charts, for one unit or for all."""
