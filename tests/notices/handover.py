"""The texts of one made-up release, with words that a scan can look for."""

import datetime

from angerona.notices.packets import Cover, Part

WRITTEN = datetime.datetime(
    2026, 3, 3, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=-8))
)
SCOPE = "scope of the consent"
GIVEN = "Substance-use record and diagnosis, to Northside Clinic, until 1 January 2027."

ODD = "#panic() *x* $a$ `raw` <label> @ref \\u{41} // gone? \"quoted\" 'single' [x] {y} ~ --- ="
PARAGRAPHS = (
    "Taking naltrexone again; craving less than last week.",
    ODD,
    "שבוע טוב יותר",
    "\N{GRINNING FACE} and 中文, and \N{RIGHT-TO-LEFT OVERRIDE}turned",
    "x" * 300,
    "one line\nand another",
)
CLINICAL = ("naltrexone", "craving", "F10.20", "Northside", "Ferry", "Quill")
"""Words that nobody may find in a locked file."""

COVER = Cover(
    practice="Harbour Counselling",
    prepared_by="Ada Quill, psychologist",
    name="Dr. Jonas Ferry, Northside Clinic",
    reference="NC-2231",
)


TEXT = "\n\n".join(PARAGRAPHS)


def part(of_class="substance_use", text=TEXT, **other):
    made = {
        "heading": "Session 12",
        "written_at": WRITTEN,
        "author": "Ada Quill",
        "entry_id": b"e" * 16,
        "version": 1,
    }
    return Part(of_class=of_class, text=text, **(made | other))


PARTS = (part(), part("diagnosis", "F10.20, in early remission", heading="", version=3))


def raw_ask(**changed):
    """An Ask that releases two classes of a programme's record under a whole Part 2 consent."""
    elements = (
        "info_described discloser_named recipient_named purpose_each expiry signature_date "
        "signer_authority st_revoke st_conditioning st_redisclosure plain_language patient_named"
    )
    consent = {
        "by": "client",
        "form": "part2",
        "classes": ["substance_use", "diagnosis"],
        "to": ["treating_provider"],
        "purposes": ["treatment"],
        "from": "2026-01-01",
        "until": "2027-01-01",
        "elements": dict.fromkeys(elements.split(), True),
    }
    return {
        "packs": ["house", "us-hipaa", "us-part2"],
        "at": "2026-11-23T10:00:00Z",
        "by": {"role": "psychologist", "relation": "treating"},
        "to": "treating_provider",
        "purpose": "treatment",
        "instrument": "consent",
        "wants": ["substance_use", "diagnosis", "psychotherapy_note"],
        "facts": {
            "recipient.identity_verified": True,
            "record.part2": True,
            "record.joint": False,
            "client.restriction": False,
            "client.paid_out_of_pocket": False,
            "client.age": 34,
        },
        "consents": [consent],
        **changed,
    }
