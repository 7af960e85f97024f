using System.Text;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Passes text on to a terminal, or to what stands for one, without what could steer it (<see cref="Printable"/>). Lines stay lines, and
/// JSON stays the same JSON: its
/// strings may hold such characters as the very codes that are put in their place.
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
