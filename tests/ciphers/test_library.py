"""The OpenSSL behind the ciphers."""

from cryptography.hazmat.backends.openssl import backend

from angerona.ciphers.library import OPENSSL_LEAST, openssl_version


def test_the_number_is_the_one_that_openssl_says_in_words():
    said = ".".join(map(str, openssl_version()))
    assert backend.openssl_version_text().split()[1].startswith(said)
    assert openssl_version() >= OPENSSL_LEAST
