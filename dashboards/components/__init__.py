"""Pieces of Streamlit that several pages share."""
