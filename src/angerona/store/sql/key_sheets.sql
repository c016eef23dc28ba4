-- insert
INSERT INTO key_sheets (practice_id, client_id, version, sheet)
VALUES (:practice_id, :client_id, :version, :sheet)

-- newest
SELECT version, sheet FROM key_sheets
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY version DESC LIMIT 1

-- delete_of_client
DELETE FROM key_sheets
WHERE practice_id = :practice_id AND client_id = :client_id
