-- Two invented councils side by side in an invented valley. Nobody here is real.
UPDATE mc.installation SET is_demo = true;
INSERT INTO identity.council (id, slug, name, phone, email) VALUES
  (1, 'eastmere', 'Eastmere Council', '01632 960 100', 'care@eastmere.example'),
  (2, 'calderwick', 'Calderwick Council', '01632 960 200', 'care@calderwick.example');
