from angerona.errors import BadAsk, BadInput, BadPack, SetBack, one_of, shown


def test_only_plain_words_are_repeated():
    assert shown("polcie") == "'polcie'"
    assert shown("she said she would") == "a text"
    assert shown("x" * 41) == "a text"
    assert shown(None) == "nothing"
    assert shown([1]) == "a list"
    assert shown({1: 2}) == "a table"
    assert shown(1.5) == "a number"
    assert list(map(shown, (True, False))) == ["true", "false"]
    assert shown(b"x") == "a bytes"


def test_a_message_is_one_line():
    problem = BadInput("here", "wrong\nin two", "allowed\n\nso")
    assert str(problem) == "here: wrong in two; allowed so"
    assert (problem.place, problem.allowed) == ("here", "allowed\n\nso")
    assert str(BadInput("here", "wrong")) == "here: wrong"


def test_the_nearest_word_comes_first():
    assert one_of(["police", "court"], "polcie") == "did you mean police? allowed: court, police"
    assert one_of(["b", "a"]) == "allowed: a, b"
    many = one_of([f"word{n:03}" for n in range(100)], 3)
    assert many.startswith("allowed are 100 words, among them word000, word001")


def test_an_ask_s_words_are_not_repeated_and_a_pack_s_are():
    assert BadAsk.naming("Miller") == "a text"
    assert BadPack.naming("shall") == "'shall'"


def test_a_ledger_that_was_set_back_says_both_things_it_can_mean():
    said = str(SetBack("the ledger holds less"))
    assert said.startswith("the ledger holds less; if it was restored on purpose")
    assert "keep this disk as it is" in said
