-- A document's tags stand among its words too, marked with '#' as no word is: then words and tags are one question to one index, whose plan is made
-- once a session instead of anew for every search.

UPDATE catalogue.search_doc SET words = words || array_to_tsvector(ARRAY(SELECT '#' || t FROM unnest(tags) AS t));
DROP INDEX catalogue.search_doc_find;
CREATE INDEX search_doc_find ON catalogue.search_doc USING gin (words, cells) WITH (fastupdate = off);
