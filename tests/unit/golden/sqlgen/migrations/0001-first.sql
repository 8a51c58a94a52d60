CREATE TABLE mc.a (n int); -- "quoted"
	SELECT E'\n';
