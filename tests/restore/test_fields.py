"""The fields go back to their owners, or a warning says that they do not."""

from functools import partial

from chaosimagecorrupt.restore.restore import restore

from ..simulated_cluster import IMAGE
from .corrupted_web import CorruptedWeb


def test_a_deployment_that_changes_all_the_time_keeps_its_managed_fields_with_a_warning() -> None:
    web = CorruptedWeb()
    web.client.meanwhile = {n: partial(web.patch, {"metadata": {"labels": {"n": str(n)}}}) for n in range(4, 60)}
    [warning] = restore(web.target, clean_history=False)["warnings"]
    assert warning.startswith("managedFields still name chaosimagecorrupt, because the Deployment is being changed")
    assert (web.image(), web.traces()[0]) == (IMAGE, "Deployment: manager chaosimagecorrupt")
