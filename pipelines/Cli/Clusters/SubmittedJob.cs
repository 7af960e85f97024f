using System.Text.Json;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>A line of <c>.slurm/jobs.jsonl</c>: an array that was submitted for a folder.</summary>
/// <param name="Id">The number of the job.</param>
/// <param name="First">What to add to the numbers of the array to have those of the tasks.</param>
sealed record SubmittedJob(string Id, int First)
{
    static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>All arrays that were submitted for a folder.</summary>
    /// <exception cref="InvalidDataException">The list is damaged.</exception>
    public static IReadOnlyList<SubmittedJob> Read(string folder)
    {
        var path = PathOf(folder);
        try
        {
            return File.Exists(path)
                ? [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<SubmittedJob>(line, s_json)!)]
                : [];
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"{path} is damaged: {damaged.Message} Delete it when no job of the folder is queued.", damaged);
        }
    }

    /// <summary>Adds a line.</summary>
    public void Write(string folder) =>
        AtomicFile.WriteText(
            PathOf(folder),
            string.Concat(Read(folder).Append(this).Select(job => JsonSerializer.Serialize(job, s_json) + "\n"))
        );

    static string PathOf(string folder) => Path.Combine(folder, SlurmJob.FolderName, "jobs.jsonl");
}
