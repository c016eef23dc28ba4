-- Version 4. When a client comes, and to whom. A row stands under its client; when it is lies inside.

CREATE TABLE appointments (
    practice_id BLOB NOT NULL,
    appointment_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, appointment_id)
) STRICT;

CREATE INDEX appointments_of_client ON appointments (practice_id, client_id, appointment_id);
