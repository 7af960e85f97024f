using System.Text;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Writes text to a terminal or a redirected stream with control characters as codes (<see cref="Printable"/>). Line breaks and tabs
/// stay. JSON keeps its meaning, because the codes are JSON's own escapes.
/// </summary>
sealed class PrintableWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value is '\n' or '\r' or '\t' || Printable.IsPlain(value))
            inner.Write(value);
        else
            inner.Write(Printable.Lines($"{value}"));
    }

    public override void Write(string? value) => inner.Write(value is null ? null : Printable.Lines(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : Printable.Lines(value));

    public override void Flush() => inner.Flush();
}
