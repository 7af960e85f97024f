using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NoisyNN.Transforms.Native;

/// <summary>
/// The message of libtorch without the 20 to 30 C++ frames that it adds. TorchSharp passes the whole text on as an
/// <see cref="ExternalException"/>.
/// </summary>
static partial class LibtorchError
{
    static readonly string[] s_outOfMemory = ["not enough memory", "can't allocate memory", "out of memory"];

    /// <summary>The message of libtorch as one sentence on one line.</summary>
    public static string Sentence(ExternalException failure)
    {
        var text = failure.Message;
        var end = Frames().Match(text) is { Success: true } frames ? frames.Index : text.Length;
        return Place().Replace(LineBreaks().Replace(text[..end].Trim(), " "), "").TrimEnd('.') + ".";
    }

    /// <summary>Whether memory ran out, on the CPU or on a GPU.</summary>
    public static bool IsOutOfMemory(Exception failure) =>
        failure is OutOfMemoryException
        || failure is ExternalException && s_outOfMemory.Any(words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>A failure of work on batches, with a message for the user; null if libtorch did not cause it.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="batchSize">The number of rows in a batch.</param>
    public static Exception? Translate(Exception failure, int batchSize)
    {
        if (IsOutOfMemory(failure))
            return new InsufficientMemoryException(OutOfMemory(failure, batchSize), failure);
        return failure is ExternalException error and not COMException and not SEHException
            ? new InvalidOperationException($"libtorch: {Sentence(error)}", failure)
            : null;
    }

    static string OutOfMemory(Exception failure, int batchSize)
    {
        var asked =
            Requested().Match(failure.Message) is { Success: true } match
            && long.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var bytes)
                ? string.Create(CultureInfo.InvariantCulture, $" libtorch asked for another {bytes / 1048576.0:N0} MiB.")
                : "";
        var remedy =
            batchSize > 1
                ? $"The batch size is {batchSize}; try {batchSize / 2}."
                : "The batch size is 1 already; use a smaller network or smaller images.";
        return $"Out of memory.{asked} {remedy}";
    }

    /// <summary>
    /// The beginning of the frames: "Exception raised from FUNCTION at LINE (most recent call first):", or the first frame.
    /// </summary>
    [GeneratedRegex(@"\s*(Exception raised from .* \(most recent call first\):|frame #0:)")]
    private static partial Regex Frames();

    /// <summary>The line of libtorch's source, and the condition in it.</summary>
    [GeneratedRegex(@"^\[enforce fail at [^\]]*\][^.]*\.\s+")]
    private static partial Regex Place();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();

    [GeneratedRegex(@"tried to allocate (\d+) bytes")]
    private static partial Regex Requested();
}
