"""What the self-test must find: sealed once, never sealed again.

All under the key 00 01 02 .. 1f, for the context `self-test`; every text is `a known answer`.
"""

from __future__ import annotations

from base64 import b64decode

KEY = bytes(range(32))
CONTEXT = b"self-test"
TEXT = b"a known answer"


def _read(lines: str) -> bytes:
    return b64decode("".join(lines.split()), validate=True)


ENTRY = _read(
    """
    AY06m1k9cagS3xwp88GVcTVMB3UwCIkmG877PG5PCxVdT6qNp6K/i2E1CRCINU3eYvMFiL82aTTa5sFxxf98RPt0Zz+F
    zGesYe/SPkZwgR3bFRPuohIOjX6+ec7djGBQ8CprKv6l9nqwXs3PLmaXfGcoh1BirgVP0+NyLWoVTw8CA9U0MldAWpwt
    eGvmq+Zyy0Ni/4GuC4AGLtGudEkyWS9zr/YNshFcTuRL8Maqnah36u6IXxEmKfV9stA4LVacDkwklLakYVZrzm5Tib/j
    fwzF+JaL6mRpG3h0mv+iM9SJp93kk6pFgg2/lpl+VE2Ht0Geelqv5iz8jAybJ3HgBguU3T4zqbTomTok3UKGbtbLqlEW
    WM/wc75k9xFJoLQvpAuQgEsEul9WCEsyovgL/+SYXca+dyiieM52xNcM+8qAX/M4EowPGi3tob7yPYeDB9m/bk1CAemN
    hxYG2+SszJOFmdMj8tVxi2Ltm80/hcTvH3lKrAtca0+ClK0G7Q1HtJhr/LR7Nmgd/vUAxOZ3RVpEjrkOJZQXD92fIKzu
    kOGRDIZlyjBrpAt/bhfvvpZyw1YQzRphPBm/S1Tkjkc8mjyneq04b2M+Ilhe/0M5uFEMc3l+z3KqHn90mWbAvs1AmkB7
    ojGluW2FbthQeDLiTGRJKoP5DoiDG4eL/c2o49TuDWnGALkQ3ud34i7AKzPPwht0MNElsqSH8ifIJuAE4CenQvCmB7n/
    eMTeTRWYknVWY6LZ4dZ44boLVvwklleWuB09uvGCcx3eh3rgX/MyzKg=
    """
)
ROW = _read(
    """
    BY06m1k9cagSxSWRZCmmcdSN6LhUbu9oYkpuuGbSwBEJOHtIPHunQ5cAn4H79OV9+LEbZbT1fyxmT1D67wqsk4eXuCt6
    CZ8=
    """
)
WRAP = _read(
    """
    A8mjVl/95PcrTIUznvT5rKcn4eMXIri5HIm1miIORxDVAoBtBtspqCzeMLPWqBzRaTr0jKHyZsuFD61E5A3KtITaxtlq
    THI8DHZTfVnW7dz6GUzgUOS4V64DM9qMj3n15fHht1i1aCyCALLYIHwYNvP2kjxvXhKfvAmkf03ABx4ET+rKpVlNhoPm
    /g5pmn4K7L0V1s5McQoMYxp7ajx4R8vOQT8NZ19qGnsWUEZK957As+/1+Az4Ec4FLfYdIRtyWE0F2m/PmRZfCC2J6WWD
    X/Yps7W8J5nvA1mefd30vQ395hvw3QCKnQ2yMe+GUTKyfvn8/90XUcTiWSzD+aVHWKZUPNtXW33XN0dXyGhZVfrauoOb
    3jDG8IQSvCA3s6F5V4I48leG2uwFx/mCKmbWJ0fr9PDRVZSuGgfFyJebpkvs2kSF8O4f9dc7qxmVxJXom4TbJqT/tW0b
    e/X/6MAlDuMF8zvStMJNNxNZcKAlTeN+gtKylVd8zpZYovOineibL7IIIgYo15atO+a1MqjcSgeWycuVqGiurQQ62FWm
    EPJjIYbXausl0MbNQgTsYaquBE7iEVbUcOR0Fk5GOj3KA18S2LBWfAed96Ftwr7Edyg91Y8absHNfxU2k95tf00FkFQ8
    +LMA6O5Ju4zc7rC4yd7QRstDqlJjEHIEnRjyA7Z551P12lXYG2dsvZ+aXVCndtWjPL63VwNZ5nHvXtJt+eSDjl8GJ9/l
    MJnzRZj97+O+aarZwpoKEdPMZxhV3Y7+A6ofb6K5WPn1LDwaNquUqN2ll7RP5stphRVBgRJjerrnvscw8YFHZDfP8yUe
    EUcQKnfy2GK4OH6PV1AW7+6rT0HkQ04lydFm/BRpujaWLBGkI+XVMNaQkcfsqAZmSBkDlXK+MYdXNShyt9DEmvKyRytT
    v1koUL7oK5+WAXjBj3F3WC7Deg0SwYgpPifYwi1ZPaIjCeCFSOfupO+WJkJF45TIEnGsL6Ttq0YKzbEzyQYeuLMtAaDG
    9/p7eg3cHKwBT69/20awK4EPbQnfXyvGmUwLANuTNjN+rw3l3wCxr4ab0OypW51GrH2/wzYM1eE5dCuXtie+BEBNLdmz
    3+0f3LDqeSWshhwy0gI4M0aa/gttuutQpwVNldIIMDNu70MrP6GLRCgDLu4a4ZpWaJFld9wSWb0NylSYl9O1CXp21DJX
    zbccqkGlTaZj18L7p9qQ/q+pGL56UqQ7RCrWP/IgpwKqM6/z5t7+mZxrA3iTLAIiHBNg2QGQuGMvk5bkSrs4pVPkrc2q
    F0Zc39SrZs9RYoN/6E2bgVsMjdICTkJfetBx9CQ/+5cV/bA4tG70oPSsqhxxu4wxxcYS1imXLgRttCi8tfjPWh3+d5Yl
    sWGar8EMYT7/lp3NFqsHMA3JdsIyUkhRO4BG+Vdgh4EuxGhJqbyl7rvXfpKzOAc+vCpANv/qr+HNfnCok73DhrMzAqso
    H09SsMTgGKiHnZQE+VjfgL+vy9WIU8/lG28Xp2g2meqKIlo4m9mkHunWFB6jB1XNGjENoVLDAw==
    """
)
SHARE_1 = _read(
    """
    P0Ev15VaJ8DZS/5sYHaUSpOlFdHb/+iFVa/BF0M72k8ECh4x4tRHO9PcGXj7PONtAYlmkLP0biNeWz1l7xecna5XSt7r
    Q4ZYTg==
    """
)
SHARE_3 = _read(
    """
    QcF1ZKzkZVVgzw2iuIC7wI7WG05eMA+6z9hsD/13Se8pDEnWkNLOPO4ZQXlRrNo+A4lmkLMkTyFvmj0XSfWwxYRTSKJZ
    XXpSeQ==
    """
)
DERIVED = bytes.fromhex("155c10194b2b229e415ef49046df408a3a699435aac23dec9510d09ce46d136a")
WRAP_PUBLIC = bytes.fromhex("c9a3565ffde4f72b51661be391ee13e46378d7f06dd5c8bf5af9d2cfb5b8336b")
ED25519_PUBLIC = bytes.fromhex("6324b5fe8e94d21bf792d23c24266f58e307aeaf2f07a4785dd3730f8cdb427a")
MLDSA44_PUBLIC = bytes.fromhex("1970a9097636850176bf717d42f972151210b77160172660f0d7763846fdcc2c")
ED25519_SIGNATURE = _read(
    """
    wL7aPSo2S6XMRzUeJu+N8W+KMKZykQvUOJv1fUxyq6CAvWeHBh3MWuBF4rXaIJN1hlckGEdVSaeopd4yu7JTCQ==
    """
)
STRETCHED = bytes.fromhex("1427293f2165058eca96a42fec7eeed2b26c14138108461a55e748ed59b774f0")
