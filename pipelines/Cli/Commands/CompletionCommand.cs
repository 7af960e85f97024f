using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>completion</c>: the script with which a shell completes this program's command line.</summary>
sealed class CompletionCommand : Command
{
    static readonly Dictionary<string, string> s_scripts = new()
    {
        ["bash"] = """
            _noisynn() {
                local IFS=$'\n'
                COMPREPLY=( $("${COMP_WORDS[0]}" complete --position "$COMP_POINT" -- "$COMP_LINE" 2> /dev/null) )
            }
            complete -o default -F _noisynn noisynn
            """,
        ["zsh"] = """
            _noisynn() {
                local -a found
                found=("${(@f)$("${words[1]}" complete --position "$CURSOR" -- "$BUFFER" 2> /dev/null)}")
                [[ -n "$found[1]" ]] && compadd -- "${found[@]}" || _files
            }
            compdef _noisynn noisynn
            """,
        ["fish"] = """
            complete -c noisynn -a '(set -l line (commandline -cp); noisynn complete --position (string length -- $line) -- $line 2> /dev/null)'
            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName noisynn -ScriptBlock {
                param($word, $line, $cursor)
                noisynn complete --position $cursor -- "$line" 2> $null | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    readonly Argument<string> _shell = new("SHELL") { Description = "The shell: bash, zsh, fish or powershell." };

    public CompletionCommand(Terminal terminal)
        : base(
            "completion",
            """
            Prints the script with which a shell completes commands, options and their values at the Tab key. Put the line of the example
            into the start file of your shell; 'noisynn' must be on the PATH for fish and PowerShell.

            Example:  source <(noisynn completion bash)                          # ~/.bashrc
                      source <(noisynn completion zsh)                           # ~/.zshrc, after compinit
                      noisynn completion fish | source                           # ~/.config/fish/config.fish
                      noisynn completion powershell | Out-String | iex           # $PROFILE
            """
        )
    {
        _shell.AcceptOnlyFromAmong([.. s_scripts.Keys]);
        Add(_shell);
        SetAction(parsed => terminal.Output.WriteLine(s_scripts[parsed.GetValue(_shell)!]));
    }
}

/// <summary><c>complete</c>: what may follow in a command line. The scripts of <c>completion</c> call it.</summary>
sealed class CompleteCommand : Command
{
    readonly Option<int?> _position = new("--position") { Description = "The place of the cursor. Default: the end of the line." };
    readonly Argument<string> _line = new("LINE") { Description = "The line as it was typed, with the name of the program." };

    /// <param name="terminal">Receives a completion a line.</param>
    /// <param name="root">The command whose line it is.</param>
    public CompleteCommand(Terminal terminal, Command root)
        : base("complete", "Prints what may follow in a command line.")
    {
        Hidden = true;
        Add(_position);
        Add(_line);
        SetAction(parsed =>
        {
            var line = parsed.GetValue(_line)!;
            var typed = line[..Math.Clamp(parsed.GetValue(_position) ?? line.Length, 0, line.Length)];
            foreach (var completion in Complete(root, typed))
                terminal.Output.WriteLine(completion);
        });
    }

    static IEnumerable<string> Complete(Command root, string typed)
    {
        // The first word is the name of the program, with or without a path.
        var start = typed.IndexOf(' ', StringComparison.Ordinal);
        if (start < 0)
            return [];
        var rest = typed[(start + 1)..];
        var word = rest[(rest.LastIndexOf(' ') + 1)..];
        return root.Parse(rest)
            .GetCompletions(rest.Length)
            .Select(completion => completion.InsertText ?? completion.Label)
            .Where(text => text.StartsWith(word, StringComparison.Ordinal) && text is not ("-?" or "-h" or "/?" or "/h"))
            .Distinct()
            .Order(StringComparer.Ordinal);
    }
}
