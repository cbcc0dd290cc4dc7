# shellcheck disable=SC2016 # words of the evidence stay words
set -eu
STATE_DIR="${OPENCLAW_STATE_DIR:-$HOME/.openclaw}"
# How the gateway runs: service, container or terminal.
GATEWAY="${GATEWAY:-@SUPERVISOR@}"
CONTAINER="${CONTAINER:-}"

say() { printf '%s\n' "$*"; }

refuse() { say "$*" >&2; exit 1; }

confirm() {
  [ "${YES:-}" = 1 ] && return 0
  printf '%s [y/N] ' "$1"
  read -r answer || return 1
  [ "$answer" = y ] || [ "$answer" = Y ]
}

by_hand() {
  say "By hand: $1"
  printf 'Press Enter when that is done, or Ctrl-C. '
  read -r answer || refuse 'Stopped.'
}

in_terminal() {
  printf '%s Then press Enter. ' "$1"
  read -r answer || refuse 'Stopped.'
}

stop_gateway() {
  case "$GATEWAY" in
    service) openclaw gateway stop ;;
    container) docker stop "$CONTAINER" ;;
    terminal) in_terminal 'Stop the gateway in the terminal where it runs (Ctrl-C).' ;;
  esac
}

start_gateway() {
  case "$GATEWAY" in
    service) openclaw gateway start ;;
    container) docker start "$CONTAINER" ;;
    terminal) in_terminal 'Start the gateway again in its terminal.' ;;
  esac
}

# patch_file FILE OPERATIONS: an RFC 6902 patch of "test" and "remove", all of it or nothing.
patch_file() {
  file="$STATE_DIR/$1"
  [ -f "$file" ] || refuse "$file is not there: set OPENCLAW_STATE_DIR. Nothing was changed."
  cp -p "$file" "$file.before-fix-$STAMP"
  apply="import json,os,sys
path,operations=sys.argv[1:3]
document=json.load(open(path,encoding='utf-8'))
for operation in json.loads(operations):
    *above,last=[s.replace('~1','/').replace('~0','~') for s in operation['path'].split('/')[1:]]
    parent=document
    try:
        for key in above: parent=parent[int(key) if isinstance(parent,list) else key]
        last=int(last) if isinstance(parent,list) else last
        value=parent[last]
    except (KeyError,IndexError,ValueError,TypeError): sys.exit(1)
    if operation['op']=='test':
        if type(value)!=type(operation['value']) or value!=operation['value']: sys.exit(1)
    else: del parent[last]
with open(path+'.fixed','x',encoding='utf-8') as new: json.dump(document,new,indent=2,ensure_ascii=False)
os.chmod(path+'.fixed',os.stat(path).st_mode & 0o777)
os.replace(path+'.fixed',path)"
  apply_node='const fs=require("fs"),[path,operations]=process.argv.slice(1),document=JSON.parse(fs.readFileSync(path,"utf8"));
for(const operation of JSON.parse(operations)){const keys=operation.path.split("/").slice(1).map(s=>s.replace(/~1/g,"/").replace(/~0/g,"~")),last=keys.pop();
let parent=document;for(const key of keys)parent=parent&&typeof parent==="object"&&Object.hasOwn(parent,key)?parent[key]:undefined;
if(!parent||typeof parent!=="object"||!Object.hasOwn(parent,last))process.exit(1);
if(operation.op==="test"){if(JSON.stringify(parent[last])!==JSON.stringify(operation.value))process.exit(1)}
else if(Array.isArray(parent))parent.splice(Number(last),1);else delete parent[last]}
fs.writeFileSync(path+".fixed",JSON.stringify(document,null,2),{flag:"wx",mode:fs.statSync(path).mode&0o777});
fs.renameSync(path+".fixed",path)'
  if command -v node > /dev/null 2>&1; then
    node -e "$apply_node" "$file" "$2" || refuse "$file has changed since, or cannot be read. Nothing was changed in it."
  elif command -v python3 > /dev/null 2>&1; then
    python3 -c "$apply" "$file" "$2" || refuse "$file has changed since, or cannot be read. Nothing was changed in it."
  else
    refuse 'Neither node nor python3 is here. Nothing was changed.'
  fi
  say "Patched $file; as it was: $file.before-fix-$STAMP"
}

case "$GATEWAY" in
  service | terminal) ;;
  container) [ -n "$CONTAINER" ] || refuse 'Say which container: CONTAINER=NAME sh fix.sh' ;;
  *) refuse 'Say how the gateway runs: GATEWAY=service, container (with CONTAINER=NAME) or terminal' ;;
esac
STAMP="$(date -u +%Y%m%dT%H%M%SZ)"

# --- 1. keep the evidence
forensics collect -o "openclaw-case-$STAMP.zip"
