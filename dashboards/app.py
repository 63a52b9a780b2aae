"""The page's frame: language, whose figures, which generation. Started by ``pukk serve``."""

import streamlit as st

from dashboards.marts import current_generation, read
from dashboards.text.catalogue import LANGUAGES, t
from dashboards.views import pilots


def main() -> None:
    """Draw the frame and the page inside it."""
    st.set_page_config(page_title="Pukk", page_icon="📈", layout="wide")
    wanted = st.query_params.get("lang", "nb")
    codes = list(LANGUAGES)
    language = st.sidebar.selectbox(
        "Språk / Language",
        codes,
        index=codes.index(wanted) if wanted in codes else 0,
        format_func=lambda code: LANGUAGES[code],
    )
    st.query_params["lang"] = language
    st.title(t("title", language), anchor=False)
    st.sidebar.caption(t("local", language))
    file = current_generation()
    if file is None:
        st.warning(t("empty_title", language))
        st.markdown(t("empty_way_out", language))
        return
    columns = ("name", "notice_nb", "notice_en")
    who = read(str(file), "mart_municipality", columns)[0]
    st.markdown(f"**{who['name']}**")
    if who[f"notice_{language}"]:
        st.info(who[f"notice_{language}"])
    st.sidebar.caption(t("generation", language, file=file.name))
    pilots.show(str(file), language)


main()
