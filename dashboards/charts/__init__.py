"""Rows in, Vega-Lite dict out; no Streamlit and no arithmetic beyond the layout of a drawing."""
