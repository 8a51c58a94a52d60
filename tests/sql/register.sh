#!/usr/bin/env bash
# `marketcross register` takes a council from nothing to where people can order; lists sent again change nothing, a faulty line changes nothing. On the database
# that run_c.sh migrated.
set -euo pipefail
list=$MC_TEST_DIR/list.csv
run() { "$MC_TEST_PROGRAM" register "$1" --database "host=$MC_TEST_SOCKET user=mc_migrate dbname=mc" "$list" 2>&1; }
ask() { psql -X -qAt -v ON_ERROR_STOP=1 -h "$MC_TEST_SOCKET" -U postgres -d mc -c "$1"; }
says() { # KIND WHAT LIST…
  local kind=$1 what=$2 got
  shift 2
  printf '%s\n' "$@" >"$list"
  got=$(run "$kind") || true
  [[ $got == *"$what"* ]] || { echo "register $kind: wanted \"$what\", got \"$got\"" >&2; exit 1; }
}
people=('council,case_ref,name,postcode' 'northwold,C-1,Ann Hale,NW1 1AA' 'northwold,C-2,"Bell, Tom",')
says people 'line 2: there is no council "northwold"' "${people[@]}"
says councils '1 added, 0 changed' 'slug,name,phone,email' 'northwold,Northwold Council,01632 960 300,care@northwold.example'
says councils '0 added, 1 changed' 'slug,name,phone,email' 'northwold,Northwold Council,01632 960 301,care@northwold.example'
says councils '0 added, 0 changed' 'email,phone,name,slug' 'care@northwold.example,01632 960 301,Northwold Council,northwold'
says people '2 added' "${people[@]}"
says people '0 added, 0 changed' "${people[@]}"
says people 'line 3: the column postcode must hold a full postcode, not "NORTH"' "${people[0]}" 'northwold,C-3,New Name,' 'northwold,C-4,Other,NORTH'
[ "$(ask "SELECT count(*) FROM identity.person p JOIN identity.council c ON c.id = p.council_id WHERE c.slug = 'northwold'")" = 2 ]
says bank-accounts '1 added' 'council,name,sort_code,account_number,client_money' 'northwold,Care,60-00-09,12345678,no'
says bank-accounts '0 added, 1 changed' 'council,name,sort_code,account_number' 'northwold,Adult care,600009,12345678'
says bank-accounts 'line 2: the column account_number must hold eight digits' 'council,name,sort_code,account_number' 'northwold,Care,600009,1234'
says organisations '1 added' 'name,kind,summary' 'Larch Lane Care,agency,Help at home'
says organisations '0 added, 0 changed' 'name,kind,summary' 'larch lane care,agency,Help at home'
says roles '4 added' 'council,role,email,name,organisation,person' 'northwold,finance,f@northwold.example,Fay Finn,,' 'northwold,commissioner,c@northwold.example,Cal Cole,,' \
  'northwold,provider,l@larch.example,Lou Larch,Larch Lane Care,' 'northwold,holder,ann@home.example,Ann Hale,,C-1'
says roles '0 added, 0 changed' 'council,role,email,name,organisation,person' 'northwold,provider,L@larch.example,Lou Larch,larch lane care,'
says roles '0 added, 1 changed' 'council,role,email,name,ended' 'northwold,finance,f@northwold.example,Fay Finn,yes'
says roles '0 added, 0 changed' 'council,role,email,name,ended' 'northwold,finance,f@northwold.example,Fay Finn,yes'
says roles '1 added, 0 changed' 'council,role,email,name,ended' 'northwold,finance,f@northwold.example,Fay Finn,no'
says roles 'line 2: 0 organisations are called "Nobody"' 'council,role,email,name,organisation' 'northwold,broker,b@x.example,Bo,Nobody'
says roles 'must hold an e-mail address' 'council,role,email,name' $'northwold,finance,"x@town.example\r\nBcc:everybody",Fay'
says roles 'the column role must hold holder,' 'council,role,email,name' 'northwold,king,k@x.example,Kay'
says outcomes '1 added' 'council,person,title,agreed_on' 'northwold,C-1,To swim again,2026-04-01'
says outcomes '0 added, 1 changed' 'council,person,title,agreed_on,ended_on' 'northwold,C-1,To swim again,2026-04-01,2027-03-31'
says outcomes 'holds no day that exists' 'council,person,title,agreed_on' 'northwold,C-1,To swim,2026-02-30'
says outcomes 'no person with the case reference "C-9"' 'council,person,title,agreed_on' 'northwold,C-9,To swim,2026-02-28'
listing=$(ask "INSERT INTO catalogue.listing (ref, organisation_id, title, summary, category, unit, price, delivered)
  SELECT mc.new_ref(), max(o.id), 'Swimming together', '', (SELECT min(slug) FROM catalogue.category), 'hour', 2000, '{home}' FROM identity.organisation o RETURNING ref")
says agreed-prices '1 added' 'council,listing,price,valid_from' "northwold,$listing,18.50,2026-04-01"
says agreed-prices '1 added' 'council,listing,price,valid_from' "northwold,$listing,19.25,2027-04-01"
says agreed-prices 'another price is agreed from 2027-04-01' 'council,listing,price,valid_from' "northwold,$listing,19.00,2027-04-01"
[ "$(ask "SELECT string_agg(price || ' ' || coalesce(valid_to::text, '-'), ', ' ORDER BY valid_from) FROM catalogue.agreed_price")" = "1850 2027-03-31, 1925 -" ]
says people 'the column "colour" is none of council,case_ref,name,postcode,needs' 'council,case_ref,name,colour' 'northwold,C-1,Ann,red'
says people 'must name the columns council,case_ref,name' 'council,name' 'northwold,Ann'
says people 'line 2 has 1 cells' "${people[0]}" 'northwold'
[ "$(ask "SELECT count(*) FROM audit.event WHERE verb = 'registered'")" -ge 10 ]
echo "register: all as expected"
