# Who may look inside the practice, in Rego: written by hand from the text of the packs house, us-hipaa and us-ca.
# Looks rest on nothing in hand (instrument none, no consent, no order), so grounds that need one are left out;
# us-ca has no ground or lock that reaches such a look and defers to the other two.

package angerona.look

default verdict := "silence"

# Two closed layers must both have a reason, and no lock of either may be on.
verdict := "may" if {
	house
	us_hipaa
	not locked
}

known(fact) if input.facts[fact] == true

# --- house: grounds ---

process_notes := {"psychotherapy_note", "substance_use_counseling_note"}

kept_from_colleagues := {"psychotherapy_note", "substance_use_counseling_note", "legal", "ledger"}

house if author

house if treating

house if break_glass

house if supervisor

house if supervisor_notes

house if review

# house.look.covering
house if {
	input.relation in {"covering", "on_call"}
	input.class in {"risk", "identity", "medication", "diagnosis"}
}

# house.look.front_desk
house if {
	input.role == "front_desk"
	input.class in {"attendance", "identity"}
}

# house.look.biller
house if {
	input.role == "biller"
	input.class in {"billing", "attendance", "identity", "diagnosis"}
}

# house.look.privacy_officer
house if {
	input.role == "privacy_officer"
	input.class == "ledger"
}

# house.look.author
author if {
	input.relation == "author"
	input.class != "ledger"
}

# house.look.treating
treating if {
	input.relation == "treating"
	not input.class in kept_from_colleagues
}

# house.look.break_glass
break_glass if {
	input.relation in {"covering", "on_call"}
	not input.class in kept_from_colleagues
	known("care.break_glass_reason")
}

# house.look.supervisor
supervisor if {
	input.relation == "supervisor"
	not input.class in kept_from_colleagues
	known("care.supervision_assigned")
}

# house.look.supervisor_notes
supervisor_notes if {
	input.relation == "supervisor"
	input.class in process_notes
	known("care.supervision_assigned")
	known("house.author_shares")
}

# house.look.review
review if {
	input.role == "privacy_officer"
	not input.class in {"psychotherapy_note", "substance_use_counseling_note", "ledger"}
	known("house.review_open")
	known("house.review_needs_it")
}

# --- house: locks ---

# house.lock.psychotherapy_note
locked if {
	input.class in process_notes
	not author
	not supervisor_notes
}

# house.lock.shared_record
locked if {
	input.class == "shared_record"
	not known("record.all_parties_consent")
	not author
	not treating
	not supervisor
	not break_glass
	not review
}

# house.lock.legal
locked if {
	input.class == "legal"
	not author
}

# house.lock.sexual_violence and house.lock.gender_history
locked if {
	input.class in {"sexual_violence", "gender_history"}
	not author
	not treating
	not supervisor
}

# --- us-hipaa: grounds ---

for_care := {"treatment", "care_coordination", "emergency", "supervision"}

us_hipaa if originator

us_hipaa if training

# us-hipaa.use.treatment
us_hipaa if {
	input.relation in {"author", "treating", "covering", "on_call", "supervisor", "consultant", "care_team"}
	input.purpose in for_care
	input.class != "psychotherapy_note"
}

# us-hipaa.use.front_desk
us_hipaa if {
	input.role == "front_desk"
	input.purpose in {"operations", "payment", "client_request"}
	input.class in {"attendance", "identity", "billing"}
}

# us-hipaa.use.payment
us_hipaa if {
	input.role == "biller"
	input.purpose in {"payment", "operations"}
	input.class in {"billing", "attendance", "identity", "diagnosis", "treatment_plan"}
}

# us-hipaa.use.operations
us_hipaa if {
	input.role == "privacy_officer"
	input.purpose in {"operations", "oversight", "client_request", "legal_proceeding"}
	input.class != "psychotherapy_note"
}

# us-hipaa.use.originator
originator if {
	input.relation == "author"
	input.purpose in for_care
	input.class == "psychotherapy_note"
}

# us-hipaa.use.training
training if {
	input.relation == "supervisor"
	input.purpose in {"training", "supervision"}
	input.class == "psychotherapy_note"
	known("us_hipaa.own_training_program")
}

# --- us-hipaa: lock ---

# us-hipaa.lock.psychotherapy_notes
locked if {
	input.class == "psychotherapy_note"
	not originator
	not training
}
