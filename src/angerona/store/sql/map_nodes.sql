-- put
INSERT INTO map_nodes (practice_id, place, node)
VALUES (:practice_id, :place, :node)
ON CONFLICT (practice_id, place) DO UPDATE SET node = excluded.node

-- by_key
SELECT node FROM map_nodes
WHERE practice_id = :practice_id AND place = :place

-- all
SELECT place, node FROM map_nodes
WHERE practice_id = :practice_id
ORDER BY place
