-- insert
INSERT INTO clients (practice_id, client_id, authority, row)
VALUES (:practice_id, :client_id, :authority, :row)

-- by_key
SELECT authority, row FROM clients
WHERE practice_id = :practice_id AND client_id = :client_id

-- authority
SELECT authority FROM clients
WHERE practice_id = :practice_id AND client_id = :client_id

-- all
SELECT client_id, authority, row FROM clients
WHERE practice_id = :practice_id
ORDER BY client_id

-- update
UPDATE clients SET authority = :authority, row = :row
WHERE practice_id = :practice_id AND client_id = :client_id

-- delete
DELETE FROM clients
WHERE practice_id = :practice_id AND client_id = :client_id

-- move_authority
UPDATE clients SET authority = authority + 1
WHERE practice_id = :practice_id AND client_id = :client_id

-- ids
SELECT client_id FROM clients
WHERE practice_id = :practice_id
ORDER BY client_id
