# shellcheck shell=sh disable=SC2154 # the words of lib.sh are used here
# aws.sh - Debian's awscli as a user of a sandbox; source it after lib.sh, and learn_keys first.

# aws_runs SECRET REGION ARGUMENT...: what awscli says, in $work/aws.out.
aws_runs() {
    secret_used=$1
    region=$2
    shift 2
    env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret_used" AWS_DEFAULT_REGION="$region" AWS_PAGER='' \
        AWS_MAX_ATTEMPTS=1 HOME="$work" $python /usr/bin/aws --endpoint-url "$endpoint" --output json "$@" >"$work/aws.out" 2>&1
}
# aws_says WORDS REGION ARGUMENT...: it succeeds and prints them.
aws_says() {
    words=$1
    shift
    if ! aws_runs "$secret" "$@" || ! grep -q -- "$words" "$work/aws.out"; then
        cat "$work/aws.out"
        return 1
    fi
}
# aws_is_refused WORDS REGION ARGUMENT...: it does not, and says them.
aws_is_refused() {
    words=$1
    shift
    if aws_runs "$secret" "$@" || ! grep -q -- "$words" "$work/aws.out"; then
        cat "$work/aws.out"
        return 1
    fi
}
