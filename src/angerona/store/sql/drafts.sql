-- insert
INSERT INTO drafts (practice_id, client_id, person_id, draft_id, blob)
VALUES (:practice_id, :client_id, :person_id, :draft_id, :blob)

-- update
UPDATE drafts SET blob = :blob
WHERE practice_id = :practice_id AND client_id = :client_id AND person_id = :person_id AND draft_id = :draft_id

-- by_key
SELECT blob FROM drafts
WHERE practice_id = :practice_id AND client_id = :client_id AND person_id = :person_id AND draft_id = :draft_id

-- of_author
SELECT draft_id, blob FROM drafts
WHERE practice_id = :practice_id AND client_id = :client_id AND person_id = :person_id
ORDER BY draft_id

-- delete
DELETE FROM drafts
WHERE practice_id = :practice_id AND client_id = :client_id AND person_id = :person_id AND draft_id = :draft_id

-- delete_of_author
DELETE FROM drafts
WHERE practice_id = :practice_id AND client_id = :client_id AND person_id = :person_id

-- delete_of_person
DELETE FROM drafts
WHERE practice_id = :practice_id AND person_id = :person_id

-- delete_of_client
DELETE FROM drafts
WHERE practice_id = :practice_id AND client_id = :client_id

-- any_of_client
SELECT draft_id FROM drafts
WHERE practice_id = :practice_id AND client_id = :client_id
LIMIT 1
