#!/bin/sh
# What --dry-run prints is what independent arithmetic says, to the nanosecond; what cannot be a
# schedule gets one clear line; and neither leaves anything behind.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
mkdir "$work/empty"
cd "$work/empty"

# schedule_is WARMUP_SLOTS INSTANTS OPTION...: INSTANTS is a Python expression; the nearest nanosecond
# of each must stand there, in order, and the head must tell as many.
schedule_is() {
    n_warmup=$1
    instants=$2
    shift 2
    is_code 0 "$bin/loadgen" --dry-run "$@" && $python - "$work/out" "$n_warmup" "$instants" <<'END'
import math, re, sys
from fractions import Fraction as F

def root(slots_before, n, end):
    """The instant before which n slots are expected."""
    low, high = 0.0, float(end)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if slots_before(middle) < n else (low, middle)
    return high

text = open(sys.argv[1]).read().splitlines()
head = [line for line in text if line.startswith("#")]
rows = [line.split(",") for line in text[len(head) + 1:]]
wanted = list(eval(sys.argv[3]))
n_warmup = int(sys.argv[2])
assert text[len(head)] == "slot,global_slot,due_s,warmup", text[:8]
assert f"# slots: {len(wanted)}, of them {n_warmup} warm-up" in head, head
assert len(rows) == len(wanted), (len(rows), len(wanted))
for i, (row, due) in enumerate(zip(rows, wanted)):
    assert row[:2] == [str(i), str(i)] and row[3] == str(int(i < n_warmup)), row
    assert re.fullmatch(r"\d+\.\d{9}", row[2]), row
    assert abs(F(row[2]) - F(due)) <= F(501, 10**12), (i, row[2], float(due))
END
}

# Of a seed: its gaps are exponential (Kolmogorov's distance below that of 1 in 1000).
is_poisson() {
    is_code 0 "$bin/loadgen" --dry-run --arrivals poisson --rate 250 -r 5000 --seed 11 && $python - "$work/out" <<'END'
import math, sys
text = open(sys.argv[1]).read().splitlines()
assert "# seed: 11" in text
due = [float(line.split(",")[2]) for line in text if line[0].isdigit()]
n = len(due)
assert n == 5000 and due == sorted(due)
gaps = sorted(b - a for a, b in zip([0.0] + due, due))
distance = max(max(abs((i + k) / n - (1 - math.exp(-250 * gap))) for k in (0, 1)) for i, gap in enumerate(gaps))
assert distance < 1.95 / math.sqrt(n), distance
assert abs(due[-1] * 250 / n - 1) < 5 / math.sqrt(n), due[-1]
END
}
# seeded SEED FILE
seeded() {
    "$bin/loadgen" --dry-run --arrivals poisson --rate 250 -r 500 --seed "$1" >"$2"
}
differ() {
    ! cmp -s "$work/a" "$work/b"
}
is_repeated() {
    seed=$(sed -n 's/^# seed: //p' "$work/out")
    mv "$work/out" "$work/a"
    seeded "$seed" "$work/b" && cmp "$work/a" "$work/b"
}
tells_of_closed() {
    is_code 0 "$bin/loadgen" --dry-run --arrivals closed:64 --duration 2s --warmup 500ms &&
        grep -qx '# in flight: 64, the next when one ends' "$work/out" &&
        grep -qx '# slots: as many as there is time for' "$work/out" &&
        grep -qx '# length_s: 2.500000000, of them 0.500000000 warm-up' "$work/out" && ! grep -qv '^#' "$work/out"
}

