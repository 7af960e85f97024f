using System.Text;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Standard output and standard error of this process. Results that cannot be written end the command;
/// <see cref="Console"/> would go on for a pipe whose reader has gone. Messages that cannot be written, on a closed terminal, are
/// dropped, and the work continues.
/// </summary>
static class StandardStreams
{
    /// <summary>For results.</summary>
    public static TextWriter Output { get; } = OperatingSystem.IsWindows() ? Console.Out : Writer(new DescriptorStream(1));

    /// <summary>For progress and errors.</summary>
    public static TextWriter Error { get; } = OperatingSystem.IsWindows() ? Console.Error : Writer(new DescriptorStream(2, isLossy: true));

    static TextWriter Writer(DescriptorStream stream)
    {
        const int utf8 = 65001;
        var encoding = Console.OutputEncoding;
        // Leave out the byte order mark that .NET's own UTF-8 encoding writes first.
        return TextWriter.Synchronized(
            new StreamWriter(stream, encoding.CodePage == utf8 ? new UTF8Encoding(false) : encoding) { AutoFlush = true }
        );
    }
}
