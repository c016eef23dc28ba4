-- insert
INSERT INTO deposits (practice_id, deposit_id, client_id, blob)
VALUES (:practice_id, :deposit_id, :client_id, :blob)

-- by_key
SELECT client_id, blob FROM deposits
WHERE practice_id = :practice_id AND deposit_id = :deposit_id

-- of_client
SELECT deposit_id, blob FROM deposits
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY deposit_id

-- delete
DELETE FROM deposits
WHERE practice_id = :practice_id AND deposit_id = :deposit_id

-- delete_of_client
DELETE FROM deposits
WHERE practice_id = :practice_id AND client_id = :client_id
