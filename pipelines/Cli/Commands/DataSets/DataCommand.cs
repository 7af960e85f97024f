using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Commands.DataSets;

/// <summary><c>data</c>: the commands about data sets.</summary>
sealed class DataCommand : Command
{
    public DataCommand(Terminal terminal)
        : base("data", "Downloads and checks data sets.")
    {
        Add(new DataGetCommand(terminal));
        Add(new DataVerifyCommand(terminal));
    }

    /// <summary>The argument that names a data set.</summary>
    internal static Argument<string> DataSet() =>
        new("DATA") { Description = "A data set of data-manifests/ by name, such as fashion-mnist, or the path of its croissant.json." };
}
