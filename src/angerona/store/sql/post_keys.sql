-- insert
INSERT INTO post_keys (practice_id, post_id, person_id, generation, blob)
VALUES (:practice_id, :post_id, :person_id, :generation, :blob)

-- by_key
SELECT blob FROM post_keys
WHERE practice_id = :practice_id AND post_id = :post_id AND person_id = :person_id AND generation = :generation

-- of_person
SELECT post_id, generation, blob FROM post_keys
WHERE practice_id = :practice_id AND person_id = :person_id
ORDER BY post_id, generation

-- update
UPDATE post_keys SET blob = :blob
WHERE practice_id = :practice_id AND post_id = :post_id AND person_id = :person_id AND generation = :generation

-- delete
DELETE FROM post_keys
WHERE practice_id = :practice_id AND post_id = :post_id AND person_id = :person_id AND generation = :generation
