-- Version 4. When a client comes, and to whom. A row stands under its client; when it is lies inside.

CREATE TABLE appointments (
    practice_id BYTEA NOT NULL,
    appointment_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, appointment_id)
);

CREATE INDEX appointments_of_client ON appointments (practice_id, client_id, appointment_id);
