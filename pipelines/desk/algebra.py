"""How many threads linear algebra may use: one, in every process that computes figures.

Its libraries start as many as there are cores, add up in another order by each number of them, and
wait for each other by turning round: on matrices of 100 x 100 that is most of what they use. They
look when they are imported, so it is said before that. What runs side by side are processes.
"""

from pipelines.settings import tell_libraries

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread() -> None:
    """Tell the libraries of linear algebra that are imported after this to use one thread."""
    for name in THREADS:
        tell_libraries(name, "1")
