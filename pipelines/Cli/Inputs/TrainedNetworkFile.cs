using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Cli.Inputs;

/// <summary>Finds the trained network that a command line names.</summary>
static class TrainedNetworkFile
{
    /// <param name="source">A network's file, the folder of a run, or the folder of one of its trainings.</param>
    /// <param name="network">The name of the network in the run; null for the noisy one, or else the first that there is.</param>
    /// <exception cref="FileNotFoundException">There is no trained network.</exception>
    public static string Find(string source, string? network) =>
        TryFind(source, network)
        ?? throw new FileNotFoundException(
            $"{source} holds no trained network{(network is null ? "" : $" '{network}'")} ({NetworkFile.FileName}). "
                + "Give the folder of a run that has completed at least one epoch.",
            source
        );

    /// <summary>The same, or null if there is no trained network.</summary>
    public static string? TryFind(string source, string? network)
    {
        if (File.Exists(source))
            return source;

        source = Trial.FolderOfOne(source);
        IEnumerable<string> folders = network is null
            ? [source, .. ClassifierComparison.Names.Concat(AutoencoderComparison.Names).Select(name => Path.Combine(source, name))]
            : [Path.Combine(source, network)];
        return folders.Select(folder => Path.Combine(folder, NetworkFile.FileName)).FirstOrDefault(File.Exists);
    }
}
