-- insert
INSERT INTO appointments (practice_id, appointment_id, client_id, row)
VALUES (:practice_id, :appointment_id, :client_id, :row)

-- all
SELECT appointment_id, client_id, row FROM appointments
WHERE practice_id = :practice_id
ORDER BY appointment_id

-- by_key
SELECT appointment_id, client_id, row FROM appointments
WHERE practice_id = :practice_id AND appointment_id = :appointment_id

-- of_client
SELECT appointment_id, client_id, row FROM appointments
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY appointment_id

-- update
UPDATE appointments SET row = :row
WHERE practice_id = :practice_id AND appointment_id = :appointment_id

-- delete_of_client
DELETE FROM appointments
WHERE practice_id = :practice_id AND client_id = :client_id
