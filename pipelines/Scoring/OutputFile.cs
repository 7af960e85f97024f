using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The file that <c>--output</c> names. It is checked before any work.</summary>
static class OutputFile
{
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The folder is missing or cannot be written, or something at the path can be neither replaced nor
    /// written to; the message has the remedy.</exception>
    public static OutputPlace Require(string path)
    {
        var place = Find(path);
        if (place.IsStream)
            return place;

        var folder = Path.GetDirectoryName(place.Path)!;
        if (!Directory.Exists(folder))
            throw new IOException(
                $"there is no folder {folder} to write {Path.GetFileName(place.Path)} "
                    + "into. Create it, or choose another file with --output FILE."
            );
        try
        {
            using var probe = TemporaryFile.Create(place.Path);
            File.Delete(probe.Name);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"the folder {folder} cannot be written: "
                    + $"{WriteFailure.Explain(folder, refused) ?? "the system denies it. Allow writing there."} "
                    + "Or choose another file with --output FILE.",
                refused
            );
        }
        return place;
    }

    static OutputPlace Find(string path)
    {
        try
        {
            return OutputPlace.Of(path);
        }
        catch (OutputRefusedException refused)
        {
            throw new IOException($"--output FILE: {refused.Message}", refused);
        }
    }

    /// <param name="place">The output.</param>
    /// <param name="inputs">The files that the command reads, and so must not replace.</param>
    /// <exception cref="UsageException">The output is one of the inputs, which would be lost.</exception>
    public static void RefuseInput(OutputPlace place, params IEnumerable<string> inputs)
    {
        if (place.Exists && inputs.FirstOrDefault(place.Is) is { } input)
            throw new UsageException($"--output is the input {input} itself, which would be lost; give another file.");
    }
}
