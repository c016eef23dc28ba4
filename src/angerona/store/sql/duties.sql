-- insert
INSERT INTO duties (practice_id, duty_id, client_id, row)
VALUES (:practice_id, :duty_id, :client_id, :row)

-- all
SELECT duty_id, client_id, row FROM duties
WHERE practice_id = :practice_id
ORDER BY duty_id

-- by_key
SELECT duty_id, client_id, row FROM duties
WHERE practice_id = :practice_id AND duty_id = :duty_id

-- of_client
SELECT duty_id, client_id, row FROM duties
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY duty_id

-- delete
DELETE FROM duties
WHERE practice_id = :practice_id AND duty_id = :duty_id

-- delete_of_client
DELETE FROM duties
WHERE practice_id = :practice_id AND client_id = :client_id