# The sample: 20/s for 10 s of warm-up; 20..100/s in 30 s; a minute of poisson; ten bursts; three steps.
is_the_sample() {
    $python - "$work/out" <<'END'
import math, sys
rows = [line.strip().split(",") for line in open(sys.argv[1]) if line[0].isdigit()]
due = [float(row[2]) for row in rows]
slope = 80 / 30
ramp = [10 + (math.sqrt(20**2 + 2 * slope * i) - 20) / slope for i in range(1800)]
before = [i / 20 for i in range(200)] + ramp
after = [100 + i // 50 * 0.5 for i in range(500)]
after += [105 + i / 80 for i in range(800)] + [115 + i / 40 for i in range(400)] + [125 + i / 20 for i in range(200)]
random = due[len(before):len(due) - len(after)]
for found, wanted in ((due[:len(before)], before), (due[len(due) - len(after):], after)):
    for a, b in zip(found, wanted, strict=True):
        assert abs(a - b) < 1e-9, (a, b)
assert [row[3] for row in rows] == ["1"] * 200 + ["0"] * (len(rows) - 200)
assert random == sorted(random) and random[0] >= 40 and random[-1] < 100
assert abs(len(random) - 6000) < 5 * math.sqrt(6000), len(random)
END
}

# refused WORDS OPTION...: exit code 2, nothing on stdout, and one line with these words.
refused() {
    words=$1
    shift
    is_code 2 "$bin/loadgen" --dry-run "$@" && says "$words" && [ ! -s "$work/out" ]
}
# refused_plan WORDS TEXT: likewise, of a load plan.
refused_plan() {
    printf '%b' "$2" >"$work/plan.yml"
    refused "$1" --load-plan "$work/plan.yml"
}
nothing_made() {
    [ -z "$(ls -A)" ]
}

check 'without any option: a thousand at 100/s' schedule_is 0 '(F(i, 100) for i in range(1000))'
check 'constant' schedule_is 0 '(F(i, 700) for i in range(2100))' --rate 700 --duration 3s
check 'requests end it where they are fewer' schedule_is 0 '(F(i, 10) for i in range(5))' --rate 10 -r 5 --duration 1s
check 'the time where it is shorter' schedule_is 0 '(F(i, 10) for i in range(5))' --rate 10 -r 50 --duration 500ms
check 'either where both say the same' schedule_is 0 '(F(i, 10) for i in range(5))' --rate 10 -r 5 --duration 500ms
check 'a slot that is due at the very end is not in it' schedule_is 0 '(0, F(1, 3), F(2, 3))' --rate 3 --duration 1s
check 'a request in 100 s' schedule_is 0 '(0, 100, 200)' --rate 0.01 -r 3
check 'for less than that' schedule_is 0 '(0,)' --rate 0.01 --duration 99s
check 'for a week' schedule_is 0 '(100 * i for i in range(6048))' --rate 0.01 --duration 168h
check 'warm-up goes before, and is marked' schedule_is 3 '(F(i, 10) for i in range(8))' --rate 10 -r 5 --warmup 300ms
check 'of a part of a gap: the rest begins when it ends' schedule_is 4 \
    '[F(i, 10) for i in range(4)] + [F(35, 100) + F(i, 10) for i in range(5)]' --rate 10 -r 5 --warmup 350ms

check 'a ramp upwards' schedule_is 0 '((math.sqrt(100 + 2 * 9.5 * i) - 10) / 9.5 for i in range(2100))' \
    --arrivals ramp:10..200 --duration 20s
check 'downwards' schedule_is 0 '((200 - math.sqrt(200**2 - 2 * 9.5 * i)) / 9.5 for i in range(2100))' \
    --arrivals ramp:200..10 --duration 20s
check 'from nothing, for as long as the requests take' schedule_is 0 '(math.sqrt(i) for i in range(4))' \
    --arrivals ramp:0..4 -r 4
check 'steps' schedule_is 0 '[0, 1, F(3, 2), 2, F(9, 4), F(5, 2), F(11, 4)]' --arrivals steps:1,2,4,every=1s
check 'cut off by requests' schedule_is 0 '[0, 1, F(3, 2), 2]' --arrivals steps:1,2,4,every=1s -r 4
check 'of even parts of the time' schedule_is 0 \
    '[F(i, 20) for i in range(40)] + [2 + F(i, 50) for i in range(100)]' --arrivals steps:20,50 --duration 4s
check 'a sine' schedule_is 0 \
    '(root(lambda t: 50 * (t + 0.8 * 2 / (2 * math.pi) * (1 - math.cos(math.pi * t))), i, 6) for i in range(300))' \
    --arrivals sine:amplitude=0.8,period=2s --rate 50 --duration 6s
check 'by default of half the rate, once in the whole' schedule_is 0 \
    '(root(lambda t: 20 * (t + 0.5 * 4 / (2 * math.pi) * (1 - math.cos(math.pi * t / 2))), i, 4) for i in range(80))' \
    --arrivals sine --rate 20 --duration 4s
check 'bursts, the last one whole' schedule_is 0 '(F(i // 7 * 7, 30) for i in range(63))' --arrivals burst:7 --rate 30 --duration 2s

printf '# recorded\n100.5\n\n100.75\n 101.25 \r\n102.5' >"$work/stamps"
printf '2026-11-21T10:00:00Z\n2026-11-21T10:00:00.125Z\n2026-11-21T10:00:02Z\n' >"$work/stamps,old"
check 'a replay' schedule_is 0 '(0, F(1, 4), F(3, 4), 2)' --arrivals "replay:$work/stamps"
check 'twice as fast' schedule_is 0 '(0, F(1, 8), F(3, 8), 1)' --arrivals "replay:$work/stamps,speed=2"
check 'of a part' schedule_is 0 '(0, F(1, 4), F(3, 4))' --arrivals "replay:$work/stamps" --duration 1s
check 'of days and times, from a file whose name has a comma' schedule_is 0 '(0, F(1, 8), 2)' \
    --arrivals "replay:$work/stamps,old"

check 'poisson: the gaps are exponential' is_poisson
check 'a seed' seeded 11 "$work/a"
check 'the same again' seeded 11 "$work/b"
check 'gives the same schedule' cmp "$work/a" "$work/b"
check 'another seed' seeded 12 "$work/b"
check 'gives another' differ
check 'without a seed there is a new one' is_code 0 "$bin/loadgen" --dry-run --arrivals poisson --rate 250 -r 500
check 'that is told, so that it can be had again' is_repeated
check 'a closed loop has no schedule, and says so' tells_of_closed

check 'the sample of a load plan' is_code 0 "$bin/loadgen" --dry-run --load-plan "$top/samples/load-plan.yml"
check 'is what its comments say' is_the_sample
printf 'stages:\n- {rate_per_s: 10, duration_s: 0.5, warmup: true}\n- {rate_per_s: 4, requests: 8}\n' >"$work/plan.yml"
check 'stages abut' schedule_is 5 '[F(i, 10) for i in range(5)] + [F(1, 2) + F(i, 4) for i in range(8)]' --load-plan "$work/plan.yml"
check 'requests bound them together, warm-up not counted' schedule_is 5 \
    '[F(i, 10) for i in range(5)] + [F(1, 2) + F(i, 4) for i in range(3)]' --load-plan "$work/plan.yml" -r 3

check 'a rate that is too low' refused '--rate must be 0.01..1000000, got 0.009' --rate 0.009
check 'too high' refused '--rate' --rate 1000001
check 'no number' refused "--rate must be a number, got 'fast'" --rate fast
check 'a time without a unit that is known' refused '--duration' --duration 5x
check 'no requests' refused '--requests' -r 0
check 'a rate for arrivals with rates of their own' refused '--rate is not for --arrivals ramp' --arrivals ramp:1..2 --rate 5
check 'arrivals that no one knows' refused "--arrivals poison: there are no arrivals 'poison'; did you mean 'poisson'?" \
    --arrivals poison
check 'a ramp without its end' refused '--arrivals ramp:1: it is written ramp:FROM..TO' --arrivals ramp:1
check 'a ramp of nothing' refused '--arrivals ramp:0..0' --arrivals ramp:0..0
check 'a step that is no rate' refused "each rate must be a number of 0.01..1000000, got '0'" --arrivals steps:1,0
check 'a misspelt setting' refused "unknown setting 'evry'; did you mean 'every='?" --arrivals steps:1,2,evry=1s
check 'too great an amplitude' refused 'amplitude must be a number of 0..1' --arrivals sine:amplitude=1.1
check 'half a request' refused 'SIZE must be a whole number' --arrivals burst:1.5
check 'none in flight' refused '--arrivals closed:0' --arrivals closed:0
check 'nothing due in so short a time' refused 'no request is due in 0.001 s' --arrivals poisson --rate 0.01 --duration 1ms --seed 1
check 'a warm-up of a ramp from nothing' refused '--warmup needs a rate' --arrivals ramp:0..1 --duration 1s --warmup 1s
check 'a recording that is not there' refused "cannot open $work/none" --arrivals "replay:$work/none"
printf '1\n2\n1.5\n' >"$work/back"
check 'one that goes back' refused "$work/back:3: the time stamp is before the one above it" --arrivals "replay:$work/back"
printf '1\nsoon\n' >"$work/words"
check 'a time stamp that is none' refused "$work/words:2: 'soon' is no time stamp" --arrivals "replay:$work/words"
: >"$work/blank"
check 'none at all' refused "$work/blank has no time stamp" --arrivals "replay:$work/blank"
check 'a shard beyond the last' refused '--shard must be I/N' --shard 3/2 --start-at 9000000000
check 'shards without a start' refused '--shard needs --start-at' --shard 1/2
check 'nor a seed' refused '--shard needs --seed' --shard 1/2 --start-at 9000000000
check 'a start that has passed' refused '--start-at 2020-01-01T00:00:00Z has passed' --start-at 2020-01-01T00:00:00Z
check 'no instant' refused '--start-at must be an instant' --start-at tomorrow
check 'arrivals and a load plan' refused '--arrivals or --load-plan, not both' --arrivals poisson --load-plan "$work/plan.yml"
check 'a load plan that is not there' refused "$work/none.yml: no such file" --load-plan "$work/none.yml"
check 'a stage without a rate' refused_plan 'plan.yml:2: rate_per_s is missing' 'stages:\n- duration_s: 1\n'
check 'without an end' refused_plan 'plan.yml:3: this has no end' \
    'stages:\n- {rate_per_s: 5, duration_s: 1}\n- {rate_per_s: 5}\n'
check 'with a misspelt key' refused_plan "plan.yml:4: unknown key 'duraton_s'; did you mean 'duration_s'?" \
    'stages:\n- rate_per_s: 5\n  duration_s: 1\n  duraton_s: 1\n'
check 'with arrivals that are none' refused_plan 'plan.yml:2: arrivals ramp:1..' 'stages:\n- arrivals: ramp:1..\n  duration_s: 1\n'
check 'a warm-up amid the load' refused_plan 'plan.yml:3: only the first stages may be warm-up' \
    'stages:\n- {rate_per_s: 5, duration_s: 1}\n- {rate_per_s: 5, duration_s: 1, warmup: true}\n'
check 'a load that is all warm-up' refused_plan 'all stages are warm-up' 'stages:\n- {rate_per_s: 5, duration_s: 1, warmup: true}\n'
check 'a closed loop among stages' refused_plan 'plan.yml:3: no stage can follow a closed loop' \
    'stages:\n- {arrivals: "closed:3", duration_s: 1}\n- {rate_per_s: 5, duration_s: 1}\n'
check 'no stages' refused_plan 'plan.yml:1: stages must be a list' 'stages: 5\n'
check 'nothing was made by any of these' nothing_made
finish
