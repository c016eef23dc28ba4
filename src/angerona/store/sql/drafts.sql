-- insert
INSERT INTO drafts (practice_id, draft_id, person_id, client_id, blob)
VALUES (:practice_id, :draft_id, :person_id, :client_id, :blob)

-- by_key
SELECT person_id, client_id, blob FROM drafts
WHERE practice_id = :practice_id AND draft_id = :draft_id

-- of_person
SELECT draft_id, client_id, blob FROM drafts
WHERE practice_id = :practice_id AND person_id = :person_id
ORDER BY draft_id

-- update
UPDATE drafts SET blob = :blob
WHERE practice_id = :practice_id AND draft_id = :draft_id

-- delete
DELETE FROM drafts
WHERE practice_id = :practice_id AND draft_id = :draft_id

-- delete_of_client
DELETE FROM drafts
WHERE practice_id = :practice_id AND client_id = :client_id
