-- insert
INSERT INTO consents (practice_id, consent_id, client_id, row)
VALUES (:practice_id, :consent_id, :client_id, :row)

-- of_client
SELECT consent_id, row FROM consents
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY consent_id

-- update
UPDATE consents SET row = :row
WHERE practice_id = :practice_id AND consent_id = :consent_id

-- delete_of_client
DELETE FROM consents
WHERE practice_id = :practice_id AND client_id = :client_id
