-- Which payment file a council's bank takes is a profile of its account: pain.001 of one of two versions, or records in the style of Bacs Standard 18.
-- A run keeps the profile with which it was put together.
ALTER TABLE payments.bank_account
  ADD COLUMN profile text NOT NULL DEFAULT 'pain.001.001.09' CHECK (profile IN ('pain.001.001.09', 'pain.001.001.03', 'bacs18')),
  ADD COLUMN service_user_number text CHECK (service_user_number ~ '^[0-9]{6}$'), -- given by Bacs to whoever submits
  ADD CHECK (profile <> 'bacs18' OR service_user_number IS NOT NULL);
ALTER TABLE payments.run ADD COLUMN profile text NOT NULL DEFAULT 'pain.001.001.09' CHECK (profile IN ('pain.001.001.09', 'pain.001.001.03', 'bacs18'));
