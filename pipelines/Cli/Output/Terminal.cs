using System.Diagnostics;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// The streams of a command: results go to <see cref="Output"/>, progress and errors to <see cref="Error"/>. On a screen, progress is
/// one changing line. In a file, it is a new line every 15 seconds.
/// </summary>
/// <param name="output">For results.</param>
/// <param name="error">For progress, questions and errors.</param>
/// <param name="interactive">Whether progress is shown on a screen.</param>
/// <param name="cancellation">Cancelled by Ctrl-C.</param>
/// <param name="input">Answers questions; null if nobody is there to answer.</param>
public sealed class Terminal(
    TextWriter output,
    TextWriter error,
    bool interactive,
    CancellationToken cancellation,
    TextReader? input = null
)
{
    static readonly TimeSpan s_screenInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_fileInterval = TimeSpan.FromSeconds(15);

    readonly Stopwatch _sinceStatus = new();
    int _statusLength;

    /// <summary>For results only. Control characters are written as codes (see docs/reliability.md).</summary>
    public TextWriter Output { get; } = new PrintableWriter(output);

    /// <summary>For progress and errors, with the same codes for control characters.</summary>
    public TextWriter Error { get; } = new PrintableWriter(error);

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Writes the cause of a failure as one line, whatever the names in it contain.</summary>
    public void Fail(string line)
    {
        ClearStatus();
        Error.WriteLine($"error: {Printable.Line(line)}");
    }

    /// <summary>Writes a line that stays, such as the beginning of a stage.</summary>
    public void Note(string line)
    {
        ClearStatus();
        Error.WriteLine(Printable.Line(line));
        _sinceStatus.Restart();
    }

    /// <summary>Asks a question. Whether the answer is yes; null if nobody is there to answer.</summary>
    public bool? Ask(string question)
    {
        if (input is null)
            return null;
        ClearStatus();
        error.Write($"{Printable.Line(question)} [y/N] ");
        error.Flush();
        return input.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>Shows the state of the work in progress, at a limited rate.</summary>
    public void Status(Func<string> line)
    {
        if (_sinceStatus.IsRunning && _sinceStatus.Elapsed < (interactive ? s_screenInterval : s_fileInterval))
            return;

        _sinceStatus.Restart();
        var text = Printable.Line(line());
        if (!interactive)
        {
            Error.WriteLine(text);
            return;
        }

        error.Write($"\r{text}{new string(' ', Math.Max(0, _statusLength - text.Length))}");
        error.Flush();
        _statusLength = text.Length;
    }

    /// <summary>Clears the changing line.</summary>
    public void ClearStatus()
    {
        if (_statusLength > 0)
            error.Write($"\r{new string(' ', _statusLength)}\r");
        _statusLength = 0;
    }

    /// <summary>Writes a table to <see cref="Output"/>: text aligned to the left, figures to the right.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        ClearStatus();
        IReadOnlyList<IReadOnlyList<string>> lines =
        [
            .. rows.Prepend(header).Select(IReadOnlyList<string> (cells) => [.. cells.Select(Printable.Line)]),
        ];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var isFigure = header
            .Select(
                (_, column) =>
                    lines.Skip(1).All(line => line[column].Length == 0 || char.IsAsciiDigit(line[column][^1]) || line[column][^1] == '%')
            )
            .ToArray();
        foreach (var line in lines)
            Output.WriteLine(
                "  "
                    + string.Join(
                            "  ",
                            line.Select(
                                (cell, column) =>
                                    isFigure[column] && column > 0 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])
                            )
                        )
                        .TrimEnd()
            );
    }

    /// <summary>Formats a duration for people: "8 s", "3 min 20 s".</summary>
    public static string Duration(double seconds) =>
        seconds < 60 ? $"{Math.Max(0, seconds):0} s"
        : seconds < 3600 ? $"{(int)(seconds / 60)} min {seconds % 60:00} s"
        : $"{(int)(seconds / 3600)} h {seconds % 3600 / 60:00} min";
}
