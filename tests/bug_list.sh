# To be sourced. "id scenario seeds S1,S2 fast|slow" per planted bug of CATALOGUE, which has one
# member per line.
planted_bugs_of() {  # CATALOGUE
  awk -F'"' '
    $2 == "id" {id = $4}
    $2 == "scenario" {scenario = $4}
    $2 == "fast" {fast = /true/ ? "fast" : "slow"}
    $2 == "caught_by" {ids = ""; for (i = 4; i <= NF; i += 2) ids = ids (ids == "" ? "" : ",") $i}
    $2 == "seeds" {seeds = $3; gsub(/[^0-9]/, "", seeds)}
    $2 == "source" {print id, scenario, seeds, ids, fast}
  ' "$1"
}

wanted() {  # BUG NAMES...: no names, or one of them
  local bug="$1" name
  shift
  (($# == 0)) && return 0
  for name in "$@"; do [[ "$name" == "$bug" ]] && return 0; done
  return 1
}
