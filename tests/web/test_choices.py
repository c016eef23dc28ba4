"""The options of a form: escaped, one of them chosen, the same whether they were set before."""

import pytest

from angerona.web.choices import Fixed, options

WORDS = {"one": "the first", "b<c": 'with "marks" & <signs>'}
SET = (
    '<option value="one">The first</option>'
    '<option value="b&lt;c">With &#34;marks&#34; &amp; &lt;signs&gt;</option>'
)


@pytest.mark.parametrize("kind", [dict, Fixed])
def test_options_are_escaped_and_one_is_chosen(kind):
    words = kind(WORDS)
    assert options(words, "") == SET
    assert options(words, "b<c") == SET.replace('c">', 'c" selected>')
    assert options(words, "one") == SET.replace('"one"', '"one" selected')
