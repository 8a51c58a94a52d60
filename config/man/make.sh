#!/usr/bin/env bash
# Writes config/man/marketcross.8 from what the program says of itself: its commands and its configuration keys. `make gate-hardening` compares.
#   config/man/make.sh PROGRAM >config/man/marketcross.8
set -euo pipefail
program=${1:?program}
quoted() { sed -e 's/\\/\\e/g' -e "s/^\\([.']\\)/\\\\\\&\\1/" -e 's/"/\\(dq/g' -e 's/…/.../g' -e 's/ *$//'; }
cat <<'HEAD'
.Dd November 2026
.Dt MARKETCROSS 8
.Os
.Sh NAME
.Nm marketcross
.Nd marketplace and community catalogue for self-directed support
.Sh SYNOPSIS
.Nm
.Ar command
.Op Ar option ...
.Sh DESCRIPTION
.Nm
serves the site, does its background work, and proves that its books are whole.
Its commands are:
.Bl -tag -width Ds
HEAD
"$program" --help | sed -n '3,$p' | while IFS= read -r line; do
  about=$(sed -E 's/.* {2,}//' <<<"$line" | quoted)
  usage=$(sed -E 's/ {2,}[^ ].*$//2; s/^ +//; s/ {2,}[^ ]+( [^ ]+)*$//; s/ +/ /g' <<<"${line%  *}" | quoted)
  printf '.It Ic %s\n%s.\n' "$usage" "$about"
done
cat <<'MIDDLE'
.El
.Sh CONFIGURATION
The file consists of lines of the form
.Dl key = value
Precedence rises from built-in values over the file, then the environment
.Pq Ev MARKETCROSS_KEY ,
to the command line
.Pq Fl -set Ar key=value .
.Bl -tag -width Ds
MIDDLE
"$program" config sample | quoted | awk '/^#$/ || /^$/ {about = ""; next}
  match($0, /^# [a-z_0-9]+ = /) {value = $0; sub(/^# /, "", value); split(value, part, " = "); sub(/^[a-z_0-9]+ = /, "", value); printf ".It Ic %s\n%s\nBuilt in: %s\n", part[1], about, value; about = ""; next}
  {sub(/^# /, ""); about = about (about == "" ? "" : "\n") $0}'
cat <<'TAIL'
.El
.Sh SIGNALS
.Bl -tag -width Ds
.It Dv SIGTERM
Stops accepting, answers what is in flight, and ends.
.It Dv SIGHUP
Reads the certificate again.
.El
.Sh EXIT STATUS
Zero when all is well; 1 when
.Ic verify
found something; otherwise a value of
.Xr sysexits 3 .
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/marketcross/marketcross.conf
The configuration by convention.
.El
.Sh SEE ALSO
.Xr psql 1 ,
.Xr systemd.service 5
TAIL
