-- What the directory publishes: a row for every listing, entry and event that search shows, with its provider and its place. Public columns only, never an
-- agreed price. The telephone and e-mail of a micro-enterprise are often those of one person at home, so they are left to its own page.

CREATE OR REPLACE VIEW catalogue.directory_entry AS
SELECT d.id AS place, d.service_id AS id, d.service_place_id, d.kind, d.source_id, d.ref, d.slug, d.title AS name, d.category, d.words, d.x, d.y, d.reach_m,
       d.is_national, d.price, d.unit, d.fresh_on, d.modified_at,
       CASE WHEN starts_with(t.words, d.summary) THEN t.words ELSE concat_ws(E'\n\n', nullif(d.summary, ''), nullif(t.words, '')) END AS description,
       CASE WHEN o.kind IS DISTINCT FROM 'micro' THEN coalesce(e.phone, v.phone, s.phone) END AS phone,
       CASE WHEN o.kind IS DISTINCT FROM 'micro' THEN catalogue.directory_email(coalesce(e.email, v.email, s.email)) END AS email,
       catalogue.directory_uri(coalesce(e.web, v.web, s.web)) AS web,
       coalesce(l.features, e.features, v.features)::text[] AS features, e.opens, e.hours, e.minimum_age, e.maximum_age,
       CASE WHEN l.cqc_rating <> 'Not rated yet' THEN 'Care Quality Commission: ' || l.cqc_rating || ', ' || to_char(l.cqc_rated_on, 'FMDD FMMonth YYYY') END AS accreditations,
       d.provider_id, coalesce(o.name, CASE d.kind WHEN 'entry' THEN d.title ELSE c.name END) AS provider_name,
       CASE WHEN o.kind IS DISTINCT FROM 'micro' THEN catalogue.directory_email(CASE WHEN o.id IS NOT NULL THEN s.email WHEN d.kind = 'entry' THEN e.email ELSE c.email END) END
         AS provider_email,
       catalogue.directory_uri(CASE WHEN o.id IS NOT NULL THEN s.web WHEN d.kind = 'entry' THEN e.web END) AS provider_web,
       coalesce(nullif(s.summary, ''), nullif(s.description, ''), CASE WHEN o.id IS NULL AND d.kind = 'entry' THEN nullif(d.summary, '') END,
                o.name, CASE d.kind WHEN 'entry' THEN d.title ELSE c.name END) AS provider_about,
       catalogue.directory_email(c.email) AS assurer_email,
       s.area, v.place AS place_name, coalesce(l.address, e.address, v.address) AS address, coalesce(l.postcode, e.postcode, v.postcode) AS postcode,
       regexp_replace(c.name, '\s+((City|County|Borough|District|Metropolitan)\s+)*Council$', '') AS town,
       CASE WHEN NOT coalesce(l.is_rough, e.is_rough, v.is_rough) THEN coalesce(l.lat, e.lat, v.lat) END AS lat,
       CASE WHEN NOT coalesce(l.is_rough, e.is_rough, v.is_rough) THEN coalesce(l.lon, e.lon, v.lon) END AS lon,
       d.is_placed
  FROM catalogue.search_doc d
  LEFT JOIN catalogue.listing l ON d.kind = 'listing' AND l.id = d.source_id
  LEFT JOIN catalogue.entry e ON d.kind = 'entry' AND e.id = d.source_id
  LEFT JOIN catalogue.event v ON d.kind = 'event' AND v.id = d.source_id
  LEFT JOIN identity.organisation o ON o.id = coalesce(l.organisation_id, e.organisation_id, v.organisation_id)
  LEFT JOIN catalogue.storefront s ON s.organisation_id = o.id
  LEFT JOIN identity.council c ON c.id = coalesce(e.council_id, v.council_id)
 CROSS JOIN LATERAL (SELECT coalesce(l.description, e.description, v.description) AS words) t
 WHERE d.ends_at IS NULL OR d.ends_at > now();

-- Every provider once, by the first of what it provides.
CREATE OR REPLACE VIEW catalogue.directory_provider AS
SELECT d.provider_id AS id, min(d.id) AS place FROM catalogue.search_doc d WHERE d.ends_at IS NULL OR d.ends_at > now() GROUP BY d.provider_id;

-- The categories as one taxonomy.
CREATE OR REPLACE VIEW catalogue.directory_term AS
SELECT row_number() OVER (ORDER BY c.rank, c.slug) AS place, catalogue.public_id('taxonomy_term', c.slug) AS id, catalogue.directory_term(c) AS item
  FROM catalogue.category c;

CREATE OR REPLACE VIEW catalogue.directory_taxonomy AS
SELECT 1::bigint AS place, catalogue.public_id('taxonomy', 'categories') AS id, jsonb_build_object('id', catalogue.public_id('taxonomy', 'categories'),
         'name', 'Kinds of help', 'description', 'What a service or group mainly offers, in everyday words.',
         'taxonomy_terms', (SELECT jsonb_agg(t.item ORDER BY t.place) FROM catalogue.directory_term t)) AS item;

