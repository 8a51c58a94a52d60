-- What search reads: one row for everything public, outside row-level security (text operators are not leakproof, so an index is not used under it).
-- Public columns only. The functions in 31-search_doc.sql keep it current in the transaction that changes a source.

CREATE TEXT SEARCH CONFIGURATION catalogue.plain_english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION catalogue.plain_english
  ALTER MAPPING FOR word, hword, hword_part WITH public.unaccent, pg_catalog.english_stem;

CREATE TABLE catalogue.search_doc (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('listing', 'entry', 'event')),
  source_id    bigint NOT NULL,
  ref          text NOT NULL,
  slug         text NOT NULL,
  title        text NOT NULL,
  summary      text NOT NULL,
  category     text NOT NULL,
  organisation text,
  place        text,
  x            int,
  y            int,
  reach_m      int,                 -- travels this far; NULL: people come to the place
  is_visited   boolean NOT NULL,    -- people can come to the place
  is_national  boolean NOT NULL,
  price        bigint,              -- public price, pence
  unit         text,
  fresh_on     date NOT NULL,       -- when somebody last vouched for it
  starts_at    timestamptz,         -- events: the next occurrence
  ends_at      timestamptz,         -- when it leaves the results by itself
  tags         text[] NOT NULL,     -- 'cat:…' with its parents, 'is:…' features, 'at:…' ways of delivery, 'kind:…', 'speaks:…', 'free'
  cells        int[] NOT NULL,      -- map squares: see catalogue.cells_of
  words        tsvector NOT NULL,   -- title A, category and organisation B, summary C, description D
  UNIQUE (kind, source_id)
);
-- One index for all three conditions: PostgreSQL intersects the lists of words, squares and tags inside it, so the narrowest decides the cost.
CREATE INDEX search_doc_find ON catalogue.search_doc USING gin (words, cells, tags) WITH (fastupdate = off);
-- The plan is always this index (catalogue.search turns sequential scans off); reading statistics of 1,000 words would take longer than the search.
ALTER TABLE catalogue.search_doc ALTER words SET STATISTICS 0, ALTER cells SET STATISTICS 0, ALTER tags SET STATISTICS 0;
CREATE INDEX search_doc_fresh ON catalogue.search_doc (fresh_on DESC, id);

-- Every word of the public titles and texts: what a misspelt word is corrected to.
CREATE TABLE catalogue.word (
  word   text PRIMARY KEY,
  lexeme text NOT NULL
);
CREATE INDEX word_lexeme ON catalogue.word (lexeme);
CREATE INDEX word_near ON catalogue.word USING gin (word public.gin_trgm_ops);

-- Words of everyday speech: "cleaner" also means "domestic help". An empty meaning makes a word be ignored ("someone").
CREATE TABLE catalogue.synonym (
  council_id int REFERENCES identity.council,   -- NULL: everywhere
  word       text NOT NULL CHECK (word = lower(word)),
  means      text NOT NULL,
  UNIQUE NULLS NOT DISTINCT (council_id, word, means)
);
CREATE INDEX synonym_word ON catalogue.synonym (word);

-- Searches that found nothing, counted without any person: the words that are in no name, address or number, and the postcode district.
CREATE TABLE catalogue.search_miss (
  month  date NOT NULL,
  words  text NOT NULL,
  area   text NOT NULL,             -- '' when no place was given
  times  int NOT NULL DEFAULT 1,
  PRIMARY KEY (month, words, area)
);

GRANT SELECT ON catalogue.search_doc, catalogue.word, catalogue.synonym, catalogue.search_miss TO mc_web, mc_jobs, mc_verify;
