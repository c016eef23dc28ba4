-- insert
INSERT INTO attachments (practice_id, client_id, attachment_id, piece, blob)
VALUES (:practice_id, :client_id, :attachment_id, :piece, :blob)

-- by_key
SELECT blob FROM attachments
WHERE practice_id = :practice_id AND client_id = :client_id AND attachment_id = :attachment_id AND piece = :piece

-- of_attachment
SELECT piece, blob FROM attachments
WHERE practice_id = :practice_id AND client_id = :client_id AND attachment_id = :attachment_id
ORDER BY piece

-- delete
DELETE FROM attachments
WHERE practice_id = :practice_id AND client_id = :client_id AND attachment_id = :attachment_id AND piece = :piece

-- delete_of_client
DELETE FROM attachments
WHERE practice_id = :practice_id AND client_id = :client_id

-- any_of_client
SELECT attachment_id FROM attachments
WHERE practice_id = :practice_id AND client_id = :client_id
LIMIT 1
