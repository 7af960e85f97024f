using System.Text.Json;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>The temperature that a run has fitted on its validation rows for one of its networks.</summary>
static class FittedTemperature
{
    /// <param name="networkPath">The file of the network, in the folder of its training.</param>
    /// <exception cref="IOException">The run has not fitted a temperature; the message has the remedy.</exception>
    /// <exception cref="InvalidDataException">The summary of the run is damaged.</exception>
    public static double Of(string networkPath)
    {
        var training = Path.GetDirectoryName(Path.GetFullPath(networkPath))!;
        var path = Path.Combine(Path.GetDirectoryName(training)!, RunFolder.SummaryFileName);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"there is no {path}: a run fits the temperature at its end. Complete the run with --resume, or leave out --temperature.",
                path
            );
        return Read(path).Runs.FirstOrDefault(run => run.Name == Path.GetFileName(training))?.Classification?.Scaled?.Temperature
            ?? throw new InvalidDataException(
                $"{path} has no temperature for the network '{Path.GetFileName(training)}'. Repeat the run, or leave out --temperature."
            );
    }

    static Summary Read(string path)
    {
        try
        {
            return Summary.FromJson(File.ReadAllText(path));
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"{path} is damaged: {OneLine.Of(damaged)}", damaged);
        }
    }
}
