# SPDX-License-Identifier: MIT
# fish completion for gover. Commands and options are read from --help, so they are always up to date.

# The command on the line so far, or nothing.
function __gover_command
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if contains -- $word -C --directory --color
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
end

function __gover_in
    contains -- (__gover_command) $argv
end

function __gover_commands
    gover --help 2>/dev/null | sed -n '/^commands:/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1\t\2/p'
end

function __gover_options
    gover (__gover_command) --help 2>/dev/null |
        sed -nE 's/^ +(-[A-Za-z], )?(--[a-z-]+)( [A-Z\/]+)? +(.*)/\2\t\4/p'
end

function __gover_versions
    gover -q list $argv 2>/dev/null | sed -E 's/^[* ] //; s/  +/\t/; s/  +/ /g'
end

# Versions that can be installed, from the local list: no network.
function __gover_known
    GOVER_SOURCES=off __gover_versions --remote --all
end

function __gover_keys
    gover config 2>/dev/null | string replace -r ' .*' ''
end

function __gover_cells
    gover -q cell list 2>/dev/null | string replace -r ' .*' ''
end

function __gover_words
    printf '%s\n' latest stable oldstable
end

complete -c gover -f
complete -c gover -n 'string match -q -- "-*" (commandline -ct)' -k -a '(__gover_options)'
complete -c gover -n 'test -z (__gover_command)' -k -a '(__gover_commands)'
complete -c gover -n '__gover_in install pin' -k -a '(__gover_known; __gover_words)'
complete -c gover -n '__gover_in uninstall env' -k -a '(__gover_versions)'
complete -c gover -n '__gover_in exec; and not contains -- -- (commandline -opc)' -k -a '(__gover_versions)'
complete -c gover -n '__gover_in exec; and contains -- -- (commandline -opc)' -a '(complete -C (commandline -ct))'
complete -c gover -n '__gover_in use default' -k -a '(__gover_versions; __gover_words; echo system)'
complete -c gover -n '__gover_in which' -a 'go gofmt gopls dlv'
complete -c gover -n '__gover_in engine' -a 'docker podman bwrap host'
complete -c gover -n '__gover_in cell; and test (commandline -opc)[-1] = cell' -a 'list enter remove'
complete -c gover -n '__gover_in cell; and test (commandline -opc)[-1] = enter' -a '(__gover_cells)'
complete -c gover -n '__gover_in cell; and contains -- remove (commandline -opc)' -a '(__gover_cells)'
complete -c gover -n '__gover_in ci; and test (commandline -opc)[-1] = ci' -a matrix
complete -c gover -n '__gover_in ci; and test (commandline -opc)[-1] = matrix' -a 'github gitlab'
complete -c gover -n '__gover_in ci; and contains -- (commandline -opc)[-2] matrix' -k -a '(__gover_versions)'
complete -c gover -n '__gover_in version' -a 'compare valid lang select'
complete -c gover -n '__gover_in config; and test (commandline -opc)[-1] = config' -a 'list get set unset'
complete -c gover -n '__gover_in config; and contains -- (commandline -opc)[-1] get set unset' -k -a '(__gover_keys)'
complete -c gover -n '__gover_in help' -k -a '(__gover_commands)'
complete -c gover -s C -l directory -x -a '(__fish_complete_directories)'
complete -c gover -l color -x -a 'auto always never'
complete -c gover -n '__gover_in env' -l shell -x -a 'sh bash dash zsh ksh mksh ash fish'
