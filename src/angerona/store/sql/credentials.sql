-- insert
INSERT INTO credentials (practice_id, credential_id, person_id, kind, salt, public, private, usk, row)
VALUES (:practice_id, :credential_id, :person_id, :kind, :salt, :public, :private, :usk, :row)

-- of_person
SELECT credential_id, kind, salt, public, private, usk, row FROM credentials
WHERE practice_id = :practice_id AND person_id = :person_id
ORDER BY credential_id

-- delete
DELETE FROM credentials
WHERE practice_id = :practice_id AND credential_id = :credential_id

-- owner
SELECT person_id FROM credentials
WHERE practice_id = :practice_id AND credential_id = :credential_id

-- update
UPDATE credentials SET row = :row
WHERE practice_id = :practice_id AND credential_id = :credential_id
