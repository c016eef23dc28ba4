"""Each statement belongs to a duty of a pack, and each duty to say something has been weighed."""

ADDRESSED_ELSEWHERE = {
    "ca-on.d.police_nopower": "an answer to the police; nothing is handed over",
    "house.duty.refusal": "an answer; nothing is handed over",
    "uk.d.dvla_after": "a letter to the client, not to the recipient",
    "us-hipaa.duty.denial": "a letter to the client; nothing is handed over",
    "us-ma.duty.limits_told": "told at the start, before any packet",
    "us-part2.duty.silence": "an answer; nothing is handed over",
}
"""Duties of the kind `statement` whose words do not go with a packet, and why."""


def duties_to_say(packs):
    return {
        duty.id for pack in packs.packs.values() for duty in pack.duties if duty.kind == "statement"
    }


def test_every_duty_to_say_something_has_its_words_or_a_reason_to_have_none(packs, texts):
    worded = {text.duty for text in texts if text.kind == "statement"}
    assert worded | set(ADDRESSED_ELSEWHERE) == duties_to_say(packs)
    assert not worded & set(ADDRESSED_ELSEWHERE)


def test_each_statement_carries_its_source_and_stands_once(texts):
    statements = [text for text in texts if text.kind == "statement"]
    assert statements
    assert len({text.duty for text in statements}) == len(statements)
    for text in statements:
        assert text.cite
        assert text.source_url
        assert text.as_of


def test_the_notice_of_42_cfr_2_32_is_worded_as_the_rule_has_it(texts):
    (says,) = (text.says for text in texts if text.duty == "us-part2.duty.redisclosure")
    for words in (
        "in any civil, criminal, administrative, or legislative proceedings",
        "unless authorized by the consent of the patient",
        "except as provided at 42 CFR 2.12(c)(5)",
        "NOT sufficient to meet the required elements of written consent",
    ):
        assert words in says
