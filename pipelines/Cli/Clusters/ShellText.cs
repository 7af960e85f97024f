using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>Text for a POSIX shell.</summary>
static class ShellText
{
    /// <summary>A word, in quotes if it needs them.</summary>
    public static string Word(string text) => RunOptions.ForShell(text);

    /// <summary>Words, each in quotes if it needs them.</summary>
    public static string Words(params IEnumerable<string> words) => string.Join(' ', words.Select(Word));

    /// <summary>This program, as another machine that sees its files starts it.</summary>
    public static string Program
    {
        get
        {
            var start = TrialProcess.ThisProgram();
            return Words([start.FileName, .. start.ArgumentList]);
        }
    }
}
