import pytest

from databases import postgres_server
from small_practice import founded

__all__ = ["postgres_server", "practice"]


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """Thea treats and holds every post; Sue supervises nobody yet; Fay has the front desk."""
    practice = founded(tmp_path_factory.mktemp("practice") / "data")
    practice.enrol("Sue", roles=("psychologist",))
    practice.enrol("Fay", posts=("front_desk",))
    practice.enrol("Bill", posts=("biller",))
    practice.enrol("Nina", roles=("nurse",), posts=("on_call",))
    practice.enrol("Olaf", posts=("privacy_officer",))
    yield practice
    practice.vault.store.close()