-- The items of the directory, in the parts that lists and single items are put together from. A part that is not asked for is not made. Fields without a value
-- are left out: the format has no null. mc.directory_base is how people reach our pages.
CREATE OR REPLACE VIEW catalogue.directory_service AS
SELECT d.place, d.id, d.provider_id,
       jsonb_strip_nulls(jsonb_build_object('id', d.id, 'organization_id', d.provider_id, 'name', d.name, 'description', nullif(d.description, ''),
         'url', coalesce(d.web, catalogue.directory_uri(format('%s/%s/%s/%s', current_setting('mc.directory_base', true),
                                                               CASE d.kind WHEN 'event' THEN 'events' ELSE 'services' END, d.ref, d.slug))),
         'email', d.email, 'status', 'active', 'accreditations', d.accreditations, 'minimum_age', trim_scale(d.minimum_age), 'maximum_age', trim_scale(d.maximum_age), 'assured_date', d.fresh_on, 'assurer_email', d.assurer_email, 'last_modified', catalogue.directory_moment(d.modified_at),
         'organization', jsonb_build_object('id', d.provider_id, 'name', d.provider_name, 'description', d.provider_about, 'email', d.provider_email,
                                           'website', d.provider_web))) AS listed,
       jsonb_strip_nulls(jsonb_build_object(
         'schedules', CASE d.kind WHEN 'event' THEN catalogue.directory_dates(d.source_id, d.ref, d.id) WHEN 'entry' THEN catalogue.directory_hours(d.hours, d.opens, d.ref, d.id) END,
         'service_areas', CASE WHEN d.is_national OR d.reach_m IS NOT NULL THEN jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
                            'id', catalogue.public_id('service_area', d.ref), 'service_id', d.id,
                            'name', CASE WHEN d.is_national THEN 'England'
                                         ELSE coalesce(d.area, 'Up to ' || greatest(1, round(d.reach_m / 1609.344)) || ' miles from ' || split_part(d.postcode, ' ', 1)) END))) END,
         'contacts', CASE WHEN d.phone IS NOT NULL THEN jsonb_build_array(jsonb_build_object('id', catalogue.public_id('contact', d.ref), 'service_id', d.id,
                            'name', d.provider_name, 'title', 'Telephone ' || d.phone)) END,
         'cost_options', (SELECT jsonb_agg(jsonb_build_object('id', catalogue.public_id('cost_option', d.ref || '/' || p.band), 'service_id', d.id, 'option', p.words,
                                             'amount', trim_scale(p.price / 100.0), 'amount_description', p.unit) ORDER BY p.band <> 'ordinary', p.band)
                            FROM (SELECT 'ordinary', 'Ordinary price', d.price, concat_ws(' ', 'GBP', catalogue.unit_words(d.unit)) WHERE d.price IS NOT NULL
                                  UNION ALL
                                  SELECT b.band, initcap(left(b.band, 1)) || substr(replace(b.band, '_', ' '), 2), b.price,
                                         CASE WHEN b.band IN ('half_hour', 'quarter_hour') THEN 'GBP each' ELSE concat_ws(' ', 'GBP', catalogue.unit_words(d.unit)) END
                                    FROM catalogue.listing_price b WHERE d.kind = 'listing' AND b.listing_id = d.source_id) p (band, words, price, unit)),
         'attributes', (SELECT jsonb_agg(jsonb_build_object('id', catalogue.public_id('attribute', d.ref || '/' || t.slug), 'link_id', d.id, 'link_type', 'service_category',
                                           'taxonomy_term_id', catalogue.public_id('taxonomy_term', t.slug), 'taxonomy_term', catalogue.directory_term(t)) ORDER BY t.rank, t.slug)
                          FROM unnest(catalogue.category_tags(d.category)) AS g JOIN catalogue.category t ON t.slug = substr(g, 5)))) AS related,
       CASE WHEN d.is_placed THEN jsonb_build_object('service_at_locations', jsonb_build_array(l.ids || jsonb_build_object('location', l.point || l.known))) ELSE '{}' END AS places,
       l.ids || jsonb_build_object('location', l.point || l.known) AS at_place,
       l.ids || jsonb_build_object('location', l.point) AS at_point
  FROM catalogue.directory_entry d
 CROSS JOIN LATERAL (SELECT
         jsonb_build_object('id', d.service_place_id, 'service_id', d.id, 'location_id', catalogue.public_id('location', d.ref)) AS ids,
         jsonb_strip_nulls(jsonb_build_object('id', catalogue.public_id('location', d.ref), 'location_type', 'physical', 'name', coalesce(d.place_name, d.name),
                                              'latitude', d.lat, 'longitude', d.lon)) AS point,
         jsonb_strip_nulls(jsonb_build_object(
           'addresses', '[]'::jsonb || catalogue.directory_address(d.ref, d.address, d.postcode, coalesce(d.place_name, d.name), coalesce(d.town, d.area, 'England')),
           'accessibility', (SELECT jsonb_agg(jsonb_build_object('id', catalogue.public_id('accessibility', d.ref || '/' || f), 'location_id', catalogue.public_id('location', d.ref),
                                                'description', catalogue.feature_words(ARRAY[f])) ORDER BY f)
                               FROM unnest(d.features) AS f WHERE f IN ('wheelchair', 'accessible_toilet', 'hearing_loop', 'bsl', 'quiet_space')))) AS known) l;
