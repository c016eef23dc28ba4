-- insert
INSERT INTO post_keys (practice_id, post_id, person_id, generation, blob)
VALUES (:practice_id, :post_id, :person_id, :generation, :blob)

-- of_person
SELECT post_id, generation, blob FROM post_keys
WHERE practice_id = :practice_id AND person_id = :person_id
ORDER BY post_id, generation

-- of_post
SELECT person_id, generation FROM post_keys
WHERE practice_id = :practice_id AND post_id = :post_id
ORDER BY person_id, generation

-- delete
DELETE FROM post_keys
WHERE practice_id = :practice_id AND post_id = :post_id AND person_id = :person_id AND generation = :generation

-- delete_of_holder
DELETE FROM post_keys
WHERE practice_id = :practice_id AND post_id = :post_id AND person_id = :person_id
